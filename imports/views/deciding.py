from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_POST

from imports import permissions, services
from imports.forms import DecisionForm
from imports.models import ImportBatch, ImportRow
from imports.services.closing import closed_to
from imports.services.parts import place_of
from imports.services.showing import mapping_of
from imports.verdicts import CATALOGUE, severity_of
from imports.views.finding import batch_or_404
from imports.workflow import DECIDABLE, Decision, Severity, Verdict
from ppaos.web.request import AuthenticatedHttpRequest


@require_POST
@login_required
def confirm_area(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Add a new area that the file names."""
    batch = batch_or_404(request, pk)
    permissions.check_can_manage(request.user, batch)
    codes = request.POST.getlist("code")[:500]
    if not codes or not all(code.isascii() and code.isdigit() for code in codes):
        return HttpResponseBadRequest()

    try:
        lines = services.confirm_areas(batch=batch, codes=codes, by=request.user, at=now())
    except (services.UnableToDecide, services.UnableToMove) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"ยืนยันพื้นที่แล้ว {lines:,} แถวพร้อมนำเข้า")

    return redirect("imports:detail", batch.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def row(request: AuthenticatedHttpRequest, pk: UUID, number: int) -> HttpResponse:
    """Show one held line and take the decision about it."""
    batch = batch_or_404(request, pk)
    permissions.check_can_manage(request.user, batch)
    line = batch.rows.filter(row=number).first()
    if line is None or closed_to(request.user, batch=batch, rows=[line]).lines:
        raise Http404
    form = DecisionForm(
        request.POST or None,
        cells=_cells(batch, line),
        can_accept=not any(severity_of(code) is Severity.ERROR for code in line.codes),
        initial={"decision": line.decision},
    )

    if form.is_valid():
        decision = Decision(form.cleaned_data["decision"])
        try:
            services.decide_row(
                batch=batch,
                row=number,
                decision=decision,
                values=form.values() if decision is Decision.CORRECT else None,
                by=request.user,
                at=now(),
            )
        except services.UnableToDecide as error:
            _add_errors(form, error)
        except services.UnableToMove as error:
            form.add_error(None, str(error))
        else:
            _say_what_it_became(request, batch, number, decision)
            following = batch.rows.waiting().filter(row__gt=number).order_by("row").first()
            if following is not None:
                return redirect("imports:row", batch.pk, following.row)
            return redirect("imports:detail", batch.pk)

    issues = list(batch.issues.filter(row=number).order_by("pk"))
    in_doubt = {f"value-{issue.column}" for issue in issues}
    fields = [field for field in form if field.name != "decision"]
    return render(
        request,
        "imports/row.html",
        {
            "batch": batch,
            "line": line,
            "place": place_of(batch, number),
            "form": form,
            "doubtful": [f for f in fields if f.name in in_doubt or f.errors],
            "others": [f for f in fields if f.name not in in_doubt and not f.errors],
            "is_waiting": batch.state in DECIDABLE,
            "issues": services.show_issues(batch, issues, by=request.user, at=now()),
            "rules": [CATALOGUE[code] for code in line.codes],
        },
    )


def _say_what_it_became(
    request: AuthenticatedHttpRequest, batch: ImportBatch, number: int, decision: Decision
) -> None:
    place, line = place_of(batch, number), batch.rows.get(row=number)
    if decision is Decision.CORRECT and line.verdict in (Verdict.HELD, Verdict.REJECTED):
        messages.warning(request, f"{place}: บันทึกค่าที่แก้แล้ว แต่ยังมีเหตุที่ต้องดู")
    else:
        messages.success(request, f"{place}: {decision.label}")


def _cells(batch: ImportBatch, line: ImportRow) -> list[tuple[str, str, str]]:
    """Return (canonical column, header, text now) of every mapped column, in the file's order."""
    payload = line.open_payload()
    corrected = payload.get("corrected", {})
    mapped = mapping_of(batch, line.row)
    return [
        (
            column,
            mapped.header_of(column),
            corrected.get(column, payload["raw"][index] if index < len(payload["raw"]) else ""),
        )
        for column, index in sorted(mapped.columns.items(), key=lambda item: item[1])
    ]


def _add_errors(form: DecisionForm, error: services.UnableToDecide) -> None:
    form.add_error(None, str(error))
    for column, sentences in error.fields.items():
        name = f"value-{column}"
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)
