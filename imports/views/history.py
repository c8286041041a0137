from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.permissions import has_anywhere
from accounts.roles import Permission
from imports import permissions, services
from imports.forms import HistoryForm, UploadForm
from imports.models import ImportBatch
from imports.querysets import BatchQuerySet
from imports.services.sheets import template_file
from imports.services.templates import TEMPLATES
from imports.views.finding import filters_of
from imports.workflow import BUSY
from ppaos.web.page_links import page_links
from ppaos.web.paging import keyset_page
from ppaos.web.request import AuthenticatedHttpRequest

_PAGE = 20
_DOWNLOADS = 2


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def imports(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show what was imported, and take in a file."""
    _check_may_look(request)
    if request.method == "POST":
        permissions.check_can_upload(request.user)
    form = UploadForm(request.POST or None, request.FILES or None)
    earlier = None
    waiting: list[ImportBatch] = []

    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = services.upload(
                stream=file,
                name=file.name,
                content_type=file.content_type or "application/octet-stream",
                source=form.cleaned_data["source"],
                year_be=form.cleaned_data["year_be"],
                comment=form.cleaned_data["comment"],
                reimport_reason=form.cleaned_data["reimport_reason"],
                by=request.user,
                at=now(),
            )
        except services.AlreadyImported as error:
            form.add_error("file", str(error))
            earlier = ImportBatch.objects.visible_to(request.user).filter(pk=error.batch_id).first()
        except services.QueueFull as error:
            form.add_error("file", str(error))
            waiting = error.waiting
        except services.UnableToUpload as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, "รับไฟล์แล้ว ระบบกำลังอ่านและตรวจทุกแถว")
            return redirect("imports:detail", batch.pk)

    visible = ImportBatch.objects.visible_to(request.user)
    narrowing = HistoryForm(request.GET, people=_senders(visible), auto_id="history_%s")
    chosen = narrowing.chosen()
    page = keyset_page(
        visible.narrowed(**chosen).for_list(),
        order=("-uploaded_at", "-pk"),
        cursor=filters_of(request)["cursor"] or None,
        size=_PAGE,
    )
    return render(
        request,
        "imports/imports.html",
        {
            "form": form,
            "earlier": earlier,
            "waiting": waiting,
            "to_approve": services.waiting_for(request.user),
            "narrowing": narrowing,
            "is_narrowed": bool(chosen),
            "lines": _lines(page.rows),
            "may_upload": has_anywhere(request.user, Permission.IMPORT),
            "forms": {key: profiles[0].label for key, profiles in TEMPLATES.items()},
            **page_links(request, page),
        },
    )


def _senders(visible: BatchQuerySet) -> list[tuple[str, str]]:
    """Return who has sent what this person may see."""
    people = User.objects.filter(pk__in=visible.order_by().values("uploaded_by"))
    return [(str(user.pk), str(user)) for user in people.order_by("name", "pk")]


def _lines(batches: Sequence[ImportBatch]) -> list[dict[str, Any]]:
    """Return each import of the page with its place in the queue and its latest downloads."""
    downloads = services.downloads(batches)
    moment = now()
    return [
        {
            "batch": batch,
            "downloads": downloads.get(batch.pk, [])[:_DOWNLOADS],
            "more_downloads": max(0, len(downloads.get(batch.pk, [])) - _DOWNLOADS),
            "progress": services.progress(batch, at=moment) if batch.state in BUSY else None,
        }
        for batch in batches
    ]


@require_safe
@login_required
def template(request: AuthenticatedHttpRequest, key: str) -> FileResponse:
    """Download the empty form of a list."""
    _check_may_look(request)
    stream, name = template_file(key=key)
    return FileResponse(stream, as_attachment=True, filename=name)


def _check_may_look(request: AuthenticatedHttpRequest) -> None:
    rights = (Permission.IMPORT, Permission.IMPORT_APPROVE)
    if not any(has_anywhere(request.user, right) for right in rights):
        raise PermissionDenied("บัญชีของท่านไม่มีสิทธินำเข้าข้อมูล")
