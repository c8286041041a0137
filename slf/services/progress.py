"""How far a questionnaire is filled in, before it is scored."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from slf.instrument import CAPITALS, LEVEL_BANDS_V1, Capital
from slf.models import Assessment
from slf.scoring import State, read_amounts, read_answers, score_assessment
from slf.services.people import people_of
from slf.services.reference import instrument_of


@dataclass(frozen=True, slots=True)
class Missing:
    """A question that applies and is not, or only partly, answered, and what is missing."""

    code: str
    question: str
    reason: str


@dataclass(frozen=True, slots=True)
class CapitalProgress:
    """Questions of one capital. `can_be_scored` is False below the share that is needed."""

    capital: Capital
    answered: int
    asked: int
    can_be_scored: bool
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    capitals: Mapping[Capital, CapitalProgress]

    @property
    def answered(self) -> int:
        return sum(row.answered for row in self.capitals.values())

    @property
    def asked(self) -> int:
        return sum(row.asked for row in self.capitals.values())

    @property
    def unscored(self) -> list[Capital]:
        return [capital for capital, row in self.capitals.items() if not row.can_be_scored]


def progress_of(assessment: Assessment) -> Progress:
    """Count what is answered of what applies to this household. Four queries."""
    instrument = instrument_of(assessment.questionnaire)
    household = assessment.household
    result = score_assessment(
        instrument=instrument,
        answers=read_answers(
            assessment.answers,
            instrument=instrument,
            members={str(pk) for pk in household.members.values_list("pk", flat=True)},
        ),
        amounts=read_amounts(assessment.amounts),
        people=people_of(household, on=assessment.assessed_on),
        # Only whether a question is answered is looked at, not the score it gives.
        line_thb=Decimal(1),
        bands=LEVEL_BANDS_V1,
    )
    rows = {}
    for capital in CAPITALS:
        asked = [
            item
            for item in result.items
            if item.capital == capital and item.state != State.NOT_APPLICABLE
        ]
        rows[capital] = CapitalProgress(
            capital=capital,
            answered=sum(item.state == State.ANSWERED for item in asked),
            asked=len(asked),
            can_be_scored=result.capitals[capital].mean is not None,
            missing=tuple(
                Missing(
                    item.code,
                    instrument.item(item.code).question,
                    item.answer if item.state == State.PARTIAL else item.reason,
                )
                for item in asked
                if item.state != State.ANSWERED
            ),
        )
    return Progress(rows)
