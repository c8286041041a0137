"""Finding a household by what somebody knows of it. What was typed is never logged."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Q

from accounts.models import User
from accounts.permissions import area_prefixes
from accounts.roles import Permission
from audit.models import Event
from audit.services import record
from households import permissions
from households.models import Household
from households.querysets import HouseholdQuerySet
from households.services.identity import citizen_id_indexes
from households.services.limits import MOST_SEARCHED, is_often
from households.services.surviving import homes_of_merged_code, homes_of_merged_ids
from households.services.whereabouts import Whereabouts, households_at, read_place
from ppaos.lib import citizen_id, house_code
from ppaos.lib.thai_names import fold
from ppaos.lib.thai_text import clean, name_key, to_ascii_digits

SEARCHED = "household.searched"
PROOF_LASTS = timedelta(hours=24)
SHORTEST_NAME = 2
"""Letters of a name that are enough to look for."""

_FEW_PROVINCES = 4
_SHORTEST_TWIN = 3
_TITLES_IN_NAMES = ("นาง", "พระครู", "พระ")


class UnableToSearch(Exception):
    """Nothing can be looked for with this. The message is for the user."""


class UnableToSearchSoOften(UnableToSearch):
    """So many citizen IDs were looked for within an hour."""

    def __init__(self) -> None:
        super().__init__(
            f"ค้นด้วยเลขประจำตัวครบ {MOST_SEARCHED:,} ครั้งในหนึ่งชั่วโมงแล้ว"
            " ค้นด้วยชื่อหรือบ้านเลขที่ หรือรอแล้วค้นอีกครั้ง"
        )


class By(StrEnum):
    """What was recognised in the search box."""

    CITIZEN_ID = "citizen_id"
    HOUSE_CODE = "house_code"
    TEMPORARY_CODE = "temporary_code"
    HOUSE_NUMBER = "house_number"
    VILLAGE = "village"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for, in the form in which it is stored; `value` is personal data."""

    by: By
    value: str


def interpret(text: str) -> Wanted:
    """Recognise a citizen ID, a house code, a house number, a village or a part of a name.

    Raises UnableToSearch if it is none of them, or a mistyped ID.
    """
    text = clean(to_ascii_digits(text))
    digits = citizen_id.compact(text)
    if len(digits) == 13 and digits.isdigit():
        return as_citizen_id(digits)
    if house_code.is_valid(digits):
        return Wanted(By.HOUSE_CODE, digits)
    if text.upper().startswith("TMP-"):
        return Wanted(By.TEMPORARY_CODE, text.upper())
    place = read_place(text)
    if place is not None:
        return Wanted(By.HOUSE_NUMBER if place.number else By.VILLAGE, text)
    return as_name(text)


def as_citizen_id(text: str) -> Wanted:
    """Raises UnableToSearch if `text` is no citizen ID."""
    try:
        return Wanted(By.CITIZEN_ID, citizen_id.normalise(text))
    except citizen_id.InvalidCitizenId as error:
        raise UnableToSearch(str(error)) from None


def as_house_code(text: str) -> Wanted:
    """Raises UnableToSearch if `text` is neither a house code nor a temporary one."""
    if text.strip().upper().startswith("TMP-"):
        return Wanted(By.TEMPORARY_CODE, text.strip().upper())
    try:
        return Wanted(By.HOUSE_CODE, house_code.normalise(text))
    except house_code.InvalidHouseCode as error:
        raise UnableToSearch(str(error)) from None


def as_name(text: str) -> Wanted:
    """Raises UnableToSearch if there are too few letters."""
    key = name_key(text)
    if len(key) < SHORTEST_NAME or key.isdigit():
        raise UnableToSearch(
            "พิมพ์ชื่อหรือนามสกุลอย่างน้อย 2 ตัวอักษร รหัสบ้าน 11 หลัก เลขประจำตัว 13 หลัก"
            " บ้านเลขที่ หรือหมู่บ้าน เช่น หมู่ 3 ต.โนนสูง"
        )
    return Wanted(By.NAME, key)


