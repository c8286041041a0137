"""Finding households by where they are: house number, village number, names of places."""

import re
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Right

from accounts.models import User
from accounts.permissions import area_prefixes
from accounts.roles import Permission
from areas.models import Area, Level
from areas.querysets import within
from households.querysets import HouseholdQuerySet
from ppaos.lib.thai_text import strip_area_prefix

_NUMBER = r"(?:บ้านเลขที่\s*)?(?P<number>[0-9]{1,5}(?:/[0-9]{1,5})*)"
_MOO = r"(?:หมู่ที่|หมู่|ม\.)\s*(?P<moo>[0-9]{1,2})"
_VILLAGE = r"(?:หมู่บ้าน|บ้าน|บ\.)\s*(?P<village>[^0-9\s]\S*)"
_SUBDISTRICT = r"(?:ตำบล|ต\.|แขวง)\s*(?P<subdistrict>\S+)"
_DISTRICT = r"(?:อำเภอ|อ\.|เขต)\s*(?P<district>\S+)"
_PLACE = re.compile(
    rf"(?:{_NUMBER})?\s*(?:{_MOO})?\s*(?:{_VILLAGE})?\s*(?:{_SUBDISTRICT})?\s*(?:{_DISTRICT})?"
)


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What was said of a place; empty is not said."""

    number: str = ""
    moo: int | None = None
    village: str = ""
    subdistrict: str = ""
    district: str = ""


def read_place(text: str) -> Whereabouts | None:
    """Read "35/1 หมู่ 3 ต.โนนสูง", "หมู่ 3 ต.โนนสูง" or "บ้านหนองบัว"; None if it is no place."""
    found = _PLACE.fullmatch(text.strip())
    if found is None or not any(found.groups()):
        return None
    return Whereabouts(
        number=found["number"] or "",
        moo=int(found["moo"]) if found["moo"] else None,
        village=found["village"] or "",
        subdistrict=found["subdistrict"] or "",
        district=found["district"] or "",
    )


def households_at(
    households: HouseholdQuerySet, place: Whereabouts, *, by: User
) -> HouseholdQuerySet:
    """Narrow to the households of a place within reach of `by`.

    A house number fits itself and what was divided off it (35, 35/1).
    """
    found = households
    if place.number:
        found = found.filter(Q(house_no=place.number) | Q(house_no__startswith=f"{place.number}/"))
    if place.subdistrict or place.district:
        found = found.in_areas(_codes(place, by=by))
    if place.moo is not None:
        found = found.alias(last_two=Right("area_id", 2)).filter(
            area__level=Level.VILLAGE, last_two=f"{place.moo:02d}"
        )
    if place.village:
        names = {place.village, f"บ้าน{place.village}"}
        own = Area.objects.filter(level=Level.VILLAGE, name__in=names)
        found = found.filter(Q(area__in=own.values("pk")) | Q(village_name__in=names))
    return found


def villages_named(text: str, *, by: User, most: int) -> list[Area]:
    """Return villages within reach of `by` that are called so, with or without บ้าน in front."""
    name = strip_area_prefix(text, Level.VILLAGE)
    inside = within(area_prefixes(by, Permission.HOUSEHOLD_READ))
    called = Area.objects.filter(inside, level=Level.VILLAGE, name__in={name, f"บ้าน{name}"})
    return list(called.select_related("parent__parent").order_by("code")[:most])


def _codes(place: Whereabouts, *, by: User) -> list[str]:
    """Return the codes of the subdistricts, or of the district if none was said."""
    prefixes = area_prefixes(by, Permission.HOUSEHOLD_READ)
    reach = within(prefixes) | Q(pk__in={code[:4] for code in prefixes})
    reach |= Q(pk__in={code[:6] for code in prefixes})
    named = Area.objects.filter(reach)
    districts = named.filter(level=Level.DISTRICT, name__in=_district_names(place.district))
    if not place.subdistrict:
        return list(districts.values_list("pk", flat=True))
    subdistricts = named.filter(level=Level.SUBDISTRICT, name=place.subdistrict)
    if place.district:
        subdistricts = subdistricts.filter(parent__in=districts.values("pk"))
    return list(subdistricts.values_list("pk", flat=True))


def _district_names(name: str) -> list[str]:
    return [name, f"เมือง{name.removeprefix('เมือง')}"]
