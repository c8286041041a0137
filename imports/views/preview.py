from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from accounts.permissions import area_prefixes
from accounts.roles import Permission
from imports import permissions, services
from imports.models import ImportBatch
from imports.services.sheets import error_file
from imports.verdicts import CATALOGUE
from imports.views.finding import batch_or_404, filters_of
from imports.views.following import progress_of
from imports.views.telling import cards, told
from imports.workflow import State, Verdict
from ppaos.web.page_links import page_links
from ppaos.web.paging import keyset_page
from ppaos.web.request import AuthenticatedHttpRequest

_ISSUES, _ROWS = 25, 50
_OPEN = (State.STAGED, State.AWAITING_APPROVAL)


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
        "cards": cards(batch),
        **progress_of(batch),
        **_issues(request, batch),
    }
    if batch.state in _OPEN:
        context["new_areas"] = services.new_areas(batch)
        context["safety_reasons"] = services.safety_reasons(batch)
        context["waiting"] = batch.rows.waiting().order_by("row").first()
    if batch.state == State.UNDONE:
        context["conflicts"] = services.conflicts(batch)
    return render(request, "imports/detail.html", context)


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
    page = keyset_page(
        batch.rows.for_page(verdict=verdict, code=chosen["code"]),
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
            "tabs": _tabs(batch, verdict),
            "rows": [
                told(row) for row in services.show_rows(batch, page.rows, by=request.user, at=now())
            ],
            "can_decide": permissions.can_manage(request.user, batch) and batch.state in _OPEN,
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


@require_safe
@login_required
def errors(request: AuthenticatedHttpRequest, pk: UUID) -> FileResponse:
    """Download the lines that were not taken, to be mended and sent again."""
    batch = batch_or_404(request, pk)
    stream, name = error_file(batch=batch, by=request.user, at=now())
    return FileResponse(stream, as_attachment=True, filename=name)
