"""Agendas and resolutions as a person may read them.

A forum is seen from inside and from above; a case on its agenda only by who may read the
household. What was said or resolved about a case is part of the case.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, Q

from accounts.models import User
from accounts.permissions import agency_ids, has_in
from accounts.roles import Permission
from forums.models import AgendaItem, Forum, Resolution
from forums.querysets import ResolutionQuerySet
from forums.workflow import UNRESOLVED
from households.models import Household, Member
from referrals.models import Referral
from referrals.workflow import LIVE


@dataclass(frozen=True, slots=True)
class Case:
    """A referral whose household the person may read; `days_overdue` is None while in time."""

    referral: Referral
    household: Household
    members: list[Member]
    days_overdue: int | None


@dataclass(frozen=True, slots=True)
class ResolutionLine:
    """A resolution; its text is shown if `is_open`, with `case` if it is about one."""

    resolution: Resolution
    is_open: bool
    case: Case | None
    days_overdue: int | None


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """An item; what it says is shown if `is_open`. `carried` is the resolution it follows up."""

    item: AgendaItem
    is_open: bool
    case: Case | None
    carried: ResolutionLine | None
    resolutions: list[ResolutionLine]


def agenda_of(*, forum: Forum, by: User, on: date) -> list[AgendaLine]:
    """Return the agenda in order; six queries at most."""
    items = list(
        forum.items.for_agenda().prefetch_related(
            Prefetch(
                "resolutions",
                queryset=Resolution.objects.for_list().order_by("number", "pk"),
                to_attr="taken",
            )
        )
    )
    taken: list[Resolution] = [row for item in items for row in item.taken]  # type: ignore[attr-defined]
    carried = [item.resolution for item in items if item.resolution is not None]
    cases = cases_of(
        {item.referral_id for item in items} | {row.referral_id for row in (*taken, *carried)},
        by=by,
        on=on,
    )
    return [_agenda_line(item, cases, on) for item in items]


def _agenda_line(item: AgendaItem, cases: dict[UUID, Case], on: date) -> AgendaLine:
    carried = _resolution_line(item.resolution, cases, on) if item.resolution else None
    return AgendaLine(
        item=item,
        is_open=(item.referral_id is None or item.referral_id in cases)
        and (carried is None or carried.is_open),
        case=cases.get(item.referral_id) if item.referral_id else None,
        carried=carried,
        resolutions=[
            _resolution_line(row, cases, on)
            for row in item.taken  # type: ignore[attr-defined]
        ],
    )


def resolution_lines(
    resolutions: Iterable[Resolution], *, by: User, on: date
) -> list[ResolutionLine]:
    """Return resolutions (from for_list) as the person may read them; three queries more."""
    rows = list(resolutions)
    cases = cases_of({row.referral_id for row in rows}, by=by, on=on)
    return [_resolution_line(row, cases, on) for row in rows]


def _resolution_line(resolution: Resolution, cases: dict[UUID, Case], on: date) -> ResolutionLine:
    late = (on - resolution.due_on).days
    case = cases.get(resolution.referral_id) if resolution.referral_id else None
    return ResolutionLine(
        resolution=resolution,
        is_open=resolution.referral_id is None or case is not None,
        case=case,
        days_overdue=late if late > 0 and resolution.status in UNRESOLVED else None,
    )


def cases_of(pks: Collection[UUID | None], *, by: User, on: date) -> dict[UUID, Case]:
    """Return the referrals among `pks` whose household the person may read, by key."""
    wanted = [pk for pk in pks if pk is not None]
    if not wanted:
        return {}
    people = Member.objects.present().defer("citizen_id").order_by("-is_head", "seq", "pk")
    rows = (
        Referral.objects.visible_to(by)
        .filter(pk__in=wanted, household__in=Household.objects.visible_to(by))
        .for_list()
        .select_related("household__area__parent__parent__parent")
        .prefetch_related(
            Prefetch("household__members", queryset=people, to_attr="present_members")
        )
    )
    return {row.pk: _case(row, on) for row in rows}


def _case(referral: Referral, on: date) -> Case:
    late = (on - referral.due_on).days if referral.due_on and referral.status in LIVE else 0
    members: list[Member] = referral.household.present_members  # type: ignore[attr-defined]
    return Case(
        referral=referral,
        household=referral.household,
        members=members,
        days_overdue=late if late > 0 else None,
    )


def resolutions_of(*, referral: Referral, by: User) -> list[Resolution]:
    """Return what forums resolved about a case that the person sees, the newest first; one query.

    Staff of the household's area read them all; an agency's officer reads those that their
    agency has to carry out.
    """
    rows: ResolutionQuerySet = Resolution.objects.filter(referral=referral)
    if not has_in(by, Permission.REFERRAL_READ, referral.household.area_id):
        rows = rows.filter(Q(owner_agency__in=agency_ids(by)))
    return list(rows.for_list().order_by("-recorded_at", "-pk"))
