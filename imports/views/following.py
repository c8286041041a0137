"""How far the work is, for a page that asks again by itself, and what was done with a file."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from imports import permissions, services
from imports.models import ImportBatch
from imports.views.finding import batch_or_404
from imports.workflow import BUSY
from ppaos.web.request import AuthenticatedHttpRequest

_MINUTE, _HOUR = 60, 3600


@require_safe
@login_required
def progress(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Answer the page's question how far the work is; when it is over, let the page reload."""
    batch = batch_or_404(request, pk)
    response = render(request, "imports/_progress.html", {"batch": batch, **progress_of(batch)})
    if batch.state not in BUSY:
        response["HX-Refresh"] = "true"
    return response


@require_safe
@login_required
def original(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse | StreamingHttpResponse:
    """Download the file as it was sent."""
    batch = batch_or_404(request, pk)
    permissions.check_can_download(request.user, batch)
    if batch.file.purged_at is not None:
        return redirect("imports:detail", batch.pk)
    response = StreamingHttpResponse(
        services.original_file(batch=batch, by=request.user, at=now()),
        content_type="application/octet-stream",
    )
    response["Content-Length"] = str(batch.file.size)
    header = content_disposition_header(as_attachment=True, filename=batch.file.name)
    if header:
        response["Content-Disposition"] = header
    return response


def progress_of(batch: ImportBatch) -> dict[str, Any]:
    """Return what the progress card needs, in words and numbers."""
    found = services.progress(batch, at=now())
    parts = []
    if found["rows_per_second"]:
        parts.append(f"{found['rows_per_second']:,} แถวต่อวินาที")
    if found["seconds_left"]:
        parts.append(f"ขั้นนี้เหลือประมาณ {duration(found['seconds_left'])}")
    if found["resumed"]:
        parts.append(f"ทำต่อ {found['resumed']:,} ครั้ง")
    return {"is_busy": batch.state in BUSY, "progress": found, "detail": " · ".join(parts)}


def duration(seconds: int) -> str:
    """Say a length of time as people do: two units at most."""
    if seconds >= _HOUR:
        return f"{seconds // _HOUR:,} ชั่วโมง {seconds % _HOUR // _MINUTE} นาที"
    if seconds >= _MINUTE:
        return f"{seconds // _MINUTE} นาที {seconds % _MINUTE} วินาที"
    return f"{seconds} วินาที"
