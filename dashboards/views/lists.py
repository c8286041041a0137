"""Addresses of the lists behind the numbers, for those who may open them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from accounts.models import Agency, User
from accounts.permissions import has_in
from accounts.roles import Permission
from areas.models import Area


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of one area and year; an empty address where the person may open none."""

    area: str
    year_be: int
    opens_households: bool
    opens_referrals: bool
    agencies: Mapping[str, str] = field(default_factory=dict)
    """Key of each agency by its short name, where no two have the same."""

    def household(self, **query: str | int) -> str:
        """Return the register, narrowed to what a figure counts."""
        if not self.opens_households:
            return ""
        wanted = {"area": self.area, "in_year": self.year_be, **query}
        return f"/households/?{urlencode(wanted)}"

    def counted(self, code: str) -> str:
        return self.household(counted=code)

    def exits(self, reason: str) -> str:
        return self.counted(f"exit-{reason}")

    def stage(self, code: str) -> str:
        return self.household(stage=code)

    def dimension(self, code: str) -> str:
        return self.household(dimension=code)

    def level(self, level: int) -> str:
        return self.household(level=level)

    def group(self, code: str) -> str:
        return self.household(group=code)

    def referral(self, **query: str | int) -> str:
        """Return the list of referrals, narrowed to what a figure counts."""
        if not self.opens_referrals:
            return ""
        return f"/referrals/?{urlencode({'area': self.area, **query})}"

    def overdue(self) -> str:
        return self.referral(tab="overdue")

    def overdue_at(self, agency: str) -> str:
        """Return what is overdue and with the agency of this short name."""
        pk = self.agencies.get(agency)
        return self.referral(tab="overdue", agency=pk, turn="agency") if pk else ""

    def status(self, code: str) -> str:
        return self.referral(status=code, in_year=self.year_be)


def lists_of(user: User, *, area: Area, year_be: int, agencies: Iterable[str] = ()) -> Lists:
    """Return the lists that the person may open everywhere in the area, else they would differ.

    `agencies` are short names of which the overdue referrals are asked for.
    """
    return Lists(
        area=area.pk,
        year_be=year_be,
        opens_households=has_in(user, Permission.HOUSEHOLD_READ, area.pk),
        opens_referrals=has_in(user, Permission.REFERRAL_READ, area.pk),
        agencies=_agencies(agencies, area),
    )


def _agencies(names: Iterable[str], area: Area) -> dict[str, str]:
    found = Agency.objects.under((area.pk[:2],)).filter(short_name__in=names)
    rows = found.order_by("pk").values_list("short_name", "pk")
    shared = Counter(name for name, _ in rows)
    return {name: str(pk) for name, pk in rows if shared[name] == 1}
