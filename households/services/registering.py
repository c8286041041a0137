"""Adding what the lists missed: a household found in the field, and its people."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.timezone import localdate

from accounts.models import User
from areas.models import Area
from areas.services import mark_changed
from audit.services import record
from households import permissions
from households.models import Household, Member, SourceListing
from households.services import stages
from households.services.drafts import (
    FieldErrors,
    HouseholdDraft,
    MemberDraft,
    UnableToRegister,
    problems_of,
    problems_of_member,
)
from households.services.identity import citizen_id_indexes, identity_columns
from households.services.limits import MOST_REFUSED, is_often
from households.services.searching import was_searched
from households.workflow import Source, Stage
from ppaos.lib.buddhist_era import to_be_year

# Without letters and digits that are taken for each other when read aloud.
_CODE_LETTERS = "ACDEFHJKLMNPRTUVWXY3479"
REFUSED = "registration.refused"
_MISSING = "ข้อมูลยังไม่ครบหรือไม่ถูกต้อง กรุณาแก้จุดที่ระบุ"
FOR_THE_PROVINCE = "ยังบันทึกไม่ได้ ต้องให้เจ้าหน้าที่จังหวัดตรวจก่อน กรุณาแจ้งจังหวัด"
"""Said of what the register knows and the person may not see, wherever that is.

