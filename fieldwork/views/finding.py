"""Fetching what an address names, from what this person may see."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate

from accounts.models import Scope, User
from accounts.permissions import area_prefixes, common_area, has_in
from accounts.querysets import ScopeQuerySet
from accounts.roles import Permission
from areas.models import Area
from areas.querysets import within
from fieldwork.models import Assignment, BackCheck
from fieldwork.querysets import who_may


def village_or_404(user: User, code: str) -> Area:
    """Return a village, or a subdistrict whose households have none, where this person reads."""
    if not (code.isascii() and code.isdigit()):
        raise Http404
    area = get_object_or_404(
        Area.objects.select_related("parent__parent__parent"), pk=code, code_length__gte=6
    )
    if not has_in(user, Permission.HOUSEHOLD_READ, code):
        raise Http404
    return area


def worker_or_404(user: User, pk: UUID) -> User:
    """Return somebody who has, or had, work that this person sees; or this person."""
    if pk == user.pk:
        return user
    workers = Assignment.objects.visible_to(user).filter(surveyor=pk)
    checkers = BackCheck.objects.visible_to(user).filter(checker=pk)
    if not workers.exists() and not checkers.exists():
        raise Http404
    return get_object_or_404(User.objects.get_queryset(), pk=pk)


def check_or_404(user: User, pk: UUID) -> BackCheck:
    rows = BackCheck.objects.visible_to(user).select_related("verification__household__area")
    return get_object_or_404(rows, pk=pk)


def surveyors_of(codes: Sequence[str]) -> list[User]:
    """Return who may verify everywhere in these areas; nobody for none."""
    home = common_area(codes)
    if not home:
        return []
    return list(who_may(Permission.HOUSEHOLD_VERIFY, in_area=home, on=localdate()))


def team_of(user: User, permission: Permission) -> list[User]:
    """Return who may verify in or below the areas where this person holds a right."""
    people = User.objects.get_queryset().filter(
        pk__in=_scopes(area_prefixes(user, permission)).values("user")
    )
    return list(people.order_by("name", "pk"))


def _scopes(prefixes: Sequence[str]) -> ScopeQuerySet:
    around = {code[:length] for code in prefixes for length in (2, 4, 6, 8)}
    scopes = Scope.objects.in_force(localdate()).allowing(Permission.HOUSEHOLD_VERIFY)
    return scopes.filter(within(prefixes, column="area_id") | Q(area__in=around))


def private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
