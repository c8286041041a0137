"""What a questionnaire is made of."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

NOT_APPLICABLE = "na"
"""The answer "does not concern this person or house": left out of every mean."""


class Capital(StrEnum):
    """The five livelihood capitals, in the order of the radar."""

    HUMAN = "human"
    PHYSICAL = "physical"
    FINANCIAL = "financial"
    NATURAL = "natural"
    SOCIAL = "social"

    @property
    def label(self) -> str:
        return _CAPITAL_LABELS[self]


CAPITALS: tuple[Capital, ...] = tuple(Capital)

_CAPITAL_LABELS = {
    Capital.HUMAN: "ทุนมนุษย์",
    Capital.PHYSICAL: "ทุนกายภาพ",
    Capital.FINANCIAL: "ทุนการเงิน",
    Capital.NATURAL: "ทุนธรรมชาติ",
    Capital.SOCIAL: "ทุนสังคม",
}


class Scope(StrEnum):
    """Who answers: every member (then averaged), or the household once."""

    PERSON = "person"
    HOUSEHOLD = "household"

    @property
    def label(self) -> str:
        return {Scope.PERSON: "รายบุคคล", Scope.HOUSEHOLD: "ครัวเรือน"}[self]


class Method(StrEnum):
    """How the level 1 to 4 comes about."""

    CHOICE = "choice"
    INCOME_PER_PERSON = "income_per_person"
    INCOME_TO_EXPENSE = "income_to_expense"
    SAVINGS = "savings"
    DEBT = "debt"
    COUNT_GOOD = "count_good"
    COUNT_BAD = "count_bad"
    HAZARDS = "hazards"
    FLAG = "flag"

    @property
    def label(self) -> str:
        return _METHOD_LABELS[self]


_METHOD_LABELS = {
    Method.CHOICE: "เลือกตอบ",
    Method.INCOME_PER_PERSON: "คำนวณจากรายได้ต่อคนเทียบเกณฑ์",
    Method.INCOME_TO_EXPENSE: "คำนวณจากรายได้เทียบรายจ่าย",
    Method.SAVINGS: "คำนวณจากเงินออมเทียบรายจ่าย",
    Method.DEBT: "คำนวณจากหนี้แต่ละแหล่งเทียบรายได้",
    Method.COUNT_GOOD: "นับ ยิ่งมากยิ่งดี",
    Method.COUNT_BAD: "นับ ยิ่งมากยิ่งแย่",
    Method.HAZARDS: "คำนวณจากภัยพิบัติและการรับมือ",
    Method.FLAG: "ใช่หรือไม่ ไม่คิดคะแนน",
}


class Who(StrEnum):
    """To whom an item applies."""

    EVERYONE = "everyone"
    AGED = "aged"
    ABLE_TO_WORK = "able_to_work"
    ENTITLED = "entitled"
    FARMING = "farming"

    @property
    def label(self) -> str:
        return _WHO_LABELS[self]


_WHO_LABELS = {
    Who.EVERYONE: "ทุกคน",
    Who.AGED: "ตามช่วงอายุ",
    Who.ABLE_TO_WORK: "วัยแรงงาน และผู้สูงอายุที่ยังทำงานได้",
    Who.ENTITLED: "ผู้มีสิทธิ",
    Who.FARMING: "ครัวเรือนที่ทำการเกษตร",
}


class NonFarmRule(StrEnum):
    """What the farm items of natural capital count for a household that does not farm."""

    LEFT_OUT = "na"
    LOWEST = "min"

    @property
    def label(self) -> str:
        return {NonFarmRule.LEFT_OUT: "ไม่คิด", NonFarmRule.LOWEST: "คิดเป็นระดับ 1"}[self]


class DebtKind(StrEnum):
    """The twelve sources of debt of the household form."""

    FAMILY_FREE = "family_free"
    FAMILY_LOW_INTEREST = "family_low_interest"
    COMMUNITY_FUND = "community_fund"
    VILLAGE_FUND = "village_fund"
    BAAC = "baac"
    GSB = "gsb"
    COMMERCIAL_BANK = "commercial_bank"
    PRIVATE_FINANCE = "private_finance"
    SHOP = "shop"
    INFORMAL = "informal"
    STUDENT_LOAN = "student_loan"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _DEBT_LABELS[self]


_DEBT_LABELS = {
    DebtKind.FAMILY_FREE: "ญาติหรือเพื่อน ไม่มีค่าตอบแทน",
    DebtKind.FAMILY_LOW_INTEREST: "ญาติหรือเพื่อน ดอกเบี้ยไม่เกิน 15% ต่อปี",
    DebtKind.COMMUNITY_FUND: "กองทุนการเงินชุมชน",
    DebtKind.VILLAGE_FUND: "กองทุนหมู่บ้าน / กองทุนเงินล้าน / กขคจ.",
    DebtKind.BAAC: "ธ.ก.ส.",
    DebtKind.GSB: "ธนาคารออมสิน",
    DebtKind.COMMERCIAL_BANK: "ธนาคารพาณิชย์อื่น",
    DebtKind.PRIVATE_FINANCE: "สถาบันการเงินเอกชน (ไฟแนนซ์ / บัตร)",
    DebtKind.SHOP: "ร้านค้า",
    DebtKind.INFORMAL: "เงินกู้นอกระบบ (เกิน 15% ต่อปี)",
    DebtKind.STUDENT_LOAN: "กยศ. / กอร.",
    DebtKind.OTHER: "อื่น ๆ",
}


class Place(StrEnum):
    """Where a hazard struck."""

    HOUSE = "house"
    FARM = "farm"

    @property
    def label(self) -> str:
        return {Place.HOUSE: "บ้าน", Place.FARM: "ที่ทำกิน"}[self]


class Hazard(StrEnum):
    """The twelve kinds of disaster of the household form."""

    FLOOD = "flood"
    LANDSLIDE = "landslide"
    STORM = "storm"
    FIRE = "fire"
    CHEMICAL = "chemical"
    DROUGHT = "drought"
    HAZE = "haze"
    EPIDEMIC = "epidemic"
    PESTS = "pests"
    ANIMAL_DISEASE = "animal_disease"
    UNREST = "unrest"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _HAZARD_LABELS[self]


_HAZARD_LABELS = {
    Hazard.FLOOD: "อุทกภัย",
    Hazard.LANDSLIDE: "ดินโคลนถล่ม",
    Hazard.STORM: "วาตภัย",
    Hazard.FIRE: "อัคคีภัย",
    Hazard.CHEMICAL: "สารเคมี วัตถุอันตราย หรือโรงงาน",
    Hazard.DROUGHT: "ภัยแล้ง",
    Hazard.HAZE: "ไฟป่าหรือหมอกควัน",
    Hazard.EPIDEMIC: "โรคระบาดในมนุษย์",
    Hazard.PESTS: "แมลง สัตว์ หรือศัตรูพืชระบาด",
    Hazard.ANIMAL_DISEASE: "โรคระบาดสัตว์และสัตว์น้ำ",
    Hazard.UNREST: "ความไม่สงบ",
    Hazard.OTHER: "ภัยอื่น ๆ",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One question.

    `choices` are the wordings of levels 1, 2, 3 and 4, or empty for a flag. `capital` is
    None for a question that is asked and not scored. Ages are whole years, both included.
    """

    code: str
    capital: Capital | None
    scope: Scope
    question: str
    choices: tuple[str, ...] = ()
    method: Method = Method.CHOICE
    who: Who = Who.EVERYONE
    age_min: int | None = None
    age_max: int | None = None
    weight: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Instrument:
    """One version of a questionnaire."""

    code: str
    version: int
    title: str
    items: tuple[Item, ...]
    nonfarm: NonFarmRule = NonFarmRule.LEFT_OUT
    minimum_ratio: Decimal = Decimal("0.6")

    def item(self, code: str) -> Item:
        """Return one item; raises KeyError if the questionnaire does not have it."""
        for item in self.items:
            if item.code == code:
                return item
        raise KeyError(code)

    def scored(self, capital: Capital) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.capital == capital)


@dataclass(frozen=True, slots=True)
class Band:
    """A level holds from `min_score` up to, and without, the next band's `min_score`."""

    level: int
    min_score: Decimal
    name: str
