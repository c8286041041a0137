from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate, now

from accounts.models import User
from accounts.permissions import agency_ids, area_prefixes, scopes_of
from accounts.roles import Permission
from areas.querysets import within
from households.models import AccessGrant, Household, Member, ProtectedAccess
from households.querysets import not_hidden_from
from households.workflow import Stage
from problems.models import Problem
from problems.querysets import ProblemQuerySet
from referrals.workflow import LIVE, SENT, WITH_AGENCY, Status

if TYPE_CHECKING:
    from referrals.models import Assistance, Referral, RoutingRule


def _related(model: type[models.Model], name: str) -> Any:
    """Return the model at the other end of a reverse relation, which is defined after this file."""
    return model._meta.get_field(name).related_model


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, user: User | AnonymousUser) -> "ReferralQuerySet":
        """Narrow to own areas, and to what own agencies answer for there or did until lately.

        The only door to referrals. No scope, no rows. Of a protected household the area's
        staff see none unless they are named; the agency that was asked sees its own, which
        name no address.
        """
        in_area = within(area_prefixes(user, Permission.REFERRAL_READ), column="household__area_id")
        named = ProtectedAccess.objects.live(on=localdate())
        allowed = in_area & not_hidden_from(user, named, to="household__")
        shown = self._still_shown(now())
        for scope in scopes_of(user):
            if scope.agency_id is not None:
                here = within([scope.area_code], column="household__area_id")
                allowed |= Q(agency=scope.agency_id) & here & shown
        return self.filter(allowed)

    @staticmethod
    def _still_shown(moment: datetime) -> Q:
        """Fit what an agency was sent: while it is open, and some days after it was closed.

        And only under a live grant to that agency, so that one can be ended by itself.
        """
        lately = moment - timedelta(days=settings.REFERRAL_GRANT_DAYS)
        is_open = Q(status__in=[s.value for s in SENT & LIVE])
        granted = AccessGrant.objects.live(at=moment).filter(
            household=OuterRef("household"), agency=OuterRef("agency")
        )
        is_shown = is_open | Q(status=Status.CLOSED.value, ended_at__gt=lately)
        return is_shown & Q(Exists(granted))

    def for_page(self, user: User | AnonymousUser) -> "ReferralQuerySet":
        """Add what a page of one referral shows this person; 7 queries.

        `heads` (of the household), `named_people` (of the problem), `shown_events`,
        `shown_assistance`, `shown_checks`. Who reads the area's referrals is shown all of
        it; an agency what happened while the referral was its own.
        """
        prefixes = area_prefixes(user, Permission.REFERRAL_READ)
        in_area = within(prefixes, column="referral__household__area_id")
        own = in_area | Q(agency__in=agency_ids(user))
        since_sent = in_area | Q(recorded_at__gte=F("referral__submitted_at"))
        members = Member.objects.order_by("seq", "pk")
        events, assistance, checks = (
            _related(self.model, name)._base_manager.all()
            for name in ("events", "assistance", "checks")
        )
        return self.select_related(
            "household__area__parent__parent__parent", "problem", "agency", "created_by"
        ).prefetch_related(
            Prefetch(
                "household__members",
                members.present().filter(is_head=True).defer("citizen_id"),
                to_attr="heads",
            ),
            Prefetch("problem__members", members, to_attr="named_people"),
            Prefetch(
                "events",
                events.filter(own).select_related("by", "agency").order_by("at", "pk"),
                to_attr="shown_events",
            ),
            Prefetch(
                "assistance",
                assistance.filter(own)
                .select_related("recorded_by", "agency")
                .prefetch_related("photos")
                .order_by("helped_on", "pk"),
                to_attr="shown_assistance",
            ),
            Prefetch(
                "checks",
                checks.filter(since_sent)
                .select_related("checked_by")
                .order_by("recorded_at", "pk"),
                to_attr="shown_checks",
            ),
        )

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

    def for_rows(self) -> "ReferralQuerySet":
        """Add what a row of a page shows: `heads` of the household, and `due`; 2 queries.

        `due` is the due day for sorting: where nobody is waited for, after all others.
        """
        never = models.Value(date.max, output_field=models.DateField())
        return (
            self.for_list()
            .select_related("household__area__parent__parent__parent")
            .annotate(due=Coalesce("due_on", never))
            .prefetch_related(_heads("household__members"))
        )

    def for_panel(self) -> "ReferralQuerySet":
        """Add what a case file shows: the live ones first, then the latest."""
        return self.select_related("agency", "problem").order_by(
            F("ended_at").desc(nulls_first=True), "-created_at", "pk"
        )


def _heads(path: str) -> "Prefetch[str]":
    """Fetch who households are called after into `heads`."""
    heads = Member.objects.present().filter(is_head=True).defer("citizen_id").order_by("pk")
    return Prefetch(path, heads, to_attr="heads")


REFERRABLE = (Stage.VERIFIED_POOR, Stage.IN_HELP)
"""Stages of the households that may be referred."""


def not_referred(user: User | AnonymousUser) -> ProblemQuerySet:
    """Return open problems of households found poor that no live referral serves; 3 queries.

    Only where this person may send. Each with its household, the chain of areas and `heads`.
    """
    place = within(area_prefixes(user, Permission.REFERRAL_SEND), column="household__area_id")
    live = _related(Problem, "referrals")._base_manager.filter(
        problem=OuterRef("pk"), status__in=[status.value for status in LIVE]
    )
    return (
        Problem.objects.open()
        .filter(place, ~Exists(live), household__stage__in=[stage.value for stage in REFERRABLE])
        .filter(household__in=Household.objects.visible_to(user))
        .select_related("household__area__parent__parent__parent")
        .defer("need_text", "household__phone")
        .prefetch_related(_heads("household__members"), "members")
    )


class AssistanceQuerySet(models.QuerySet["Assistance"]):
    def standing(self) -> "AssistanceQuerySet":
        """Narrow to what was not taken back."""
        return self.filter(retracted_at__isnull=True)


class RoutingRuleQuerySet(models.QuerySet["RoutingRule"]):
    def in_force(self) -> "RoutingRuleQuerySet":
        return self.filter(retired_at__isnull=True, agency__is_active=True)

    def in_areas(self, codes: Iterable[str]) -> "RoutingRuleQuerySet":
        return self.filter(within(codes, column="area_id"))

    def for_list(self) -> "RoutingRuleQuerySet":
        """The most specific first, as they are tried."""
        return self.select_related("area", "agency").order_by(
            "dimension", F("code").asc(nulls_last=True), "-area_id", "priority", "created_at", "pk"
        )
