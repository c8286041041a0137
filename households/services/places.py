"""Where a household stands, kept whenever that changes; and what a change of place brings."""

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils.timezone import localdate

from accounts.models import User
from households.models import AccessGrant, Household, HouseholdMove, ProtectedAccess
from households.services.registering import temporary_code
from households.workflow import MoveReason, MoveState


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a household stands. `area_code` is the village if known, else the subdistrict.

    Who really moved stands in another house: with its code, or None until it is known.
    """

    area_code: str
    house_code: str | None = None
    house_no: str = ""
    village_name: str = ""
    soi: str = ""
    road: str = ""
    lat: Decimal | None = None
    lon: Decimal | None = None


ADDRESS = ("house_no", "village_name", "soi", "road", "lat", "lon")
"""Columns of a household that a Place sets as they are."""


def place_of(household: Household) -> Place:
    """Return where a household stands now."""
    address = {name: getattr(household, name) for name in ADDRESS}
    return Place(area_code=household.area_id, house_code=household.house_code, **address)


def as_kept(place: Place) -> dict[str, Any]:
    """Return a place as a row of HouseholdMove keeps it: all but the area, which is a column."""
    values = asdict(place)
    del values["area_code"]
    numbers = {name: None if values[name] is None else str(values[name]) for name in ("lat", "lon")}
    return values | numbers


def as_left(household: Household) -> dict[str, Any]:
    """Return what is kept of the place a household leaves, with the code it had there."""
    own = {"temporary_code": household.temporary_code, "seq": household.seq}
    return as_kept(place_of(household)) | own


def place_from(kept: dict[str, Any], area_code: str) -> Place:
    """Return the place that a row kept, in its area."""
    texts: dict[str, Any] = {
        name: kept.get(name, "") for name in ("house_no", "village_name", "soi", "road")
    }
    numbers: dict[str, Any] = {
        name: None if kept.get(name) is None else Decimal(kept[name]) for name in ("lat", "lon")
    }
    return Place(area_code=area_code, house_code=kept.get("house_code"), **texts, **numbers)


def enter_house(household: Household, house_code: str | None, *, before: dict[str, Any]) -> None:
    """Give a household the code of the house it stands in now, or a temporary one; not saved.

    `before` is what a row kept of this place, if it was here before: it gets the same again.
    """
    household.house_code = house_code
    if house_code is None:
        old: str | None = before.get("temporary_code")
        household.temporary_code = old or temporary_code(household.area_id)
        household.seq = 1
        return
    household.temporary_code = None
    others = Household.objects.filter(house_code=house_code).exclude(pk=household.pk)
    seq = before.get("seq")
    if seq is None or others.filter(seq=seq).exists():
        highest: int | None = others.aggregate(highest=Max("seq"))["highest"]
        seq = (highest or 0) + 1
    household.seq = seq


def note_correction(
    *, household: Household, before: HouseholdMove, by: User, at: datetime
) -> HouseholdMove:
    """Keep where a household stood before its address was corrected into another area.

    `before` is a row not saved, from `about_to_leave`. The caller holds the lock, has
    written the new place and tells of it.
    """
    before.to_area_id = household.area_id
    before.place_after = as_kept(place_of(household))
    before.asked_at = before.decided_at = at
    before.asked_by = before.decided_by = by
    before.moved_on = localdate(at)
    before.save(force_insert=True)
    return before


def about_to_leave(household: Household) -> HouseholdMove:
    """Return a row, not saved, of the place that is going to be corrected."""
    return HouseholdMove(
        household=household,
        reason=MoveReason.CORRECTED,
        state=MoveState.DONE,
        from_area_id=household.area_id,
        place_before=as_left(household),
    )


def settle(household: Household, *, by: User, at: datetime) -> int:
    """Do what follows from a new area; return how many agencies were let out.

    People are found under the new province. An agency that does not work there loses its
    grant, so its referrals are for the new office to transfer. Of a protected household,
    who brought it is named: else nobody there would see it.
    """
    household.members.exclude(province_code=household.area_id[:2]).update(
        province_code=household.area_id[:2]
    )
    if household.is_protected:
        ProtectedAccess.objects.get_or_create(
            household=household,
            user=by,
            ended_at=None,
            defaults={"granted_at": at, "granted_by": by, "reason": "รับครัวเรือนที่ย้ายเข้า"},
        )
    live = AccessGrant.objects.live(at=at).filter(household=household).select_related("agency")
    ended = [grant.pk for grant in live if not household.area_id.startswith(grant.agency.area_id)]
    return AccessGrant.objects.filter(pk__in=ended).update(valid_until=at)