def search_households(
    *, wanted: Wanted, by: User, at: datetime, search_id: UUID | None = None
) -> HouseholdQuerySet:
    """Return the households that fit, of those `by` may read; lazily, in no order.

    A name matches by any part of it, and when nothing does, by likeness (pg_trgm).
    The event says what kind of thing was looked for, never the thing; with
    `search_id` it is the proof that somebody looked before they added.
    Raises PermissionDenied, and UnableToSearchSoOften for IDs.
    """
    permissions.check_can_search(by)
    ids = {"by": By.CITIZEN_ID.value}
    if wanted.by is By.CITIZEN_ID and is_often(
        SEARCHED, most=MOST_SEARCHED, by=by, at=at, detail=ids
    ):
        raise UnableToSearchSoOften
    record(
        event=SEARCHED,
        by=by,
        at=at,
        detail={"by": wanted.by.value, "search": str(search_id) if search_id else None},
    )
    return matching(wanted, by=by)


def was_searched(search_id: UUID, *, by: User, at: datetime) -> bool:
    """Say whether this person made this search within the last day."""
    return Event.objects.filter(
        actor_id=by.pk,
        event=SEARCHED,
        at__gt=at - PROOF_LASTS,
        at__lte=at,
        detail__search=str(search_id),
    ).exists()


def likely_twins(
    *, names: Collection[tuple[str, str]], area_code: str, by: User
) -> list[Household]:
    """Return up to five households of the same district where somebody is called almost the same.

    `names` are (first name, last name). Three queries, and two more for the lists.
    """
    keys = [fold(name_key(f"{first} {last}")) for first, last in names]
    keys = [key for key in keys if len(key) > _SHORTEST_TWIN]
    if not keys:
        return []
    near = Household.objects.visible_to(by).in_area(area_code[:4])
    alike = near.with_name_near(keys, provinces={area_code[:2]})
    return list(alike.for_list().order_by("area_id", "pk")[:5])


def matching(wanted: Wanted, *, by: User) -> HouseholdQuerySet:
    """Return the households that fit, without an event: for the later pages of one search.

    A code or an ID of what was merged leads to what took it in.
    """
    visible = Household.objects.visible_to(by)
    if wanted.by is By.NAME:
        return _with_name(visible, wanted, by=by)
    if wanted.by in (By.HOUSE_NUMBER, By.VILLAGE):
        return households_at(visible, read_place(wanted.value) or Whereabouts(), by=by)
    if survivors := survivors_of(wanted):
        own = bearing(visible, wanted).values("pk")
        return visible.filter(Q(pk__in=own) | Q(pk__in=survivors))
    return bearing(visible, wanted)


def bearing(visible: HouseholdQuerySet, wanted: Wanted) -> HouseholdQuerySet:
    """Narrow to the households that bear the wanted code, or where a person of that ID lives."""
    if wanted.by is By.CITIZEN_ID:
        return visible.with_citizen_id(citizen_id_indexes(wanted.value))
    return visible.filter(**{wanted.by.value: wanted.value})


def survivors_of(wanted: Wanted) -> set[UUID]:
    """Return the households that took in what bears the wanted code or ID, whoever may see them."""
    if wanted.by is By.CITIZEN_ID:
        return homes_of_merged_ids(citizen_id_indexes(wanted.value))
    if wanted.by in (By.HOUSE_CODE, By.TEMPORARY_CODE):
        return homes_of_merged_code(**{wanted.by.value: wanted.value})
    return set()


def _with_name(visible: HouseholdQuerySet, wanted: Wanted, *, by: User) -> HouseholdQuerySet:
    provinces = provinces_of(by)
    for key in name_readings(wanted):
        found = visible.with_name_part(key, provinces=provinces)
        if found.exists():
            return found
    return visible.with_name_like(fold(wanted.value), provinces=provinces)


def name_readings(wanted: Wanted) -> list[str]:
    """Return the search keys of a wanted name: as typed, then without a title joined to it.

    Such a title also begins names (นางลักษณ์). Only when nobody is called as typed does
    "นางสมศรี" mean Mrs. Somsri.
    """
    found = [fold(wanted.value)]
    for title in _TITLES_IN_NAMES:
        rest = fold(wanted.value.removeprefix(title))
        if wanted.value.startswith(title) and len(rest) >= SHORTEST_NAME:
            found.append(rest)
            break
    return found


def provinces_of(by: User) -> set[str]:
    """Return the provinces to look in; none means that looking everywhere is quicker."""
    found = {code[:2] for code in area_prefixes(by, Permission.HOUSEHOLD_READ)}
    return found if len(found) <= _FEW_PROVINCES else set()
