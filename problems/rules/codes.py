"""What exactly is wrong inside a dimension. Routing to an agency keys on these codes.

Source of the choices: the household form of ศอ.บต. (SBPAC, August 2565), joined by the
cases that the PD-27 questionnaire can tell apart. They are defaults of this system.
"""

from enum import StrEnum

from problems.rules.dimensions import DIMENSIONS, Dimension


class ProblemCode(StrEnum):
    """Codes are unique over all dimensions; `dimension_of` says where one belongs."""

    BEDRIDDEN = "bedridden"
    DISABLED = "disabled"
    CHRONICALLY_ILL = "chronically_ill"
    HEALTH_OTHER = "health_other"
    NO_HOME = "no_home"
    HOME_UNFIT = "home_unfit"
    HOME_NOT_OWNED = "home_not_owned"
    NO_POWER_OR_WATER = "no_power_or_water"
    LIVING_OTHER = "living_other"
    OUT_OF_SCHOOL = "out_of_school"
    NO_SCHOOL_MONEY = "no_school_money"
    CANNOT_READ = "cannot_read"
    EDUCATION_OTHER = "education_other"
    INCOME_BELOW_LINE = "income_below_line"
    NO_WORK = "no_work"
    INCOME_OTHER = "income_other"
    NO_WELFARE = "no_welfare"
    NO_HEALTH_RIGHT = "no_health_right"
    NO_ID_CARD = "no_id_card"
    NO_DISABILITY_CARD = "no_disability_card"
    ACCESSIBILITY_OTHER = "accessibility_other"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    ProblemCode.BEDRIDDEN: "มีผู้ป่วยติดเตียงหรือผู้พิการที่พึ่งตนเองไม่ได้",
    ProblemCode.DISABLED: "มีผู้พิการที่ทำงานได้จำกัด",
    ProblemCode.CHRONICALLY_ILL: "มีผู้ป่วยเรื้อรัง",
    ProblemCode.HEALTH_OTHER: "ปัญหาสุขภาพอื่น",
    ProblemCode.NO_HOME: "ไม่มีที่อยู่อาศัยเป็นหลักแหล่ง",
    ProblemCode.HOME_UNFIT: "บ้านทรุดโทรมหรือสภาพไม่เหมาะสม",
    ProblemCode.HOME_NOT_OWNED: "ไม่มีกรรมสิทธิ์ในที่อยู่อาศัย",
    ProblemCode.NO_POWER_OR_WATER: "ขาดไฟฟ้าหรือน้ำอุปโภคบริโภค",
    ProblemCode.LIVING_OTHER: "ปัญหาความเป็นอยู่อื่น",
    ProblemCode.OUT_OF_SCHOOL: "เด็กไม่ได้เรียน ออกกลางคัน หรือหยุดเรียนเป็นระยะ",
    ProblemCode.NO_SCHOOL_MONEY: "เด็กขาดทุนทรัพย์ในการเรียน",
    ProblemCode.CANNOT_READ: "ผู้ใหญ่วัยแรงงานอ่านเขียนไม่ได้",
    ProblemCode.EDUCATION_OTHER: "ปัญหาการศึกษาอื่น",
    ProblemCode.INCOME_BELOW_LINE: "รายได้ต่อคนต่อปีต่ำกว่าเกณฑ์",
    ProblemCode.NO_WORK: "วัยแรงงานไม่มีอาชีพและรายได้",
    ProblemCode.INCOME_OTHER: "ปัญหารายได้อื่น",
    ProblemCode.NO_WELFARE: "มีสิทธิสวัสดิการแต่ไม่ได้รับ",
    ProblemCode.NO_HEALTH_RIGHT: "ไม่มีสิทธิรักษาพยาบาล",
    ProblemCode.NO_ID_CARD: "ไม่มีบัตรประจำตัวประชาชน",
    ProblemCode.NO_DISABILITY_CARD: "ไม่มีบัตรประจำตัวคนพิการ",
    ProblemCode.ACCESSIBILITY_OTHER: "ปัญหาการเข้าถึงบริการอื่น",
}

CODES_BY_DIMENSION: dict[Dimension, tuple[ProblemCode, ...]] = {
    Dimension.HEALTH: (
        ProblemCode.BEDRIDDEN,
        ProblemCode.DISABLED,
        ProblemCode.CHRONICALLY_ILL,
        ProblemCode.HEALTH_OTHER,
    ),
    Dimension.LIVING: (
        ProblemCode.NO_HOME,
        ProblemCode.HOME_UNFIT,
        ProblemCode.HOME_NOT_OWNED,
        ProblemCode.NO_POWER_OR_WATER,
        ProblemCode.LIVING_OTHER,
    ),
    Dimension.EDUCATION: (
        ProblemCode.OUT_OF_SCHOOL,
        ProblemCode.NO_SCHOOL_MONEY,
        ProblemCode.CANNOT_READ,
        ProblemCode.EDUCATION_OTHER,
    ),
    Dimension.INCOME: (
        ProblemCode.INCOME_BELOW_LINE,
        ProblemCode.NO_WORK,
        ProblemCode.INCOME_OTHER,
    ),
    Dimension.ACCESSIBILITY: (
        ProblemCode.NO_WELFARE,
        ProblemCode.NO_HEALTH_RIGHT,
        ProblemCode.NO_ID_CARD,
        ProblemCode.NO_DISABILITY_CARD,
        ProblemCode.ACCESSIBILITY_OTHER,
    ),
}


def dimension_of(code: ProblemCode) -> Dimension:
    """Return the one dimension that a code belongs to."""
    return next(dimension for dimension in DIMENSIONS if code in CODES_BY_DIMENSION[dimension])
