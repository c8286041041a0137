"""The values of the register, written as a case file writes them."""

from collections.abc import Callable
from typing import Any

from django import template

from households.models import Household, Member
from households.templatetags.households import code
from ppaos.lib import citizen_id
from ppaos.lib.buddhist_era import format_date, to_be_year

register = template.Library()

NOTHING = "–"


def _place(household: Household) -> str:
    chain, area = [], household.area
    while area is not None:
        chain.append(str(area))
        area = area.parent  # type: ignore[assignment]
    return " ".join(chain)


def _position(household: Household) -> str:
    return f"{household.lat}, {household.lon}" if household.lat is not None else ""


def _birth(member: Member) -> str:
    if member.birth_date:
        return format_date(member.birth_date, style="short")
    return f"พ.ศ. {to_be_year(member.birth_year)}" if member.birth_year else ""


def _id(member: Member) -> str:
    return citizen_id.mask(member.citizen_id) if member.citizen_id else member.no_id_reason


# Label of imports.services.provenance → how the value is written.
_OF_HOUSEHOLD: dict[str, Callable[[Any], str]] = {
    "รหัสบ้าน": code,
    "ที่อยู่": lambda h: " ".join(part for part in (h.house_no, h.soi, h.road, h.village_name) if part),
    "พื้นที่": _place,
    "พิกัด": _position,
    "โทรศัพท์": lambda h: h.phone or "",
    "ความยินยอม": lambda h: h.get_consent_display(),
}
_OF_MEMBER: dict[str, Callable[[Any], str]] = {
    "ชื่อ": lambda m: m.full_name,
    "เลขประจำตัว": _id,
    "วันเกิด": _birth,
    "เพศ": lambda m: m.get_sex_display(),
    "ความสัมพันธ์": lambda m: "หัวหน้าครัวเรือน" if m.is_head else m.relation,
    "สถานะในทะเบียนบ้าน": lambda m: m.get_residence_display(),
}


@register.filter
def value_of(row: Household | Member, label: str) -> str:
    """Write the value of a field; a dash for none."""
    written = _OF_HOUSEHOLD if isinstance(row, Household) else _OF_MEMBER
    return written[label](row) or NOTHING
