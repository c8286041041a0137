"""One question's score, and the Thai sentence that says why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from slf.instrument import (
    CAPITALS,
    FARMING,
    NOT_APPLICABLE,
    Capital,
    Instrument,
    Item,
    Method,
    NonFarmRule,
    Scope,
    Who,
)
from slf.scoring.answers import Amounts, Answer, Answers, HazardReport, Person

_ELDER = 60
_MONTHS = 12


class State(StrEnum):
    """Whether a question was answered."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    UNANSWERED = "unanswered"
    NOT_APPLICABLE = "na"


@dataclass(frozen=True, slots=True)
class ItemScore:
    """What one question gave.

    `score` is 1 to 4, unrounded where members are averaged; None if nothing counts.
    `answered_ratio` is the share (0–1) of those asked who answered, None where the
    question concerns nobody. `persons` holds the level of each member who counts.
    """

    code: str
    capital: Capital
    weight: Decimal
    score: Decimal | None
    state: State
    answered_ratio: Decimal | None
    answer: str
    reason: str
    persons: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """Everything one assessment is scored from."""

    instrument: Instrument
    answers: Answers
    amounts: Amounts
    people: Sequence[Person]
    line_thb: Decimal

    @property
    def residents(self) -> tuple[Person, ...]:
        return tuple(person for person in self.people if person.is_resident)


def score_items(case: Case) -> tuple[ItemScore, ...]:
    """Score every question that belongs to a capital, in the questionnaire's order."""
    return tuple(
        _score_persons(case, item) if item.scope == Scope.PERSON else _score_household(case, item)
        for capital in CAPITALS
        for item in case.instrument.scored(capital)
    )


def hazard_score(frequency: int, coping: int) -> int:
    """Score one hazard from how often it strikes (0–4) and who helps (1–4).

    Never is 4; else 4 − frequency + (coping − 1), kept within 1 to 4.
    """
    if frequency == 0:
        return 4
    return min(4, max(1, 4 - frequency + coping - 1))


# --- questions that every member answers -------------------------------------------------


def applies(item: Item, person: Person, answers: Answers) -> bool:
    """Say whether a question concerns a resident.

    Where only the surveyor can know (entitled to welfare, an elder still able to work, an
    unknown age) it applies exactly when it was answered with a level.
    """
    is_answered = _level(answers.of(item.code, person.key)) is not None
    if item.who == Who.EVERYONE:
        return True
    if item.who == Who.ENTITLED or person.age is None:
        return is_answered
    if item.who == Who.ABLE_TO_WORK and person.age >= _ELDER:
        return is_answered and _level(answers.of("H3", person.key)) != 1
    return (item.age_min or 0) <= person.age and (
        item.age_max is None or person.age <= item.age_max
    )


def _score_persons(case: Case, item: Item) -> ItemScore:
    concerned = [person for person in case.residents if applies(item, person, case.answers)]
    levels: dict[str, int] = {}
    for person in concerned:
        level = _level(case.answers.of(item.code, person.key))
        if level is not None:
            levels[person.key] = level
    if not concerned:
        return _not_applicable(item, "ไม่มีสมาชิกที่เข้าข่ายข้อนี้ จึงไม่นำมาคิด")
    if not levels:
        return _unanswered(item, f"ยังไม่ได้ตอบ ต้องตอบ {len(concerned)} คน")
    mean = Decimal(sum(levels.values())) / len(levels)
    is_full = len(levels) == len(concerned)
    return ItemScore(
        code=item.code,
        capital=_capital(item),
        weight=item.weight,
        score=mean,
        state=State.ANSWERED if is_full else State.PARTIAL,
        answered_ratio=Decimal(len(levels)) / len(concerned),
        answer=f"ตอบแล้ว {len(levels)} จาก {len(concerned)} คน",
        reason=f"เฉลี่ยสมาชิกที่อยู่จริง {len(levels)} คน ได้ {_ratio_text(mean)}",
        persons=levels,
    )


# --- questions that the household answers once -------------------------------------------


@dataclass(frozen=True, slots=True)
class _Outcome:
    level: int | None
    answer: str
    reason: str


def is_farming(case: Case) -> bool:
    """Say whether the household farms: as stated, else as its answers imply."""
    stated = case.answers.household.get(FARMING)
    if isinstance(stated, bool):
        return stated
    farm_items = (item for item in case.instrument.items if item.who == Who.FARMING)
    return any(
        case.answers.household.get(item.code) not in (None, NOT_APPLICABLE) for item in farm_items
    )


