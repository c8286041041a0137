"""Reading what was filled in: shapes are checked once, here, and typed from then on."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from slf.instrument import (
    ASSETS,
    COPING,
    FREQUENCIES,
    LAND_PROBLEMS,
    NOT_APPLICABLE,
    DebtKind,
    Hazard,
    Instrument,
    Item,
    Method,
    Place,
    Scope,
    Who,
)

MAX_THB = Decimal("999999999.99")


class InvalidAnswers(Exception):
    """What was sent cannot be an answer. `fields` maps its path to Thai sentences."""

    def __init__(self, fields: Mapping[str, Sequence[str]]) -> None:
        super().__init__("คำตอบบางข้อไม่ถูกต้อง")
        self.fields = {path: list(messages) for path, messages in fields.items()}


@dataclass(frozen=True, slots=True)
class HazardReport:
    """One hazard at one place over five years.

    `frequency` 0 (never) to 4 (more than once a year), `coping` 1 (alone) to 4 (community
    has a system and recovers); coping is not asked where frequency is 0.
    """

    place: Place
    hazard: Hazard
    frequency: int
    coping: int | None


Answer = int | bool | str | tuple[str, ...] | tuple[HazardReport, ...]
"""A level 1–4, a flag, "na", the kinds to be counted, or the hazards that struck."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers by question code; a question that is absent was not answered."""

    household: Mapping[str, Answer]
    persons: Mapping[str, Mapping[str, Answer]]

    def of(self, code: str, person: str) -> Answer | None:
        return self.persons.get(code, {}).get(person)


@dataclass(frozen=True, slots=True)
class Debt:
    kind: DebtKind
    amount_thb: Decimal


@dataclass(frozen=True, slots=True)
class Amounts:
    """Money of the household. None means not asked; an empty `debts` means it has none."""

    income_thb_per_year: Decimal | None = None
    expense_thb_per_month: Decimal | None = None
    savings_thb: Decimal | None = None
    debts: tuple[Debt, ...] | None = None

    @property
    def debt_thb(self) -> Decimal | None:
        if self.debts is None:
            return None
        return sum((debt.amount_thb for debt in self.debts), Decimal(0))

    @property
    def informal_debt_thb(self) -> Decimal | None:
        if self.debts is None:
            return None
        informal = (d.amount_thb for d in self.debts if d.kind == DebtKind.INFORMAL)
        return sum(informal, Decimal(0))


@dataclass(frozen=True, slots=True)
class Person:
    """A member as scoring sees one. `age` in whole years on the day of the visit."""

    key: str
    age: int | None
    is_resident: bool


def read_answers(
    raw: Mapping[str, object], *, instrument: Instrument, members: Collection[str]
) -> Answers:
    """Type the answers as they are stored and sent.

    A household answer stands under its code, a person's under code and member id. A blank
    (None) is the same as absent. Raises InvalidAnswers naming every path that is wrong.
    """
    household: dict[str, Answer] = {}
    persons: dict[str, dict[str, Answer]] = {}
    faults: dict[str, list[str]] = {}
    for code, value in raw.items():
        try:
            item = instrument.item(code)
        except KeyError:
            faults[f"answers.{code}"] = ["แบบประเมินนี้ไม่มีข้อดังกล่าว"]
            continue
        if value is None:
            continue
        if item.scope == Scope.HOUSEHOLD:
            _take(household, code, item, value, f"answers.{code}", faults)
        elif isinstance(value, Mapping):
            persons[code] = _read_persons(item, value, members, faults)
        else:
            faults[f"answers.{code}"] = ["ข้อนี้ตอบเป็นรายบุคคล"]
    if faults:
        raise InvalidAnswers(faults)
    return Answers(household, persons)


def _read_persons(
    item: Item,
    values: Mapping[object, object],
    members: Collection[str],
    faults: dict[str, list[str]],
) -> dict[str, Answer]:
    read: dict[str, Answer] = {}
    for member, value in values.items():
        path = f"answers.{item.code}.{member}"
        if str(member) not in members:
            faults[path] = ["ไม่พบสมาชิกคนนี้ในครัวเรือน"]
        elif value is not None:
            _take(read, str(member), item, value, path, faults)
    return read


def _take(
    into: dict[str, Answer],
    key: str,
    item: Item,
    value: object,
    path: str,
    faults: dict[str, list[str]],
) -> None:
    try:
        into[key] = _read_one(item, value)
    except _Fault as fault:
        faults[path] = [str(fault)]


class _Fault(Exception):
    pass


_BY_JUDGEMENT = (Who.ABLE_TO_WORK, Who.ENTITLED, Who.FARMING)


def _read_one(item: Item, value: object) -> Answer:
    if item.method == Method.FLAG:
        if not isinstance(value, bool):
            raise _Fault("ต้องตอบว่าใช่หรือไม่ใช่")
        return value
    if value == NOT_APPLICABLE:
        if item.who not in _BY_JUDGEMENT:
            raise _Fault("ข้อนี้ตอบว่าไม่เกี่ยวข้องไม่ได้")
        return NOT_APPLICABLE
    if isinstance(value, int) and not isinstance(value, bool):
        if not 1 <= value <= 4:
            raise _Fault("ต้องเป็นระดับ 1 ถึง 4")
        return value
    read_list = _LISTS.get(item.method)
    if read_list is None or not isinstance(value, (list, tuple)):
        raise _Fault("ต้องเป็นระดับ 1 ถึง 4")
    return read_list(value)


