from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.db.models.functions import Left

from accounts.models import Scope, User
from accounts.permissions import area_prefixes
from accounts.roles import Permission
from areas.querysets import within
from households.models import Household, Verification
from households.querysets import HouseholdQuerySet
from households.workflow import Stage

if TYPE_CHECKING:
    from fieldwork.models import Assignment, BackCheck, BackCheckDraw

Person = User | AnonymousUser


def who_may(permission: Permission, *, in_area: str, on: date) -> "models.QuerySet[User]":
    """Narrow to the people who hold a right in an area, or in a larger one around it."""
    around = [in_area[:length] for length in (2, 4, 6, 8) if length <= len(in_area)]
    scopes = Scope.objects.in_force(on).allowing(permission).filter(area__in=around)
    people: models.QuerySet[User] = User.objects.filter(pk__in=scopes.values("user"))
    return people.order_by("name", "pk")


def _visit_since() -> Exists:
    """Say whether a verdict stands that was recorded since an assignment."""
    return Exists(
        Verification.objects.filter(
            household=OuterRef("household"),
            recorded_at__gte=OuterRef("assigned_at"),
            retracted_at__isnull=True,
        )
    )


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def visible_to(self, user: Person) -> "AssignmentQuerySet":
        """Narrow to those of households whose file this person may open."""
        return self.filter(household__in=Household.objects.visible_to(user))

    def in_area(self, code: str) -> "AssignmentQuerySet":
        return self.filter(within([code], column="household__area_id"))

    def in_areas(self, codes: Iterable[str]) -> "AssignmentQuerySet":
        return self.filter(within(codes, column="household__area_id"))

    def standing(self) -> "AssignmentQuerySet":
        """Narrow to those that nobody ended, their visit made or not."""
        return self.filter(ended_at__isnull=True)

    def with_visit(self) -> "AssignmentQuerySet":
        """Add `is_visited`: whether a verdict stands that was recorded since."""
        return self.annotate(is_visited=_visit_since())

    def open(self) -> "AssignmentQuerySet":
        """Narrow to work that is still to be done."""
        return (
            self.standing()
            .with_visit()
            .filter(~_visit_since(), household__merged_into__isnull=True)
            .exclude(household__stage=Stage.EXITED)
        )

    def unowned(self, *, on: date) -> "AssignmentQuerySet":
        """Narrow to those whose surveyor may not verify there any more, or has no account."""
        scopes = (
            Scope.objects.in_force(on)
            .allowing(Permission.HOUSEHOLD_VERIFY)
            .filter(
                user=OuterRef("surveyor"),
                area__code__in=[
                    Left(OuterRef("household__area_id"), length) for length in (2, 4, 6, 8)
                ],
            )
        )
        return self.filter(~Exists(scopes))

    def for_list(self) -> "AssignmentQuerySet":
        """Add the surveyor and the household as a list shows it; 4 queries."""
        households = Household.objects.for_list()
        return self.select_related("surveyor", "assigned_by").prefetch_related(
            Prefetch("household", queryset=households)
        )


def without_assignment(households: HouseholdQuerySet) -> HouseholdQuerySet:
    """Narrow to those that wait for a visit and that nobody was told to make."""
    standing = Household._meta.get_field("assignments").related_model
    rows = standing._default_manager.filter(household=OuterRef("pk"), ended_at__isnull=True)
    return households.filter(~Exists(rows), stage=Stage.LISTED)


class BackCheckDrawQuerySet(models.QuerySet["BackCheckDraw"]):
    def visible_to(self, user: Person) -> "BackCheckDrawQuerySet":
        """Narrow to those of areas where this person has visits made again."""
        return self.filter(within(area_prefixes(user, Permission.BACK_CHECK), column="area_id"))


class BackCheckQuerySet(models.QuerySet["BackCheck"]):
    def visible_to(self, user: Person) -> "BackCheckQuerySet":
        """Narrow to those of the office that has them made, and to one's own second visits."""
        place = within(
            area_prefixes(user, Permission.BACK_CHECK),
            column="verification__household__area_id",
        )
        own = Q(checker=user.pk) if user.pk else Q(pk__in=[])
        return self.filter(
            place | own, verification__household__in=Household.objects.visible_to(user)
        )

    def in_area(self, code: str) -> "BackCheckQuerySet":
        return self.filter(within([code], column="verification__household__area_id"))

    def standing(self) -> "BackCheckQuerySet":
        """Narrow to those whose first verdict was not taken back before the second visit."""
        return self.filter(
            Q(recorded_at__isnull=False) | Q(verification__retracted_at__isnull=True)
        )

    def open(self) -> "BackCheckQuerySet":
        """Narrow to second visits still to be made."""
        return self.standing().filter(recorded_at__isnull=True)

    def compared(self) -> "BackCheckQuerySet":
        """Narrow to pairs that count: the second visit was made without knowing the first."""
        return self.filter(is_blind=True)

    def disagreeing(self) -> "BackCheckQuerySet":
        return self.filter(recorded_at__isnull=False).exclude(outcome=F("verification__outcome"))

    def to_settle(self) -> "BackCheckQuerySet":
        """Narrow to disagreements that the office has not looked into."""
        return self.disagreeing().filter(settled="")

    def for_list(self) -> "BackCheckQuerySet":
        """Add the first visit, the people, and the household as a list shows it; 4 queries."""
        return self.select_related(
            "checker", "recorded_by", "settled_by", "verification__recorded_by"
        ).prefetch_related(
            Prefetch("verification__household", queryset=Household.objects.for_list())
        )


def late_first(rows: AssignmentQuerySet) -> AssignmentQuerySet:
    """Order work by its day, then village by village."""
    return rows.order_by("due_on", "household__area_id", "pk")
