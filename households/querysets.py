from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from accounts.models import User
from accounts.permissions import agency_ids, area_prefixes
from accounts.roles import Permission
from areas.querysets import within

if TYPE_CHECKING:
    from households.models import Household, Member


class HouseholdQuerySet(models.QuerySet["Household"]):
    def visible_to(self, user: User | AnonymousUser) -> "HouseholdQuerySet":
        """Narrow to what this person may read: own areas, and live grants to own agencies.

        The only door to households. No scope, no rows.
        """
        allowed = within(area_prefixes(user, Permission.HOUSEHOLD_READ), column="area_id")
        agencies = agency_ids(user)
        if agencies:
            allowed |= Q(pk__in=self._granted_to(agencies))
        return self.filter(allowed)

    def _granted_to(self, agencies: tuple[str, ...]) -> "models.QuerySet[Household, dict[str, Any]]":
        moment = now()
        return self.model._base_manager.filter(
            Q(access_grants__valid_until__isnull=True) | Q(access_grants__valid_until__gt=moment),
            access_grants__agency__in=agencies,
            access_grants__valid_from__lte=moment,
        ).values("pk")

    def in_area(self, code: str) -> "HouseholdQuerySet":
        return self.filter(within([code], column="area_id"))


class MemberQuerySet(models.QuerySet["Member"]):
    def present(self) -> "MemberQuerySet":
        """Narrow to those who have not left the household."""
        return self.filter(left_on__isnull=True)
