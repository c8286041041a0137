"""Invented answers to PD-27: a poor household is weak in money, and something else besides."""

from random import Random
from typing import Any

from slf.scoring import Person

# Level of a question for a hard, a middling and a fair household.
_WEIGHTS = {0: (5, 4, 1, 0), 1: (2, 5, 3, 1), 2: (0, 2, 5, 3)}
_HOUSEHOLD_ITEMS = ("P1", "P2", "P3", "P4", "P5", "P6", "N4", "S1", "S2", "S3", "S4", "S5")
_FARM_ITEMS = ("N1", "N2")
_INCOME_THB = {0: (12_000, 24_000), 1: (22_000, 42_000), 2: (40_000, 70_000)}
"""Baht per person and year, lowest and highest."""


def invent_answers(
    people: tuple[Person, ...], random: Random
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return answers and amounts as the form would send them."""
    fortune = random.choices((0, 1, 2), (5, 4, 1))[0]

    def level() -> int:
        return random.choices((1, 2, 3, 4), _WEIGHTS[fortune])[0]

    is_farming = random.random() < 0.7
    answers: dict[str, Any] = {"A1": is_farming}
    answers |= {code: level() for code in _HOUSEHOLD_ITEMS}
    answers["N5"] = []
    if is_farming:
        answers |= {code: level() for code in _FARM_ITEMS}
        answers["N3"] = random.sample(["water", "soil"], random.randint(0, 2))
        if random.random() < 0.5:
            answers["N5"] = [
                {
                    "place": "farm",
                    "hazard": random.choice(["drought", "flood"]),
                    "frequency": random.randint(1, 4),
                    "coping": random.randint(1, 3),
                }
            ]
    answers["F5"] = random.sample(["motorcycle"], random.randint(0, 1))
    answers |= _of_people(people, random, level)
    return answers, _amounts(len(people), fortune, random)


def _of_people(people: tuple[Person, ...], random: Random, level: Any) -> dict[str, Any]:
    known = [person for person in people if person.age is not None and person.is_resident]
    adults = [person.key for person in known if person.age >= 15]  # type: ignore[operator]
    children = [person.key for person in known if 3 <= (person.age or 0) <= 17]
    workers = [person.key for person in known if 15 <= (person.age or 0) <= 59]
    healthy = {
        person.key: 1
        if (person.age or 0) > 75 and random.random() < 0.2
        else random.choice((3, 4, 4))
        for person in known
    }
    return {
        "H1": {key: level() for key in adults},
        "H2": {key: random.choice((3, 3, 4, 1)) for key in children},
        "H3": healthy,
        "H4": {key: level() for key in workers},
        "H5": {key: level() for key in workers},
        "H6": {person.key: random.choice((2, 3, 4)) for person in known},
    }


def _amounts(size: int, fortune: int, random: Random) -> dict[str, Any]:
    income = size * random.randrange(*_INCOME_THB[fortune], 500)
    expense = income // 12 * random.choice((9, 10, 11, 12)) // 10
    amounts: dict[str, Any] = {
        "income_thb_per_year": f"{income}.00",
        "expense_thb_per_month": f"{expense}.00",
        "savings_thb": f"{random.choice((0, 0, 500, 2_000, 10_000))}.00",
        "debts": [],
    }
    if random.random() < 0.6:
        amounts["debts"] = [
            {"kind": "baac", "amount_thb": f"{random.randrange(10_000, 150_000, 5_000)}.00"}
        ]
    return amounts


def invent_better_answers(
    people: tuple[Person, ...], random: Random
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the same people might say once they have been helped out of poverty."""

    def level() -> int:
        return random.choice((3, 3, 4))

    answers: dict[str, Any] = {"A1": False, "N5": [], "F5": ["motorcycle"]}
    answers |= {code: level() for code in _HOUSEHOLD_ITEMS}
    answers |= _of_people(people, random, level)
    answers["H3"] = dict.fromkeys(answers["H3"], 4)
    answers["H2"] = dict.fromkeys(answers["H2"], 3)
    income = len(people) * random.randrange(60_000, 90_000, 1_000)
    amounts = {
        "income_thb_per_year": f"{income}.00",
        "expense_thb_per_month": f"{income // 24}.00",
        "savings_thb": f"{income // 2}.00",
        "debts": [],
    }
    return answers, amounts
