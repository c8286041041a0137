"""The worked household of PD-27: four people, farming, income line 40,000 baht."""

from decimal import Decimal
from typing import Any

from slf.instrument import LEVEL_BANDS_V1, PD27_V1, Instrument
from slf.scoring import (
    Answers,
    Person,
    Result,
    read_amounts,
    read_answers,
    score_assessment,
)

LINE_THB = Decimal(40000)

PEOPLE = (
    Person("M1", 52, is_resident=True),
    Person("M2", 48, is_resident=True),
    Person("M3", 10, is_resident=True),
    Person("M4", 75, is_resident=True),
)


def raw_answers() -> dict[str, Any]:
    """Answers as they are sent and stored; a fresh copy that a test may change."""
    return {
        "H1": {"M1": 2, "M2": 2, "M4": 1},
        "H2": {"M3": 3},
        "H3": {"M1": 3, "M2": 4, "M3": 4, "M4": 1},
        "H4": {"M1": 3, "M2": 3},
        "H5": {"M1": 2, "M2": 3},
        "H6": {"M1": 2, "M2": 2, "M3": 3, "M4": 3},
        "P1": 4,
        "P2": 2,
        "P3": 3,
        "P4": 3,
        "P5": 3,
        "P6": 2,
        "F5": ["motorcycle"],
        "A1": True,
        "N1": 3,
        "N2": 2,
        "N3": ["water", "soil"],
        "N4": 2,
        "N5": [{"place": "farm", "hazard": "drought", "frequency": 3, "coping": 2}],
        "S1": 3,
        "S2": 2,
        "S3": 3,
        "S4": 3,
        "S5": 2,
    }


def raw_amounts() -> dict[str, Any]:
    return {
        "income_thb_per_year": "96000.00",
        "expense_thb_per_month": "9000.00",
        "savings_thb": "0.00",
        "debts": [{"kind": "baac", "amount_thb": "120000.00"}],
    }


def answers(raw: dict[str, Any] | None = None, people: tuple[Person, ...] = PEOPLE) -> Answers:
    return read_answers(
        raw_answers() if raw is None else raw,
        instrument=PD27_V1,
        members=[person.key for person in people],
    )


def score(
    raw: dict[str, Any] | None = None,
    amounts: dict[str, Any] | None = None,
    people: tuple[Person, ...] = PEOPLE,
    instrument: Instrument = PD27_V1,
) -> Result:
    return score_assessment(
        instrument=instrument,
        answers=answers(raw, people),
        amounts=read_amounts(raw_amounts() if amounts is None else amounts),
        people=people,
        line_thb=LINE_THB,
        bands=LEVEL_BANDS_V1,
    )