It must not be doubled, and the words must be the same for what lives elsewhere and for what
must not be found: who asks learns neither that somebody is here, nor where.
"""


def register_household(
    *,
    draft: HouseholdDraft,
    by: User,
    at: datetime,
    search_id: UUID | None = None,
    reason: str = "",
) -> Household:
    """Add a household that is on no list (ตกหล่น), with its members and consent.

    `search_id` is the search with which `by` looked for it during the last day; a
    program that has none gives the reason in words instead.
    Raises PermissionDenied, and UnableToRegister with what is wrong per field.
    """
    permissions.check_can_add_in(by, draft.area_code)
    _check_searched(search_id, reason, by=by, at=at)
    _check_area(draft.area_code)
    if found := problems_of(draft, today=localdate(at)):
        raise UnableToRegister(_MISSING, fields=found)
    _check_ids_are_new(draft.members, area_code=draft.area_code, by=by, at=at)
    return _register(draft, search_id=search_id, reason=reason, by=by, at=at)


@transaction.atomic
def _register(
    draft: HouseholdDraft, *, search_id: UUID | None, reason: str, by: User, at: datetime
) -> Household:
    household = _create_household(draft, by=by, at=at)
    _create_members(household, draft.members)
    year_be = to_be_year(localdate(at).year)
    SourceListing.objects.create(household=household, source=Source.ADD_ON, year_be=year_be)
    record(
        event="household.registered",
        subject=household,
        by=by,
        at=at,
        area=household.area_id,
        reason=reason,
        detail={
            "search": str(search_id) if search_id else None,
            "members": len(draft.members),
            "without_id": sum(member.citizen_id is None for member in draft.members),
        },
    )
    mark_changed(area_codes=[household.area_id], year_be=year_be)
    return household


def add_member(
    *,
    household: Household,
    draft: MemberDraft,
    by: User,
    at: datetime,
    parent: Member | None = None,
) -> Member:
    """Add a person to a household that stands; with `parent`, one who was born to them.

    Raises PermissionDenied, and UnableToRegister with what is wrong per field.
    """
    permissions.check_can_update(by, household)
    found = problems_of_member(draft, today=localdate(at))
    if parent is not None:
        found |= _problems_of_birth(draft, parent, household)
    if found:
        raise UnableToRegister(_MISSING, fields=found)
    try:
        _check_ids_are_new([draft], area_code=household.area_id, by=by, at=at)
    except UnableToRegister as error:
        raise UnableToRegister(
            str(error), fields={"citizen_id": next(iter(error.fields.values()))}
        ) from None
    return _add_member(household, draft, parent, by=by, at=at)


YOUNGEST_PARENT = 10
"""Years between parent and child from which on a birth is believed. A project default."""


def _problems_of_birth(draft: MemberDraft, parent: Member, household: Household) -> FieldErrors:
    if parent.household_id != household.pk:
        return {"parent": ["เลือกบิดาหรือมารดาจากสมาชิกของครัวเรือนนี้"]}
    if draft.birth_date is None:
        return {"birth_date": ["ระบุวันเกิดของเด็ก"]}
    if parent.birth_year and draft.birth_date.year - parent.birth_year < YOUNGEST_PARENT:
        return {"birth_date": ["วันเกิดไม่สอดคล้องกับอายุของบิดาหรือมารดา ตรวจวันเกิดของทั้งสองคน"]}
    return {}


@transaction.atomic
def _add_member(
    household: Household, draft: MemberDraft, parent: Member | None, *, by: User, at: datetime
) -> Member:
    # Of two who add at once, one waits; and nobody is added to what was merged meanwhile.
    household = stages.lock(household)
    permissions.check_can_update(by, household)
    if household.merged_into_id is not None:
        raise UnableToRegister("ครัวเรือนนี้รวมกับครัวเรือนอื่นไปแล้ว เปิดแฟ้มที่รวมแล้วเพื่อเพิ่มสมาชิก")
    if draft.is_head and household.members.present().filter(is_head=True).exists():
        raise UnableToRegister("ครัวเรือนมีหัวหน้าอยู่แล้ว", fields={"is_head": ["มีหัวหน้าอยู่แล้ว"]})
    _check_is_no_repeat(household, draft)
    (member,) = _create_members(household, [draft])
    if parent is not None:
        member.parent = parent
        member.save(update_fields=["parent"])
    record(
        event="member.added" if parent is None else "member.born",
        subject=household,
        by=by,
        at=at,
        area=household.area_id,
        detail={"member": str(member.pk), "without_id": draft.citizen_id is None},
    )
    mark_changed(area_codes=[household.area_id])
    return member


def _check_is_no_repeat(household: Household, draft: MemberDraft) -> None:
    """Refuse who is there already: without an ID, a form that is sent twice adds one person."""
    wanted = new_member(household, draft, seq=0)
    alike = household.members.present().filter(
        name_key=wanted.name_key, birth_date=wanted.birth_date, birth_year=wanted.birth_year
    )
    if draft.citizen_id is None and alike.exists():
        raise UnableToRegister(
            "มีสมาชิกคนนี้อยู่ในครัวเรือนแล้ว",
            fields={
                "first_name": ["มีสมาชิกชื่อและวันเกิดนี้อยู่แล้ว ถ้าเป็นคนละคน ให้ระบุเลขประจำตัวประชาชนหรือวันเกิด"]
            },
        )


def _check_searched(search_id: UUID | None, reason: str, *, by: User, at: datetime) -> None:
    if search_id is not None and not was_searched(search_id, by=by, at=at):
        raise UnableToRegister("ค้นหาไว้นานแล้ว หรือไม่ได้ค้นหา กรุณาค้นหาอีกครั้งก่อนเพิ่ม")
    if search_id is None and not reason.strip():
        raise UnableToRegister("ค้นหาก่อนเพิ่มครัวเรือน หรือระบุเหตุผล", fields={"reason": ["ระบุเหตุผล"]})


def _check_area(area_code: str) -> None:
    if len(area_code) not in (6, 8) or not Area.objects.filter(pk=area_code).exists():
        raise UnableToRegister("ไม่รู้จักพื้นที่นี้", fields={"area": ["เลือกตำบลหรือหมู่บ้านจากรายการ"]})


def _create_household(draft: HouseholdDraft, *, by: User, at: datetime) -> Household:
    household = Household(
        house_code=draft.house_code,
        temporary_code=None if draft.house_code else temporary_code(draft.area_code),
        seq=_next_seq(draft, by=by),
        house_no=draft.house_no.strip(),
        village_name=draft.village_name.strip(),
        soi=draft.soi.strip(),
        road=draft.road.strip(),
        area_id=draft.area_code,
        lat=draft.lat,
        lon=draft.lon,
        phone=draft.phone.strip() or None,
        stage=Stage.LISTED,
        stage_date=localdate(at),
        consent=draft.consent,
        consent_date=draft.consent_date,
    )
    try:
        with transaction.atomic():
            household.save(force_insert=True)
    except IntegrityError as error:
        # Another officer took the same code and number in this very moment.
        if "household_code_and_seq_once" not in str(error):
            raise
        raise UnableToRegister("มีผู้เพิ่มครัวเรือนรหัสบ้านนี้พร้อมกัน กรุณาค้นหาอีกครั้ง") from None
    return household


def temporary_code(area_code: str) -> str:
    """Return a code like TMP-303201-K4T9QF, until the registrar gives a house code."""
    return f"TMP-{area_code[:6]}-{''.join(secrets.choice(_CODE_LETTERS) for _ in range(6))}"


def _next_seq(draft: HouseholdDraft, *, by: User) -> int:
    if draft.house_code is None:
        return 1
    same_house = Household.objects.filter(house_code=draft.house_code)
    highest: int | None = same_house.aggregate(highest=Max("seq"))["highest"]
    if highest is None:
        return 1
    if not draft.shares_house:
        # Said alike of all that the person may not see, or a place would tell who is hidden.
        seen = same_house.visible_to(by).exists()
        raise UnableToRegister(
            "มีครัวเรือนรหัสบ้านนี้ในทะเบียนแล้ว" if seen else f"รหัสบ้านนี้{FOR_THE_PROVINCE}",
            fields={
                "house_code": [
                    "มีครัวเรือนรหัสบ้านนี้อยู่แล้ว เปิดแฟ้มเดิม หรือระบุว่าเป็นอีกครัวเรือนในบ้านเดียวกัน"
                    if seen
                    else f"รหัสบ้านนี้{FOR_THE_PROVINCE}"
                ]
            },
        )
    return highest + 1


def _create_members(household: Household, drafts: Sequence[MemberDraft]) -> list[Member]:
    highest: int = household.members.aggregate(highest=Max("seq"))["highest"] or 0
    made = [
        new_member(household, draft, seq=highest + number)
        for number, draft in enumerate(drafts, start=1)
    ]
    try:
        with transaction.atomic():
            Member.objects.bulk_create(made)
    except IntegrityError as error:
        if "member_one_live_per_citizen_id" not in str(error):
            raise
        raise UnableToRegister("มีผู้เพิ่มบุคคลเลขประจำตัวเดียวกันพร้อมกัน กรุณาค้นหาอีกครั้ง") from None
    return made


def new_member(household: Household, draft: MemberDraft, *, seq: int) -> Member:
    """Return the row of a person, not saved, with every derived column."""
    derived = identity_columns(
        first_name=draft.first_name,
        last_name=draft.last_name,
        citizen_id=draft.citizen_id,
        area_code=household.area_id,
    )
    return Member(
        household=household,
        seq=seq,
        is_head=draft.is_head,
        citizen_id=draft.citizen_id,
        no_id_reason="" if draft.citizen_id else draft.no_id_reason.strip(),
        title=draft.title.strip(),
        first_name=draft.first_name.strip(),
        last_name=draft.last_name.strip(),
        birth_date=draft.birth_date,
        birth_year=draft.birth_date.year if draft.birth_date else draft.birth_year,
        sex=draft.sex,
        relation=draft.relation.strip(),
        residence=draft.residence,
        **asdict(derived),
    )


def _check_ids_are_new(
    members: Sequence[MemberDraft], *, area_code: str, by: User, at: datetime
) -> None:
    """Raise UnableToRegister for IDs that the register knows, and leave a trace of the answer.

    Whoever types IDs here learns who is in the register, be it in another area. The
    event must outlive the refusal, so this is called outside the transaction that adds.
    """
    first = next((n for n, member in enumerate(members) if member.citizen_id is not None), None)
    if first is not None:
        check_ids_may_be_asked(f"members.{first}.citizen_id", by=by, at=at)
    taken = _ids_taken(members, by=by)
    if not taken:
        return
    record(
        event=REFUSED,
        by=by,
        at=at,
        area=area_code,
        detail={
            "ids_asked": sum(member.citizen_id is not None for member in members),
            "ids_known": len(taken),
        },
    )
    raise UnableToRegister("มีเลขประจำตัวที่ต้องตรวจก่อน กรุณาดูจุดที่ระบุ", fields=taken)


def check_ids_may_be_asked(field: str, *, by: User, at: datetime) -> None:
    """Raise UnableToRegister for who was told so often that somebody has the ID they typed."""
    if is_often(REFUSED, most=MOST_REFUSED, by=by, at=at):
        told = (
            f"เลขประจำตัวที่ท่านกรอกต้องตรวจก่อนครบ {MOST_REFUSED} ครั้งในหนึ่งชั่วโมงแล้ว"
            " แจ้งอำเภอ หรือรอแล้วบันทึกใหม่"
        )
        raise UnableToRegister(told, fields={field: [told]})


def _ids_taken(members: Sequence[MemberDraft], *, by: User) -> FieldErrors:
    """Return a message for each citizen ID that a living person of the register has.

    Where that person lives is said only to those who may see the household. To others it is
    said alike of one that lives elsewhere and of one that must not be found.
    """
    taken: FieldErrors = {}
    for number, member in enumerate(members):
        if member.citizen_id is None:
            continue
        holder = (
            Member.objects.present()
            .filter(citizen_id_index__in=citizen_id_indexes(member.citizen_id))
            .select_related("household")
            .first()
        )
        if holder is not None:
            taken[f"members.{number}.citizen_id"] = [_who_has_it(holder, by=by)]
    return taken


def _who_has_it(holder: Member, *, by: User) -> str:
    if Household.objects.visible_to(by).filter(pk=holder.household_id).exists():
        return (
            f"เลขประจำตัวนี้เป็นของ {holder.full_name} บ้านเลขที่ {holder.household.house_no or '–'} "
            "ในทะเบียนแล้ว เปิดแฟ้มเดิมแทนการเพิ่มใหม่"
        )
    return f"เลขประจำตัวนี้{FOR_THE_PROVINCE}"
