"""What a sitting will talk about: taken up by ticking, written in, put in order, taken off."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Prefetch

from accounts.models import User
from areas.models import Area
from areas.querysets import within
from audit.services import record
from forums import permissions
from forums.models import AgendaItem, Forum, Resolution
from forums.services.carrying import append, carried_item
from forums.services.planning import lock, require
from forums.services.refusals import UnableToConvene
from forums.workflow import TAKES_ITEMS, UNRESOLVED, ForumState, ItemKind
from households.models import Member
from ppaos.lib.thai_text import clean
from problems.rules import Dimension
from referrals.models import Referral
from referrals.querysets import ReferralQuerySet
from referrals.workflow import LIVE, SENT, Status

MOST_SUGGESTED = 200
"""How many of a kind are offered at once; the page says how many more there are."""
WAITING = (Status.RETURNED.value, Status.REJECTED.value)


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What could be taken up and is not on the agenda yet.

    `overdue` are cases that somebody should have acted on, the longest overdue first;
    `waiting` were sent back or refused and wait for the office; `resolutions` are those
    of earlier sittings. `…_count` counts them all, also beyond what is listed.
    """

    overdue: list[Referral]
    overdue_count: int
    waiting: list[Referral]
    waiting_count: int
    resolutions: list[Resolution]


@dataclass(frozen=True, slots=True)
class NewItem:
    """Something else to talk about, in words."""

    title: str
    kind: ItemKind = ItemKind.OTHER
    dimension: Dimension | None = None
    area_code: str = ""


def suggestions(*, forum: Forum, by: User, on: date) -> Suggestions:
    """Return what the person may see in the forum's area and could put on its agenda.

    Seven queries. Raises PermissionDenied.
    """
    permissions.check_can_manage(by, forum)
    # A case comes on an agenda by itself, or with a resolution about it that comes back.
    free = _cases_in(forum, by).exclude(agenda_items__forum=forum)
    free = free.exclude(resolutions__carried__forum=forum)
    overdue = free.overdue(on=on)
    waiting = free.filter(status__in=WAITING).exclude(pk__in=overdue.values("pk"))
    return Suggestions(
        overdue=list(_with_heads(overdue).order_by("due_on", "pk")[:MOST_SUGGESTED]),
        overdue_count=overdue.count(),
        waiting=list(_with_heads(waiting).order_by("moved_at", "pk")[:MOST_SUGGESTED]),
        waiting_count=waiting.count(),
        resolutions=list(
            Resolution.objects.visible_to(by)
            .to_carry_to(forum)
            .for_list()
            .order_by("due_on", "pk")[:MOST_SUGGESTED]
        ),
    )


@transaction.atomic
def take_up(
    *,
    forum: Forum,
    by: User,
    at: datetime,
    referrals: Iterable[Referral] = (),
    resolutions: Iterable[Resolution] = (),
    others: Iterable[NewItem] = (),
) -> list[AgendaItem]:
    """Put cases, resolutions and other things on the agenda; what is on it already stays once.

    Raises PermissionDenied, WrongState for a cancelled forum, and UnableToConvene for what
    does not belong there.
    """
    permissions.check_can_manage(by, forum)
    current = lock(forum)
    require(current, *TAKES_ITEMS)
    items = [
        *_case_items(current, list(referrals), by),
        *_resolution_items(current, list(resolutions)),
        *(_other_item(current, new) for new in others),
    ]
    added = append(forum=current, items=items, by=by, at=at)
    if added:
        record(
            event="forum.taken-up",
            subject=current,
            by=by,
            at=at,
            area=current.area_id,
            detail={
                "items": [str(item.pk) for item in added],
                "referrals": [str(item.referral_id) for item in added if item.referral_id],
            },
        )
    return added


@transaction.atomic
def move_item(*, item: AgendaItem, up: bool, by: User, at: datetime) -> None:
    """Let an item of a planned forum change places with its neighbour; at the end it stays.

    Raises PermissionDenied and WrongState.
    """
    permissions.check_can_manage(by, item.forum)
    current = lock(item.forum)
    require(current, ForumState.PLANNED)
    item.refresh_from_db(fields=["position"])
    neighbours = current.items.filter(
        **{"position__lt" if up else "position__gt": item.position}
    ).order_by("-position" if up else "position")
    other = neighbours.first()
    if other is None:
        return
    item.position, other.position = other.position, item.position
    # The database looks at the places when the transaction ends.
    item.save(update_fields=["position"])
    other.save(update_fields=["position"])
    record(
        event="forum.reordered",
        subject=current,
        by=by,
        at=at,
        area=current.area_id,
        detail={"item": str(item.pk), "position": item.position},
    )


