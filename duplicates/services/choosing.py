"""Field by field: what two rows say, and which of both is kept unless a person chooses.

The rule is stated on the page: a value beats none; then what a visit verified beats what
no visit did; then the row that was changed later; then the survivor's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.timezone import localtime

from households.models import Household, Member
from households.workflow import Consent, Residence, Sex, Stage
from ppaos.lib.buddhist_era import format_date, to_be_year
from ppaos.lib.citizen_id import mask

SURVIVOR, MERGED = "survivor", "merged"

HOUSEHOLD_FIELDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "code": ("รหัสบ้าน", ("house_code", "temporary_code", "seq")),
    "area": ("พื้นที่", ("area_id",)),
    "house_no": ("บ้านเลขที่", ("house_no",)),
    "village_name": ("ชื่อหมู่บ้าน", ("village_name",)),
    "soi": ("ซอย", ("soi",)),
    "road": ("ถนน", ("road",)),
    "position": ("พิกัด", ("lat", "lon")),
    "phone": ("โทรศัพท์", ("phone",)),
    "consent": ("ความยินยอม", ("consent", "consent_date")),
}
MEMBER_FIELDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "title": ("คำนำหน้า", ("title",)),
    "first_name": ("ชื่อ", ("first_name",)),
    "last_name": ("นามสกุล", ("last_name",)),
    "citizen_id": ("เลขประจำตัวประชาชน", ("citizen_id", "no_id_reason")),
    "birth": ("วันเกิด", ("birth_date", "birth_year")),
    "sex": ("เพศ", ("sex",)),
    "relation": ("ความสัมพันธ์", ("relation",)),
    "residence": ("สถานะในทะเบียนบ้าน", ("residence",)),
}
_VERIFIED = frozenset({Stage.VERIFIED_POOR, Stage.VERIFIED_NOT_POOR, Stage.IN_HELP})


@dataclass(frozen=True, slots=True)
class Field:
    """One line of the comparison; the texts are as people read them."""

    name: str
    label: str
    survivor: str
    merged: str
    default: str
    why: str
    differs: bool


def compare_households(survivor: Household, merged: Household) -> list[Field]:
    """Return each field of both, side by side, with the default and its reason."""
    later = MERGED if merged.updated_at > survivor.updated_at else SURVIVOR
    seen = _seen(survivor, merged)
    return [
        _field(
            name,
            label,
            _household_text(survivor, name),
            _household_text(merged, name),
            differs=_household_text(survivor, name) != _household_text(merged, name),
            seen=seen,
            later=later,
        )
        for name, (label, _) in HOUSEHOLD_FIELDS.items()
    ]


def compare_members(survivor: Member, merged: Member) -> list[Field]:
    """Return each field of two persons. Citizen IDs are masked."""
    later = MERGED if merged.updated_at > survivor.updated_at else SURVIVOR
    seen = _seen(survivor.household, merged.household)
    return [
        _field(
            name,
            label,
            _member_text(survivor, name),
            _member_text(merged, name),
            # Two IDs may look alike when masked.
            differs=(
                survivor.citizen_id != merged.citizen_id
                if name == "citizen_id"
                else _member_text(survivor, name) != _member_text(merged, name)
            ),
            seen=seen,
            later=later,
        )
        for name, (label, _) in MEMBER_FIELDS.items()
    ]


def taken_from_merged(fields: Iterable[Field], choices: Mapping[str, str]) -> list[str]:
    """Return the names of the fields whose value is taken from the merged row."""
    return [
        field.name
        for field in fields
        if field.differs and choices.get(field.name, field.default) == MERGED
    ]


def _seen(survivor: Household, merged: Household) -> str:
    one, other = survivor.stage in _VERIFIED, merged.stage in _VERIFIED
    if one == other:
        return ""
    return SURVIVOR if one else MERGED


def _field(
    name: str, label: str, one: str, other: str, *, differs: bool, seen: str, later: str
) -> Field:
    if not differs:
        default, why = SURVIVOR, "ตรงกัน"
    elif not one or not other:
        default, why = (SURVIVOR if one else MERGED), "มีข้อมูลฝ่ายเดียว"
    elif name == "code" and one.startswith("TMP-") != other.startswith("TMP-"):
        default, why = (MERGED if one.startswith("TMP-") else SURVIVOR), "รหัสจากทะเบียนบ้าน"
    elif seen:
        default, why = seen, "สอบทานแล้ว"
    else:
        default, why = later, "แก้ไขล่าสุด"
    return Field(name, label, one, other, default, why, differs)


def _household_text(household: Household, name: str) -> str:
    match name:
        case "code":
            extra = f" (ครัวเรือนที่ {household.seq})" if household.seq > 1 else ""
            return f"{household.code}{extra}"
        case "area":
            return str(household.area)
        case "position":
            return "" if household.lat is None else f"{household.lat}, {household.lon}"
        case "phone":
            return household.phone or ""
        case "consent":
            return _consent_text(household)
    return str(getattr(household, name))


def _consent_text(household: Household) -> str:
    if household.consent_date is None:
        return ""
    return f"{Consent(household.consent).label} {format_date(household.consent_date)}"


def _member_text(member: Member, name: str) -> str:
    match name:
        case "citizen_id":
            return mask(member.citizen_id) if member.citizen_id else ""
        case "birth":
            if member.birth_date:
                return format_date(member.birth_date)
            return f"ปี {to_be_year(member.birth_year)}" if member.birth_year else ""
        case "sex":
            return Sex(member.sex).label if member.sex else ""
        case "residence":
            return Residence(member.residence).label
    return str(getattr(member, name))


def changed_on(row: Any) -> str:
    """Return the day of the last change as people read it."""
    return format_date(localtime(row.updated_at).date())
