"""The lines of the register: of a page of households, the values that its list shows.

A page of fifty households with their people, lists and chains of areas would be six hundred
model instances; these are fifty, and a few small queries of plain values.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max

from areas.models import Area
from households.models import Household, Member, SourceListing
from households.querysets import HouseholdQuerySet
from households.workflow import Source
from slf.models import LivelihoodProfile

_SHOWN = (
    "house_code",
    "temporary_code",
    "house_no",
    "village_name",
    "soi",
    "road",
    "area_id",
    "lat",
    "stage",
    "stage_date",
    "is_protected",
)


@dataclass(frozen=True, slots=True)
class Line:
    """A household with its chain of areas, and what is written of those who live there."""

    household: Household
    head: str
    people: int
    lists: str
    group: str
    level: int | None


def for_lines(households: HouseholdQuerySet) -> HouseholdQuerySet:
    """Read only the columns that a line shows."""
    return households.only(*_SHOWN)


def lines_of(
    households: Sequence[Household], *, areas: dict[str, Area], has_profiles: bool
) -> list[Line]:
    """Return a line for each of the households, which `areas` get as their chains.

    Two queries, and one more with `has_profiles`: without it group and level are not told.
    """
    pks = [household.pk for household in households]
    names, counts = _people(pks)
    lists = _lists(pks)
    profiles = _profiles(pks) if has_profiles else {}
    lines = []
    for household in households:
        household.area = areas[household.area_id]
        group, level = profiles.get(household.pk, ("", None))
        lines.append(
            Line(
                household,
                head=names.get(household.pk, "ไม่มีรายชื่อสมาชิก"),
                people=counts.get(household.pk, 0),
                lists=", ".join(lists.get(household.pk, ())),
                group=group,
                level=level,
            )
        )
    return lines


def _people(pks: Collection[UUID]) -> tuple[dict[UUID, str], dict[UUID, int]]:
    """Return the name of the head or of the first person, and how many live there."""
    present = Member.objects.present().filter(household__in=pks)
    names: dict[UUID, str] = {}
    counts: dict[UUID, int] = {}
    for pk, title, first, last in present.order_by("-is_head", "seq", "pk").values_list(
        "household_id", "title", "first_name", "last_name"
    ):
        names.setdefault(pk, f"{title}{first} {last}".strip())
        counts[pk] = counts.get(pk, 0) + 1
    return names, counts


def _lists(pks: Collection[UUID]) -> dict[UUID, list[str]]:
    """Return the lists that name each household, with their latest years, the newest first."""
    found: dict[UUID, list[str]] = {}
    rows = SourceListing.objects.filter(household__in=pks).values_list("household_id", "source")
    for pk, source, latest in rows.annotate(latest=Max("year_be")).order_by("-latest", "source"):
        found.setdefault(pk, []).append(f"{Source(source).label} {latest}")
    return found


def _profiles(pks: Collection[UUID]) -> dict[UUID, tuple[str, int | None]]:
    rows = LivelihoodProfile.objects.current().filter(household__in=pks)
    return {
        pk: (group, level)
        for pk, group, level in rows.values_list("household_id", "group", "assessment__level")
    }
