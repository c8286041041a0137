from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models

from accounts.models import User
from households.models import Household

if TYPE_CHECKING:
    from plans.models import HouseholdPlan


class HouseholdPlanQuerySet(models.QuerySet["HouseholdPlan"]):
    def visible_to(self, user: User | AnonymousUser) -> "HouseholdPlanQuerySet":
        """Narrow to plans of households whose file this person may open."""
        return self.filter(household__in=Household.objects.visible_to(user))

    def of_household(self, household: Household) -> "HouseholdPlanQuerySet":
        return self.filter(household=household)

    def current(self) -> "HouseholdPlanQuerySet":
        """Narrow to the newest version of each household."""
        return self.filter(superseded_at__isnull=True)

    def newest_first(self) -> "HouseholdPlanQuerySet":
        return self.select_related("made_by").order_by("-number", "pk")
