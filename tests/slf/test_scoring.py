"""PD-27 scored: the worked household, each computed item, and what is left out."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from slf.instrument import CAPITALS, PD27_V1, Capital, NonFarmRule
from slf.scoring import Person, Result, State, hazard_score, shown
from tests.slf.worked import PEOPLE, raw_amounts, raw_answers, score


def four_places(value: Decimal | None) -> str:
    assert value is not None
    return str(value.quantize(Decimal("0.0001")))


def test_the_worked_household_has_its_capital_means() -> None:
    result = score()
    assert {capital.value: four_places(result.capitals[capital].mean) for capital in CAPITALS} == {
        "human": "2.6111",
        "physical": "2.8333",
        "financial": "1.6000",
        "natural": "2.2000",
        "social": "2.6000",
    }
    assert result.overall_mean is not None
    assert result.overall_mean.quantize(Decimal("0.00001")) == Decimal("2.36889")


def test_the_worked_household_shows_its_scores_and_levels() -> None:
    result = score()
    assert [str(result.capitals[capital].score) for capital in CAPITALS] == [
        "2.61",
        "2.83",
        "1.60",
        "2.20",
        "2.60",
    ]
    assert [result.capitals[capital].level for capital in CAPITALS] == [3, 3, 1, 2, 3]
    assert (str(result.overall), result.level) == ("2.37", 2)
    assert result.weakest == Capital.FINANCIAL
    assert result.is_incomplete is False


def test_the_worked_household_on_the_scale_of_100() -> None:
    result = score()
    assert [str(result.capitals[capital].scale_100) for capital in CAPITALS] == [
        "53.70",
        "61.11",
        "20.00",
        "40.00",
        "53.33",
    ]


def test_the_worked_household_item_by_item() -> None:
    result = score()
    scores = {item.code: item.score for item in result.items}
    assert {code: scores[code] for code in ("F1", "F2", "F3", "F4", "F5")} == {
        "F1": 2,
        "F2": 2,
        "F3": 1,
        "F4": 1,
        "F5": 2,
    }
    assert [scores["N3"], scores["N5"]] == [2, 2]
    assert four_places(scores["H1"]) == "1.6667"
    assert [scores["H2"], scores["H3"], scores["H4"]] == [3, 3, 3]
    assert (scores["H5"], scores["H6"]) == (Decimal("2.5"), Decimal("2.5"))
    assert len(result.items) == 27


def test_each_item_says_why() -> None:
    result = score()
    assert result.item("F1").reason == (
        "รายได้ 96,000 บาท ÷ 4 คน = 24,000 บาท/คน/ปี เป็น 0.600 เท่าของเกณฑ์ 40,000 บาท เป็นระดับ 2"
    )
    assert "0.889 เท่า" in result.item("F2").reason
    assert "1.250 เท่า" in result.item("F4").reason
    assert "ภัยแล้งที่ที่ทำกิน" in result.item("N5").reason
    assert result.item("P2").reason == "ตอบ “ต้องซ่อมแซมบางส่วน” เป็นระดับ 2"
    assert all(item.reason for item in result.items)
    assert "อยู่ลำบาก" in result.capitals[Capital.FINANCIAL].reason


@pytest.mark.parametrize(
    ("frequency", "coping", "level"),
    [(3, 2, 2), (4, 1, 1), (1, 1, 3), (3, 4, 4), (0, 1, 4), (4, 2, 1), (2, 1, 2), (1, 4, 4)],
)
def test_a_hazard_is_scored_by_frequency_and_coping(
    frequency: int, coping: int, level: int
) -> None:
    assert hazard_score(frequency, coping) == level


@pytest.mark.parametrize(
    ("hazards", "level"),
    [
        ([], 4),
        ([("house", "flood", 0, None)], 4),
        ([("house", "flood", 1, 1), ("farm", "drought", 4, 1)], 1),
        ([("house", "flood", 3, 4), ("farm", "flood", 1, 1)], 3),
        (3, 3),
    ],
)
def test_the_worst_hazard_of_house_and_farm_counts(hazards: Any, level: int) -> None:
    names = ("place", "hazard", "frequency", "coping")
    answer = (
        [dict(zip(names, hazard, strict=True)) for hazard in hazards]
        if isinstance(hazards, list)
        else hazards
    )
    assert score(raw_answers() | {"N5": answer}).item("N5").score == level


def money(code: str, **amounts: Any) -> Decimal | None:
    """Score one item of a single resident, so that sums read as sums per person."""
    people = (Person("M1", 52, is_resident=True),)
    answers = {"F4": amounts.pop("F4")} if "F4" in amounts else {}
    return score(answers, amounts, people).item(code).score


@pytest.mark.parametrize(
    ("income", "level"),
    [
        ("0", 1),
        ("19999.99", 1),
        ("20000", 2),
        ("39999.99", 2),
        ("40000", 3),
        ("59999.99", 3),
        ("60000", 4),
        (None, None),
    ],
)
def test_income_per_person_is_set_against_the_line(income: str | None, level: int | None) -> None:
    assert money("F1", income_thb_per_year=income) == level


def test_income_is_divided_by_those_who_live_there() -> None:
    away = replace(PEOPLE[3], is_resident=False)
    result = score(people=(*PEOPLE[:3], away))
    assert "÷ 3 คน = 32,000" in result.item("F1").reason
    assert result.item("H3").persons == {"M1": 3, "M2": 4, "M3": 4}


def test_nobody_at_home_cannot_be_averaged() -> None:
    people = tuple(replace(person, is_resident=False) for person in PEOPLE)
    result = score(people=people)
    assert result.item("F1").score is None
    assert result.capitals[Capital.HUMAN].mean is None
    assert result.capitals[Capital.HUMAN].answered_ratio is None
    assert result.is_incomplete is True


@pytest.mark.parametrize(
    ("income", "level"),
    [
        ("9599.99", 1),
        ("9600", 2),
        ("11999.99", 2),
        ("12000", 3),
        ("13199.99", 3),
        ("13200", 4),
        (None, None),
    ],
)
def test_income_is_set_against_expenses(income: str | None, level: int | None) -> None:
    assert money("F2", income_thb_per_year=income, expense_thb_per_month="1000") == level


@pytest.mark.parametrize("expense", [None, "0"])
def test_without_expenses_there_is_no_ratio(expense: str | None) -> None:
    amounts = {"income_thb_per_year": "12000", "expense_thb_per_month": expense}
    assert money("F2", **amounts) is None
    assert money("F3", savings_thb="500", **amounts) is None


@pytest.mark.parametrize(
    ("savings", "level"),
    [
        ("0", 1),
        ("0.01", 2),
        ("999.99", 2),
        ("1000", 3),
        ("3000", 3),
        ("3000.01", 4),
        (None, None),
    ],
)
def test_savings_are_counted_in_months(savings: str | None, level: int | None) -> None:
    assert money("F3", savings_thb=savings, expense_thb_per_month="1000") == level


@pytest.mark.parametrize(
    ("debts", "income", "level"),
    [
        ([("baac", "1")], "100", 3),
        ([("baac", "50")], "100", 3),
        ([("baac", "50.01")], "100", 2),
        ([("baac", "60"), ("village_fund", "40")], "100", 2),
        ([("baac", "100.01")], "100", 1),
        ([("informal", "1")], "100000", 1),
        ([("informal", "1")], None, 1),
        ([("family_low_interest", "1")], "100", 3),
        ([("baac", "1")], "0", 1),
        ([("baac", "1")], None, None),
        (None, "100", None),
    ],
)
def test_debt_is_computed_by_source(
    debts: list[tuple[str, str]] | None, income: str | None, level: int | None
) -> None:
    rows = None if debts is None else [{"kind": k, "amount_thb": a} for k, a in debts]
    assert money("F4", debts=rows, income_thb_per_year=income) == level


@pytest.mark.parametrize(("reason", "level"), [(2, 2), (4, 4), (1, None), (None, None)])
def test_no_debt_is_scored_by_its_reason(reason: int | None, level: int | None) -> None:
    assert money("F4", F4=reason, debts=[]) == level


def test_a_stated_debt_level_does_not_outweigh_the_amounts() -> None:
    debts = [{"kind": "informal", "amount_thb": "5000"}]
    assert money("F4", F4=4, debts=debts, income_thb_per_year="100000") == 1


@pytest.mark.parametrize(
    ("kinds", "good", "bad"), [(0, 1, 4), (1, 2, 3), (2, 3, 2), (3, 4, 1), (5, 4, 1)]
)
def test_things_are_counted(kinds: int, good: int, bad: int) -> None:
    assets = ["machinery", "motorcycle", "taxi", "car", "boat"][:kinds]
    problems = ["water", "soil", "no_title", "mortgaged", "other"][:kinds]
    result = score(raw_answers() | {"F5": assets, "N3": problems})
    assert [result.item("F5").score, result.item("N3").score] == [good, bad]


def states(result: Result, capital: Capital) -> dict[str, State]:
    return {item.code: item.state for item in result.items if item.capital == capital}


def test_a_household_that_does_not_farm_has_two_natural_items() -> None:
    raw = raw_answers() | {"A1": False}
    result = score(raw)
    assert states(result, Capital.NATURAL) == {
        "N1": State.NOT_APPLICABLE,
        "N2": State.NOT_APPLICABLE,
        "N3": State.NOT_APPLICABLE,
        "N4": State.ANSWERED,
        "N5": State.ANSWERED,
    }
    assert result.capitals[Capital.NATURAL].mean == 2  # mean of N4 2 and N5 2

    lowest = score(raw, instrument=replace(PD27_V1, nonfarm=NonFarmRule.LOWEST))
    assert lowest.capitals[Capital.NATURAL].mean == Decimal("1.4")


@pytest.mark.parametrize("absent", [None, "na"])
def test_farming_is_implied_by_its_answers_when_not_stated(absent: str | None) -> None:
    farm = dict.fromkeys(("N1", "N2", "N3"), absent)
    result = score(raw_answers() | farm | {"A1": None})
    assert result.item("N1").state == State.NOT_APPLICABLE
    assert score(raw_answers() | {"A1": None}).item("N1").score == 3


def test_a_farm_question_left_open_counts_as_missing() -> None:
    result = score(raw_answers() | {"N1": None, "N2": None, "N3": None})
    assert result.item("N1").state == State.UNANSWERED
    assert result.capitals[Capital.NATURAL].answered_ratio == Decimal("0.4")
    assert result.capitals[Capital.NATURAL].mean is None
    assert result.weakest is None


@pytest.mark.parametrize(
    ("answered", "mean"),
    [
        (("S1", "S2", "S3"), Decimal(8) / 3),  # 3 of 5 is 60 %
        (("S1", "S2"), None),  # 40 %
    ],
)
def test_a_capital_needs_sixty_percent(answered: tuple[str, ...], mean: Decimal | None) -> None:
    raw = raw_answers()
    for code in {"S1", "S2", "S3", "S4", "S5"} - set(answered):
        del raw[code]
    result = score(raw)
    assert result.capitals[Capital.SOCIAL].mean == mean
    assert (result.overall is None) is (mean is None)
    assert result.is_incomplete is (mean is None)
    if mean is None:
        assert "40%" in result.capitals[Capital.SOCIAL].reason
        assert result.level is None


def test_members_left_out_lower_the_share_that_was_answered() -> None:
    raw = raw_answers()
    for code in ("H1", "H2", "H3", "H4", "H5", "H6"):
        raw[code] = {"M1": raw[code]["M1"]} if "M1" in raw[code] else {}
    result = score(raw)
    # H1 1/3, H2 0/1, H3 1/4, H4 1/2, H5 1/2, H6 1/1 of six items.
    ratio = result.capitals[Capital.HUMAN].answered_ratio
    assert ratio is not None
    assert shown(ratio) == Decimal("0.43")
    assert result.capitals[Capital.HUMAN].mean is None
    assert result.item("H3").state == State.PARTIAL


def test_weights_are_kept() -> None:
    heavy = replace(
        PD27_V1,
        items=tuple(
            replace(item, weight=Decimal(3)) if item.code == "S1" else item
            for item in PD27_V1.items
        ),
    )
    # (3·3 + 2 + 3 + 3 + 2) ÷ 7
    mean = score(instrument=heavy).capitals[Capital.SOCIAL].mean
    assert mean == Decimal(19) / 7


@pytest.mark.parametrize(
    ("code", "age", "concerned"),
    [
        ("H1", 14, False),
        ("H1", 15, True),
        ("H1", 90, True),
        ("H2", 2, False),
        ("H2", 3, True),
        ("H2", 17, True),
        ("H2", 18, False),
        ("H3", 0, True),
        ("H4", 14, False),
        ("H4", 15, True),
        ("H4", 59, True),
        ("H4", 60, False),
        ("H5", 60, False),
        ("H6", 30, False),
        ("H1", None, False),
        ("H3", None, True),
    ],
)
def test_a_question_left_blank_is_missing_only_where_it_applies(
    code: str, age: int | None, concerned: bool
) -> None:
    result = score({}, {}, (Person("M1", age, is_resident=True),))
    assert (result.item(code).state == State.UNANSWERED) is concerned


@pytest.mark.parametrize(
    ("age", "health", "score_of_work"),
    [(60, 4, 3), (75, 2, 3), (75, 1, None), (14, 4, None), (None, 4, 3), (59, 1, 3)],
)
def test_work_counts_for_an_elder_who_can(
    age: int | None, health: int, score_of_work: int | None
) -> None:
    raw = {"H3": {"M1": health}, "H4": {"M1": 3}}
    result = score(raw, {}, (Person("M1", age, is_resident=True),))
    assert result.item("H4").score == score_of_work


def test_everything_is_decimal() -> None:
    result = score()
    values = [item.score for item in result.items if item.score is not None]
    values += [capital.mean for capital in result.capitals.values() if capital.mean is not None]
    assert all(isinstance(value, Decimal) for value in values)


def test_an_empty_assessment_is_incomplete_and_says_so() -> None:
    result = score({}, {})
    assert result.is_incomplete
    assert all(capital.mean is None for capital in result.capitals.values())
    assert all(capital.level is None for capital in result.capitals.values())


def test_amounts_do_not_change_what_is_not_money() -> None:
    without = raw_amounts() | {"income_thb_per_year": None}
    result = score(amounts=without)
    assert result.item("F3").score == 1
    assert result.item("F1").state == State.UNANSWERED
    assert result.capitals[Capital.FINANCIAL].mean is None  # F1, F2, F4 are open: 40 %
