from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from accounts.models import User
from accounts.permissions import agency_ids, area_prefixes
from accounts.roles import Permission
from areas.querysets import within
from referrals.workflow import LIVE, SENT, WITH_AGENCY, Status

if TYPE_CHECKING:
    from referrals.models import Assistance, Referral, RoutingRule


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, user: User | AnonymousUser) -> "ReferralQuerySet":
        """Narrow to own areas, and to what own agencies answer for or did until lately.

        The only door to referrals. No scope, no rows.
        """
        prefixes = area_prefixes(user, Permission.REFERRAL_READ)
        allowed = within(prefixes, column="household__area_id")
        agencies = agency_ids(user)
        if agencies:
            allowed |= Q(agency__in=agencies) & self._still_shown(now())
        return self.filter(allowed)

    @staticmethod
    def _still_shown(moment: datetime) -> Q:
        """Fit what an agency was sent: while it is open, and some days after it was closed."""
        lately = moment - timedelta(days=settings.REFERRAL_GRANT_DAYS)
        is_open = Q(status__in=[s.value for s in SENT & LIVE])
        return is_open | Q(status=Status.CLOSED.value, ended_at__gt=lately)

    def live(self) -> "ReferralQuerySet":
        return self.filter(status__in=[status.value for status in LIVE])

    def sent(self) -> "ReferralQuerySet":
        return self.filter(status__in=[status.value for status in SENT])

    def with_agency(self) -> "ReferralQuerySet":
        """Narrow to those where the agency is the one to act."""
        return self.filter(status__in=[status.value for status in WITH_AGENCY])

    def overdue(self, *, on: date) -> "ReferralQuerySet":
        """Narrow to those where somebody should have acted before this day."""
        return self.live().filter(due_on__lt=on)

    def for_list(self) -> "ReferralQuerySet":
        """Add what a line of a list shows, in one query."""
        return self.select_related("household__area__parent__parent", "problem", "agency").defer(
            "household__phone", "problem__need_text"
        )


class AssistanceQuerySet(models.QuerySet["Assistance"]):
    def standing(self) -> "AssistanceQuerySet":
        """Narrow to what was not taken back."""
        return self.filter(retracted_at__isnull=True)


class RoutingRuleQuerySet(models.QuerySet["RoutingRule"]):
    def in_force(self) -> "RoutingRuleQuerySet":
        return self.filter(retired_at__isnull=True, agency__is_active=True)
