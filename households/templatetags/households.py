"""How a household and its people are written on a page."""

from django import template
from django.utils.timezone import localdate

from areas.models import Area, Level
from households.models import Household, Member, SourceListing
from households.workflow import Outcome
from ppaos.lib import citizen_id, house_code

register = template.Library()


def _names(area: Area | None) -> dict[str, str]:
    names: dict[str, str] = {}
    while area is not None:
        names[area.level] = area.name
        area = area.parent
    return names


PROTECTED = "ปกปิดที่อยู่"


@register.filter
def street(household: Household) -> str:
    """Write house number, village and road, of a protected household nothing."""
    return PROTECTED if household.is_protected else _street(household)


def _street(household: Household) -> str:
    names = _names(household.area)
    village = names.get(Level.VILLAGE) or household.village_name
    parts = [
        household.house_no or "ไม่มีบ้านเลขที่",
        f"หมู่ {household.moo}" if household.moo else "",
        f"บ้าน{village.removeprefix('บ้าน')}" if village else "",
        f"ซอย{household.soi.removeprefix('ซอย')}" if household.soi else "",
        f"ถนน{household.road.removeprefix('ถนน')}" if household.road else "",
    ]
    return " ".join(part for part in parts if part)


@register.filter
def locality(household: Household) -> str:
    """Write subdistrict, district and province; of a protected household no subdistrict.

    Needs the chain of areas (for_list).
    """
    return _locality(household, whole=not household.is_protected)


def _locality(household: Household, *, whole: bool) -> str:
    names = _names(household.area)
    return " ".join(
        f"{prefix}{names[level]}"
        for level, prefix in (
            (Level.SUBDISTRICT, "ต."),
            (Level.DISTRICT, "อ."),
            (Level.PROVINCE, "จ."),
        )
        if level in names and (whole or level != Level.SUBDISTRICT)
    )


@register.filter
def address(household: Household) -> str:
    return f"{street(household)} {locality(household)}"


@register.filter
def whole_address(household: Household) -> str:
    """Write the address, of a protected household too: only in a file that its reader opened."""
    return f"{_street(household)} {_locality(household, whole=True)}"


@register.filter
def code(household: Household) -> str:
    """Write the house code as XXXX-XXXXXX-X, or the temporary code as it is."""
    return house_code.display(household.house_code) if household.house_code else household.code


@register.filter
def head_name(members: list[Member]) -> str:
    """Write who the household is called after: the head, or the first person."""
    if not members:
        return "ไม่มีรายชื่อสมาชิก"
    head = next((member for member in members if member.is_head), members[0])
    return head.full_name


@register.filter
def list_names(listings: list[SourceListing]) -> str:
    """Write on which lists it is, each list with its latest year: "TPMAP 2566, จปฐ. 2565"."""
    latest: dict[str, int] = {}
    for listing in listings:
        name = listing.get_source_display()
        latest[name] = max(listing.year_be, latest.get(name, 0))
    return ", ".join(f"{name} {year}" for name, year in latest.items())


@register.filter
def moo(text: str) -> str:
    """Write the last two digits of a village code as the village number people say: 03 → 3."""
    return str(int(text)) if text.isdigit() else text


_EFFECTS = {
    Outcome.POOR: "เป็นเป้าหมาย แล้วประเมินทุน 5 ด้านต่อ",
    Outcome.NOT_POOR: "เสนอให้พ้นเป้าหมาย รออำเภออนุมัติ",
    Outcome.NOT_FOUND: "ยังรอสอบทาน ไปเยี่ยมใหม่ภายหลัง",
    Outcome.MOVED: "เสนอให้พ้นเป้าหมาย รออำเภออนุมัติ",
    Outcome.DECEASED: "เสนอให้พ้นเป้าหมาย รออำเภออนุมัติ",
    Outcome.REFUSED: "ยังรอสอบทาน บันทึกไว้ว่าไม่ให้ข้อมูล",
}


@register.filter
def effect(outcome: str) -> str:
    """Say what a verdict does to the household, before it is given."""
    return _EFFECTS[Outcome(outcome)]


@register.filter
def whole_id(digits: str) -> str:
    """Write a citizen ID in full. Only for the answer to a reveal with a reason."""
    return citizen_id.display(digits)


@register.filter
def people_count(members: list[Member]) -> str:
    return f"สมาชิก {len(members)} คน"


@register.filter
def age(member: Member) -> str:
    """Write the age in full years today, or about so many if only the year of birth is known."""
    today = localdate()
    if member.birth_date:
        born = member.birth_date
        years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        return f"อายุ {years} ปี"
    if member.birth_year:
        return f"อายุประมาณ {today.year - member.birth_year} ปี"
    return "ไม่ทราบอายุ"


_FLAGS = (
    ("is_mpi_poor", "ตกเกณฑ์ MPI", "ไม่ตกเกณฑ์ MPI"),
    ("is_registered", "ลงทะเบียนสวัสดิการ", "ไม่ลงทะเบียนสวัสดิการ"),
    ("has_welfare_card", "มีบัตรสวัสดิการแห่งรัฐ", "ไม่มีบัตรสวัสดิการแห่งรัฐ"),
)


@register.filter
def flags(listing: SourceListing) -> list[tuple[str, str]]:
    """Return (tone, text) of what the list says; what it does not say is left out."""
    return [
        ("wait" if value and name == "is_mpi_poor" else "plain", yes if value else no)
        for name, yes, no in _FLAGS
        if (value := getattr(listing, name)) is not None
    ]