@transaction.atomic
def remove_item(*, item: AgendaItem, by: User, at: datetime) -> None:
    """Take an item off a planned agenda; a resolution that is not done stays on it.

    Raises PermissionDenied, WrongState and UnableToConvene.
    """
    permissions.check_can_manage(by, item.forum)
    current = lock(item.forum)
    require(current, ForumState.PLANNED)
    if item.resolution is not None and item.resolution.status in UNRESOLVED:
        raise UnableToConvene("มติที่ยังไม่เสร็จต้องอยู่ในวาระ บันทึกว่าเสร็จแล้วหรือยุติมตินั้นก่อน")
    pk = str(item.pk)
    item.delete()
    record(
        event="forum.item-removed",
        subject=current,
        by=by,
        at=at,
        area=current.area_id,
        detail={"item": pk, "referral": str(item.referral_id or "")},
    )


def _cases_in(forum: Forum, by: User) -> ReferralQuerySet:
    """Return cases of the forum's area that were sent and have not ended, as far as seen."""
    statuses = [status.value for status in SENT & LIVE]
    return Referral.objects.visible_to(by).filter(
        within([forum.place_code], column="household__area_id"), status__in=statuses
    )


def _with_heads(referrals: ReferralQuerySet) -> ReferralQuerySet:
    people = Member.objects.present().defer("citizen_id").order_by("-is_head", "seq", "pk")
    return (
        referrals.for_list()
        .select_related("household__area__parent__parent__parent")
        .prefetch_related(
            Prefetch("household__members", queryset=people, to_attr="present_members")
        )
    )


def _case_items(forum: Forum, referrals: list[Referral], by: User) -> list[AgendaItem]:
    wanted = [referral.pk for referral in referrals]
    there = set(forum.items.filter(referral__in=wanted).values_list("referral_id", flat=True))
    fitting = {
        referral.pk: referral
        for referral in _cases_in(forum, by).filter(pk__in=wanted).select_related("problem")
    }
    items = []
    for referral in dict.fromkeys(referrals):
        if referral.pk in there:
            continue
        if referral.pk not in fitting:
            raise UnableToConvene(
                f"เรื่อง {referral.number} ยังไม่ได้ส่ง สิ้นสุดแล้ว หรืออยู่นอกพื้นที่ของเวที",
                field="referrals",
            )
        problem = fitting[referral.pk].problem
        items.append(
            AgendaItem(
                kind=ItemKind.REFERRAL,
                title=f"{referral.number} {problem.get_code_display()}",
                referral=referral,
                dimension=problem.dimension,
            )
        )
    return items


def _resolution_items(forum: Forum, resolutions: list[Resolution]) -> list[AgendaItem]:
    wanted = [resolution.pk for resolution in resolutions]
    there = set(forum.items.filter(resolution__in=wanted).values_list("resolution_id", flat=True))
    fitting = {
        resolution.pk: resolution
        for resolution in Resolution.objects.to_carry_to(forum)
        .filter(pk__in=wanted)
        .select_related("forum")
    }
    items = []
    for resolution in dict.fromkeys(resolutions):
        if resolution.pk in there:
            continue
        if resolution.pk not in fitting:
            raise UnableToConvene(
                f"มติที่ {resolution.number} เสร็จแล้ว หรือไม่ใช่ของเวทีครั้งก่อนในพื้นที่นี้",
                field="resolutions",
            )
        items.append(carried_item(fitting[resolution.pk]))
    return items


def _other_item(forum: Forum, new: NewItem) -> AgendaItem:
    title = clean(new.title)
    if not title:
        raise UnableToConvene("ระบุเรื่องที่จะหารือ", field="title")
    if new.kind not in (ItemKind.PROBLEM_AREA, ItemKind.OTHER):
        raise UnableToConvene("เรื่องส่งต่อและมติครั้งก่อนให้เลือกจากรายการ", field="kind")
    inside = new.area_code.startswith(forum.place_code)
    if new.area_code and not (inside and Area.objects.filter(pk=new.area_code).exists()):
        raise UnableToConvene("พื้นที่ของเรื่องต้องอยู่ในพื้นที่ของเวที", field="area")
    return AgendaItem(
        kind=new.kind,
        title=title,
        dimension=new.dimension.value if new.dimension else "",
        area_id=new.area_code or None,
    )