def _read_kinds(known: Collection[str]) -> Callable[[Sequence[object]], tuple[str, ...]]:
    def read(values: Sequence[object]) -> tuple[str, ...]:
        kinds = [value for value in values if isinstance(value, str) and value in known]
        if len(kinds) != len(values) or len(set(kinds)) != len(kinds):
            raise _Fault("มีรายการที่ไม่รู้จักหรือซ้ำกัน")
        return tuple(kinds)

    return read


def _read_hazards(values: Sequence[object]) -> tuple[HazardReport, ...]:
    reports = tuple(_read_hazard(value) for value in values)
    if len({(report.place, report.hazard) for report in reports}) != len(reports):
        raise _Fault("มีภัยเดียวกันที่เดียวกันซ้ำ")
    return reports


def _read_hazard(value: object) -> HazardReport:
    if not isinstance(value, Mapping):
        raise _Fault("ภัยแต่ละอย่างต้องมีสถานที่ ชนิดภัย ความถี่ และการรับมือ")
    frequency, coping = value.get("frequency"), value.get("coping")
    try:
        place, hazard = Place(str(value.get("place"))), Hazard(str(value.get("hazard")))
    except ValueError:
        raise _Fault("ไม่รู้จักสถานที่หรือชนิดภัย") from None
    if type(frequency) is not int or frequency not in FREQUENCIES:
        raise _Fault("ความถี่ของภัยต้องเป็น 0 ถึง 4")
    if frequency == 0:
        return HazardReport(place, hazard, 0, None)
    if type(coping) is not int or coping not in COPING:
        raise _Fault("การรับมือภัยต้องเป็น 1 ถึง 4")
    return HazardReport(place, hazard, frequency, coping)


_LISTS: dict[Method, Callable[[Sequence[object]], Answer]] = {
    Method.COUNT_GOOD: _read_kinds(ASSETS),
    Method.COUNT_BAD: _read_kinds(LAND_PROBLEMS),
    Method.HAZARDS: _read_hazards,
}

_MONEY = ("income_thb_per_year", "expense_thb_per_month", "savings_thb")


def read_amounts(raw: Mapping[str, object]) -> Amounts:
    """Type the sums of money: strings or whole numbers of baht, never negative.

    Raises InvalidAnswers naming every path that is wrong.
    """
    faults = {
        f"amounts.{name}": ["ไม่รู้จักจำนวนเงินนี้"] for name in raw if name not in (*_MONEY, "debts")
    }
    money: dict[str, Decimal | None] = {}
    for name in _MONEY:
        try:
            money[name] = _read_money(raw.get(name))
        except _Fault as fault:
            faults[f"amounts.{name}"] = [str(fault)]
    debts = _read_debts(raw.get("debts"), faults)
    if faults:
        raise InvalidAnswers(faults)
    return Amounts(
        income_thb_per_year=money["income_thb_per_year"],
        expense_thb_per_month=money["expense_thb_per_month"],
        savings_thb=money["savings_thb"],
        debts=debts,
    )


def _read_money(value: object) -> Decimal | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
        raise _Fault("ต้องเป็นจำนวนเงินบาท")
    try:
        amount = Decimal(value)
    except InvalidOperation:
        raise _Fault("ต้องเป็นจำนวนเงินบาท") from None
    if not amount.is_finite() or not 0 <= amount <= MAX_THB:
        raise _Fault("ต้องเป็นจำนวนเงินตั้งแต่ 0 ถึง 999,999,999.99 บาท")
    if amount != amount.quantize(Decimal("0.01")):
        raise _Fault("เงินบาทมีทศนิยมได้ไม่เกิน 2 ตำแหน่ง")
    return amount


def _read_debts(raw: object, faults: dict[str, list[str]]) -> tuple[Debt, ...] | None:
    if raw is None:
        return None
    if not isinstance(raw, (list, tuple)):
        faults["amounts.debts"] = ["หนี้ต้องเป็นรายการ"]
        return None
    debts = []
    for index, row in enumerate(raw):
        path = f"amounts.debts.{index}"
        try:
            debts.append(_read_debt(row))
        except _Fault as fault:
            faults[path] = [str(fault)]
    return tuple(debt for debt in debts if debt.amount_thb > 0)


def _read_debt(row: object) -> Debt:
    if not isinstance(row, Mapping):
        raise _Fault("หนี้แต่ละรายการต้องมีแหล่งและยอดคงค้าง")
    try:
        kind = DebtKind(str(row.get("kind")))
    except ValueError:
        raise _Fault("ไม่รู้จักแหล่งหนี้นี้") from None
    amount = _read_money(row.get("amount_thb"))
    if amount is None:
        raise _Fault("ต้องระบุยอดคงค้าง")
    return Debt(kind, amount)
