"""Objects as the pages find them: what one may not see is not there."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from imports.forms import FilterForm
from imports.models import ImportBatch
from ppaos.web.request import AuthenticatedHttpRequest


def batch_or_404(request: AuthenticatedHttpRequest, pk: UUID) -> ImportBatch:
    return get_object_or_404(
        ImportBatch.objects.visible_to(request.user).select_related(
            "file", "uploaded_by", "approved_by", "applied_by", "undone_by"
        ),
        pk=pk,
    )


def filters_of(request: HttpRequest) -> dict[str, Any]:
    """Return what the address narrows to; what is malformed counts as not given."""
    form = FilterForm(request.GET)
    form.is_valid()
    return {
        name: form.cleaned_data.get(name) or "" for name in ("verdict", "action", "code", "cursor")
    }