def _score_household(case: Case, item: Item) -> ItemScore:
    if item.who == Who.FARMING and not is_farming(case):
        if case.instrument.nonfarm == NonFarmRule.LEFT_OUT:
            return _not_applicable(item, "ครัวเรือนไม่ได้ทำการเกษตร จึงไม่นำมาคิด")
        return _scored(item, _Outcome(1, "ไม่ได้ทำการเกษตร", "ไม่ได้ทำการเกษตร คิดเป็นระดับ 1"))
    answer = case.answers.household.get(item.code)
    if answer == NOT_APPLICABLE:
        return _not_applicable(item, "ผู้สำรวจระบุว่าไม่เกี่ยวข้อง จึงไม่นำมาคิด")
    outcome = _METHODS[item.method](case, item, answer)
    if outcome.level is None:
        return _unanswered(item, outcome.reason)
    return _scored(item, outcome)


def _choice(case: Case, item: Item, answer: Answer | None) -> _Outcome:
    level = _level(answer)
    if level is None:
        return _Outcome(None, "", "ยังไม่ได้ตอบ")
    wording = item.choices[level - 1]
    return _Outcome(level, wording, f"ตอบ “{wording}” เป็นระดับ {level}")


def _income_per_person(case: Case, item: Item, answer: Answer | None) -> _Outcome:
    income, residents = case.amounts.income_thb_per_year, len(case.residents)
    if income is None:
        return _Outcome(None, "", "ยังไม่ได้บันทึกรายได้ต่อปี")
    if residents == 0:
        return _Outcome(None, "", "ไม่มีสมาชิกที่อยู่จริง จึงเฉลี่ยต่อคนไม่ได้")
    per_person = income / residents
    ratio = per_person / case.line_thb
    level = _step(ratio, (Decimal("0.5"), Decimal(1), Decimal("1.5")))
    return _Outcome(
        level,
        f"{_baht(per_person)} บาท/คน/ปี",
        f"รายได้ {_baht(income)} บาท ÷ {residents} คน = {_baht(per_person)} บาท/คน/ปี "
        f"เป็น {_ratio_text(ratio)} เท่าของเกณฑ์ {_baht(case.line_thb)} บาท เป็นระดับ {level}",
    )


def _income_to_expense(case: Case, item: Item, answer: Answer | None) -> _Outcome:
    income, monthly = case.amounts.income_thb_per_year, case.amounts.expense_thb_per_month
    if income is None or monthly is None:
        return _Outcome(None, "", "ยังไม่ได้บันทึกรายได้ต่อปีหรือรายจ่ายต่อเดือน")
    if monthly == 0:
        return _Outcome(None, "", "รายจ่ายเป็น 0 บาท จึงเทียบกับรายได้ไม่ได้")
    expense = monthly * _MONTHS
    ratio = income / expense
    level = _step(ratio, (Decimal("0.8"), Decimal(1), Decimal("1.1")))
    return _Outcome(
        level,
        f"{_ratio_text(ratio)} เท่า",
        f"รายได้ {_baht(income)} ÷ รายจ่าย {_baht(expense)} บาท/ปี = {_ratio_text(ratio)} เท่า "
        f"เป็นระดับ {level}",
    )


def _savings(case: Case, item: Item, answer: Answer | None) -> _Outcome:
    savings, monthly = case.amounts.savings_thb, case.amounts.expense_thb_per_month
    if savings is None:
        return _Outcome(None, "", "ยังไม่ได้บันทึกเงินออม")
    if savings == 0:
        return _Outcome(1, "ไม่มีเงินออม", "ไม่มีเงินออม เป็นระดับ 1")
    if not monthly:
        return _Outcome(None, "", "ยังไม่มีรายจ่ายต่อเดือน จึงเทียบเงินออมไม่ได้")
    months = savings / monthly
    level = 2 if months < 1 else 3 if months <= 3 else 4
    return _Outcome(
        level,
        f"{_ratio_text(months)} เดือน",
        f"เงินออม {_baht(savings)} บาท พอใช้ {_ratio_text(months)} เดือน เป็นระดับ {level}",
    )


def _debt(case: Case, item: Item, answer: Answer | None) -> _Outcome:
    debt, informal = case.amounts.debt_thb, case.amounts.informal_debt_thb
    if debt is None or informal is None:
        return _Outcome(None, "", "ยังไม่ได้บันทึกหนี้สิน")
    if debt == 0:
        return _no_debt(answer)
    if informal > 0:
        return _Outcome(1, f"{_baht(debt)} บาท", f"มีหนี้นอกระบบ {_baht(informal)} บาท เป็นระดับ 1")
    income = case.amounts.income_thb_per_year
    if income is None:
        return _Outcome(None, "", "ยังไม่ได้บันทึกรายได้ต่อปี จึงเทียบหนี้ไม่ได้")
    if income == 0:
        return _Outcome(1, f"{_baht(debt)} บาท", "มีหนี้แต่ไม่มีรายได้ เป็นระดับ 1")
    ratio = debt / income
    level = 1 if ratio > 1 else 2 if ratio > Decimal("0.5") else 3
    return _Outcome(
        level,
        f"{_baht(debt)} บาท",
        f"หนี้ {_baht(debt)} ÷ รายได้ {_baht(income)} บาท/ปี = {_ratio_text(ratio)} เท่า "
        f"เป็นระดับ {level}",
    )


