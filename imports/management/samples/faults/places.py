"""Faults in areas, years and yes-or-no marks."""

from imports.management.samples.faults.fault import ACCEPTED, HELD, REJECTED, Fault, Line, is_alone

# A province far from any sample: its people are no concern of the uploader.
_ELSEWHERE = {
    "tambon_code": "460201",
    "tambon_name": "นามน",
    "amphoe_name": "นามน",
    "province_name": "กาฬสินธุ์",
}


def _area_prefixes(line: Line) -> None:
    place = line.person.place
    line.write("tambon_name", f"ต.{place.name}")
    line.write("amphoe_name", f"อำเภอ{place.district}")
    line.write("province_name", f"จ.{place.province}")


def _area_shifted(line: Line) -> None:
    line.spoil("amphoe_name", line.random.choice(("อยู่ยาก", "อยู่ลำบาก", "อยู่พอได้", "ไม่มีข้อมูล")))


def _area_number(line: Line) -> None:
    line.spoil("tambon_name", "2.45")


def _area_unknown(line: Line) -> None:
    line.spoil("tambon_code", "990101")
    line.spoil("tambon_name", "ไม่มีอยู่จริง")
    line.spoil("amphoe_name", "ไม่มีอยู่จริง")
    line.spoil("province_name", "ไม่มีอยู่จริง")


def _area_new(line: Line) -> None:
    code = line.person.place.code[:4] + "88"
    line.change("tambon_code", code, code)
    line.change("tambon_name", "ทดลองตั้งใหม่", "ทดลองตั้งใหม่")


def _area_of_others(line: Line) -> None:
    for column, text in _ELSEWHERE.items():
        line.change(column, text, text)
    code = _ELSEWHERE["tambon_code"][:4] + line.person.house_code[4:]
    line.change("house_code", code, code)


def _marks_in_words(line: Line) -> None:
    for column, (yes, no) in {
        "welfare_card": ("มี", "ไม่มี"),
        "dim_income": ("ไม่ผ่าน", "ผ่าน"),
        "dim_education": ("ตกเกณฑ์", "ผ่าน"),
        "dim_health": ("/", None),
        "dim_living": ("✓", None),
    }.items():
        line.write(column, yes if line.values[column] else no)


AREA_FAULTS = (
    Fault("area_prefixes", ACCEPTED, (), _area_prefixes),
    Fault("area_shifted", REJECTED, ("E_AREA_SHIFT",), _area_shifted, fits=is_alone),
    Fault("area_number", REJECTED, ("E_AREA_SHIFT",), _area_number, fits=is_alone),
    Fault("area_unknown", REJECTED, ("E_AREA_UNKNOWN",), _area_unknown, fits=is_alone),
    Fault("area_new", HELD, ("H_AREA_NEW",), _area_new, fits=is_alone),
    Fault("area_of_others", REJECTED, ("E_AREA_SCOPE",), _area_of_others, fits=is_alone),
)
MARKS_IN_WORDS = Fault("marks_in_words", ACCEPTED, (), _marks_in_words)


def year_faults(column: str, *, other: str = "", lag: int = 0) -> tuple[Fault, ...]:
    """Return faults in the list's year, and in an `other` year that is `lag` behind it."""
    loose, behind = (other, lag) if other else (column, 0)

    def two_digits(line: Line) -> None:
        line.write(column, f"{line.person.year_be % 100:02}")

    def common_era(line: Line) -> None:
        line.write(loose, line.person.year_be - behind - 543)

    def impossible(line: Line) -> None:
        line.spoil(loose, 1234)

    return (
        Fault("year_two_digits", ACCEPTED, (), two_digits),
        Fault("year_common_era", ACCEPTED, (), common_era),
        Fault("year_impossible", REJECTED, ("E_YEAR",), impossible),
    )
