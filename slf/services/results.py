"""A scored assessment as it is stored, and as pages and the API read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypedDict

from slf.instrument import CAPITALS, PROBLEM_RULES_VERSION, Capital
from slf.models import Assessment, LivelihoodProfile
from slf.scoring import Finding, Person, Result

_EXACT = Decimal("0.0000000001")
"""Enough of an unrounded mean to give any two-decimal figure again."""


class ResultOut(TypedDict):
    """The answer of the API, and the `results` of a revision."""

    capitals: dict[str, str | None]
    overall: str | None
    level: int | None
    weakest: str | None
    group: str | None
    reasons: list[str]
    incomplete: bool


@dataclass(frozen=True, slots=True)
class CapitalRow:
    """One capital of a result. `mean` is unrounded, for comparing; `score` is what is shown."""

    capital: Capital
    mean: Decimal | None
    score: Decimal | None
    level: int | None
    scale_100: Decimal | None
    reason: str


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One question of a result. `persons` maps member id to level."""

    code: str
    capital: Capital
    question: str
    score: str | None
    answer: str
    reason: str
    persons: dict[str, int]


@dataclass(frozen=True, slots=True)
class AssessmentView:
    """A complete assessment unfolded from its stored detail. Nothing is computed again."""

    capitals: tuple[CapitalRow, ...]
    items: tuple[ItemRow, ...]
    findings: tuple[dict[str, Any], ...]
    line_thb: Decimal | None


def store_result(
    assessment: Assessment,
    result: Result,
    *,
    findings: Sequence[Finding],
    people: Sequence[Person],
    questions: dict[str, str],
    line_thb: Decimal,
) -> None:
    """Put a result onto an unsaved assessment row: scores in columns, the why in detail."""
    for capital in CAPITALS:
        setattr(assessment, capital.value, result.capitals[capital].score)
    assessment.overall = result.overall
    assessment.level = result.level
    assessment.weakest = result.weakest
    assessment.is_incomplete = result.is_incomplete
    assessment.detail = {
        "line_thb": str(line_thb),
        "problem_rules_version": PROBLEM_RULES_VERSION,
        "overall_mean": _text(result.overall_mean),
        "people": [
            {"id": person.key, "age": person.age, "is_resident": person.is_resident}
            for person in people
        ],
        "capitals": {
            capital.value: {
                "mean": _text(score.mean),
                "score": _text(score.score),
                "level": score.level,
                "scale_100": _text(score.scale_100),
                "reason": score.reason,
            }
            for capital, score in result.capitals.items()
        },
        "items": [
            {
                "code": item.code,
                "capital": item.capital.value,
                "question": questions[item.code],
                "score": _text(item.score),
                "state": item.state.value,
                "answer": item.answer,
                "reason": item.reason,
                "persons": dict(item.persons),
            }
            for item in result.items
        ],
        "findings": [
            {
                "dimension": finding.dimension.value,
                "code": finding.code.value,
                "persons": list(finding.persons),
                "reasons": list(finding.reasons),
            }
            for finding in findings
        ],
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value.quantize(_EXACT).normalize(), "f")


def read_view(assessment: Assessment) -> AssessmentView:
    """Unfold the stored detail of a complete assessment for a page. No query."""
    detail = assessment.detail
    return AssessmentView(
        capitals=tuple(
            CapitalRow(
                capital=capital,
                mean=None if row["mean"] is None else Decimal(row["mean"]),
                score=getattr(assessment, capital.value),
                level=row["level"],
                scale_100=None if row["scale_100"] is None else Decimal(row["scale_100"]),
                reason=row["reason"],
            )
            for capital in CAPITALS
            if (row := detail.get("capitals", {}).get(capital.value)) is not None
        ),
        items=tuple(
            ItemRow(
                code=row["code"],
                capital=Capital(row["capital"]),
                question=row["question"],
                score=row["score"],
                answer=row["answer"],
                reason=row["reason"],
                persons=row["persons"],
            )
            for row in detail.get("items", [])
        ),
        findings=tuple(detail.get("findings", [])),
        line_thb=Decimal(detail["line_thb"]) if "line_thb" in detail else None,
    )


def as_result(assessment: Assessment, profile: LivelihoodProfile | None) -> ResultOut:
    """Return the JSON of a complete assessment and the household's group. No query."""
    return ResultOut(
        capitals={
            capital.value: _score_text(getattr(assessment, capital.value)) for capital in CAPITALS
        },
        overall=_score_text(assessment.overall),
        level=assessment.level,
        weakest=assessment.weakest,
        group=profile.group if profile is not None else None,
        reasons=list(profile.reasons) if profile is not None else [],
        incomplete=assessment.is_incomplete,
    )


def _score_text(score: Any) -> str | None:
    return None if score is None else f"{Decimal(score):.2f}"
