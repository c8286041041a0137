"""Level bands, livelihood groups, and which answers open a problem: all versioned defaults."""

from dataclasses import dataclass
from decimal import Decimal

from ppaos.lib.labelled import LabelledEnum
from problems.rules import ProblemCode
from slf.instrument.parts import Band

# Four equal bands over 1 to 4, as published by the Surin poverty dashboard built on
# PPPConnext. Real systems disagree about the boundary itself; here a score is rounded to
# two decimals first and the lower bound belongs to the band.
LEVEL_BANDS_VERSION = 1
LEVEL_BANDS_V1: tuple[Band, ...] = (
    Band(1, Decimal("1.00"), "อยู่ลำบาก"),
    Band(2, Decimal("1.75"), "อยู่ยาก"),
    Band(3, Decimal("2.50"), "อยู่พอได้"),
    Band(4, Decimal("3.25"), "อยู่ดี"),
)


class Group(LabelledEnum):
    """The livelihood group of a household."""

    UNCLASSIFIED = "unclassified", "ยังจัดกลุ่มไม่ได้"
    LOWER20 = "lower20", "20% ล่าง (ยากไร้)"
    UPPER20 = "upper20", "20% บน (พัฒนาได้)"
    EXIT_CANDIDATE = "exit_candidate", "เข้าข่ายพ้นความยากจน"


class SubType(LabelledEnum):
    """Why a household of the upper group is poor; the order is the order of precedence."""

    DEBT = "debt", "หนี้สิน"
    FRAGILE = "fragile", "เปราะบาง"
    NO_OPPORTUNITY = "no_opportunity", "เข้าไม่ถึงโอกาส"


class Rule(LabelledEnum):
    """How households are divided. The official cut is not published; both are defaults."""

    BY_NEED = "CLS-1", "ตามความสามารถช่วยเหลือตนเอง"
    BY_RANK = "CLS-2", "ตามลำดับคะแนนในจังหวัดและปี"


RULE_VERSIONS: dict[Rule, int] = {Rule.BY_NEED: 1, Rule.BY_RANK: 1}


@dataclass(frozen=True, slots=True)
class ProblemRule:
    """An answer at or below `max_level` is a problem.

    For an item that members answer, the ages bound whose answer counts, and the members
    who gave it are named in the problem.
    """

    item: str
    max_level: int
    code: ProblemCode
    age_min: int | None = None
    age_max: int | None = None


# In each dimension the first rule that fits names the problem.
PROBLEM_RULES_VERSION = 1
PROBLEM_RULES_V1: tuple[ProblemRule, ...] = (
    ProblemRule("H3", 1, ProblemCode.BEDRIDDEN),
    ProblemRule("H3", 2, ProblemCode.DISABLED),
    ProblemRule("P1", 1, ProblemCode.NO_HOME),
    ProblemRule("P2", 1, ProblemCode.HOME_UNFIT),
    ProblemRule("P4", 2, ProblemCode.NO_POWER_OR_WATER),
    ProblemRule("H2", 2, ProblemCode.OUT_OF_SCHOOL),
    ProblemRule("H1", 1, ProblemCode.CANNOT_READ, 15, 59),
    ProblemRule("F1", 2, ProblemCode.INCOME_BELOW_LINE),
    ProblemRule("H6", 1, ProblemCode.NO_WELFARE),
)
