"""What exactly is wrong inside a dimension. Routing to an agency keys on these codes.

Source of the choices: the household form of ศอ.บต. (SBPAC, August 2565), joined by the
cases that the PD-27 questionnaire can tell apart. They are defaults of this system.
"""

from ppaos.lib.labelled import LabelledEnum
from problems.rules.dimensions import DIMENSIONS, Dimension


class ProblemCode(LabelledEnum):
    """Codes are unique over all dimensions; `dimension_of` says where one belongs."""

    BEDRIDDEN = "bedridden", "มีผู้ป่วยติดเตียงหรือผู้พิการที่พึ่งตนเองไม่ได้"
    DISABLED = "disabled", "มีผู้พิการที่ทำงานได้จำกัด"
    CHRONICALLY_ILL = "chronically_ill", "มีผู้ป่วยเรื้อรัง"
    HEALTH_OTHER = "health_other", "ปัญหาสุขภาพอื่น"
    NO_HOME = "no_home", "ไม่มีที่อยู่อาศัยเป็นหลักแหล่ง"
    HOME_UNFIT = "home_unfit", "บ้านทรุดโทรมหรือสภาพไม่เหมาะสม"
    HOME_NOT_OWNED = "home_not_owned", "ไม่มีกรรมสิทธิ์ในที่อยู่อาศัย"
    NO_POWER_OR_WATER = "no_power_or_water", "ขาดไฟฟ้าหรือน้ำอุปโภคบริโภค"
    LIVING_OTHER = "living_other", "ปัญหาความเป็นอยู่อื่น"
    OUT_OF_SCHOOL = "out_of_school", "เด็กไม่ได้เรียน ออกกลางคัน หรือหยุดเรียนเป็นระยะ"
    NO_SCHOOL_MONEY = "no_school_money", "เด็กขาดทุนทรัพย์ในการเรียน"
    CANNOT_READ = "cannot_read", "ผู้ใหญ่วัยแรงงานอ่านเขียนไม่ได้"
    EDUCATION_OTHER = "education_other", "ปัญหาการศึกษาอื่น"
    INCOME_BELOW_LINE = "income_below_line", "รายได้ต่อคนต่อปีต่ำกว่าเกณฑ์"
    NO_WORK = "no_work", "วัยแรงงานไม่มีอาชีพและรายได้"
    INCOME_OTHER = "income_other", "ปัญหารายได้อื่น"
    NO_WELFARE = "no_welfare", "มีสิทธิสวัสดิการแต่ไม่ได้รับ"
    NO_HEALTH_RIGHT = "no_health_right", "ไม่มีสิทธิรักษาพยาบาล"
    NO_ID_CARD = "no_id_card", "ไม่มีบัตรประจำตัวประชาชน"
    NO_DISABILITY_CARD = "no_disability_card", "ไม่มีบัตรประจำตัวคนพิการ"
    ACCESSIBILITY_OTHER = "accessibility_other", "ปัญหาการเข้าถึงบริการอื่น"


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
