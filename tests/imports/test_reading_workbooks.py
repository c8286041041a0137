"""What the reader hands over of a workbook: every line, every sheet, in every legal shape."""

from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from imports.reading import (
    ErrorCell,
    Kind,
    UnableToRead,
    count,
    inspect,
    read,
)
from imports.reading.workbook import calamine_rows
from tests.imports.files.reading import lines, moment, refusal, streamed
from tests.imports.files.workbooks import (
    number_cell,
    parts,
    row,
    text_cell,
    worksheet,
    write_sheet,
    write_xls,
    write_zip,
    xls_error,
    xls_number,
    xls_text,
)

# ---- lines ----


def test_lines_keep_the_numbers_that_people_see(tmp_path: Path) -> None:
    path = write_sheet(
        tmp_path / "list.xlsx",
        row(3, text_cell("B3", "ชื่อ")) + row(4, text_cell("B4", "ก")) + row(7, text_cell("B7", "ข")),
    )
    assert lines(path) == {
        1: [], 2: [], 3: [None, "ชื่อ"], 4: [None, "ก"], 5: [], 6: [], 7: [None, "ข"]
    }  # fmt: skip
    assert count(path, after=3).lines == 4
    assert count(path, after=3).filled == 2
    assert count(path, after=3).blank == 2


def test_formatted_blank_lines_behind_the_last_one_do_not_count(tmp_path: Path) -> None:
    blanks = "".join(
        row(n, f'<c r="A{n}" s="1"/>', f'<c r="B{n}" s="1"></c>') for n in range(2, 500)
    )
    path = write_sheet(tmp_path / "list.xlsx", row(1, number_cell("A1", "1")) + blanks)
    assert list(lines(path)) == [1]
    assert count(path).lines == 1
    assert inspect(path).sheets[0].rows == 1


@pytest.mark.parametrize(
    "dimension", ["", '<dimension ref="A1:B11"/>', '<dimension ref="A1:XFD1048576"/>']
)
def test_the_stated_size_is_not_believed(tmp_path: Path, dimension: str) -> None:
    rows = "".join(row(n, number_cell(f"A{n}", str(n))) for n in range(1, 1002))
    path = write_sheet(tmp_path / "list.xlsx", rows, before=dimension)
    assert lines(path) == {n: [n] for n in range(1, 1002)}
    assert inspect(path).sheets[0].rows == 1001


def test_hidden_lines_are_read_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for n in range(11):
            sheet.write_number(n, 0, n)
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.set_row(4, None, None, {"hidden": True})
    assert len(lines(path)) == 11
    assert inspect(path).sheets[0].hidden_rows == 2


def test_reading_goes_on_behind_a_line(tmp_path: Path) -> None:
    rows = "".join(row(n, number_cell(f"A{n}", str(n))) for n in range(1, 2501) if n % 7)
    path = write_sheet(tmp_path / "list.xlsx", rows)
    whole = lines(path)
    for last in (6, 7, 1000, 2500):
        assert lines(path, skip_to=last) == {n: c for n, c in whole.items() if n > last}


def test_the_head_is_the_first_lines(tmp_path: Path) -> None:
    rows = "".join(row(n, text_cell(f"B{n}", f"ก{n}")) for n in range(2, 300))
    path = write_sheet(tmp_path / "list.xlsx", rows)
    [about] = inspect(path, head=3).sheets
    assert about.head == [(1, []), (2, [None, "ก2"]), (3, [None, "ก3"])]
    [about] = inspect(path, head=5000).sheets
    assert len(about.head) == 299
    assert inspect(path).sheets[0].head == []
    old = write_xls(tmp_path / "list.xls", {"ก": xls_text(0, 0, "ข") + xls_number(1, 0, 1)})
    assert inspect(old, head=1).sheets[0].head == [(1, ["ข"])]


def test_chunks_are_of_the_wanted_size_and_without_a_gap(tmp_path: Path) -> None:
    rows = row(1, number_cell("A1", "1")) + row(2600, number_cell("A2600", "1"))
    chunks = list(read(write_sheet(tmp_path / "list.xlsx", rows)))
    assert [len(chunk.lines) for chunk in chunks] == [1000, 1000, 600]
    assert [line for chunk in chunks for line, _ in chunk.lines] == list(range(1, 2601))


