"""Builds workbooks by hand, part by part, so that each can be wrong in exactly one way."""

import struct
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"

CONTENT_TYPES = f"""<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels"
 ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/></Types>"""


def relations(targets: Mapping[str, str]) -> str:
    """Return a .rels part: target → kind of relationship, ids r1, r2 …"""
    each = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for n, (target, kind) in enumerate(targets.items(), 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{each}</Relationships>'


def worksheet(rows: str, *, before: str = "", after: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def text_cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def number_cell(place: str, number: str) -> str:
    return f'<c r="{place}"><v>{number}</v></c>'


def row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def parts(
    sheets: Mapping[str, str],
    *,
    hidden: Iterable[str] = (),
    strings: str | None = None,
    styles: str | None = None,
    properties: str = "",
) -> dict[str, str]:
    """Return all parts of a workbook: sheet name → worksheet XML."""
    targets = {f"worksheets/sheet{n}.xml": "worksheet" for n in range(1, len(sheets) + 1)}
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" state="{_state(name, hidden)}" r:id="r{n}"/>'
        for n, name in enumerate(sheets, 1)
    )
    found = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": relations({"xl/workbook.xml": "officeDocument"}),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}'
            f"<sheets>{listed}</sheets></workbook>"
        ),
    }
    for path, xml in zip(targets, sheets.values(), strict=True):
        found[f"xl/{path}"] = xml
    if strings is not None:
        targets["sharedStrings.xml"] = "sharedStrings"
        found["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{strings}</sst>'
    if styles is not None:
        targets["styles.xml"] = "styles"
        found["xl/styles.xml"] = f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'
    found["xl/_rels/workbook.xml.rels"] = relations(targets)
    return found


def _state(name: str, hidden: Iterable[str]) -> str:
    return "veryHidden" if name in hidden else "visible"


def write_zip(path: Path, members: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def write_sheet(path: Path, rows: str, *, before: str = "", after: str = "") -> Path:
    """Write a workbook with one sheet, called รายชื่อ."""
    return write_zip(path, parts({"รายชื่อ": worksheet(rows, before=before, after=after)}))


# ---- the old binary format ----

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def write_compound(path: Path, streams: Mapping[str, bytes]) -> Path:
    """Write an OLE2 file. Streams are padded to whole sectors above the mini stream's size."""
    fat = [_FAT, _END]
    data = b""
    entries = [_entry("Root Entry", 5, _END, 0)]
    for name, content in streams.items():
        padded = content.ljust(4096, b"\0")
        padded += bytes(-len(padded) % _SECTOR)
        start = len(fat)
        count = len(padded) // _SECTOR
        fat += [*range(start + 1, start + count), _END]
        entries.append(_entry(name, 2, start, len(padded)))
        data += padded
    assert len(fat) <= 128
    assert len(entries) <= 4
    header = struct.pack(
        "<8s16s5H6s3L5L",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6, bytes(6), 0, 1, 1,
        0, 4096, _END, 0, _END,
    ) + struct.pack("<L", 0)  # fmt: skip
    header += struct.pack("<109L", 0, *[_FREE] * 108)
    table = struct.pack("<128L", *fat, *[_FREE] * (128 - len(fat)))
    directory = b"".join(entries).ljust(_SECTOR, b"\0")
    path.write_bytes(header + table + directory + data)
    return path


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HBBLLL", len(encoded), kind, 1, _FREE, _FREE, 1 if kind == 5 else _FREE)
        + bytes(16 + 4 + 16)
        + struct.pack("<LQ", start, size)
    )


def record(number: int, payload: bytes = b"") -> bytes:
    return struct.pack("<HH", number, len(payload)) + payload


def xls_text(row_: int, column: int, text: str) -> bytes:
    encoded = text.encode("utf-16-le")
    return record(0x204, struct.pack("<3HHB", row_, column, 0, len(text), 1) + encoded)


def xls_number(row_: int, column: int, number: float) -> bytes:
    return record(0x203, struct.pack("<3Hd", row_, column, 0, number))


def xls_error(row_: int, column: int, code: int) -> bytes:
    return record(0x205, struct.pack("<3H2B", row_, column, 0, code, 1))


def write_xls(path: Path, sheets: Mapping[str, bytes], *, hidden: Iterable[str] = ()) -> Path:
    """Write a BIFF8 workbook: sheet name → its cell records."""
    workbook = _bof(0x0005)
    bound = [
        struct.pack("<L3B", 0, name in hidden, 0, len(name)) + b"\1" + name.encode("utf-16-le")
        for name in sheets
    ]
    start = len(workbook) + sum(4 + len(each) for each in bound) + 4
    bodies = [_bof(0x0010) + cells + record(0x0A) for cells in sheets.values()]
    for each, body in zip(bound, bodies, strict=True):
        workbook += record(0x85, struct.pack("<L", start) + each[4:])
        start += len(body)
    return write_compound(path, {"Workbook": workbook + record(0x0A) + b"".join(bodies)})


def _bof(kind: int) -> bytes:
    return record(0x0809, struct.pack("<4HLL", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))
