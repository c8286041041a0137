"""Lines to mend, a page at a time: cells beside the reason, one reason for all, a workbook."""

import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_POST

from imports import permissions, services
from imports.forms import CorrectionsForm
from imports.models import ImportBatch, ImportRow
from imports.services.corrections import texts_of
from imports.services.parts import parts_of, place_of
from imports.verdicts import CATALOGUE
from imports.views.finding import batch_or_404, filters_of
from imports.workflow import DECIDABLE, Decision, Verdict, part_number_of
from ppaos.web.page_links import page_links
from ppaos.web.paging import keyset_page
from ppaos.web.request import AuthenticatedHttpRequest

_ROWS = 25
_MOST_ROWS = 100
_LONGEST_CELL = 4_000
_NUMBER = re.compile(r"\d{1,9}")
_CELL = re.compile(r"v-(\d{1,9})-(\w{1,60})")
_FATES = {
    Verdict.ACCEPTED: "พร้อมนำเข้า",
    Verdict.HELD: "ยังต้องดู",
    Verdict.REJECTED: "ยังนำเข้าไม่ได้",
    Verdict.SKIPPED: "ซ้ำกับแถวอื่น จึงข้าม",
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def fix(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Show lines to mend with the cells in question, and take what was typed."""
    batch = batch_or_404(request, pk)
    permissions.check_can_manage(request.user, batch)
    errors: dict[int, services.UnableToDecide] = {}
    if request.method == "POST":
        acts = _acts(batch, request.POST)
        try:
            errors = services.decide_rows(batch=batch, acts=acts, by=request.user, at=now())
        except (services.UnableToDecide, services.UnableToMove) as error:
            messages.error(request, str(error))
            return redirect("imports:detail", batch.pk)
        if request.headers.get("HX-Request") and len(acts) == 1:
            return _one_row(request, batch, next(iter(acts)), errors)
        _say_what_was_saved(request, batch, acts, errors)
        if not errors:
            return redirect(request.get_full_path())
    return render(request, "imports/fix.html", _page(request, batch, errors))


def _acts(batch: ImportBatch, posted: QueryDict) -> dict[int, services.RowAct]:
    """Read what is to be done with each line of the page; a line nobody touched is left alone."""
    only = posted.get("only", "")
    numbers = [only] if only.isdecimal() else posted.getlist("rows")[:_MOST_ROWS]
    wanted = [int(number) for number in numbers if _NUMBER.fullmatch(number)]
    rows = {row.row: row for row in batch.rows.filter(row__in=wanted)}
    typed = _typed(posted)
    return {
        number: act
        for number in wanted
        if number in rows
        for act in (_act(batch, rows[number], posted, typed),)
        if act is not None
    }


def _typed(posted: QueryDict) -> dict[int, dict[str, str]]:
    typed: dict[int, dict[str, str]] = {}
    for name, text in posted.items():
        found = _CELL.fullmatch(name)
        if found:
            typed.setdefault(int(found[1]), {})[found[2]] = str(text)[:_LONGEST_CELL]
    return typed


def _act(
    batch: ImportBatch, row: ImportRow, posted: QueryDict, typed: dict[int, dict[str, str]]
) -> services.RowAct | None:
    do, seen = posted.get(f"do-{row.row}", ""), posted.get(f"seen-{row.row}")
    if do in (Decision.ACCEPT, Decision.REJECT):
        return services.RowAct(Decision(do), seen=seen)
    part = parts_of(batch)[part_number_of(row.row)]
    now_there = texts_of(row, (part.mapping or part.guess).columns)
    changed = {
        column: text
        for column, text in typed.get(row.row, {}).items()
        if column in now_there and text != now_there[column]
    }
    return services.RowAct(Decision.CORRECT, changed, seen=seen) if changed else None


def _say_what_was_saved(
    request: AuthenticatedHttpRequest,
    batch: ImportBatch,
    acts: dict[int, services.RowAct],
    errors: dict[int, services.UnableToDecide],
) -> None:
    saved = [row for row in acts if row not in errors]
    if not acts:
        messages.info(request, "ยังไม่ได้แก้ช่องใด แก้ค่าหรือเลือกว่าจะทำอย่างไรกับแถว แล้วบันทึก")
    if saved:
        verdicts = list(batch.rows.filter(row__in=saved).values_list("verdict", "decision"))
        ready = sum(verdict == Verdict.ACCEPTED for verdict, _ in verdicts)
        out = sum(decision == Decision.REJECT for _, decision in verdicts)
        rest = len(saved) - ready - out
        parts = [f"บันทึก {len(saved):,} แถว", f"พร้อมนำเข้า {ready:,} แถว"]
        parts += [f"ไม่นำเข้า {out:,} แถว"] if out else []
        parts += [f"ยังต้องดู {rest:,} แถว"] if rest else []
        messages.success(request, " · ".join(parts))
    if errors:
        said = f"ยังบันทึกไม่ได้ {len(errors):,} แถว เหตุอยู่ข้างช่องที่ต้องแก้"
        done = batch.rows.filter(row__in=list(errors)).exclude(pk__in=batch.rows.to_mend())
        gone = [f"{place_of(batch, row.row)}: {errors[row.row]}" for row in done.order_by("row")]
        messages.error(request, " · ".join([said, *gone]))


def _page(
    request: AuthenticatedHttpRequest,
    batch: ImportBatch,
    errors: dict[int, services.UnableToDecide],
) -> dict[str, Any]:
    counts = services.to_mend_by_code(batch)
    asked = filters_of(request)
    code = asked["code"] if asked["code"] in CATALOGUE else ""
    page = keyset_page(
        batch.rows.to_mend(code=code), order=("row",), cursor=asked["cursor"] or None, size=_ROWS
    )
    more = [name for name in request.GET.getlist("show")[:20] if name]
    rows = services.open_grid(batch, page.rows, code=code, more=more, by=request.user, at=now())
    shown = [cell.column for cell in rows[0].cells] if rows else []
    rule = next((each for each in counts if each.code == code), None)
    return {
        "batch": batch,
        "is_open": batch.state in DECIDABLE,
        "counts": counts,
        "code": code,
        "rule": rule,
        "can_accept_all": rule is not None and services.can_accept_all(code),
        "rows": [_with_errors(row, errors, request.POST) for row in rows],
        "headers": [cell.header for cell in rows[0].cells] if rows else [],
        "more": more,
        "others": services.other_columns(batch, rows[0].row, shown) if rows else [],
        **page_links(request, page),
    }


def _with_errors(
    row: Any, errors: dict[int, services.UnableToDecide], posted: QueryDict
) -> dict[str, Any]:
    """Put what was typed and what is wrong with it beside each cell."""
    error = errors.get(row.row)
    fields = error.fields if error else {}
    shown = {cell.column for cell in row.cells}
    elsewhere = [s for column, said in fields.items() if column not in shown for s in said]
    return {
        "line": row,
        "cells": [
            {
                "cell": cell,
                "text": posted.get(f"v-{row.row}-{cell.column}", cell.text)
                if fields
                else cell.text,
                "errors": fields.get(cell.column, []),
            }
            for cell in row.cells
        ],
        "do": posted.get(f"do-{row.row}", "") if error else "",
        "error": ""
        if not error or (fields and not elsewhere)
        else " ".join([str(error), *elsewhere]),
    }


def _one_row(
    request: AuthenticatedHttpRequest,
    batch: ImportBatch,
    number: int,
    errors: dict[int, services.UnableToDecide],
) -> HttpResponse:
    """Answer a row that was saved by itself: done, or once more with what is wrong."""
    row = batch.rows.get(row=number)
    waits = row.verdict in (Verdict.HELD, Verdict.REJECTED) and row.decision != Decision.REJECT
    if not waits:
        fate = "ไม่นำเข้า" if row.decision == Decision.REJECT else _FATES[Verdict(row.verdict)]
        context = {"place": place_of(batch, number), "fate": fate, "verdict": row.verdict}
        return render(request, "imports/_fixed_row.html", context)
    code = filters_of(request)["code"]
    more = request.GET.getlist("show")[:20]
    # The columns of the page, whatever is in question now.
    shown = [m[2] for name in request.POST if (m := _CELL.fullmatch(name)) and int(m[1]) == number]
    (line,) = services.open_grid(
        batch, [row], code=code, more=more, columns=shown, by=request.user, at=now()
    )
    again: dict[str, Any] = {
        "batch": batch,
        "row": _with_errors(line, errors, request.POST),
        "is_open": batch.state in DECIDABLE,
        "said": "" if errors else "บันทึกแล้ว แต่ยังต้องดู",
    }
    return render(request, "imports/_fix_row.html", again)


@require_POST
@login_required
def decide(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Accept or leave out all lines that wait for one reason."""
    batch = batch_or_404(request, pk)
    permissions.check_can_manage(request.user, batch)
    code, wanted = request.POST.get("code", ""), request.POST.get("decision", "")
    if code in CATALOGUE and wanted in (Decision.ACCEPT, Decision.REJECT):
        decision = Decision(wanted)
        try:
            count = services.decide_code(
                batch=batch, code=code, decision=decision, by=request.user, at=now()
            )
        except (services.UnableToDecide, services.UnableToMove) as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"{decision.label} {count:,} แถวแล้ว")
    else:
        messages.error(request, "เลือกเหตุและคำตัดสินก่อน")
    return redirect("imports:fix", batch.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def corrections(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Take mended lines back as a workbook, and show what became of them."""
    batch = batch_or_404(request, pk)
    permissions.check_can_manage(request.user, batch)
    form = CorrectionsForm(request.POST or None, request.FILES or None)

    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            report = services.send_corrections(
                batch=batch,
                stream=file,
                name=file.name,
                content_type=file.content_type or "application/octet-stream",
                by=request.user,
                at=now(),
            )
        except (services.UnableToDecide, services.UnableToMove) as error:
            form.add_error("file", str(error))
        else:
            if report.is_over:
                messages.success(request, f"รับแถวที่แก้แล้ว {report.mended:,} แถว")
            else:
                messages.success(request, "รับไฟล์แล้ว ระบบกำลังตรวจแถวที่แก้")
            return redirect("imports:corrections", batch.pk)

    return render(
        request,
        "imports/corrections.html",
        {
            "batch": batch,
            "form": form,
            "reports": services.reports(batch),
            "is_mending": services.is_mending(batch),
            "progress": services.progress(batch, at=now()),
            "is_open": batch.state in DECIDABLE,
        },
    )
