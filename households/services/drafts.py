"""What is typed about a household and its people, and the checks that need no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from households.workflow import Consent, Residence

FieldErrors = dict[str, list[str]]


class UnableToRegister(Exception):
    """The household or person cannot be added or changed. All texts are for the user.

    `fields` names what is wrong like `{"members.0.citizen_id": ["…"]}`.
    """

    def __init__(self, message: str, *, fields: Mapping[str, Sequence[str]] | None = None) -> None:
        super().__init__(message)
        self.fields: FieldErrors = {key: list(texts) for key, texts in (fields or {}).items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberDraft:
    """A person as typed. `citizen_id` is 13 ASCII digits or None; then `no_id_reason` says why.

    `birth_year` is CE, and stands alone when the day is unknown.
    """

    first_name: str
    last_name: str = ""
    title: str = ""
    citizen_id: str | None = None
    no_id_reason: str = ""
    birth_date: date | None = None
    birth_year: int | None = None
    sex: str = ""
    relation: str = ""
    residence: Residence = Residence.LISTED_AND_LIVING
    is_head: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdDraft:
    """A household as typed. `area_code` is the village if known, else the subdistrict.

    Without `house_code` a temporary code is made. `shares_house` says that a
    second household in a registered house is meant.
    """

    area_code: str
    house_no: str
    house_code: str | None = None
    shares_house: bool = False
    village_name: str = ""
    soi: str = ""
    road: str = ""
    lat: Decimal | None = None
    lon: Decimal | None = None
    phone: str = ""
    consent: Consent = Consent.GIVEN
    consent_date: date | None = None
    members: tuple[MemberDraft, ...] = field(default=())


def problems_of(draft: HouseholdDraft, *, today: date) -> FieldErrors:
    """Return what is wrong with a new household by itself, per field; {} if nothing."""
    found: FieldErrors = {}
    if not draft.house_no.strip() and draft.house_code is None:
        found["house_no"] = ["ระบุบ้านเลขที่ หรือจุดสังเกตของบ้าน"]
    if draft.consent is not Consent.GIVEN:
        found["consent"] = ["เพิ่มครัวเรือนได้เมื่อผู้ให้ข้อมูลยินยอมแล้วเท่านั้น"]
    if draft.consent_date is None:
        found["consent_date"] = ["ระบุวันที่ให้ความยินยอม"]
    elif draft.consent_date > today:
        found["consent_date"] = ["วันที่ให้ความยินยอมต้องไม่เป็นวันในอนาคต"]
    if (draft.lat is None) != (draft.lon is None):
        found["lat"] = ["ระบุพิกัดให้ครบทั้งละติจูดและลองจิจูด"]
    if not draft.members:
        found["members"] = ["ระบุสมาชิกอย่างน้อย 1 คน"]
    elif sum(member.is_head for member in draft.members) != 1:
        found["members"] = ["ระบุหัวหน้าครัวเรือน 1 คน"]
    for number, member in enumerate(draft.members):
        for name, texts in problems_of_member(member, today=today).items():
            found[f"members.{number}.{name}"] = texts
    found |= _repeated_ids(draft.members)
    return found


def problems_of_member(member: MemberDraft, *, today: date) -> FieldErrors:
    """Return what is wrong with one person by itself, per field; {} if nothing."""
    found: FieldErrors = {}
    if not member.first_name.strip():
        found["first_name"] = ["ระบุชื่อ"]
    if member.citizen_id is None and not member.no_id_reason.strip():
        found["no_id_reason"] = ["ระบุเลขประจำตัวประชาชน หรือเหตุที่ไม่มี"]
    if member.birth_date is not None and member.birth_date > today:
        found["birth_date"] = ["วันเกิดต้องไม่เป็นวันในอนาคต"]
    if member.birth_year is not None and not 1850 <= member.birth_year <= today.year:
        found["birth_date"] = ["ปีเกิดไม่อยู่ในช่วงที่เป็นไปได้"]
    return found


def _repeated_ids(members: Sequence[MemberDraft]) -> FieldErrors:
    seen: set[str] = set()
    found: FieldErrors = {}
    for number, member in enumerate(members):
        if member.citizen_id is None:
            continue
        if member.citizen_id in seen:
            found[f"members.{number}.citizen_id"] = ["เลขประจำตัวนี้ซ้ำกับสมาชิกอีกคนในแบบนี้"]
        seen.add(member.citizen_id)
    return found
