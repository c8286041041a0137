"""Questions over several apps at once: what waits, what is done, what happened."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat, Left

from accounts.models import User
from accounts.permissions import areas_of
from audit.models import Event
from households.models import Exit, Household, Member
from households.querysets import HouseholdQuerySet
from households.workflow import ExitState, Stage
from ppaos.lib.labelled import LabelledEnum
from ppaos.orm import thai_order
from slf.models import Assessment

if TYPE_CHECKING:
    from casework.models import SavedView, StoredQuery


class StoredQueryQuerySet(models.QuerySet["StoredQuery"]):
    def of(self, user: User | AnonymousUser, *, at: datetime) -> "StoredQueryQuerySet":
        """Narrow to this person's own, while they last."""
        if user.is_anonymous:
            return self.none()
        return self.filter(owner=user, expires_at__gt=at)

    def expired(self, *, at: datetime) -> "StoredQueryQuerySet":
        return self.filter(expires_at__lte=at)


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def of(self, user: User) -> "SavedViewQuerySet":
        """Narrow to this person's own."""
        return self.filter(owner=user)

    def visible_to(self, user: User) -> "SavedViewQuerySet":
        """Narrow to one's own, and to those shared with an area in which one works."""
        areas = {code[:length] for code in areas_of(user) for length in (2, 4, 6, 8)}
        return self.filter(Q(owner=user) | Q(area__in=areas))


def by_head_name(households: HouseholdQuerySet) -> HouseholdQuerySet:
    """Annotate `head_order`: sorts by the name a list shows, in Thai order, the nameless last."""
    people = Member.objects.present().filter(household=OuterRef("pk"))
    shown = people.order_by("-is_head", "seq", "pk").annotate(
        order=Concat(
            thai_order("first_name"), thai_order("last_name"), output_field=models.TextField()
        )
    )
    return households.annotate(
        head_order=Coalesce(
            Subquery(shown.values("order")[:1]), Value(_AFTER_ALL), output_field=models.TextField()
        )
    )


_AFTER_ALL = "\U0010ffff"


class Progress(TypedDict):
    """Households of one area: all that are or were targets, and how far the visits are."""

    code: str
    total: int
    waiting: int
    done: int
    poor: int
    not_poor: int


def progress_by_area(households: HouseholdQuerySet, *, digits: int) -> list[Progress]:
    """Count per area code of `digits` digits; one query. `not_poor` includes who left."""
    rows = (
        households.annotate(within=Left("area_id", digits))
        .values("within")
        .annotate(
            total=Count("pk"),
            waiting=Count("pk", filter=Q(stage=Stage.LISTED)),
            done=Count("pk", filter=~Q(stage=Stage.LISTED)),
            poor=Count("pk", filter=Q(stage__in=[Stage.VERIFIED_POOR, Stage.IN_HELP])),
            not_poor=Count(
                "pk",
                filter=Q(stage__in=[Stage.VERIFIED_NOT_POOR, Stage.EXIT_PROPOSED, Stage.EXITED]),
            ),
        )
        .order_by("within")
    )
    return [
        Progress(
            code=row["within"],
            total=row["total"],
            waiting=row["waiting"],
            done=row["done"],
            poor=row["poor"],
            not_poor=row["not_poor"],
        )
        for row in rows
    ]


def to_verify(households: HouseholdQuerySet) -> HouseholdQuerySet:
    """Narrow to those that wait for a visit, village by village."""
    return households.filter(stage=Stage.LISTED).order_by("area_id", "pk")


def to_assess(households: HouseholdQuerySet) -> HouseholdQuerySet:
    """Narrow to those found poor of whom no assessment is complete, the longest waiting first."""
    assessed = Assessment.objects.complete().filter(household=OuterRef("pk"))
    return households.filter(~Exists(assessed), stage=Stage.VERIFIED_POOR).order_by(
        "stage_date", "pk"
    )


def exits_waiting(households: HouseholdQuerySet) -> "models.QuerySet[Exit]":
    """Proposals to leave the targets that somebody must decide, the oldest first."""
    return (
        Exit.objects.filter(state=ExitState.PROPOSED, household__in=households)
        .select_related("proposed_by")
        .prefetch_related(Prefetch("household", queryset=Household.objects.for_list()))
        .order_by("proposed_at", "pk")
    )


# Being looked at is recorded, but is no part of the household's story.
NOT_TOLD = (
    "household.read",
    "household.searched",
    "referral.read",
    "assessment.answered",
    "backcheck.read",
)


class StoryKind(LabelledEnum):
    """What a reader of the story may look for; every event is of exactly one kind."""

    REGISTER = "register", "ข้อมูลครัวเรือน"
    VISITS = "visits", "สอบทานและการพ้น"
    ASSESSMENT = "assessment", "ประเมินและแผน"
    HELP = "help", "ส่งต่อและช่วยเหลือ"


# How the names of a kind's events begin; what fits nowhere is about the register.
STORY_BEGINNINGS: dict[StoryKind, tuple[str, ...]] = {
    StoryKind.VISITS: (
        "household.verified",
        "household.back-checked",
        "verification.",
        "visit.",
        "backcheck.",
        "exit.",
    ),
    StoryKind.ASSESSMENT: (
        "assessment.",
        "household.grouped",
        "group.",
        "indicators.",
        "problem.",
        "plan.",
    ),
    StoryKind.HELP: ("referral.", "assistance.", "help."),
}


def story_of(household: Household, *, kind: StoryKind | None = None) -> "models.QuerySet[Event]":
    """Return what happened to a household, the latest first. Events of its parts name it too.

    What happened to households that were merged into it is told as well, and marked.
    """
    own_and_merged = Household.objects.filter(Q(pk=household.pk) | Q(merged_into=household.pk))
    events = (
        Event.objects.filter(subject_id__in=own_and_merged.values(key=Cast("pk", TextField())))
        .exclude(event__in=NOT_TOLD)
        .annotate(is_of_merged=~Q(subject_id=str(household.pk)))
    )
    if kind is StoryKind.REGISTER:
        others = [start for starts in STORY_BEGINNINGS.values() for start in starts]
        events = events.exclude(_begins(others))
    elif kind is not None:
        events = events.filter(_begins(STORY_BEGINNINGS[kind]))
    return events.order_by("-at", "-pk")


def _begins(starts: Iterable[str]) -> Q:
    found = Q()
    for start in starts:
        found |= Q(event__startswith=start)
    return found
