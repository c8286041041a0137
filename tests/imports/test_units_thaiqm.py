"""ThaiQM: problems in words, one line for each household or one for each problem."""

from collections.abc import Mapping
from typing import Any

import pytest

from accounts.models import User
from households.models import Household, SourceListing
from households.workflow import Stage
from imports import services
from imports.workflow import Decision
from problems.models import IndicatorResult, Problem
from problems.rules import Dimension, ProblemCode
from problems.services import open_problem, resolve_problem
from problems.workflow import Origin, Resolution
from tests.factories import make_household
from tests.imports.batches import AT, apply, state_of_register, undo
from tests.imports.units import applied_list, house, lines_of, staged_list

pytestmark = pytest.mark.django_db


def wide(number: int = 0, cells: Mapping[str, Any] | None = None) -> dict[str, Any]:
    blank = dict.fromkeys(("ปัญหาด้านสุขภาพ", "ปัญหาด้านความเป็นอยู่", "ปัญหาด้านรายได้", "ความต้องการ"), "")
    return house(number, {"ปีที่สำรวจ": "2567", **blank, **(cells or {})})


def long(number: int, dimension: str, text: str, need: str = "") -> dict[str, Any]:
    told = {"มิติ": dimension, "สภาพปัญหา": text, "ความต้องการ": need}
    return house(number, {"ปีที่สำรวจ": "2567", **told})


def told() -> dict[str, str | None]:
    return {problem.dimension: problem.need_text for problem in Problem.objects.all()}


def test_each_text_opens_a_problem_with_it(admin: User) -> None:
    cells = {"ปัญหาด้านสุขภาพ": "มีผู้ป่วยติดเตียง", "ปัญหาด้านรายได้": "ไม่มีปัญหา"}
    applied_list([wide(0, cells)], admin, source="thaiqm")

    assert told() == {"health": "มีผู้ป่วยติดเตียง"}
    assert Problem.objects.get().origin == Origin.LISTING
    listing = SourceListing.objects.get()
    assert (listing.source, listing.member, listing.is_mpi_poor) == ("thaiqm", None, None)
    result = IndicatorResult.objects.get()
    assert result.dimension_known_bits == Dimension.HEALTH.bit | Dimension.INCOME.bit
    assert result.dimension_failed_bits == Dimension.HEALTH.bit


def test_lines_of_one_household_are_one_statement(admin: User) -> None:
    lines = [
        long(0, "สุขภาพ", "ป่วยเรื้อรัง"),
        long(0, "ความเป็นอยู่", "บ้านทรุดโทรม", "ซ่อมหลังคา"),
        long(1, "รายได้", "ไม่มีอาชีพ"),
    ]
    batch = applied_list(lines, admin, source="thaiqm")

    home = Household.objects.get(house_code="30320000000")
    texts = {p.dimension: p.need_text for p in home.problems.all()}
    assert texts == {
        "health": "ป่วยเรื้อรัง",
        "living": "บ้านทรุดโทรม (ต้องการ: ซ่อมหลังคา)",
    }
    assert home.listings.count() == 1
    failed = IndicatorResult.objects.get(household=home).dimension_failed_bits
    assert failed == Dimension.HEALTH.bit | Dimension.LIVING.bit
    assert [action for _, action, _ in lines_of(batch)] == ["new"] * 3
    assert batch.effect["households_created"] == 2


def test_the_same_problems_in_another_order_change_nothing(admin: User) -> None:
    lines = [
        long(0, "สุขภาพ", "ป่วยเรื้อรัง"),
        long(0, "การศึกษา", "ออกกลางคัน"),
        long(1, "รายได้", "ว่างงาน"),
    ]
    applied_list(lines, admin, source="thaiqm")

    again = applied_list(list(reversed(lines)), admin, source="thaiqm")

    assert {action for _, action, _ in lines_of(again)} == {"unchanged"}
    assert "W_REGISTER_KEPT" not in {code for row in again.rows.all() for code in row.codes}
    assert (again.changes.count(), again.added.count()) == (0, 0)


