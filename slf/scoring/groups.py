"""The livelihood group: who can be developed, who needs welfare, who may leave the list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from problems.rules import DIMENSIONS, Dimension
from slf.instrument import (
    MORTGAGED_INFORMALLY,
    RULE_VERSIONS,
    STUDENT,
    Capital,
    Group,
    Rule,
    SubType,
)
from slf.scoring.answers import Amounts, Answers, Person
from slf.scoring.capitals import Result

_WORKING_AGE = range(15, 60)
_LAST_SCHOOL_AGE = 17


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rule by need looks at.

    `capable` holds one entry per resident: True, False, or None where health, work or age
    is not known. `debt_ratio` is debt over income of a year; None if either is unknown.
    `failing` holds the dimensions with an open problem: an old listing keeps its flags and
    does not hold a household back.
    """

    overall_level: int | None
    human_level: int | None
    failing: frozenset[Dimension]
    capable: tuple[bool | None, ...]
    has_informal_debt: bool
    debt_ratio: Decimal | None
    is_mortgaged_informally: bool
    hazard_level: int | None
    savings_level: int | None


@dataclass(frozen=True, slots=True)
class Classification:
    """A group, by which rule, and why. `sub_types` in order of precedence, for UPPER20."""

    group: Group
    rule: Rule
    rule_version: int
    reasons: tuple[str, ...]
    sub_types: tuple[SubType, ...] = ()

    @property
    def primary(self) -> SubType | None:
        return self.sub_types[0] if self.sub_types else None


def labour_capable(person: Person, answers: Answers) -> bool | None:
    """Say whether a resident can work: aged 15–59, or older and working, and well enough.

    Well enough is everything but bedridden or dependent; a full-time student is not
    counted as labour. Unknown age, health or work gives None, which never counts as not
    capable.
    """
    health = answers.of("H3", person.key)
    if health == 1:
        return False
    if person.age is None:
        return None
    if person.age < _WORKING_AGE.start:
        return False
    if person.age in _WORKING_AGE:
        return False if _is_student(person, answers) else True if health is not None else None
    return _elder_capable(answers.of("H4", person.key), health_is_known=health is not None)


def _elder_capable(work: object, *, health_is_known: bool) -> bool | None:
    if work is None:
        return None
    is_working = isinstance(work, int) and work >= 3
    if not is_working:
        return False
    return True if health_is_known else None


def _is_student(person: Person, answers: Answers) -> bool:
    stated = answers.of(STUDENT, person.key)
    if isinstance(stated, bool):
        return stated
    schooling = answers.of("H2", person.key)
    return (
        person.age is not None
        and person.age <= _LAST_SCHOOL_AGE
        and isinstance(schooling, int)
        and schooling >= 3
    )


def standing_of(
    result: Result,
    *,
    answers: Answers,
    amounts: Amounts,
    people: Sequence[Person],
    failing: frozenset[Dimension],
) -> Standing:
    """Gather what the rule by need looks at from a scored assessment."""
    debt, income = amounts.debt_thb, amounts.income_thb_per_year
    return Standing(
        overall_level=result.level,
        human_level=result.capitals[Capital.HUMAN].level,
        failing=failing,
        capable=tuple(labour_capable(person, answers) for person in people if person.is_resident),
        has_informal_debt=bool(amounts.informal_debt_thb),
        debt_ratio=_debt_ratio(debt, income),
        is_mortgaged_informally=answers.household.get(MORTGAGED_INFORMALLY) is True,
        hazard_level=_whole(result, "N5"),
        savings_level=_whole(result, "F3"),
    )


def _debt_ratio(debt: Decimal | None, income: Decimal | None) -> Decimal | None:
    if debt is None or income is None:
        return None
    if income == 0:
        return Decimal("Infinity") if debt > 0 else Decimal(0)
    return debt / income


def _whole(result: Result, code: str) -> int | None:
    score = result.item(code).score
    return None if score is None else int(score)


