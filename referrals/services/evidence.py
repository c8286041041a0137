"""What a rule found about a household: criteria with figures, as they are stored and shown.

Stored are codes and figures only; every sentence is made from them again, so that an old
proposal reads as it did and nothing about a person is kept in it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from households.workflow import ExitReason
from ppaos.lib.labelled import LabelledEnum
from problems.rules import DIMENSIONS
from slf.instrument import CAPITALS, Capital, Group

UNKNOWN = "ไม่ทราบ"

Figures = Mapping[str, str]


class Requirement(LabelledEnum):
    """What is asked, in the order in which it is shown."""

    LOWER_GROUP = "lower_group", "อยู่ในกลุ่ม 20% ล่าง (ยากไร้) ซึ่งต้องดูแลต่อเนื่อง"
    REFERRALS = "referrals_ended", "เรื่องส่งต่อสิ้นสุดทุกเรื่อง"
    PROBLEMS = "no_open_problem", "ไม่มีปัญหาใดใน 5 มิติที่ยังเปิดอยู่"
    ASSESSED = "assessed_after", "ประเมินทุนหลังช่วยเหลือแล้ว และใหม่กว่าผลก่อนช่วยเหลือ"
    LEVEL = "overall_level", "ระดับรวมของทุนถึงเกณฑ์"
    CAPITALS = "no_capital_lowest", "ไม่มีทุนใดอยู่ในระดับต่ำสุด"
    INCOME = "income", "รายได้ต่อคนต่อปีถึงเกณฑ์ของปีนั้น"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is asked. `met` is None where it is not known, which is not met."""

    requirement: Requirement
    met: bool | None
    figures: Figures = field(default_factory=dict)

    @property
    def code(self) -> str:
        return self.requirement.value

    @property
    def label(self) -> str:
        return self.requirement.label

    @property
    def shown(self) -> str:
        """Say what was found."""
        return _WORDS[self.requirement](self.figures)