def _no_debt(answer: Answer | None) -> _Outcome:
    """A house without debt is scored by why it has none; the amounts cannot tell."""
    if answer == 2:
        reason = "ไม่มีหนี้เพราะไม่มีหลักทรัพย์หรือชำระไม่ได้"
        return _Outcome(2, "ไม่มีหนี้", f"{reason} เป็นระดับ 2")
    if answer == 4:
        return _Outcome(4, "ไม่มีหนี้", "ไม่มีหนี้เพราะไม่ต้องการหรือไม่จำเป็น เป็นระดับ 4")
    return _Outcome(None, "", "ไม่มีหนี้ แต่ยังไม่ได้ระบุเหตุผล")


def _count_good(case: Case, item: Item, answer: Answer | None) -> _Outcome:
    if not isinstance(answer, tuple):
        return _choice(case, item, answer)
    level = min(4, len(answer) + 1)
    return _Outcome(level, f"{len(answer)} อย่าง", f"มี {len(answer)} อย่าง เป็นระดับ {level}")


def _count_bad(case: Case, item: Item, answer: Answer | None) -> _Outcome:
    if not isinstance(answer, tuple):
        return _choice(case, item, answer)
    level = max(1, 4 - len(answer))
    return _Outcome(level, f"{len(answer)} ปัญหา", f"มี {len(answer)} ปัญหา เป็นระดับ {level}")


def _hazards(case: Case, item: Item, answer: Answer | None) -> _Outcome:
    if not isinstance(answer, tuple):
        return _choice(case, item, answer)
    scored = [
        (hazard_score(report.frequency, report.coping or 1), report)
        for report in answer
        if isinstance(report, HazardReport) and report.frequency > 0
    ]
    if not scored:
        return _Outcome(4, "ไม่เกิดภัย", "ไม่เกิดภัยพิบัติใน 5 ปี เป็นระดับ 4")
    level, worst = min(scored, key=lambda pair: pair[0])
    text = f"{worst.hazard.label}ที่{worst.place.label}"
    return _Outcome(level, text, f"ภัยที่หนักที่สุดคือ{text} เป็นระดับ {level}")


_METHODS: dict[Method, Callable[[Case, Item, Answer | None], _Outcome]] = {
    Method.CHOICE: _choice,
    Method.INCOME_PER_PERSON: _income_per_person,
    Method.INCOME_TO_EXPENSE: _income_to_expense,
    Method.SAVINGS: _savings,
    Method.DEBT: _debt,
    Method.COUNT_GOOD: _count_good,
    Method.COUNT_BAD: _count_bad,
    Method.HAZARDS: _hazards,
}


# --- small parts ---------------------------------------------------------------------------


def _level(answer: Answer | None) -> int | None:
    return answer if isinstance(answer, int) and not isinstance(answer, bool) else None


def _capital(item: Item) -> Capital:
    assert item.capital is not None, "only items of a capital are scored"
    return item.capital


def _scored(item: Item, outcome: _Outcome) -> ItemScore:
    assert outcome.level is not None
    return ItemScore(
        code=item.code,
        capital=_capital(item),
        weight=item.weight,
        score=Decimal(outcome.level),
        state=State.ANSWERED,
        answered_ratio=Decimal(1),
        answer=outcome.answer,
        reason=outcome.reason,
    )


def _unanswered(item: Item, reason: str) -> ItemScore:
    return ItemScore(
        item.code, _capital(item), item.weight, None, State.UNANSWERED, Decimal(0), "", reason
    )


def _not_applicable(item: Item, reason: str) -> ItemScore:
    return ItemScore(
        item.code,
        _capital(item),
        item.weight,
        None,
        State.NOT_APPLICABLE,
        None,
        "ไม่เกี่ยวข้อง",
        reason,
    )


def _step(ratio: Decimal, bounds: tuple[Decimal, Decimal, Decimal]) -> int:
    """Return 1 below the first bound, up to 4 from the last bound on."""
    return 1 + sum(ratio >= bound for bound in bounds)


def _baht(amount: Decimal) -> str:
    whole = amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return f"{whole:,.0f}" if whole == whole.to_integral_value() else f"{whole:,.2f}"


def _ratio_text(ratio: Decimal) -> str:
    return str(ratio.quantize(Decimal("0.001"), rounding=ROUND_HALF_UP))