# ---- sheets ----


def test_hidden_sheets_are_listed_and_never_chosen(tmp_path: Path) -> None:
    path = write_zip(
        tmp_path / "list.xlsx",
        parts(
            {
                "ลับ": worksheet(row(1, text_cell("A1", "ลับ"))),
                "ข้อมูลพื้นฐาน": worksheet(row(1, text_cell("A1", "เห็น"))),
                "ทุนมนุษย์": worksheet(row(2, text_cell("B2", "ทุน"))),
            },
            hidden=["ลับ"],
        ),
    )
    found = inspect(path)
    assert found.kind is Kind.XLSX
    assert [(s.name, s.hidden, s.rows, s.columns) for s in found.sheets] == [
        ("ลับ", True, 1, 1),
        ("ข้อมูลพื้นฐาน", False, 1, 1),
        ("ทุนมนุษย์", False, 2, 2),
    ]
    assert lines(path) == {1: ["เห็น"]}
    assert lines(path, sheet="ทุนมนุษย์") == {1: [], 2: [None, "ทุน"]}
    assert lines(path, sheet="ลับ") == {1: ["ลับ"]}
    assert count(path, sheet="ทุนมนุษย์").lines == 2


def test_a_sheet_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = write_sheet(tmp_path / "list.xlsx", row(1, number_cell("A1", "1")))
    with pytest.raises(UnableToRead) as caught:
        lines(path, sheet="อื่น")
    assert caught.value.code == "no_such_sheet"
    with pytest.raises(UnableToRead):
        count(path, sheet="อื่น")


@pytest.mark.parametrize("rows", ["", row(1), row(1, '<c r="A1" s="1"/>')])
def test_a_workbook_without_anything_in_it_is_refused(tmp_path: Path, rows: str) -> None:
    assert refusal(write_sheet(tmp_path / "list.xlsx", rows)).code == "empty"


# ---- other shapes of the same thing ----


def odd(kind: str) -> str:
    """Return A1 = 5, B1 = "ก", A2 = #N/A, written as other programs might."""
    plain = worksheet(
        row(1, number_cell("A1", "5"), text_cell("B1", "ก"))
        + row(2, '<c r="A2" t="e"><v>#N/A</v></c>')
    )
    if kind == "prefix":
        head, body = plain.split("?>", 1)
        body = body.replace("</", "\0").replace("<", "<x:").replace("\0", "</x:")
        return f"{head}?>{body.replace('xmlns=', 'xmlns:x=')}"
    if kind == "comment":
        return plain.replace("<sheetData>", "<sheetData><!-- <row r='9'/> -->")
    if kind == "no references":
        return plain.replace(' r="A1"', "").replace(' r="B1"', "").replace(' r="A2"', "")
    if kind == "no line numbers":
        return plain.replace('<row r="1">', "<row>").replace('<row r="2">', "<row>")
    if kind == "other order":
        return plain.replace('<c r="A2" t="e">', '<c t="e" r="A2">')
    if kind == "cdata":
        return plain.replace(">ก<", "><![CDATA[ก]]><")
    if kind == "quotes":
        return plain.replace('r="A1"', "r='A1'")
    return plain


@pytest.mark.parametrize(
    "kind",
    [
        "plain",
        "prefix",
        "comment",
        "no references",
        "no line numbers",
        "other order",
        "cdata",
        "quotes",
    ],
)
def test_every_legal_way_of_writing_reads_the_same(tmp_path: Path, kind: str) -> None:
    path = write_zip(tmp_path / "list.xlsx", parts({"ก": odd(kind)}))
    found = lines(path)
    assert found == {1: [5, "ก"], 2: ["#N/A"]}
    assert isinstance(found[2][0], ErrorCell)
    assert count(path).filled == 2
    assert streamed(path) == {1: [5, "ก"], 2: [{"e": "#N/A"}]}


