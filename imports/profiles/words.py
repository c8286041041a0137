"""Which code each word of a choice column stands for. A word that is not here is not guessed."""

from collections.abc import Mapping


def _all(**words: tuple[str, ...]) -> Mapping[str, str]:
    return {word: code for code, spellings in words.items() for word in (code, *spellings)}


_BEFORE_DIMENSION = ("", "ด้าน", "มิติ", "มิติด้าน", "ปัญหาด้าน")


def _dimension(*names: str) -> tuple[str, ...]:
    return tuple(word + name for name in names for word in _BEFORE_DIMENSION)


DIMENSION_WORDS = _all(
    health=_dimension("สุขภาพ"),
    living=_dimension("ความเป็นอยู่"),
    education=_dimension("การศึกษา"),
    income=_dimension("รายได้"),
    accessibility=_dimension(
        "การเข้าถึงบริการภาครัฐ",
        "การเข้าถึงบริการรัฐ",
        "การเข้าถึงบริการของรัฐ",
        "การเข้าถึงการบริการของรัฐ",
        "การเข้าถึงบริการ",
    ),
)

RESULT_WORDS = _all(
    solved=("แก้ไขได้ทั้งหมด", "แก้ไขได้แล้ว", "แก้ไขปัญหาได้แล้ว", "แก้ไขแล้ว", "แก้ไขได้"),
    partly=("แก้ไขได้บางส่วน", "บางส่วน"),
    not_solved=("แก้ไขไม่ได้", "แก้ไขยังไม่ได้", "ยังแก้ไขไม่ได้"),
)
"""What an agency says its help did, under the codes of a referral's result."""

KIND_WORDS = _all(
    money=("เงิน", "เงินช่วยเหลือ", "เงินสงเคราะห์"),
    goods=("สิ่งของ", "ถุงยังชีพ", "เครื่องอุปโภคบริโภค"),
    service=("บริการ",),
    training=("ฝึกอาชีพ", "อบรมอาชีพ", "ฝึกอบรมอาชีพ"),
    house_repair=("ซ่อม/สร้างบ้าน", "ซ่อม / สร้างบ้าน", "ซ่อมบ้าน", "สร้างบ้าน", "ซ่อมแซมบ้าน"),
    welfare=("สิทธิสวัสดิการ", "สวัสดิการ"),
    other=("อื่น ๆ", "อื่นๆ"),
)

GROUP_WORDS = _all(
    small_children=("เด็กเล็ก", "เด็กแรกเกิด"),
    elderly=("ผู้สูงอายุ", "คนชรา"),
    disabled=("คนพิการ", "ผู้พิการ", "พิการ"),
    bedridden=("ผู้ป่วยติดเตียง", "ติดเตียง"),
    chronically_ill=("ผู้ป่วยเรื้อรัง", "ป่วยเรื้อรัง"),
    underprivileged=("ผู้ด้อยโอกาส",),
    high_risk=("เสี่ยงสูง", "กลุ่มเสี่ยงสูง"),
    incapacitated=("ทุพพลภาพ", "ผู้ทุพพลภาพ"),
    dependent=("ไม่มีอิสระตัดสินใจ", "ผู้ไม่มีอิสระตัดสินใจ"),
)
"""Groups of vulnerable persons, under codes of our own."""
