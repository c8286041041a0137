from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from audit.models import Event


class EventQuerySet(models.QuerySet["Event"]):
    def in_areas(self, prefixes: Iterable[str]) -> "EventQuerySet":
        """Narrow to events of these areas, and to tries at names that nobody has.

        Such a try belongs to no area and tells of no person, only of an address.
        No prefix, no rows.
        """
        wanted = list(prefixes)
        if not wanted:
            return self.none()
        inside = Q(event="user.sign-in-failed", area="")
        for prefix in wanted:
            # ":" is the character after "9".
            inside |= Q(area__gte=prefix, area__lt=prefix + ":")
        return self.filter(inside)
