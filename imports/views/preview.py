from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_safe

from accounts.permissions import area_prefixes
from accounts.roles import Permission
from imports import permissions, services
from imports.models import ImportBatch
from imports.services.sheets import error_file
from imports.services.ways import ways_of
from imports.verdicts import CATALOGUE
from imports.views.finding import batch_or_404, filters_of
from imports.views.following import progress_of
from imports.views.telling import cards, told
from imports.workflow import Action, State, Verdict
from ppaos.web.page_links import page_links
from ppaos.web.paging import keyset_page
from ppaos.web.request import AuthenticatedHttpRequest

_ISSUES, _ROWS = 25, 50
_NOTHING_TO_APPLY = "ดูเหตุด้านล่างแล้วแก้ หากเลือกไฟล์ บัญชี หรือปีผิด เลือก “ไม่นำเข้าไฟล์นี้” ท้ายหน้า แล้วส่งใหม่"
_OPEN = (State.STAGED, State.AWAITING_APPROVAL)
_WITH_LINES = (*_OPEN, State.APPLIED)


@require_safe
@login_required
def detail(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Show an import: how far it is, what it would do, what is wrong, what it has done."""
    batch = batch_or_404(request, pk)
    if batch.state == State.NEEDS_MAPPING and permissions.can_manage(request.user, batch):
        return redirect("imports:mapping", batch.pk)
    context: dict[str, Any] = {
        "batch": batch,
        "can_manage": permissions.can_manage(request.user, batch),
        "can_approve": permissions.can_approve(request.user, batch),
        "can_download": permissions.can_download(request.user, batch),
        "acts": services.acts(batch),
        "is_open": batch.state in _OPEN,
        "can_read_households": bool(area_prefixes(request.user, Permission.HOUSEHOLD_READ)),
        "title": _title(batch),
        "ways": ways_of(batch),
        "cards": cards(batch),
        **progress_of(batch),
        **_issues(request, batch),
    }
    if batch.state in _OPEN:
        context |= _before_apply(batch)
    if batch.state in _WITH_LINES:
        context |= _what_waits(request, batch)
    if batch.applied_at is not None:
        context["overlaps"] = services.overlaps(batch)
    if batch.state == State.UNDONE:
        context["conflicts"] = services.conflicts(batch)
        context["kept_fields"] = services.kept_fields(batch, by=request.user, at=now())
    return render(request, "imports/detail.html", context)


def _before_apply(batch: ImportBatch) -> dict[str, Any]:
    last_year = services.compared_with_last_year(batch)
    return {
        "last_year": None if last_year is None or last_year.is_same else last_year,
        "safety_reasons": services.safety_reasons(batch) if batch.accepted else [],
        "nothing_to_apply": _NOTHING_TO_APPLY,
    }


def _what_waits(request: AuthenticatedHttpRequest, batch: ImportBatch) -> dict[str, Any]:
    """Return what may still be decided, before and after the import was applied."""
    context: dict[str, Any] = {
        "counts": services.to_mend_by_code(batch),
        "new_areas": services.new_areas(batch),
        "is_mending": services.is_mending(batch),
        "pending": services.pending(batch),
        "asked": batch.options.get(services.ASKED, {}),
        "limits": services.limits(),
        "mends": services.mended_batch(batch, request.user),
    }
    if batch.state == State.APPLIED:
        context["safety_reasons"] = services.late_reasons(batch) if context["pending"] else []
    moment = now()
    if services.safety_reasons(batch):
        context["approvers"] = services.approvers(batch, on=localdate(moment))
    return context


def _title(batch: ImportBatch) -> str:
    """Answer first what the person came for."""
    titles = {
        State.STAGED: "ตรวจก่อนนำเข้า",
        State.AWAITING_APPROVAL: "รออนุมัตินำเข้า",
        State.APPLIED: f"นำเข้าแล้ว {batch.effect.get('applied', 0):,} แถว",
        State.UNDONE: "ย้อนกลับแล้ว",
    }
    return titles.get(State(batch.state), State(batch.state).label)


def _issues(request: AuthenticatedHttpRequest, batch: ImportBatch) -> dict[str, Any]:
    """Return one page of issues, and the codes to choose from with their counts."""
    counts = services.issues_by_code(batch)
    chosen = filters_of(request)
    code = chosen["code"] if chosen["code"] in counts else ""
    issues = batch.issues.filter(code=code) if code else batch.issues.worth_seeing()
    page = keyset_page(issues, order=("row", "pk"), cursor=chosen["cursor"] or None, size=_ISSUES)
    shown = services.show_issues(batch, page.rows, by=request.user, at=now())
    decided = batch.rows.filter(row__in={issue.row for issue in shown}).exclude(decision="")
    decisions = {line.row: line.get_decision_display() for line in decided}
    return {
        "code": code,
        "codes": [(CATALOGUE[each], count) for each, count in counts.items()],
        "issues": [(issue, decisions.get(issue.row, "")) for issue in shown],
        **page_links(request, page),
    }


@require_safe
@login_required
def rows(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Show what became of every line."""
    batch = batch_or_404(request, pk)
    chosen = filters_of(request)
    verdict = chosen["verdict"] if chosen["verdict"] in [v.value for v in Verdict] else ""
    action = chosen["action"] if chosen["action"] in [a.value for a in Action] else ""
    page = keyset_page(
        batch.rows.for_page(verdict=verdict, code=chosen["code"], action=action),
        order=("row",),
        cursor=chosen["cursor"] or None,
        size=_ROWS,
    )
    return render(
        request,
        "imports/rows.html",
        {
            "batch": batch,
            "verdict": verdict,
            "action": action,
            "tabs": _tabs(batch, verdict),
            "effects": _effect_tabs(batch, action) if verdict == Verdict.ACCEPTED else [],
            "rows": [
                told(row) for row in services.show_rows(batch, page.rows, by=request.user, at=now())
            ],
            "can_decide": permissions.can_manage(request.user, batch)
            and batch.state in _WITH_LINES,
            **page_links(request, page),
        },
    )


def _tabs(batch: ImportBatch, verdict: str) -> list[dict[str, Any]]:
    counts = {
        "": ("ทุกแถว", batch.rows_read),
        "accepted": ("นำเข้าแล้ว" if batch.state == State.APPLIED else "พร้อมนำเข้า", batch.accepted),
        "held": ("รอคนตัดสินใจ", batch.held),
        "rejected": ("นำเข้าไม่ได้", batch.rejected),
        "skipped": ("ไม่ใช่ข้อมูลคน", batch.skipped),
    }
    return [
        {
            "label": label,
            "url": f"?verdict={name}" if name else "?",
            "current": name == verdict,
            "count": count,
        }
        for name, (label, count) in counts.items()
    ]


def _effect_tabs(batch: ImportBatch, action: str) -> list[dict[str, Any]]:
    effect = batch.effect
    counts = {
        "": ("ทั้งหมด", batch.accepted),
        "new": ("ใหม่", effect.get("lines_new", effect.get("members_created", 0))),
        "changed": ("เปลี่ยน", effect.get("lines_changed", effect.get("members_updated", 0))),
        "unchanged": ("เหมือนเดิม", effect.get("unchanged", 0)),
    }
    return [
        {
            "label": label,
            "url": f"?verdict=accepted&action={name}" if name else "?verdict=accepted",
            "current": name == action,
            "count": count,
        }
        for name, (label, count) in counts.items()
    ]


@require_safe
@login_required
def errors(request: AuthenticatedHttpRequest, pk: UUID) -> FileResponse:
    """Download the lines that were not taken, to be mended and sent again."""
    batch = batch_or_404(request, pk)
    stream, name = error_file(batch=batch, by=request.user, at=now())
    return FileResponse(stream, as_attachment=True, filename=name)
