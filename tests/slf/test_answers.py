"""What may be sent as an answer, and what is refused by its path."""

from decimal import Decimal
from typing import Any

import pytest

from slf.instrument import PD27_V1, DebtKind, Hazard, Place
from slf.scoring import Debt, HazardReport, InvalidAnswers, read_amounts, read_answers


def fault(raw: dict[str, Any]) -> dict[str, list[str]]:
    with pytest.raises(InvalidAnswers) as error:
        read_answers(raw, instrument=PD27_V1, members=["M1"])
    return error.value.fields


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ({"X1": 2}, "answers.X1"),
        ({"P1": 0}, "answers.P1"),
        ({"P1": 5}, "answers.P1"),
        ({"P1": True}, "answers.P1"),
        ({"P1": "3"}, "answers.P1"),
        ({"P1": 2.0}, "answers.P1"),
        ({"P1": "na"}, "answers.P1"),
        ({"P1": [1]}, "answers.P1"),
        ({"H1": 2}, "answers.H1"),
        ({"H1": {"M9": 2}}, "answers.H1.M9"),
        ({"H1": {"M1": "na"}}, "answers.H1.M1"),
        ({"H3": {"M1": 7}}, "answers.H3.M1"),
        ({"A1": 1}, "answers.A1"),
        ({"F5": ["yacht"]}, "answers.F5"),
        ({"F5": ["car", "car"]}, "answers.F5"),
        ({"N3": [["water"]]}, "answers.N3"),
        ({"N5": ["flood"]}, "answers.N5"),
        ({"N5": [{"place": "sea", "hazard": "flood", "frequency": 1, "coping": 1}]}, "answers.N5"),
        ({"N5": [{"place": "farm", "hazard": "flood", "frequency": 5, "coping": 1}]}, "answers.N5"),
        ({"N5": [{"place": "farm", "hazard": "flood", "frequency": 1}]}, "answers.N5"),
        (
            {"N5": [{"place": "farm", "hazard": "flood", "frequency": 1, "coping": 1}] * 2},
            "answers.N5",
        ),
    ],
)
def test_a_wrong_answer_is_refused_by_its_path(raw: dict[str, Any], path: str) -> None:
    assert list(fault(raw)) == [path]


def test_every_fault_is_told_at_once() -> None:
    assert set(fault({"P1": 9, "P2": 9, "H1": {"M1": 9}})) == {
        "answers.P1",
        "answers.P2",
        "answers.H1.M1",
    }


def test_blank_is_the_same_as_absent() -> None:
    read = read_answers({"P1": None, "H1": {"M1": None}}, instrument=PD27_V1, members=["M1"])
    assert read.household == {}
    assert read.of("H1", "M1") is None


def test_answers_are_typed() -> None:
    read = read_answers(
        {
            "P1": 3,
            "H6": {"M1": "na"},
            "A1": False,
            "A2": {"M1": True},
            "N1": "na",
            "F5": ["car", "boat"],
            "N5": [{"place": "farm", "hazard": "drought", "frequency": 3, "coping": 2}],
        },
        instrument=PD27_V1,
        members=["M1"],
    )
    assert read.household["P1"] == 3
    assert read.household["A1"] is False
    assert read.household["N1"] == "na"
    assert read.household["F5"] == ("car", "boat")
    assert read.household["N5"] == (HazardReport(Place.FARM, Hazard.DROUGHT, 3, 2),)
    assert read.of("H6", "M1") == "na"
    assert read.of("A2", "M1") is True


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ({"income": "1"}, "amounts.income"),
        ({"income_thb_per_year": "ไม่มี"}, "amounts.income_thb_per_year"),
        ({"income_thb_per_year": "-1"}, "amounts.income_thb_per_year"),
        ({"income_thb_per_year": "NaN"}, "amounts.income_thb_per_year"),
        ({"income_thb_per_year": "Infinity"}, "amounts.income_thb_per_year"),
        ({"income_thb_per_year": "1e12"}, "amounts.income_thb_per_year"),
        ({"income_thb_per_year": 1.5}, "amounts.income_thb_per_year"),
        ({"income_thb_per_year": True}, "amounts.income_thb_per_year"),
        ({"savings_thb": "0.001"}, "amounts.savings_thb"),
        ({"debts": "none"}, "amounts.debts"),
        ({"debts": [3]}, "amounts.debts.0"),
        ({"debts": [{"kind": "casino", "amount_thb": "1"}]}, "amounts.debts.0"),
        ({"debts": [{"kind": "baac"}]}, "amounts.debts.0"),
        ({"debts": [{"kind": "baac", "amount_thb": "x"}]}, "amounts.debts.0"),
    ],
)
def test_a_wrong_amount_is_refused_by_its_path(raw: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidAnswers) as error:
        read_amounts(raw)
    assert list(error.value.fields) == [path]


def test_amounts_are_typed() -> None:
    read = read_amounts(
        {
            "income_thb_per_year": 96000,
            "savings_thb": "",
            "debts": [
                {"kind": "baac", "amount_thb": "120000.50"},
                {"kind": "informal", "amount_thb": "10"},
                {"kind": "shop", "amount_thb": "0"},
            ],
        }
    )
    assert read.income_thb_per_year == 96000
    assert read.savings_thb is None
    assert read.debts == (
        Debt(DebtKind.BAAC, Decimal("120000.50")),
        Debt(DebtKind.INFORMAL, Decimal(10)),
    )
    assert (read.debt_thb, read.informal_debt_thb) == (Decimal("120010.50"), Decimal(10))


def test_no_debts_is_not_the_same_as_not_asked() -> None:
    assert read_amounts({"debts": []}).debt_thb == 0
    assert read_amounts({}).debt_thb is None
    assert read_amounts({}).informal_debt_thb is None
