from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.search import TrigramSimilarity
from django.db import models
from django.db.models import Prefetch, Q
from django.db.models.functions import Greatest
from django.utils.timezone import localdate

from accounts.models import User
from accounts.permissions import area_prefixes
from accounts.roles import Permission
from areas.querysets import within
from households.workflow import ExitState, MoveState

if TYPE_CHECKING:
    from households.models import (
        AccessGrant,
        Exit,
        Household,
        HouseholdMove,
        Member,
        ProtectedAccess,
    )


SHORTEST_PART = 3
"""Letters that make a trigram, so that the index finds them inside a name."""
TWIN_LIKENESS = 0.6
"""Share of common trigrams (0–1) from which two names may be one person; tried on Thai names."""


def _related(model: type[models.Model], name: str) -> Any:
    """Return the model at the other end of a reverse relation, which is defined after this file."""
    return model._meta.get_field(name).related_model


def not_hidden_from(
    user: User | AnonymousUser, named: "ProtectedAccessQuerySet", *, to: str = ""
) -> Q:
    """Fit households that are not protected, and the protected ones that name this person.

    `named` are the live rows of ProtectedAccess; `to` leads to the household, as "household__".
    """
    own = named.filter(user=user.pk).values("household")
    return Q(**{f"{to}is_protected": False}) | Q(**{f"{to}pk__in": own})


class HouseholdQuerySet(models.QuerySet["Household"]):
    def visible_to(self, user: User | AnonymousUser) -> "HouseholdQuerySet":
        """Narrow to those whose file this person may open: those of own areas.

        The only door to households, and to all that hangs on them. No scope, no rows. An
        agency has no area: what it sees of a household stands in its own referrals.
        A protected household is there only for those who are named; one that was merged
        into another is there for nobody, since the other one tells all.
        """
        place = within(area_prefixes(user, Permission.HOUSEHOLD_READ), column="area_id")
        named = _related(self.model, "protected_access").objects.live(on=localdate())
        return self.filter(place & not_hidden_from(user, named), merged_into__isnull=True)

    def in_area(self, code: str) -> "HouseholdQuerySet":
        return self.filter(within([code], column="area_id"))

    def in_areas(self, codes: Iterable[str]) -> "HouseholdQuerySet":
        return self.filter(within(codes, column="area_id"))

    def listed_in(self, *, source: str = "", year_be: int | None = None) -> "HouseholdQuerySet":
        """Narrow to those with a listing of this source, of this year, or of both at once."""
        listings = _related(self.model, "listings")._base_manager.all()
        if source:
            listings = listings.filter(source=source)
        if year_be is not None:
            listings = listings.filter(year_be=year_be)
        return self.filter(pk__in=listings.values("household"))

    # ---- search ----------------------------------------------------------------
    def with_citizen_id(self, indexes: Collection[bytes]) -> "HouseholdQuerySet":
        """Narrow to where a person of this ID lives, by its index under every known key."""
        return self.filter(
            pk__in=self._members().filter(citizen_id_index__in=indexes).values("household")
        )

    def with_name_part(self, key: str, *, provinces: Collection[str]) -> "HouseholdQuerySet":
        """Narrow to where somebody's search key contains `key`."""
        people = self._members(provinces).with_name_part(key)
        return self.filter(pk__in=people.values("household"))

    def with_name_like(self, key: str, *, provinces: Collection[str]) -> "HouseholdQuerySet":
        """Narrow to where a part of somebody's search key is like `key` (pg_trgm)."""
        people = self._members(provinces).filter(search_key__trigram_word_similar=key)
        return self.filter(pk__in=people.values("household"))

    def with_name_near(
        self, keys: Collection[str], *, provinces: Collection[str]
    ) -> "HouseholdQuerySet":
        """Narrow to where somebody's search key is nearly one of `keys`: a likely twin."""
        near = Q()
        for key in keys:
            near |= Q(search_key__trigram_similar=key)
        likeness = [TrigramSimilarity("search_key", key) for key in keys]
        found = (
            self._members(provinces)
            .filter(near)
            .alias(likeness=Greatest(*likeness) if len(likeness) > 1 else likeness[0])
            .filter(likeness__gte=TWIN_LIKENESS)
        )
        return self.filter(pk__in=found.values("household"))

    def _members(self, provinces: Collection[str] = ()) -> "MemberQuerySet":
        members: MemberQuerySet = _related(self.model, "members").objects.present()
        return members.filter(province_code__in=provinces) if provinces else members

    # ---- pages -----------------------------------------------------------------
    def for_list(self) -> "HouseholdQuerySet":
        """Add the area's chain of names, people without IDs, and listings; 3 queries, no order."""
        return (
            self.select_related("area__parent__parent__parent")
            .defer("phone")
            .prefetch_related(
                Prefetch(
                    "members",
                    queryset=_related(self.model, "members")
                    .objects.present()
                    .defer("citizen_id")
                    .order_by("-is_head", "seq", "pk"),
                    to_attr="present_members",
                ),
                Prefetch(
                    "listings",
                    queryset=_related(self.model, "listings")._base_manager.order_by(
                        "-year_be", "source", "pk"
                    ),
                    to_attr="all_listings",
                ),
            )
        )

    def for_case_file(self) -> "HouseholdQuerySet":
        """Add everything this app knows of a household; 6 queries."""
        return self.select_related("area__parent__parent__parent").prefetch_related(
            Prefetch(
                "members",
                queryset=_related(self.model, "members").objects.order_by(
                    "left_on", "-is_head", "seq", "pk"
                ),
                to_attr="all_members",
            ),
            Prefetch(
                "listings",
                queryset=_related(self.model, "listings")
                ._base_manager.select_related("member")
                .defer("member__citizen_id")
                .order_by("-year_be", "source", "member__seq", "pk"),
                to_attr="all_listings",
            ),
            Prefetch(
                "verifications",
                queryset=_related(self.model, "verifications")
                ._base_manager.select_related("recorded_by", "retracted_by")
                .prefetch_related("photos")
                .order_by("-recorded_at", "-pk"),
                to_attr="all_verifications",
            ),
            Prefetch(
                "exits",
                queryset=_related(self.model, "exits")
                ._base_manager.select_related("proposed_by", "decided_by", "revoked_by")
                .order_by("-proposed_at", "-pk"),
                to_attr="all_exits",
            ),
        )