def test_two_texts_of_one_dimension_stand_together_once_somebody_looked(admin: User) -> None:
    lines = [long(0, "สุขภาพ", "พิการ"), long(0, "สุขภาพ", "ป่วยเรื้อรัง")]
    batch = staged_list(lines, admin, source="thaiqm")
    services.decide_row(batch=batch, row=3, decision=Decision.ACCEPT, by=admin, at=AT)

    apply(batch, admin)

    assert told() == {"health": "ป่วยเรื้อรัง; พิการ"}


def test_a_text_that_stands_is_kept_and_the_line_says_so(admin: User) -> None:
    applied_list([wide(0, {"ปัญหาด้านสุขภาพ": "เดิม"})], admin, source="thaiqm")

    batch = applied_list([wide(0, {"ปัญหาด้านสุขภาพ": "ใหม่"})], admin, source="thaiqm")

    assert told() == {"health": "เดิม"}
    assert batch.issues.filter(code="W_REGISTER_KEPT").get().column == "problem_health"


def test_a_problem_without_text_gets_it_and_gives_it_back(admin: User, province: User) -> None:
    home = make_household(house_code="30320000000", stage=Stage.VERIFIED_POOR)
    open_problem(
        household=home,
        code=ProblemCode.BEDRIDDEN,
        origin=Origin.FIELD,
        opened_on=AT.date(),
        by=province,
        at=AT,
    )
    before = state_of_register()
    batch = applied_list([wide(0, {"ปัญหาด้านสุขภาพ": "ติดเตียง"})], admin, source="thaiqm")
    problem = Problem.objects.get()
    assert (problem.need_text, problem.code) == ("ติดเตียง", "bedridden")

    undo(batch, admin)

    assert Problem.objects.get().need_text is None
    assert state_of_register() == before


def test_what_was_solved_this_year_stays_solved(admin: User, province: User) -> None:
    home = make_household(house_code="30320000000", stage=Stage.VERIFIED_POOR)
    problem = open_problem(
        household=home,
        code=ProblemCode.BEDRIDDEN,
        origin=Origin.FIELD,
        opened_on=AT.date(),
        by=province,
        at=AT,
    )
    resolve_problem(
        problem=problem, resolution=Resolution.SOLVED, resolved_on=AT.date(), by=province, at=AT
    )
    applied_list([wide(0, {"ปัญหาด้านสุขภาพ": "ติดเตียง"})], admin, source="thaiqm")

    assert not Problem.objects.filter(status="open").exists()


def test_taking_back_gives_the_same_state(admin: User) -> None:
    applied_list([wide(0, {"ปัญหาด้านสุขภาพ": "เดิม"})], admin, source="thaiqm")
    before = state_of_register()
    lines = [wide(0, {"ปัญหาด้านรายได้": "ว่างงาน"}), wide(1, {"ปัญหาด้านรายได้": "หนี้"})]
    batch = applied_list(lines, admin, source="thaiqm")
    assert state_of_register() != before

    undo(batch, admin)

    assert state_of_register() == before


def test_a_problem_of_no_dimension_is_said_not_guessed(admin: User) -> None:
    cells = {"ปีที่สำรวจ": "2567", "ปัญหา": "หนี้สินมาก", "จำนวนสมาชิก": "3"}
    batch = staged_list([house(0, cells)], admin, source="missed")

    assert "W_NO_DIMENSION" in batch.rows.get().codes
    assert batch.rows.get().verdict == "accepted"


def test_a_line_that_follows_adds_to_what_the_household_s_other_lines_said(admin: User) -> None:
    lines = [long(0, "สุขภาพ", "พิการ"), long(0, "รายได้", "หนี้"), long(0, "สุขภาพ", "ป่วยเรื้อรัง")]
    batch = applied_list(lines, admin, source="thaiqm")
    services.decide_row(batch=batch, row=4, decision=Decision.ACCEPT, by=admin, at=AT)

    batch = apply(batch, admin)

    assert batch.effect["applied"] == 3
    result = IndicatorResult.objects.get()
    assert result.dimension_failed_bits == Dimension.HEALTH.bit | Dimension.INCOME.bit
    assert [action for _, action, _ in lines_of(batch)] == ["new", "new", "unchanged"]
    assert "W_REGISTER_KEPT" in batch.rows.get(row=4).codes
