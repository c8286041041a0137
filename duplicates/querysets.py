from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from accounts.permissions import area_prefixes
from accounts.roles import Permission
from areas.querysets import within
from duplicates.workflow import Kind, State
from households.models import Household, Member

if TYPE_CHECKING:
    from duplicates.models import Candidate, Merge


class CandidateQuerySet(models.QuerySet["Candidate"]):
    def visible_to(self, user: User | AnonymousUser) -> "CandidateQuerySet":
        """Narrow to pairs of which this person may open both files, and which stand unmerged."""
        homes = Household.objects.visible_to(user).values("pk")
        people = Member.objects.filter(household__in=homes, merged_into__isnull=True).values("pk")
        return self.filter(
            Q(kind=Kind.HOUSEHOLD, one__in=homes, other__in=homes)
            | Q(kind=Kind.PERSON, one__in=people, other__in=people)
        )

    def open(self) -> "CandidateQuerySet":
        return self.filter(state=State.OPEN)

    def likeliest_first(self) -> "CandidateQuerySet":
        return self.order_by("-score", "pk")


class MergeQuerySet(models.QuerySet["Merge"]):
    def visible_to(self, user: User | AnonymousUser) -> "MergeQuerySet":
        """Narrow to merges into households whose file this person may open.

        The survivor tells all that the merged one told. Undone merges are seen by those
        who see both.
        """
        visible = Household.objects.visible_to(user)
        places = within(area_prefixes(user, Permission.HOUSEHOLD_READ), column="merged__area_id")
        standing = Q(undone_at__isnull=True) & (places | Q(merged=F("survivor")))
        return self.filter(standing | Q(merged__in=visible), survivor__in=visible)

    def for_list(self) -> "MergeQuerySet":
        """Add the people and places that a list shows, the latest first."""
        return self.select_related(
            "survivor__area",
            "merged__area",
            "survivor_member",
            "merged_member",
            "merged_by",
            "undone_by",
        ).order_by("-merged_at", "pk")

    def standing(self) -> "MergeQuerySet":
        return self.filter(undone_at__isnull=True)
