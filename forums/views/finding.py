"""Fetching what an address names, from what this person may read; and errors into forms."""

from uuid import UUID

from django import forms
from django.shortcuts import get_object_or_404

from accounts.models import User
from forums.models import AgendaItem, Forum, Resolution
from forums.services import UnableToConvene


def forum_or_404(user: User, pk: UUID) -> Forum:
    visible = Forum.objects.visible_to(user)
    return get_object_or_404(
        visible.select_related("area__parent", "organiser_agency", "planned_by", "held_by"), pk=pk
    )


def item_or_404(forum: Forum, pk: UUID) -> AgendaItem:
    rows = AgendaItem.objects.for_agenda().select_related("forum", "resolution__forum")
    return get_object_or_404(rows, forum=forum, pk=pk)


def resolution_or_404(user: User, pk: UUID) -> Resolution:
    return get_object_or_404(Resolution.objects.visible_to(user).for_list(), pk=pk)


def add_error(form: forms.Form, error: UnableToConvene) -> None:
    """Put a service's refusal beside its field, or above the form."""
    form.add_error(error.field if error.field in form.fields else None, str(error))
