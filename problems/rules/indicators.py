"""The basic-minimum-needs (จปฐ.) forms as data: which indicators, of whom, in which dimension.

Indicator numbers are not comparable between forms; always name the set.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ppaos.lib.labelled import LabelledEnum
from problems.rules.dimensions import Dimension


class Unit(LabelledEnum):
    """Of whom an indicator speaks."""

    HOUSEHOLD = "household", "ครัวเรือน"
    PERSON = "person", "บุคคล"


@dataclass(frozen=True, slots=True)
class IndicatorSpec:
    """One indicator. Ages are whole years, both ends included; None is no limit."""

    number: int
    wording: str
    section: int
    unit: Unit
    age_min: int | None = None
    age_max: int | None = None
    dimension: Dimension | None = None


@dataclass(frozen=True, slots=True)
class IndicatorSetSpec:
    """One edition of the form, in use from `year_from` to `year_to` (พ.ศ.)."""

    code: str
    version: int
    name: str
    year_from: int
    year_to: int
    indicators: tuple[IndicatorSpec, ...]

    @property
    def dimensions(self) -> Mapping[int, Dimension]:
        """Indicator number → dimension, of the indicators that TPMAP counts."""
        return {
            indicator.number: indicator.dimension
            for indicator in self.indicators
            if indicator.dimension is not None
        }


_HOME, _PERSON = Unit.HOUSEHOLD, Unit.PERSON

# Wording and units: จปฐ. questionnaire and handbook 2560 (กรมการพัฒนาชุมชน) and the
# quality-of-life report 2561; dimensions: the 17 indicators that TPMAP shows.
SET_2560 = IndicatorSetSpec(
    code="bmn-2560",
    version=1,
    name="แบบ จปฐ. ปี 2560–2564 (31 ตัวชี้วัด)",
    year_from=2560,
    year_to=2564,
    indicators=(
        IndicatorSpec(1, "เด็กแรกเกิดมีน้ำหนัก 2,500 กรัมขึ้นไป", 1, _PERSON, 0, 1, Dimension.HEALTH),
        IndicatorSpec(2, "เด็กแรกเกิดได้กินนมแม่อย่างเดียวอย่างน้อย 6 เดือนแรกติดต่อกัน", 1, _PERSON, 0, 1),
        IndicatorSpec(
            3,
            "เด็กแรกเกิดถึง 12 ปี ได้รับวัคซีนป้องกันโรคครบตามตารางสร้างเสริมภูมิคุ้มกันโรค",
            1,
            _PERSON,
            0,
            12,
        ),
        IndicatorSpec(
            4,
            "ครัวเรือนกินอาหารถูกสุขลักษณะ ปลอดภัย และได้มาตรฐาน",
            1,
            _HOME,
            dimension=Dimension.HEALTH,
        ),
        IndicatorSpec(
            5,
            "ครัวเรือนมีการใช้ยาเพื่อบำบัด บรรเทาอาการเจ็บป่วยเบื้องต้นอย่างเหมาะสม",
            1,
            _HOME,
            dimension=Dimension.HEALTH,
        ),
        IndicatorSpec(6, "คนอายุ 35 ปีขึ้นไป ได้รับการตรวจสุขภาพประจำปี", 1, _PERSON, 35),
        IndicatorSpec(
            7,
            "คนอายุ 6 ปีขึ้นไป ออกกำลังกายอย่างน้อยสัปดาห์ละ 3 วัน วันละ 30 นาที",
            1,
            _PERSON,
            6,
            dimension=Dimension.HEALTH,
        ),
        IndicatorSpec(
            8,
            "ครัวเรือนมีความมั่นคงในที่อยู่อาศัย และบ้านมีสภาพคงทนถาวร",
            2,
            _HOME,
            dimension=Dimension.LIVING,
        ),
        IndicatorSpec(
            9,
            "ครัวเรือนมีน้ำสะอาดสำหรับดื่มและบริโภคเพียงพอตลอดปี อย่างน้อยคนละ 5 ลิตรต่อวัน",
            2,
            _HOME,
            dimension=Dimension.LIVING,
        ),
        IndicatorSpec(
            10,
            "ครัวเรือนมีน้ำใช้เพียงพอตลอดปี อย่างน้อยคนละ 45 ลิตรต่อวัน",
            2,
            _HOME,
            dimension=Dimension.LIVING,
        ),
        IndicatorSpec(
            11,
            "ครัวเรือนมีการจัดการบ้านเรือนเป็นระเบียบเรียบร้อย สะอาด และถูกสุขลักษณะ",
            2,
            _HOME,
            dimension=Dimension.LIVING,
        ),
        IndicatorSpec(12, "ครัวเรือนไม่ถูกรบกวนจากมลพิษ", 2, _HOME),
        IndicatorSpec(13, "ครัวเรือนมีการป้องกันอุบัติภัยและภัยธรรมชาติอย่างถูกวิธี", 2, _HOME),
        IndicatorSpec(14, "ครัวเรือนมีความปลอดภัยในชีวิตและทรัพย์สิน", 2, _HOME),
        IndicatorSpec(
            15,
            "เด็กอายุ 3-5 ปี ได้รับบริการเลี้ยงดูเตรียมความพร้อมก่อนวัยเรียน",
            3,
            _PERSON,
            3,
            5,
            Dimension.EDUCATION,
        ),
        IndicatorSpec(
            16,
            "เด็กอายุ 6-14 ปี ได้รับการศึกษาภาคบังคับ 9 ปี",
            3,
            _PERSON,
            6,
            14,
            Dimension.EDUCATION,
        ),
        IndicatorSpec(
            17,
            "เด็กจบชั้น ม.3 ได้เรียนต่อชั้น ม.4 หรือเทียบเท่า",
            3,
            _PERSON,
            dimension=Dimension.EDUCATION,
        ),
        IndicatorSpec(
            18,
            "คนในครัวเรือนที่จบการศึกษาภาคบังคับ 9 ปี ที่ไม่ได้เรียนต่อและยังไม่มีงานทำ ได้รับการฝึกอบรมด้านอาชีพ",
            3,
            _PERSON,
        ),
        IndicatorSpec(
            19,
            "คนอายุ 15-59 ปี อ่าน เขียนภาษาไทย และคิดเลขอย่างง่ายได้",
            3,
            _PERSON,
            15,
            59,
            Dimension.EDUCATION,
        ),
        IndicatorSpec(20, "คนอายุ 15-59 ปี มีอาชีพและรายได้", 4, _PERSON, 15, 59, Dimension.INCOME),
        IndicatorSpec(
            21, "คนอายุ 60 ปีขึ้นไป มีอาชีพและรายได้", 4, _PERSON, 60, dimension=Dimension.INCOME
        ),
        IndicatorSpec(22, "รายได้เฉลี่ยของคนในครัวเรือนต่อปี", 4, _HOME, dimension=Dimension.INCOME),
        IndicatorSpec(23, "ครัวเรือนมีการเก็บออมเงิน", 4, _HOME),
        IndicatorSpec(24, "คนในครัวเรือนไม่ดื่มสุรา", 5, _PERSON),
        IndicatorSpec(25, "คนในครัวเรือนไม่สูบบุหรี่", 5, _PERSON),
        IndicatorSpec(26, "คนอายุ 6 ปีขึ้นไป ปฏิบัติกิจกรรมทางศาสนาอย่างน้อยสัปดาห์ละ 1 ครั้ง", 5, _PERSON, 6),
        IndicatorSpec(
            27,
            "ผู้สูงอายุ ได้รับการดูแลจากครอบครัว ชุมชน ภาครัฐ หรือภาคเอกชน",
            5,
            _PERSON,
            60,
            dimension=Dimension.ACCESSIBILITY,
        ),
        IndicatorSpec(
            28,
            "ผู้พิการ ได้รับการดูแลจากครอบครัว ชุมชน ภาครัฐ หรือภาคเอกชน",
            5,
            _PERSON,
            dimension=Dimension.ACCESSIBILITY,
        ),
        IndicatorSpec(29, "ผู้ป่วยเรื้อรัง ได้รับการดูแลจากครอบครัว ชุมชน ภาครัฐ หรือภาคเอกชน", 5, _PERSON),
        IndicatorSpec(
            30,
            "ครัวเรือนมีส่วนร่วมทำกิจกรรมสาธารณะเพื่อประโยชน์ของชุมชน หรือท้องถิ่น",
            5,
            _HOME,
        ),
        IndicatorSpec(31, "ครอบครัวมีความอบอุ่น", 5, _HOME),
    ),
)

_UNCONFIRMED_WORDING = "(รอยืนยันถ้อยคำจากแบบ จปฐ.)"
_WORDING_8 = "ครัวเรือนสามารถดูแลตนเอง/สมาชิกเมื่อมีอาการเจ็บป่วยเบื้องต้น และใช้ยาเท่าที่จำเป็น"

# The form of 2565–2569 has 38 indicators in five sections; their wording (but for no. 8),
# sections and TPMAP dimensions were not published where we could read them. Until a person
# fills them in, no dimension may be derived from these numbers: section 0 says "not known".
SET_2565 = IndicatorSetSpec(
    code="bmn-2565",
    version=1,
    name="แบบ จปฐ. ปี 2565–2569 (38 ตัวชี้วัด)",
    year_from=2565,
    year_to=2569,
    indicators=tuple(
        IndicatorSpec(number, _WORDING_8 if number == 8 else _UNCONFIRMED_WORDING, 0, _HOME)
        for number in range(1, 39)
    ),
)

SETS: tuple[IndicatorSetSpec, ...] = (SET_2560, SET_2565)


def set_for_year(bmn_year_be: int) -> IndicatorSetSpec | None:
    """Return the form that was in use in a จปฐ. survey year (พ.ศ.), if we hold it."""
    for spec in SETS:
        if spec.year_from <= bmn_year_be <= spec.year_to:
            return spec
    return None
