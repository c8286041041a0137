"""Help that agencies report by list: through the one referral that asked for it, or held."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from households.models import Household, Member
from imports import services
from imports.models import ImportBatch
from imports.workflow import Decision
from problems.rules import ProblemCode
from referrals.models import Assistance, Referral
from referrals.services import check, record_assistance, report_help, retract_assistance
from referrals.workflow import AssistanceKind, Result, Status
from tests.factories import make_agency, make_household, make_member
from tests.imports.batches import AT, apply, state_of_register, undo
from tests.imports.units import applied_list, lines_of, staged_list, written
from tests.referrals.cases import Cast, make_problem, make_referral

pytestmark = pytest.mark.django_db

BEFORE = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
DAY = date(2026, 11, 19)
CODE = "30320000001"


class Case:
    """A household with a person, and a referral that its agency has in hand."""

    def __init__(self, status: Status = Status.ACCEPTED) -> None:
        agency = make_agency(code="psd-30", name="พัฒนาสังคมฯ จังหวัด", short_name="พมจ.")
        self.cast = Cast(agency)
        self.home: Household = make_household(house_code=CODE, stage="verified_poor")
        self.member: Member = make_member(self.home)
        self.referral: Referral = make_referral(
            status, cast=self.cast, problem=make_problem(self.home), at=BEFORE
        )


def helped(cells: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {
        "รหัสบ้าน": CODE,
        "เลขประจำตัวประชาชน": "",
        "มิติ": "ความเป็นอยู่",
        "หน่วยงาน": "พมจ.นครราชสีมา",
        "กิจกรรม": "ซ่อมหลังคา",
        "ประเภทความช่วยเหลือ": "ซ่อม / สร้างบ้าน",
        "งบประมาณ": "40,000",
        "วันที่ช่วยเหลือ": "19/11/2569",
        "ผล": "แก้ไขได้ทั้งหมด",
        "เลขที่ใบส่งต่อ": "",
        **(cells or {}),
    }


def stage(admin: User, *lines: dict[str, Any]) -> ImportBatch:
    return staged_list(lines, admin, source="assistance", year_be=2569)


def import_it(admin: User, *lines: dict[str, Any]) -> ImportBatch:
    return applied_list(lines, admin, source="assistance", year_be=2569)


def codes(batch: ImportBatch, row: int = 2) -> list[str]:
    return [code for code in batch.rows.get(row=row).codes if code.startswith(("E_", "H_"))]


def test_a_line_is_the_help_that_the_agency_s_own_form_would_record(admin: User) -> None:
    case = Case()
    batch = import_it(admin, helped())
    imported = Assistance.objects.get()

    by_form = record_assistance(
        referral=case.referral,
        kind=AssistanceKind.HOUSE_REPAIR,
        amount_thb=Decimal("40000.00"),
        helped_on=DAY,
        description="ซ่อมหลังคา; ผล: แก้ไขได้ทั้งหมด",
        by=case.cast.officer,
        at=imported.recorded_at,
    )

    own = {"id", "recorded_by"}
    for field in Assistance._meta.concrete_fields:
        if field.name not in own:
            assert getattr(imported, field.attname) == getattr(by_form, field.attname), field.name
    assert imported.recorded_by == admin
    assert (written(batch).helps, batch.effect["members_created"]) == (1, 0)
    assert [action for _, action, _ in lines_of(batch)] == ["new"]


def test_the_household_is_found_by_a_person_s_citizen_id(admin: User) -> None:
    case = Case()
    batch = import_it(
        admin, helped({"รหัสบ้าน": "", "เลขประจำตัวประชาชน": str(case.member.citizen_id)})
    )

    assert Assistance.objects.get().household == case.home
    assert batch.rows.get().household == case.home


def test_the_same_help_again_changes_nothing(admin: User) -> None:
    Case()
    import_it(admin, helped())
    again = import_it(admin, helped({"กิจกรรม": "ซ่อมหลังคาบ้าน"}), helped({"งบประมาณ": "5"}))

    assert [action for _, action, _ in lines_of(again)] == ["unchanged", "new"]
    assert Assistance.objects.count() == 2


def test_help_that_was_taken_back_can_be_reported_again(admin: User) -> None:
    case = Case()
    import_it(admin, helped())
    help_given = Assistance.objects.get()
    retract_assistance(assistance=help_given, reason="ผิดคน", by=case.cast.officer, at=AT)

    import_it(admin, helped({"ผล": ""}))

    assert Assistance.objects.standing().count() == 1


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"รหัสบ้าน": "30320000099"}, "H_HOUSE_UNKNOWN"),
        ({"หน่วยงาน": "กรมที่ไม่มี"}, "H_AGENCY_UNKNOWN"),
        ({"หน่วยงาน": ""}, "H_AGENCY_UNKNOWN"),
        ({"มิติ": "สุขภาพ"}, "H_NO_REFERRAL"),
        ({"เลขที่ใบส่งต่อ": "RF-2569-30-000000"}, "H_NO_REFERRAL"),
        ({"วันที่ช่วยเหลือ": ""}, "H_HELP_DATE"),
    ],
)
def test_what_is_not_certain_is_held(admin: User, cells: dict[str, str], code: str) -> None:
    Case()
    batch = stage(admin, helped(cells))

    assert code in codes(batch)
    assert batch.rows.get().verdict in ("held", "rejected")


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.RECEIVED, Status.CLOSED])
def test_a_referral_that_may_not_take_help_does_not_fit(admin: User, status: Status) -> None:
    Case(status)
    assert codes(stage(admin, helped())) == ["H_NO_REFERRAL"]


def test_two_referrals_that_fit_are_told_apart_by_the_number_only(admin: User) -> None:
    case = Case()
    other = make_referral(
        Status.ACCEPTED,
        cast=case.cast,
        problem=make_problem(case.home, ProblemCode.CHRONICALLY_ILL),
        at=BEFORE,
    )
    assert codes(stage(admin, helped({"มิติ": ""}))) == ["H_REFERRAL_SEVERAL"]

    import_it(admin, helped({"มิติ": "", "เลขที่ใบส่งต่อ": other.number, "ผล": ""}))

    assert Assistance.objects.get().dimension == "health"


def test_somebody_may_let_help_through_that_went_through_no_referral(admin: User) -> None:
    case = Case()
    batch = stage(admin, helped({"มิติ": "สุขภาพ"}))
    services.decide_row(batch=batch, row=2, decision=Decision.ACCEPT, by=admin, at=AT)

    apply(batch, admin)

    given = Assistance.objects.get()
    assert (given.referral, given.dimension, given.agency) == (None, "health", case.cast.agency)


def test_nobody_lets_help_of_an_unknown_agency_through(admin: User) -> None:
    Case()
    batch = stage(admin, helped({"หน่วยงาน": "กรมที่ไม่มี"}))
    services.decide_row(batch=batch, row=2, decision=Decision.ACCEPT, by=admin, at=AT)

    batch.refresh_from_db()
    assert (batch.accepted, batch.held) == (0, 1)


def test_two_agencies_of_one_name_are_held(admin: User) -> None:
    Case()
    make_agency(code="psd-30-2", name="พมจ. สาขา", short_name="พมจ.")

    assert codes(stage(admin, helped())) == ["H_AGENCY_UNKNOWN"]


def test_a_person_who_lives_elsewhere_is_held(admin: User) -> None:
    Case()
    other = make_member(make_household(house_code="30320000055"))
    batch = stage(admin, helped({"เลขประจำตัวประชาชน": str(other.citizen_id)}))

    assert "H_HOUSE_OTHER" in codes(batch)


def test_taking_back_gives_the_same_state(admin: User) -> None:
    Case()
    before = state_of_register()
    batch = undo(import_it(admin, helped(), helped({"งบประมาณ": "5"})), admin)

    assert state_of_register() == before
    assert not batch.rows.filter(is_applied=True).exists()


def test_help_on_which_a_report_rests_stays(admin: User) -> None:
    case = Case(Status.IN_PROGRESS)
    batch = import_it(admin, helped())
    case.referral.refresh_from_db()
    report_help(referral=case.referral, result=Result.SOLVED, by=case.cast.officer, at=AT)

    undo(batch, admin)

    assert Assistance.objects.count() == 1
    [conflict] = services.conflicts(batch)
    assert "แจ้งผลช่วยเหลือแล้ว" in conflict.reason


def test_help_that_was_checked_at_the_house_stays(admin: User) -> None:
    case = Case(Status.IN_PROGRESS)
    batch = import_it(admin, helped())
    case.referral.refresh_from_db()
    assert batch.applied_at is not None
    later = batch.applied_at + timedelta(hours=1)
    report_help(referral=case.referral, result=Result.PARTLY, by=case.cast.officer, at=later)
    check(
        referral=case.referral,
        problem_remains=True,
        checked_on=later.date(),
        by=case.cast.surveyor,
        at=later,
    )
    case.referral.refresh_from_db()
    assert case.referral.status == Status.IN_PROGRESS

    undo(batch, admin)

    assert Assistance.objects.count() == 1
