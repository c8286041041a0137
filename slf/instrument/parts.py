"""What a questionnaire is made of."""

from dataclasses import dataclass
from decimal import Decimal

from ppaos.lib.labelled import LabelledEnum

NOT_APPLICABLE = "na"
"""The answer "does not concern this person or house": left out of every mean."""


class Capital(LabelledEnum):
    """The five livelihood capitals, in the order of the radar."""

    HUMAN = "human", "ทุนมนุษย์"
    PHYSICAL = "physical", "ทุนกายภาพ"
    FINANCIAL = "financial", "ทุนการเงิน"
    NATURAL = "natural", "ทุนธรรมชาติ"
    SOCIAL = "social", "ทุนสังคม"


CAPITALS: tuple[Capital, ...] = tuple(Capital)


class Scope(LabelledEnum):
    """Who answers: every member (then averaged), or the household once."""

    PERSON = "person", "รายบุคคล"
    HOUSEHOLD = "household", "ครัวเรือน"


class Method(LabelledEnum):
    """How the level 1 to 4 comes about."""

    CHOICE = "choice", "เลือกตอบ"
    INCOME_PER_PERSON = "income_per_person", "คำนวณจากรายได้ต่อคนเทียบเกณฑ์"
    INCOME_TO_EXPENSE = "income_to_expense", "คำนวณจากรายได้เทียบรายจ่าย"
    SAVINGS = "savings", "คำนวณจากเงินออมเทียบรายจ่าย"
    DEBT = "debt", "คำนวณจากหนี้แต่ละแหล่งเทียบรายได้"
    COUNT_GOOD = "count_good", "นับ ยิ่งมากยิ่งดี"
    COUNT_BAD = "count_bad", "นับ ยิ่งมากยิ่งแย่"
    HAZARDS = "hazards", "คำนวณจากภัยพิบัติและการรับมือ"
    FLAG = "flag", "ใช่หรือไม่ ไม่คิดคะแนน"


class Who(LabelledEnum):
    """To whom an item applies."""

    EVERYONE = "everyone", "ทุกคน"
    AGED = "aged", "ตามช่วงอายุ"
    ABLE_TO_WORK = "able_to_work", "วัยแรงงาน และผู้สูงอายุที่ยังทำงานได้"
    ENTITLED = "entitled", "ผู้มีสิทธิ"
    FARMING = "farming", "ครัวเรือนที่ทำการเกษตร"


class NonFarmRule(LabelledEnum):
    """What the farm items of natural capital count for a household that does not farm."""

    LEFT_OUT = "na", "ไม่คิด"
    LOWEST = "min", "คิดเป็นระดับ 1"


class DebtKind(LabelledEnum):
    """The twelve sources of debt of the household form."""

    FAMILY_FREE = "family_free", "ญาติหรือเพื่อน ไม่มีค่าตอบแทน"
    FAMILY_LOW_INTEREST = "family_low_interest", "ญาติหรือเพื่อน ดอกเบี้ยไม่เกิน 15% ต่อปี"
    COMMUNITY_FUND = "community_fund", "กองทุนการเงินชุมชน"
    VILLAGE_FUND = "village_fund", "กองทุนหมู่บ้าน / กองทุนเงินล้าน / กขคจ."
    BAAC = "baac", "ธ.ก.ส."
    GSB = "gsb", "ธนาคารออมสิน"
    COMMERCIAL_BANK = "commercial_bank", "ธนาคารพาณิชย์อื่น"
    PRIVATE_FINANCE = "private_finance", "สถาบันการเงินเอกชน (ไฟแนนซ์ / บัตร)"
    SHOP = "shop", "ร้านค้า"
    INFORMAL = "informal", "เงินกู้นอกระบบ (เกิน 15% ต่อปี)"
    STUDENT_LOAN = "student_loan", "กยศ. / กอร."
    OTHER = "other", "อื่น ๆ"


class Place(LabelledEnum):
    """Where a hazard struck."""

    HOUSE = "house", "บ้าน"
    FARM = "farm", "ที่ทำกิน"


class Hazard(LabelledEnum):
    """The twelve kinds of disaster of the household form."""

    FLOOD = "flood", "อุทกภัย"
    LANDSLIDE = "landslide", "ดินโคลนถล่ม"
    STORM = "storm", "วาตภัย"
    FIRE = "fire", "อัคคีภัย"
    CHEMICAL = "chemical", "สารเคมี วัตถุอันตราย หรือโรงงาน"
    DROUGHT = "drought", "ภัยแล้ง"
    HAZE = "haze", "ไฟป่าหรือหมอกควัน"
    EPIDEMIC = "epidemic", "โรคระบาดในมนุษย์"
    PESTS = "pests", "แมลง สัตว์ หรือศัตรูพืชระบาด"
    ANIMAL_DISEASE = "animal_disease", "โรคระบาดสัตว์และสัตว์น้ำ"
    UNREST = "unrest", "ความไม่สงบ"
    OTHER = "other", "ภัยอื่น ๆ"


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
