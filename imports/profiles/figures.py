"""The counts that a list of areas carries: names as published files and province offices use them.

Each is one figure of one area. A rate is not among them: it follows from the counts.
"""

from imports.profiles.column import Column, Holds

_MOST = 99_999_999


def _count(name: str, label: str, *aliases: str) -> Column:
    return Column(name, label, Holds.COUNT, (label, *aliases, name), _MOST)


_TARGETS_IN = (
    ("health", "สุขภาพ"),
    ("living", "ความเป็นอยู่"),
    ("education", "การศึกษา"),
    ("income", "รายได้"),
    ("accessibility", "การเข้าถึงบริการภาครัฐ"),
)

AREA_FIGURES = (
    Column("figure_item", "รายการ", Holds.TEXT, ("รายการ", "ชื่อรายการ", "figure_item")),
    Column("figure_unit", "หน่วย", Holds.TEXT, ("หน่วย", "หน่วยนับ", "figure_unit"), 60),
    _count("figure_value", "จำนวน", "ค่า", "ค่าข้อมูล"),
    _count("household_count", "จำนวนครัวเรือน", "ครัวเรือน", "จำนวนครัวเรือนทั้งหมด", "ครัวเรือนทั้งหมด"),
    _count("people_count", "จำนวนคน", "จำนวนประชากร", "ประชากร"),
    _count(
        "surveyed_people",
        "จำนวนคนที่ได้รับการสำรวจ",
        "คนที่ได้รับการสำรวจ",
        "จน.คนที่ถูกสำรวจ",
        "จำนวนคนที่ถูกสำรวจ",
    ),
    _count(
        "poor_households",
        "จำนวนครัวเรือนที่จน",
        "จำนวนครัวเรือนยากจน",
        "ครัวเรือนยากจน",
        "poor.household.CNT",
    ),
    _count("poor_people", "จำนวนคนที่จน", "จำนวนคนจน", "คนจน", "poor.JPT.CNT"),
    _count("registered_poor_people", "จำนวนคนจนที่ลงทะเบียนสวัสดิการ", "poor.JPT.MOFreg.CNT"),
    _count("target_people", "จำนวนคนจนเป้าหมาย", "คนจนเป้าหมาย", "poor.JPT.MOFval.CNT"),
    _count("target_households", "จำนวนครัวเรือนเป้าหมาย", "ครัวเรือนเป้าหมาย"),
    *(
        _count(
            f"target_{code}",
            f"จำนวนคนจนเป้าหมายด้าน{label}",
            f"คนจนเป้าหมายด้าน{label}",
            f"poor.JPT.MOFval.{code}",
        )
        for code, label in _TARGETS_IN
    ),
    _count("missed_bmn_no_card", "ผู้ตกเกณฑ์ จปฐ.+ไม่มีบัตร"),
    _count("missed_vulnerable_no_card", "กลุ่มเปราะบาง+ไม่มีบัตร"),
    _count("missed_all_no_card", "ทั้ง 3 กลุ่ม+ไม่มีบัตร"),
    _count("missed_total", "รวมทั้ง 3 กลุ่ม"),
    _count("helped_households", "จำนวนครัวเรือนที่ได้รับการช่วยเหลือ", "ครัวเรือนที่ได้รับการช่วยเหลือ"),
    _count("helped_people", "จำนวนคนที่ได้รับการช่วยเหลือ"),
)