def classify_by_need(standing: Standing | None) -> Classification:
    """Apply rule CLS-1. None (never assessed) and an incomplete assessment stay unclassified.

    Nobody able to work, or overall and human capital both at level 1, is LOWER20; level 4
    without a failing dimension is an exit candidate; the rest is UPPER20 with sub-types.
    The official cut is not published: this is the default of this system.
    """
    if standing is None:
        return _by_need(Group.UNCLASSIFIED, "ยังไม่มีผลประเมิน")
    if standing.overall_level is None:
        return _by_need(Group.UNCLASSIFIED, "ผลประเมินยังไม่ครบทั้ง 5 ทุน")
    if standing.overall_level == 4 and not standing.failing:
        return _by_need(Group.EXIT_CANDIDATE, "ระดับรวมอยู่ดี (4) และไม่มีปัญหาที่ยังเปิดอยู่ใน 5 มิติ")
    if reasons := _lower_reasons(standing):
        return _by_need(Group.LOWER20, *reasons)
    found = _sub_types(standing)
    held = _held_back(standing)
    return Classification(
        group=Group.UPPER20,
        rule=Rule.BY_NEED,
        rule_version=RULE_VERSIONS[Rule.BY_NEED],
        reasons=(_capable_reason(standing.capable), *held, *found.values()),
        sub_types=tuple(found),
    )


def _by_need(group: Group, *reasons: str) -> Classification:
    return Classification(group, Rule.BY_NEED, RULE_VERSIONS[Rule.BY_NEED], reasons)


def _lower_reasons(standing: Standing) -> list[str]:
    reasons = []
    if standing.capable and all(capable is False for capable in standing.capable):
        reasons.append("ไม่มีสมาชิกที่อยู่จริงคนใดทำงานได้")
    if standing.overall_level == 1 and standing.human_level == 1:
        reasons.append("ระดับรวมและทุนมนุษย์อยู่ลำบาก (1) ทั้งคู่")
    return reasons


def _capable_reason(capable: tuple[bool | None, ...]) -> str:
    able = sum(entry is True for entry in capable)
    if able:
        return f"มีสมาชิกที่ทำงานได้ {able} คน"
    return "ยังไม่ทราบสุขภาพหรือการทำงานของสมาชิกบางคน จึงไม่ถือว่าทำงานไม่ได้"


def _held_back(standing: Standing) -> tuple[str, ...]:
    if standing.overall_level != 4:
        return ()
    names = " ".join(dimension.label for dimension in DIMENSIONS if dimension in standing.failing)
    return (f"ระดับรวมอยู่ดี (4) แต่ยังมีปัญหา{names}",)


def _sub_types(standing: Standing) -> dict[SubType, str]:
    found: dict[SubType, str] = {}
    if debts := _debt_reasons(standing):
        found[SubType.DEBT] = " และ".join(debts)
    if standing.hazard_level in (1, 2) and standing.savings_level == 1:
        found[SubType.FRAGILE] = "เสี่ยงภัยพิบัติ (N5 ไม่เกิน 2) และไม่มีเงินออม"
    return found or {SubType.NO_OPPORTUNITY: "ไม่เข้าเงื่อนไขหนี้สินหรือเปราะบาง"}


def _debt_reasons(standing: Standing) -> list[str]:
    reasons = []
    if standing.has_informal_debt:
        reasons.append("มีหนี้นอกระบบ")
    if standing.debt_ratio is not None and standing.debt_ratio > 1:
        reasons.append("หนี้เกินรายได้ทั้งปี")
    if standing.is_mortgaged_informally:
        reasons.append("บ้านหรือที่ดินติดจำนองเจ้าหนี้นอกระบบ")
    return reasons


def classify_by_rank(scores: Mapping[str, Decimal]) -> dict[str, Classification]:
    """Apply rule CLS-2 to the poor households of one province and year.

    `scores` maps household to overall score; the lower half, counted by heads of the list
    and rounded up, is LOWER20. Of equal scores the smaller key comes first.
    """
    ranked = sorted(scores, key=lambda key: (scores[key], key))
    lower = (len(ranked) + 1) // 2
    return {
        key: Classification(
            group=Group.LOWER20 if rank <= lower else Group.UPPER20,
            rule=Rule.BY_RANK,
            rule_version=RULE_VERSIONS[Rule.BY_RANK],
            reasons=(f"ลำดับที่ {rank} จาก {len(ranked)} ครัวเรือน เรียงคะแนนรวมจากน้อยไปมาก",),
        )
        for rank, key in enumerate(ranked, start=1)
    }