class MemberQuerySet(models.QuerySet["Member"]):
    def present(self) -> "MemberQuerySet":
        """Narrow to those who have not left the household."""
        return self.filter(left_on__isnull=True)

    def with_name_part(self, key: str) -> "MemberQuerySet":
        """Narrow to those whose search key contains `key`; of two letters, begins with it.

        Two letters inside a name are in no index, and in every other name.
        """
        if len(key) < SHORTEST_PART:
            return self.filter(search_key__startswith=key)
        return self.filter(search_key__contains=key)


class AccessGrantQuerySet(models.QuerySet["AccessGrant"]):
    def live(self, *, at: datetime) -> "AccessGrantQuerySet":
        """Narrow to those that open a household to an agency at this moment."""
        not_over = Q(valid_until__isnull=True) | Q(valid_until__gt=at)
        return self.filter(not_over, valid_from__lte=at)


class ProtectedAccessQuerySet(models.QuerySet["ProtectedAccess"]):
    def live(self, *, on: date) -> "ProtectedAccessQuerySet":
        """Narrow to those that open a protected household to somebody on this day."""
        not_over = Q(valid_until__isnull=True) | Q(valid_until__gte=on)
        return self.filter(not_over, ended_at__isnull=True)


class HouseholdMoveQuerySet(models.QuerySet["HouseholdMove"]):
    def coming_to(self, user: User | AnonymousUser) -> "HouseholdMoveQuerySet":
        """Narrow to those that wait for this person, who may accept them where they go.

        The only door of the receiving side, which may not open the household yet.
        """
        place = within(area_prefixes(user, Permission.MOVE_ACCEPT), column="to_area_id")
        return self.filter(place, state=MoveState.ASKED)

    def visible_to(self, user: User | AnonymousUser) -> "HouseholdMoveQuerySet":
        """Narrow to moves of households whose file this person may open."""
        households = _related(self.model, "household").objects.visible_to(user)
        return self.filter(household__in=households)

    def asked(self) -> "HouseholdMoveQuerySet":
        """Narrow to those that the receiving office must answer."""
        return self.filter(state=MoveState.ASKED)

    def for_list(self) -> "HouseholdMoveQuerySet":
        """Add both places and the people who acted."""
        return self.select_related(
            "from_area__parent__parent__parent",
            "to_area__parent__parent__parent",
            "asked_by",
            "decided_by",
        )


class ExitQuerySet(models.QuerySet["Exit"]):
    def visible_to(self, user: User | AnonymousUser) -> "ExitQuerySet":
        """Narrow to exits of households whose file this person may open."""
        prefixes = area_prefixes(user, Permission.HOUSEHOLD_READ)
        household = _related(self.model, "household")
        named = _related(household, "protected_access").objects.live(on=localdate())
        return self.filter(
            within(prefixes, column="household__area_id"),
            not_hidden_from(user, named, to="household__"),
            household__merged_into__isnull=True,
        )

    def in_area(self, code: str) -> "ExitQuerySet":
        return self.filter(within([code], column="household__area_id"))

    def waiting(self) -> "ExitQuerySet":
        """Narrow to those that somebody must decide."""
        return self.filter(state=ExitState.PROPOSED)

    def to_be_checked_again(self) -> "ExitQuerySet":
        """Narrow to standing exits that ask for a look after a year, not yet made."""
        return self.filter(
            state=ExitState.APPROVED, relapse_check_on__isnull=False, relapse_check__isnull=True
        )

    def due_for_relapse_check(self, *, on: date) -> "ExitQuerySet":
        return self.to_be_checked_again().filter(relapse_check_on__lte=on)

    def decided(self) -> "ExitQuerySet":
        """Narrow to those that somebody approved or refused, also if it was taken back."""
        return self.filter(state__in=[ExitState.APPROVED, ExitState.REJECTED, ExitState.REVOKED])

    def for_list(self) -> "ExitQuerySet":
        """Add the people who acted and the household as a list shows it; 4 queries."""
        households = _related(self.model, "household").objects.for_list()
        return self.select_related(
            "proposed_by", "decided_by", "revoked_by", "verification"
        ).prefetch_related(Prefetch("household", queryset=households))
