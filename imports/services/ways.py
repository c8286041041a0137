"""How a file was read, in words, for whoever wonders about a line."""

from imports.models import ImportBatch
from imports.profiles import PROFILES
from imports.services.choices import (
    DELIMITERS,
    ENCODING_LABELS,
    FILL_DOWN,
    SKIP,
    Choices,
    choices_of,
)
from imports.services.parts import Part, parts_of

_KINDS = {"xlsx": "Excel (.xlsx)", "xls": "Excel รุ่นเก่า (.xls)", "csv": "ข้อความ (.csv)"}
_ENCODINGS = {**ENCODING_LABELS, "utf-8-sig": "UTF-8 (มี BOM)", "utf-16": "UTF-16 (มี BOM)"}


def ways_of(batch: ImportBatch) -> list[tuple[str, str]]:
    """Return (what, how) of everything that decides what the lines say; [] before it is known."""
    parts = parts_of(batch)
    if not parts or "kind" not in batch.layout:
        return []
    choices = choices_of(batch)
    found = [("ชนิดไฟล์", _KINDS.get(batch.layout["kind"], batch.layout["kind"]))]
    found += [(part.sheet or "ตาราง", _table(part)) for part in parts]
    found += _of_text(batch)
    found += _of_choices(batch, choices)
    if "remembered_year" in batch.options:
        found.append(("การจับคู่คอลัมน์", f"ใช้ที่เคยยืนยันไว้ของปี {batch.options['remembered_year']}"))
    elif batch.options.get("is_mapping_confirmed"):
        found.append(("การจับคู่คอลัมน์", "มีผู้ยืนยัน"))
    return found


def _table(part: Part) -> str:
    mapping = part.mapping or part.guess
    polarity = [] if mapping.one_is_problem else ["เลข 1 ในมิติ = ผ่านเกณฑ์"]
    polarity += [] if mapping.one_is_passed else ["เลข 1 ในตัวชี้วัด = ตกเกณฑ์"]
    header = f"หัวตารางแถวที่ {part.header_line:,}"
    if part.header_rows > 1:
        header = f"หัวตารางสองแถวถึงแถวที่ {part.header_line:,}"
    return " · ".join([PROFILES[mapping.profile].label, header, *polarity])


def _of_text(batch: ImportBatch) -> list[tuple[str, str]]:
    encoding, delimiter = batch.layout.get("encoding"), batch.layout.get("delimiter")
    return [
        *([("รหัสภาษา", _ENCODINGS.get(encoding, encoding))] if encoding else []),
        *([("ตัวคั่น", DELIMITERS.get(delimiter, delimiter))] if delimiter else []),
    ]


def _of_choices(batch: ImportBatch, choices: Choices) -> list[tuple[str, str]]:
    taken = {part.sheet for part in parts_of(batch)}
    hidden = sum(
        sheet["hidden_rows"]
        for sheet in batch.layout.get("sheets", [])
        if not sheet["name"] or sheet["name"] in taken
    )
    found = []
    if hidden:
        how = "ไม่รับ" if choices.hidden_rows == SKIP else "รับด้วย"
        found.append(("แถวที่ซ่อนหรือกรองไว้", f"{hidden:,} แถว {how}"))
    if choices.merged == FILL_DOWN:
        found.append(("เซลล์ที่ผสาน", "เติมค่าจากเซลล์บนสุด"))
    left = [*batch.layout.get("other_sheets", []), *batch.layout.get("hidden_sheets", [])]
    left = [name for name in left if name not in taken]
    if left:
        found.append(("แผ่นงานที่ไม่ได้อ่าน", " ".join(f"“{name}”" for name in left)))
    return found
