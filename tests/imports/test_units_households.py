"""Lists of households: a line may name nobody, its head, or the same household again."""

from collections.abc import Mapping
from typing import Any

import pytest

from accounts.models import User
from households.models import Household, Member, SourceListing
from households.services import record_verification
from households.workflow import Outcome
from imports import services
from imports.workflow import Decision
from problems.models import IndicatorResult, Problem
from problems.rules import Dimension
from problems.services import load_reference_data
from tests.imports.batches import AT, applied, apply, line, state_of_register, undo
from tests.imports.units import PLACE, applied_list, forecast, house, lines_of, staged_list

pytestmark = pytest.mark.django_db

PASSED = {f"ตัวชี้วัดที่ {n}": "1" for n in range(1, 32)}
PASSED_38 = {f"ตัวชี้วัดที่ {n}": "1" for n in range(1, 39)}


def bmn(number: int = 0, cells: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return house(number, {"ปี จปฐ.": "2564", **PASSED, **(cells or {})})


def test_a_line_that_names_nobody_is_a_household_with_listing_result_and_problems(
    admin: User,
) -> None:
    load_reference_data()
    batch = applied_list([bmn(0, {"ตัวชี้วัดที่ 8": "0"}), bmn(1)], admin, source="bmn", year_be=2564)

    assert Member.objects.count() == 0
    poor, fine = Household.objects.order_by("house_code")
    listing = poor.listings.get()
    assert (listing.member, listing.source, listing.year_be) == (None, "bmn", 2564)
    assert (listing.bmn_year_be, listing.is_mpi_poor) == (2564, True)
    result = IndicatorResult.objects.get(household=poor)
    assert (result.member, result.known_bits) == (None, 2**31 - 1)
    assert result.known_bits & ~result.passed_bits == 1 << 7
    assert result.dimension_failed_bits == Dimension.LIVING.bit
    problem = poor.problems.get()
    assert (problem.dimension, problem.members.count()) == ("living", 0)
    assert not fine.problems.exists()
    assert [(v, a) for v, a, _ in lines_of(batch)] == [("accepted", "new")] * 2
    assert (batch.effect["households_created"], batch.effect["members_created"]) == (2, 0)


def test_the_forecast_is_what_is_done(admin: User) -> None:
    load_reference_data()
    applied_list([bmn(0), bmn(1)], admin, source="bmn", year_be=2564)
    lines = [bmn(0), bmn(1, {"ตัวชี้วัดที่ 20": "0"}), bmn(2, {"บ้านเลขที่": "77"})]
    batch = staged_list(lines, admin, source="bmn", year_be=2564)
    promised, actions = forecast(batch), lines_of(batch)

    apply(batch, admin)

    assert [action for _, action, _ in actions] == ["unchanged", "changed", "new"]
    assert (forecast(batch), lines_of(batch)) == (promised, actions)


def test_the_same_households_in_other_bytes_change_nothing(admin: User) -> None:
    load_reference_data()
    lines = [bmn(n, {f"ตัวชี้วัดที่ {n + 4}": "0"}) for n in range(6)]
    applied_list(lines, admin, source="bmn", year_be=2564)

    again = applied_list(list(reversed(lines)), admin, source="bmn", year_be=2564)

    assert {action for _, action, _ in lines_of(again)} == {"unchanged"}
    assert (again.changes.count(), again.added.count()) == (0, 0)


def test_taking_back_gives_the_same_state(admin: User) -> None:
    load_reference_data()
    applied_list([bmn(0), bmn(1)], admin, source="bmn", year_be=2564)
    before = state_of_register()
    lines = [bmn(0, {"ตัวชี้วัดที่ 8": "0"}), bmn(1, {"บ้านเลขที่": "5/5"}), bmn(2)]
    batch = applied_list(lines, admin, source="bmn", year_be=2564)
    assert state_of_register() != before

    undo(batch, admin)

    assert state_of_register() == before
    assert not batch.rows.filter(is_applied=True).exists()


def test_nothing_is_guessed_from_the_form_of_2565(admin: User) -> None:
    load_reference_data()
    failing = house(0, {"ปี จปฐ.": "2566", **PASSED_38, "ตัวชี้วัดที่ 22": "", "รายได้ต่อปี": "100"})
    applied_list([{**failing, "จำนวนสมาชิก": "4"}], admin, source="bmn", year_be=2566)

    result = IndicatorResult.objects.get()
    assert (result.known_bits, result.dimension_known_bits) == (2**38 - 1 - (1 << 21), 0)
    assert SourceListing.objects.get().is_mpi_poor is None
    assert not Problem.objects.exists()


@pytest.mark.parametrize(("income", "fails"), [("151999", True), ("152000", False)])
def test_income_decides_the_indicator_that_the_form_says_is_income(
    admin: User, income: str, fails: bool
) -> None:
    load_reference_data()
    cells = {"ตัวชี้วัดที่ 22": "", "จำนวนสมาชิก": "4", "รายได้ต่อปี": income}
    applied_list([bmn(0, cells)], admin, source="bmn", year_be=2564)

    result = IndicatorResult.objects.get()
    assert bool(result.known_bits & ~result.passed_bits & 1 << 21) is fails
    assert bool(result.dimension_failed_bits & Dimension.INCOME.bit) is fails


def test_what_the_list_says_of_the_indicator_counts_more_than_its_income(admin: User) -> None:
    load_reference_data()
    cells = {"ตัวชี้วัดที่ 22": "1", "จำนวนสมาชิก": "4", "รายได้ต่อปี": "100"}
    applied_list([bmn(0, cells)], admin, source="bmn", year_be=2564)

    assert IndicatorResult.objects.get().dimension_failed_bits == 0


def test_the_head_that_a_household_list_names_is_matched_or_made(admin: User) -> None:
    applied([line(0, {"ลำดับในบ้าน": "2"})], admin)
    known = Member.objects.get()
    named = house(0, {"ชื่อ": "สมศรี", "นามสกุล": "ทดสอบ0", "ปีที่สำรวจ": "2568"})
    other = house(9, {"ชื่อ": "มานี", "นามสกุล": "ใหม่มาก", "ปีที่สำรวจ": "2568"})

    batch = applied_list([named, other], admin, source="households", year_be=2568)

    assert set(Member.objects.values_list("first_name", flat=True)) == {"สมศรี", "มานี"}
    assert known.household.listings.filter(source="households").get().member is None
    assert Member.objects.get(first_name="มานี").is_head
    assert batch.effect["members_created"] == 1


def test_two_lines_about_one_household_that_contradict_are_held(admin: User) -> None:
    load_reference_data()
    lines = [bmn(0), bmn(0, {"ตัวชี้วัดที่ 8": "0"})]
    batch = staged_list(lines, admin, source="bmn", year_be=2564)

    verdicts = [verdict for verdict, _, _ in lines_of(batch)]
    assert verdicts == ["accepted", "held"]
    assert "H_DUP_IN_FILE" in batch.rows.get(row=3).codes

    services.decide_row(batch=batch, row=3, decision=Decision.ACCEPT, by=admin, at=AT)
    apply(batch, admin)

    result = IndicatorResult.objects.get()
    assert result.known_bits & ~result.passed_bits == 1 << 7
    assert result.dimension_failed_bits == Dimension.LIVING.bit


def test_two_households_under_one_code_are_two(admin: User) -> None:
    load_reference_data()
    lines = [bmn(0, {"ครัวเรือนที่": "1"}), bmn(0, {"ครัวเรือนที่": "2", "ตัวชี้วัดที่ 8": "0"})]
    applied_list(lines, admin, source="bmn", year_be=2564)

    assert set(Household.objects.values_list("seq", flat=True)) == {1, 2}
    assert Problem.objects.get().household.seq == 2


def test_two_heads_under_one_code_are_held(admin: User) -> None:
    heads = [line(n, {"ลำดับในบ้าน": "1"}) for n in range(2)]
    batch = staged_list(heads, admin, source="tpmap")

    assert [verdict for verdict, _, _ in lines_of(batch)] == ["accepted", "held"]
    assert batch.rows.get(row=3).codes == ["H_HOUSE_DIFFERS"]


def test_a_line_of_an_unknown_house_that_is_nowhere_is_held(admin: User) -> None:
    applied([line(0)], admin)
    lines = [
        {"HC": "30320000000", "ชื่อ-นามสกุล": "", "ที่อยู่": "1 หมู่ 1", "ปีที่สำรวจ": "2568"},
        {"HC": "30320000099", "ชื่อ-นามสกุล": "", "ที่อยู่": "2 หมู่ 1", "ปีที่สำรวจ": "2568"},
    ]
    batch = applied_list(lines, admin, source="households", year_be=2568)

    assert [(verdict, action) for verdict, action, _ in lines_of(batch)] == [
        ("accepted", "changed"),
        ("held", ""),
    ]
    assert "H_HOUSE_UNKNOWN" in batch.rows.get(row=3).codes
    assert Household.objects.count() == 1


def test_a_verified_household_keeps_its_address(admin: User, surveyor: User) -> None:
    load_reference_data()
    applied_list([bmn(0)], admin, source="bmn", year_be=2564)
    record_verification(
        household=Household.objects.get(),
        outcome=Outcome.POOR,
        visited_on=AT.date(),
        by=surveyor,
        at=AT,
    )

    batch = applied_list([bmn(0, {"บ้านเลขที่": "99"})], admin, source="bmn", year_be=2564)

    assert Household.objects.get().house_no == "1"
    assert batch.issues.filter(code="W_REGISTER_KEPT").get().column == "house_no"


def test_an_older_list_adds_its_year_and_replaces_no_address(admin: User) -> None:
    load_reference_data()
    applied_list([bmn(0, {"ปี จปฐ.": "2564"})], admin, source="bmn", year_be=2564)
    older = bmn(0, {"ปี จปฐ.": "2562", "บ้านเลขที่": "99", "ตัวชี้วัดที่ 8": "0"})
    applied_list([older], admin, source="bmn", year_be=2562)

    assert Household.objects.get().house_no == "1"
    failed = dict(IndicatorResult.objects.values_list("year_be", "dimension_failed_bits"))
    assert failed == {2562: Dimension.LIVING.bit, 2564: 0}


def test_one_person_on_two_lists_is_one_member_with_two_listings(admin: User) -> None:
    applied([line(0)], admin)
    head = {"เลขประจำตัวประชาชน": line(0)["เลขประจำตัวประชาชน"], "ชื่อ": "สมศรี", "นามสกุล": "ทดสอบ0"}
    told = house(0, {"ปีที่สำรวจ": "2568", "ปัญหาด้านสุขภาพ": "ป่วยเรื้อรัง", **head})
    applied_list([told], admin, source="thaiqm", year_be=2568)

    assert Member.objects.count() == 1
    assert set(SourceListing.objects.values_list("source", "year_be")) == {
        ("tpmap", 2567),
        ("thaiqm", 2568),
    }


def test_everybody_on_a_card_list_holds_a_card(admin: User) -> None:
    person = {key: line(0)[key] for key in ("เลขประจำตัวประชาชน", "ชื่อ", "นามสกุล", "รหัสบ้าน")}
    batch = applied_list(
        [{**person, **PLACE, "ปีบัตรสวัสดิการ": "2565", "บ้านเลขที่": "1", "หมู่ที่": "1"}],
        admin,
        source="welfare_card",
        year_be=2565,
    )
    assert batch.accepted == 1
    listing = SourceListing.objects.get()
    assert (listing.has_welfare_card, listing.is_registered, listing.is_mpi_poor) == (
        True,
        None,
        None,
    )