@dataclass(frozen=True, slots=True)
class Measured:
    """An assessment as the evidence keeps it. Scores are 1.00 to 4.00, None if not known."""

    assessment: str
    year_be: int
    round: int
    assessed_on: date
    overall: Decimal | None
    level: int | None
    capitals: Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the rule of a version found. `reason_suggested` is how the household would leave."""

    rule_version: int
    reason: ExitReason
    reason_suggested: ExitReason
    criteria: tuple[Criterion, ...]
    before: Measured | None
    after: Measured | None
    group: str | None

    @property
    def is_met(self) -> bool:
        return not self.unmet

    @property
    def unmet(self) -> tuple[Criterion, ...]:
        return tuple(criterion for criterion in self.criteria if criterion.met is not True)

    @property
    def capitals(self) -> list[tuple[Capital, Decimal | None, Decimal | None, Decimal | None]]:
        """Return (capital, before, after, change) for each of the five."""
        rows = []
        for capital in CAPITALS:
            earlier = self.before.capitals.get(capital.value) if self.before else None
            later = self.after.capitals.get(capital.value) if self.after else None
            change = None if earlier is None or later is None else later - earlier
            rows.append((capital, earlier, later, change))
        return rows

    @property
    def overall_change(self) -> Decimal | None:
        earlier = self.before.overall if self.before else None
        later = self.after.overall if self.after else None
        return None if earlier is None or later is None else later - earlier


# ---- stored ------------------------------------------------------------------------------
def as_json(evidence: Evidence) -> dict[str, Any]:
    """Return what is stored with a proposal: codes and figures, all of them text."""
    return {
        "rule_version": evidence.rule_version,
        "reason": evidence.reason.value,
        "reason_suggested": evidence.reason_suggested.value,
        "group": evidence.group,
        "criteria": [
            {"code": row.code, "met": row.met, "figures": dict(row.figures)}
            for row in evidence.criteria
        ],
        "before": _measured_as_json(evidence.before),
        "after": _measured_as_json(evidence.after),
    }


def _measured_as_json(measured: Measured | None) -> dict[str, Any] | None:
    if measured is None:
        return None
    return {
        "assessment": measured.assessment,
        "year_be": measured.year_be,
        "round": measured.round,
        "assessed_on": measured.assessed_on.isoformat(),
        "overall": _text(measured.overall),
        "level": measured.level,
        "capitals": {code: _text(score) for code, score in measured.capitals.items()},
    }


def _text(score: Decimal | None) -> str | None:
    return None if score is None else f"{score:.2f}"


def from_json(stored: Mapping[str, Any]) -> Evidence | None:
    """Return the evidence of a proposal again; None if it was made without."""
    if not stored:
        return None
    return Evidence(
        rule_version=stored["rule_version"],
        reason=ExitReason(stored["reason"]),
        reason_suggested=ExitReason(stored["reason_suggested"]),
        criteria=tuple(
            Criterion(Requirement(row["code"]), row["met"], row["figures"])
            for row in stored["criteria"]
        ),
        before=_measured_from_json(stored["before"]),
        after=_measured_from_json(stored["after"]),
        group=stored["group"],
    )


def _measured_from_json(stored: Mapping[str, Any] | None) -> Measured | None:
    if stored is None:
        return None
    return Measured(
        assessment=str(UUID(stored["assessment"])),
        year_be=stored["year_be"],
        round=stored["round"],
        assessed_on=date.fromisoformat(stored["assessed_on"]),
        overall=_score(stored["overall"]),
        level=stored["level"],
        capitals={code: _score(text) for code, text in stored["capitals"].items()},
    )


def _score(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


# ---- in words ----------------------------------------------------------------------------
def _lower_group(figures: Figures) -> str:
    code = figures.get("group")
    return f"กลุ่มปัจจุบัน: {Group(code).label if code else Group.UNCLASSIFIED.label}"


def _referrals(figures: Figures) -> str:
    live, ended = int(figures["live"]), int(figures["ended"])
    if live:
        return f"ยังไม่สิ้นสุด {live:,} เรื่อง"
    return f"สิ้นสุดแล้ว {ended:,} เรื่อง" if ended else "ไม่เคยมีเรื่องส่งต่อ"


def _problems(figures: Figures) -> str:
    names = _labels(figures["dimensions"], {d.value: d.label for d in DIMENSIONS})
    return f"ยังเปิดอยู่: {names}" if names else "ไม่มีปัญหาที่ยังเปิดอยู่"


def _assessed(figures: Figures) -> str:
    before, after = (_round(figures.get(name, "")) for name in ("before", "after"))
    if after and before:
        return f"หลังช่วยเหลือ {after} เทียบก่อนช่วยเหลือ {before}"
    if after:
        return f"มีผลหลังช่วยเหลือ {after} แต่ไม่มีผลก่อนช่วยเหลือให้เทียบ"
    return f"ผลล่าสุดยังเป็นช่วงก่อนช่วยเหลือ {before}" if before else "ยังไม่มีผลประเมินที่เสร็จ"


def _round(text: str) -> str:
    """Write the year and round of an assessment, kept as 2569/1."""
    year, _, number = text.partition("/")
    return f"ปี {year} ครั้งที่ {number}" if number else ""


def _level(figures: Figures) -> str:
    least = f"เกณฑ์ระดับ {figures['min']} ขึ้นไป"
    if "level" not in figures:
        return f"{UNKNOWN} ({least})"
    return f"ระดับ {figures['level']} คะแนนรวม {figures['overall']} ({least})"


def _capitals(figures: Figures) -> str:
    names = {capital.value: capital.label for capital in CAPITALS}
    lowest = _labels(figures["lowest"], names)
    unknown = _labels(figures["unknown"], names)
    parts = [f"ระดับ {figures['at']} หรือต่ำกว่า: {lowest}"] if lowest else []
    parts += [f"{UNKNOWN}: {unknown}"] if unknown else []
    return " · ".join(parts) or f"ทุกทุนสูงกว่าระดับ {figures['at']}"


def _income(figures: Figures) -> str:
    line = (
        f"เกณฑ์ปี {figures['year_be']} คือ {_baht(figures['line'])} บาท"
        if "line" in figures
        else f"ยังไม่มีเกณฑ์รายได้ของปี {figures['year_be']}"
        if "year_be" in figures
        else ""
    )
    if "per_person" not in figures:
        return f"{UNKNOWN} ({line})" if line else UNKNOWN
    found = f"{_baht(figures['per_person'])} บาท/คน/ปี จากผู้อยู่จริง {figures['people']} คน"
    return f"{found} ({line})" if line else found


def _labels(codes: str, labels: Mapping[str, str]) -> str:
    """Name the codes of a comma-separated figure."""
    return " ".join(labels[code] for code in codes.split(",") if code)


def _baht(text: str) -> str:
    return f"{Decimal(text):,.0f}"


_WORDS: dict[Requirement, Callable[[Figures], str]] = {
    Requirement.LOWER_GROUP: _lower_group,
    Requirement.REFERRALS: _referrals,
    Requirement.PROBLEMS: _problems,
    Requirement.ASSESSED: _assessed,
    Requirement.LEVEL: _level,
    Requirement.CAPITALS: _capitals,
    Requirement.INCOME: _income,
}
