"""Which answers are a problem in one of the five dimensions."""

from collections.abc import Sequence
from dataclasses import dataclass

from problems.rules import DIMENSIONS, Dimension, ProblemCode, dimension_of
from slf.instrument import ProblemRule
from slf.scoring.answers import Person
from slf.scoring.capitals import Result


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem that the assessment shows. `persons` names members, or is empty for the house."""

    dimension: Dimension
    code: ProblemCode
    persons: tuple[str, ...]
    reasons: tuple[str, ...]


def find_problems(
    result: Result, *, people: Sequence[Person], rules: Sequence[ProblemRule]
) -> tuple[Finding, ...]:
    """Return at most one finding per dimension, in the order of the dimensions.

    The first rule of a dimension that fits gives the code; every rule that fits adds its
    members and its reason. An unanswered question is never a problem.
    """
    findings = []
    for dimension in DIMENSIONS:
        fits = [
            (rule, members)
            for rule in rules
            if dimension_of(rule.code) == dimension
            and (members := _fit(rule, result, people)) is not None
        ]
        if fits:
            named = dict.fromkeys(key for _, members in fits for key in members)
            findings.append(
                Finding(
                    dimension=dimension,
                    code=fits[0][0].code,
                    persons=tuple(named),
                    reasons=tuple(dict.fromkeys(rule.code.label for rule, _ in fits)),
                )
            )
    return tuple(findings)


def _fit(rule: ProblemRule, result: Result, people: Sequence[Person]) -> tuple[str, ...] | None:
    """Return the members that make the rule fit, () if the house does, None if nothing."""
    item = result.item(rule.item)
    if item.persons:
        ages = {person.key: person.age for person in people}
        members = tuple(
            key
            for key, level in item.persons.items()
            if level <= rule.max_level and _in_ages(rule, ages.get(key))
        )
        return members or None
    if item.score is not None and item.score <= rule.max_level:
        return ()
    return None


def _in_ages(rule: ProblemRule, age: int | None) -> bool:
    if rule.age_min is None and rule.age_max is None:
        return True
    if age is None:
        return False
    return (rule.age_min or 0) <= age and (rule.age_max is None or age <= rule.age_max)