# Rows as these programs write them: 5, then the shared string 0, then 6 from a formula.
DIALECTS = {
    "Excel": (
        '<row r="1" spans="1:3" ht="14.25" x14ac:dyDescent="0.2"><c r="A1" s="1"><v>5</v></c>'
        '<c r="B1" t="s"><v>0</v></c><c r="C1"><f>A1+1</f><v>6</v></c><c r="D1" s="1"/></row>'
    ),
    "LibreOffice": (
        '<row r="1" customFormat="false" ht="12.8" hidden="false" customHeight="false"'
        ' outlineLevel="0" collapsed="false"><c r="A1" s="0" t="n"><v>5</v></c>'
        '<c r="B1" s="0" t="s"><v>0</v></c><c r="C1" s="0" t="n"><f aca="false">A1+1</f>'
        "<v>6</v></c></row>"
    ),
    "Google Sheets": (
        '<row r="1"><c r="A1" s="1"><v>5.0</v></c><c r="B1" s="1" t="s"><v>0</v></c>'
        '<c r="C1" s="1"><f>A1+1</f><v>6.0</v></c></row>'
    ),
    "SheetJS": (
        '<row r="1"><c r="A1"><v>5</v></c><c r="B1" t="str"><v>ก</v></c>'
        '<c r="C1"><f>A1+1</f><v>6</v></c></row>'
    ),
}


@pytest.mark.parametrize("program", DIALECTS)
def test_the_dialect_of_each_program_is_read(tmp_path: Path, program: str) -> None:
    members = parts({"ก": worksheet(DIALECTS[program])}, strings="<si><t>ก</t></si>")
    sheet = "xl/worksheets/sheet1.xml"
    members[sheet] = members[sheet].replace("<worksheet", '<worksheet xmlns:x14ac="x"')
    path = write_zip(tmp_path / "list.xlsx", members)
    assert lines(path) == {1: [5, "ก", 6]} == streamed(path)
    assert [type(cell) for cell in lines(path)[1]] == [int, str, int]
    assert inspect(path).sheets[0].hidden_rows == 0


def test_both_ways_of_reading_agree_with_calamine(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": False}) as book:
        sheet = book.add_worksheet("ก")
        day = book.add_format({"num_format": "d/m/yyyy"})
        for n in range(300):
            sheet.write_row(n, 0, [f"ชื่อ {n}", n * 7919, n / 7, n % 2 == 0, "" if n % 3 else None])
            sheet.write_datetime(n, 6, moment(1950 + n % 80, 1 + n % 12, 1 + n % 28), day)
            sheet.write_formula(n, 8, f"=B{n + 1}*2", None, n * 2)
    assert lines(path) == dict(calamine_rows(path, 0)) == streamed(path)


# ---- the old binary format ----


def test_an_old_workbook_is_read(tmp_path: Path) -> None:
    path = write_xls(
        tmp_path / "list.xls",
        {
            "ลับ": xls_text(0, 0, "ลับ"),
            "รายชื่อ": xls_text(1, 0, "ชื่อ")
            + xls_number(1, 1, 1999900000010)
            + xls_error(3, 0, 0x2A)
            + xls_number(3, 2, 0.5),
        },
        hidden=["ลับ"],
    )
    found = inspect(path)
    assert found.kind is Kind.XLS
    assert [(s.name, s.hidden, s.rows, s.columns) for s in found.sheets] == [
        ("ลับ", True, 1, 1),
        ("รายชื่อ", False, 4, 3),
    ]
    assert lines(path) == {
        1: [], 2: ["ชื่อ", 1999900000010, None], 3: [], 4: ["#N/A", None, 0.5]
    }  # fmt: skip
    assert isinstance(lines(path)[4][0], ErrorCell)
    assert (count(path, after=2).lines, count(path, after=2).filled) == (2, 1)


def test_an_old_workbook_too_wide_is_refused(tmp_path: Path) -> None:
    path = write_xls(tmp_path / "list.xls", {"ก": xls_number(0, 250, 1)})
    assert refusal(path).code == "too_many_columns"


def test_files_of_other_programs_agree_with_the_count(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for n in range(1, 200):
        sheet.cell(n, 1 + n % 5, f"ก{n}" if n % 11 else "")
    book.save(path)
    found = lines(path)
    assert count(path).lines == len(found)
    assert count(path).filled == sum(any(c is not None for c in cells) for cells in found.values())
