from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Q

from accounts.models import User
from accounts.permissions import area_prefixes
from accounts.roles import Permission
from areas.querysets import now_within
from forums.workflow import UNRESOLVED, ForumState

if TYPE_CHECKING:
    from forums.models import AgendaItem, Forum, Resolution, ResolutionEvent

DIGITS_PER_LEVEL = 2


def _reachable(user: User | AnonymousUser, *, area: str) -> Q:
    """Fit what is inside the person's areas, and what contains them; also under a former code."""
    prefixes = area_prefixes(user, Permission.FORUM_READ)
    above = {
        prefix[:length]
        for prefix in prefixes
        for length in range(DIGITS_PER_LEVEL, len(prefix), DIGITS_PER_LEVEL)
    }
    return now_within(prefixes, area=area) | Q(**{f"{area}__in": sorted(above)})


class ForumQuerySet(models.QuerySet["Forum"]):
    def visible_to(self, user: User | AnonymousUser) -> "ForumQuerySet":
        """Narrow to forums of own areas, of what is inside them, and of what contains them.

        The only door to forums. Which cases of one may be read is asked of the household.
        """
        return self.filter(_reachable(user, area="area"))

    def planned(self) -> "ForumQuerySet":
        return self.filter(state=ForumState.PLANNED)

    def held(self) -> "ForumQuerySet":
        return self.filter(state=ForumState.HELD)

    def for_list(self) -> "ForumQuerySet":
        """Add area, organiser and how many items and resolutions there are; no order."""
        is_open = Q(resolutions__status__in=sorted(UNRESOLVED))
        return (
            self.select_related("area__parent", "organiser_agency")
            .defer("summary")
            .annotate(
                item_count=Count("items", distinct=True),
                resolution_count=Count("resolutions", distinct=True),
                unresolved_count=Count("resolutions", filter=is_open, distinct=True),
            )
        )


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def for_agenda(self) -> "AgendaItemQuerySet":
        """Add what is carried over, in the order of the sitting."""
        return self.select_related(
            "area__parent",
            "resolution__forum",
            "resolution__owner_agency",
        ).order_by("position", "pk")


class ResolutionQuerySet(models.QuerySet["Resolution"]):
    def visible_to(self, user: User | AnonymousUser) -> "ResolutionQuerySet":
        """Narrow to resolutions of forums that this person may see."""
        return self.filter(_reachable(user, area="forum__area"))

    def unresolved(self) -> "ResolutionQuerySet":
        return self.filter(status__in=sorted(UNRESOLVED))

    def overdue(self, *, on: date) -> "ResolutionQuerySet":
        """Narrow to those that should have been done before this day."""
        return self.unresolved().filter(due_on__lt=on)

    def in_area(self, code: str) -> "ResolutionQuerySet":
        return self.filter(now_within([code], area="forum__area"))

    def to_carry_to(self, forum: "Forum") -> "ResolutionQuerySet":
        """Narrow to the unresolved ones of earlier sittings of this area or inside it."""
        return (
            self.unresolved()
            .in_area(forum.place_code)
            .filter(forum__held_on__lte=forum.held_on)
            .exclude(forum=forum.pk)
            .exclude(carried__forum=forum.pk)
        )

    def for_list(self) -> "ResolutionQuerySet":
        return self.select_related("forum__area", "owner_agency", "agenda_item")


class ResolutionEventQuerySet(models.QuerySet["ResolutionEvent"]):
    def story_of(self, resolution: "Resolution") -> "ResolutionEventQuerySet":
        """Narrow to one resolution, the newest move first."""
        return self.filter(resolution=resolution).select_related("by").order_by("-at", "-pk")
