"""Fetching what an address names, from what this person may read; and putting errors into forms."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.shortcuts import get_object_or_404
from django.utils.timezone import now

from accounts.models import User
from households import services
from households.models import Household, Member, Verification
from households.querysets import HouseholdQuerySet
from ppaos.web.request import AuthenticatedHttpRequest

Person = User | AnonymousUser


def household_or_404(user: Person, pk: UUID, *, rows: HouseholdQuerySet | None = None) -> Household:
    """Return a household with its chain of areas, or answer 404."""
    visible = (rows if rows is not None else Household.objects.all()).visible_to(user)
    return get_object_or_404(visible.select_related("area__parent__parent__parent"), pk=pk)


def member_or_404(household: Household, pk: UUID) -> Member:
    return get_object_or_404(Member.objects.select_related("household"), household=household, pk=pk)


def verification_or_404(household: Household, pk: UUID) -> Verification:
    rows = Verification.objects.select_related("household", "recorded_by")
    return get_object_or_404(rows, household=household, pk=pk)


def note_shown(request: AuthenticatedHttpRequest, household: Household) -> None:
    """Record that a page tells what is known of a household, as its case file does.

    Also where a form is sent that nobody opened: refused, it shows the page.
    """
    services.note_read(household=household, by=request.user, at=now())


def add_errors(form: forms.Form, errors: Mapping[str, Sequence[str]]) -> None:
    """Put a service's errors beside their fields; what has no field goes above the form."""
    renamed = {"area": "subdistrict", "birth_date": "birth"}
    for name, texts in errors.items():
        field = renamed.get(name, name)
        for text in texts:
            form.add_error(field if field in form.fields else None, text)
