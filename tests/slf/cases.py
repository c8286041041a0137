"""The worked household as rows: four members, verified, with PD-27 loaded."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from households.models import Household, Member
from households.workflow import Stage
from problems.services import load_reference_data as load_problem_reference
from slf.services import load_reference_data
from tests.factories import make_household, make_member
from tests.slf import worked

DAY = date(2026, 11, 20)
MOMENT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
YEAR_BE = 2567
"""The income line of 2567 is 40,000 baht, as in the worked example, and confirmed."""


@dataclass(frozen=True)
class Case:
    household: Household
    members: dict[str, Member]

    def answers(self) -> dict[str, Any]:
        """The worked answers, with member ids in the place of M1 to M4."""
        return {
            code: {str(self.members[key].pk): level for key, level in answer.items()}
            if isinstance(answer, dict)
            else answer
            for code, answer in worked.raw_answers().items()
        }

    def amounts(self) -> dict[str, Any]:
        return worked.raw_amounts()

    def member_id(self, key: str) -> str:
        return str(self.members[key].pk)


def load_reference() -> None:
    load_problem_reference()
    load_reference_data()


def make_case(**overrides: Any) -> Case:
    load_reference()
    household = make_household(**({"stage": Stage.VERIFIED_POOR} | overrides))
    births = {
        "M1": date(1974, 1, 1),
        "M2": date(1978, 1, 1),
        "M3": date(2016, 1, 1),
        "M4": date(1951, 1, 1),
    }
    members = {
        key: make_member(household, birth_date=born, is_head=key == "M1")
        for key, born in births.items()
    }
    return Case(household, members)
