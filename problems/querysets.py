from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from households.models import Household, Member
from problems.workflow import Status

if TYPE_CHECKING:
    from problems.models import IncomeThreshold, IndicatorResult, Problem


class ProblemQuerySet(models.QuerySet["Problem"]):
    def visible_to(self, user: User | AnonymousUser) -> "ProblemQuerySet":
        """Narrow to problems of households that this person may read."""
        return self.filter(household__in=Household.objects.visible_to(user))

    def open(self) -> "ProblemQuerySet":
        return self.filter(status=Status.OPEN)

    def of_household(self, household: Household) -> "ProblemQuerySet":
        return self.filter(household=household)

    def for_panel(self) -> "ProblemQuerySet":
        """Open ones first, the newest on top, with the members named in each."""
        return (
            self.select_related("opened_by", "resolved_by")
            .prefetch_related("members")
            .order_by(F("resolved_on").desc(nulls_first=True), "-opened_on", "pk")
        )


class IndicatorResultQuerySet(models.QuerySet["IndicatorResult"]):
    def visible_to(self, user: User | AnonymousUser) -> "IndicatorResultQuerySet":
        visible = Household.objects.visible_to(user)
        return self.filter(Q(household__in=visible) | Q(member__household__in=visible))

    def of_household(self, household: Household) -> "IndicatorResultQuerySet":
        """Narrow to the household's own results and those of everybody registered in it."""
        members = Member.objects.filter(household=household)
        return self.filter(Q(household=household) | Q(member__in=members))


class IncomeThresholdQuerySet(models.QuerySet["IncomeThreshold"]):
    def covering(self, year_be: int) -> "IncomeThresholdQuerySet":
        return self.filter(
            Q(year_to__isnull=True) | Q(year_to__gte=year_be), year_from__lte=year_be
        )
