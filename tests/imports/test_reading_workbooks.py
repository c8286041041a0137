"""What the reader hands over of a workbook: every line, every value, and what is no value."""

from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from imports.reading import (
    ErrorCell,
    FormulaWithoutValue,
    Kind,
    Limits,
    MergedCell,
    UnableToRead,
    archive,
    count,
    inspect,
    read,
)
from imports.reading.package import open_package
from imports.reading.streaming import streamed_rows
from imports.reading.values import CellReader
from imports.reading.workbook import calamine_rows
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


def moment(*parts: int) -> datetime:
    """A cell's date and time has no zone."""
    return datetime(*parts)  # type: ignore[arg-type] # noqa: DTZ001


def lines(path: Path, **options: Any) -> dict[int, list[Any]]:
    return {line: cells for chunk in read(path, **options) for line, cells in chunk.lines}


def refusal(path: Path, **options: Any) -> UnableToRead:
    with pytest.raises(UnableToRead) as caught:
        inspect(path, **options)
    return caught.value


def streamed(path: Path) -> dict[int, list[Any]]:
    """Return the first sheet's full lines as expat alone sees them, marks as they travel."""
    with archive.open_archive(path, Limits()) as opened:
        package = open_package(opened, Limits())
        with closing(CellReader(opened, package)) as reader:
            found = streamed_rows(opened, package.sheets[0], reader, 200)
            return {line: cells for line, cells in found if any(c is not None for c in cells)}


# ---- values ----


def test_each_kind_of_value_arrives_as_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(
        [
            "สมชาย",
            1999900000010,
            0.5,
            True,
            moment(2500, 1, 15),
            moment(2025, 1, 15, 8, 30),
            "1.30E+12",
            "0012",
            None,
            " ก",
            "บรรทัด\nใหม่",
        ]
    )
    book.save(path)
    [cells] = lines(path).values()
    assert cells == [
        "สมชาย",
        1999900000010,
        0.5,
        True,
        date(2500, 1, 15),
        moment(2025, 1, 15, 8, 30),
        "1.30E+12",
        "0012",
        None,
        " ก",
        "บรรทัด\nใหม่",
    ]
    assert [type(cell) for cell in cells[1:4]] == [int, float, bool]


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("1999900000010", 1999900000010),
        ("1.23457E+12", 1234570000000),
        ("30320371999", 30320371999),
        ("1999900000010.5", 1999900000010.5),
        ("999999999999999", 999999999999999),
        ("0.1", 0.1),
        ("-3", -3),
        ("1E+20", 1e20),
    ],
)
def test_whole_numbers_are_exact(tmp_path: Path, written: str, read_as: float) -> None:
    path = write_sheet(tmp_path / "list.xlsx", row(1, number_cell("A1", written)))
    [[cell]] = lines(path).values()
    assert cell == read_as
    assert type(cell) is type(read_as)
    assert streamed(path) == {1: [read_as]}


def test_an_error_is_not_a_blank(tmp_path: Path) -> None:
    rows = row(
        1,
        '<c r="A1" t="e"><v>#N/A</v></c>',
        '<c r="B1" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
        number_cell("C1", "1"),
    )
    [cells] = lines(write_sheet(tmp_path / "list.xlsx", rows)).values()
    assert [type(cell) for cell in cells] == [ErrorCell, ErrorCell, int]
    assert cells[:2] == ["#N/A", "#DIV/0!"]


def test_a_new_kind_of_error_does_not_stop_the_file(tmp_path: Path) -> None:
    rows = row(1, '<c r="A1" t="e"><v>#SPILL!</v></c>', number_cell("B1", "7"))
    [cells] = lines(write_sheet(tmp_path / "list.xlsx", rows)).values()
    assert cells == ["#SPILL!", 7]
    assert isinstance(cells[0], ErrorCell)


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A1"><f>B1&amp;"x"</f></c>',
        '<c r="A1"><f>B1&amp;"x"</f><v></v></c>',
        '<c r="A1"><f>B1&amp;"x"</f><v/></c>',
        '<c r="A1" t="str"><f>B1&amp;"x"</f></c>',
    ],
)
def test_a_formula_that_nobody_calculated_is_not_a_blank(tmp_path: Path, cell: str) -> None:
    path = write_sheet(tmp_path / "list.xlsx", row(1, cell, number_cell("B1", "2")))
    [cells] = lines(path).values()
    assert isinstance(cells[0], FormulaWithoutValue)
    assert cells == ['=B1&"x"', 2]
    assert count(path).filled == 1


def test_formulas_written_by_openpyxl_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([1, 2, "=A1+B1"])
    book.save(path)
    [cells] = lines(path).values()
    assert cells == [1, 2, "=A1+B1"]
    assert isinstance(cells[2], FormulaWithoutValue)


def test_a_calculated_formula_is_its_value(tmp_path: Path) -> None:
    rows = row(
        1,
        '<c r="A1"><f>B1*2</f><v>14</v></c>',
        '<c r="B1" t="str"><f>"ก"</f><v>ก</v></c>',
        '<c r="C1" t="str"><f>""</f><v></v></c>',
        '<c r="D1"><f t="shared" si="0"/><v>3</v></c>',
    )
    [cells] = lines(write_sheet(tmp_path / "list.xlsx", rows)).values()
    assert cells == [14, "ก", None, 3]


def test_only_the_first_cell_of_a_merged_range_has_the_value(tmp_path: Path) -> None:
    path = write_sheet(
        tmp_path / "list.xlsx",
        row(1, text_cell("A1", "รายชื่อครัวเรือน"), number_cell("C1", "1"))
        + row(2, text_cell("A2", "ก"), number_cell("B2", "1"), number_cell("C2", "1"))
        + row(3, number_cell("B3", "2"), number_cell("C3", "1")),
        after='<mergeCells count="2"><mergeCell ref="A1:B1"/><mergeCell ref="A2:A3"/></mergeCells>',
    )
    found = lines(path)
    assert found[1] == ["รายชื่อครัวเรือน", "", 1]
    assert found[3] == ["", 2, 1]
    assert isinstance(found[1][1], MergedCell)
    assert isinstance(found[3][0], MergedCell)
    assert not isinstance(found[2][0], MergedCell)


def test_rich_text_is_joined_and_reading_aids_are_left_out(tmp_path: Path) -> None:
    strings = (
        "<si><r><t>สม</t></r><rPh><t>xx</t></rPh><r><t>ชาย</t></r></si>"
        '<si><t xml:space="preserve"> ก </t></si><si><t/></si><si><t>A&amp;B</t></si>'
    )
    rows = row(1, *(f'<c r="{c}1" t="s"><v>{n}</v></c>' for n, c in enumerate("ABCD")))
    path = write_zip(tmp_path / "list.xlsx", parts({"ก": worksheet(rows)}, strings=strings))
    assert lines(path) == {1: ["สมชาย", " ก ", None, "A&B"]}
    assert streamed(path) == lines(path)


def test_a_line_whose_only_text_is_empty_is_blank(tmp_path: Path) -> None:
    strings = "<si><t></t></si><si><t>ก</t></si>"
    cell = '<c r="A{0}" t="s"><v>{1}</v></c>'
    rows = "".join(row(n, cell.format(n, n % 2)) for n in (1, 2, 3, 4))
    path = write_zip(tmp_path / "list.xlsx", parts({"ก": worksheet(rows)}, strings=strings))
    assert lines(path) == {1: ["ก"], 2: [], 3: ["ก"]}
    assert (count(path).lines, count(path).filled) == (3, 2)


STYLES = (
    '<numFmts count="3"><numFmt numFmtId="164" formatCode="[$-D07041E]d mmmm bbbb"/>'
    '<numFmt numFmtId="165" formatCode="0.0&quot; วัน day&quot;"/>'
    '<numFmt numFmtId="166" formatCode="[h]:mm:ss"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/>'
    '<xf numFmtId="166"/><xf numFmtId="22"/></cellXfs>'
)


def test_dates_are_told_by_their_format(tmp_path: Path) -> None:
    rows = row(
        1,
        *(
            f'<c r="{column}1" s="{style}"><v>{number}</v></c>'
            for column, style, number in (
                ("A", 0, 45672), ("B", 1, 45672), ("C", 2, 45672), ("D", 3, 45672), ("E", 4, 1.25),
                ("F", 5, 45672.5), ("G", 1, 0.25), ("H", 1, 59), ("I", 1, 61), ("J", 1, 243998),
            )
        ),
    )  # fmt: skip
    path = write_zip(tmp_path / "list.xlsx", parts({"ก": worksheet(rows)}, styles=STYLES))
    [cells] = lines(path).values()
    assert cells == [
        45672, date(2025, 1, 15), date(2025, 1, 15), 45672, "30:00:00",
        moment(2025, 1, 15, 12), "6:00:00", date(1900, 2, 28), date(1900, 3, 1),
        date(2568, 1, 15),
    ]  # fmt: skip
    assert streamed(path) == {1: cells}


def test_the_other_date_system_is_respected(tmp_path: Path) -> None:
    rows = row(1, '<c r="A1" s="1"><v>44210</v></c>')
    path = write_zip(
        tmp_path / "list.xlsx",
        parts({"ก": worksheet(rows)}, styles=STYLES, properties='<workbookPr date1904="1"/>'),
    )
    assert lines(path) == {1: [date(2025, 1, 15)]} == streamed(path)


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


# ---- limits ----


def test_one_far_cell_is_refused_before_it_costs_memory(tmp_path: Path) -> None:
    path = write_sheet(
        tmp_path / "list.xlsx",
        row(1, number_cell("A1", "1")) + row(1048576, number_cell("XFD1048576", "1")),
    )
    assert path.stat().st_size < 5000
    error = refusal(path)
    assert error.code in {"too_many_columns", "too_many_lines"}


@pytest.mark.parametrize("place", ["GS1", "HA1", "XFD1", "AAA1"])
def test_a_cell_behind_the_last_column_is_refused(tmp_path: Path, place: str) -> None:
    path = write_sheet(
        tmp_path / "list.xlsx", row(1, number_cell(place, "1"), number_cell("A1", "1"))
    )
    error = refusal(path)
    assert error.code == "too_many_columns"
    assert "คอลัมน์ที่ 200" in str(error)
    assert "แถวที่ 1" in str(error)


def test_the_last_column_is_taken_and_far_formats_are_no_cells(tmp_path: Path) -> None:
    path = write_sheet(
        tmp_path / "list.xlsx", row(1, number_cell("GR1", "1"), '<c r="XFD1" s="1"/>')
    )
    assert inspect(path).sheets[0].columns == 200
    assert lines(path)[1][199] == 1


def test_a_line_above_the_limit_is_refused(tmp_path: Path) -> None:
    rows = "".join(row(n, number_cell(f"A{n}", "1")) for n in range(1, 12))
    path = write_sheet(tmp_path / "list.xlsx", rows)
    assert len(lines(path, limits=Limits(lines=11))) == 11
    error = refusal(path, limits=Limits(lines=10))
    assert error.code == "too_many_lines"
    assert "มากกว่า 10 แถว" in str(error)


def test_a_cell_above_the_limit_is_refused(tmp_path: Path) -> None:
    rows = row(1, number_cell("A1", "1")) + row(2, text_cell("A2", "ก" * 40_000))
    with pytest.raises(UnableToRead) as caught:
        lines(write_sheet(tmp_path / "list.xlsx", rows))
    assert caught.value.code == "cell_too_long"
    assert "แถวที่ 2" in str(caught.value)


def test_too_many_merged_ranges_are_refused(tmp_path: Path) -> None:
    merges = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 30_000))
    path = write_sheet(
        tmp_path / "list.xlsx",
        row(1, number_cell("A1", "1")),
        after=f"<mergeCells>{merges}</mergeCells>",
    )
    with pytest.raises(UnableToRead) as caught:
        lines(path)
    assert caught.value.code == "too_many_merges"


def test_a_damaged_sheet_is_refused(tmp_path: Path) -> None:
    good = worksheet(row(1, number_cell("A1", "1")))
    path = write_zip(tmp_path / "list.xlsx", parts({"ก": good[: len(good) - 30]}))
    assert refusal(path).code == "damaged"


def test_a_string_number_out_of_the_table_is_refused(tmp_path: Path) -> None:
    rows = row(1, '<c r="A1" t="s"><v>99</v></c>')
    path = write_zip(
        tmp_path / "list.xlsx", parts({"ก": worksheet(rows)}, strings="<si><t>ก</t></si>")
    )
    with pytest.raises(UnableToRead) as caught:
        lines(path)
    assert caught.value.code == "damaged"


def test_a_workbook_without_its_table_of_sheets_is_refused(tmp_path: Path) -> None:
    members = parts({"ก": worksheet("")})
    del members["xl/workbook.xml"]
    assert refusal(write_zip(tmp_path / "list.xlsx", members)).code == "damaged"


def test_links_to_other_files_are_not_followed(tmp_path: Path) -> None:
    members = parts({"ก": worksheet(row(1, number_cell("A1", "1")))})
    rels = members["xl/_rels/workbook.xml.rels"]
    members["xl/_rels/workbook.xml.rels"] = rels.replace(
        'Target="worksheets/sheet1.xml"', 'Target="http://127.0.0.1:9/x.xml" TargetMode="External"'
    )
    assert refusal(write_zip(tmp_path / "list.xlsx", members)).code == "damaged"


def test_many_decorations_do_not_matter(tmp_path: Path) -> None:
    # Numbers that do not repeat: what packs too well would be taken for a bomb.
    odd = [f"{n * 2_654_435_761 % 2**32:x}" for n in range(40_000)]
    formats = "".join(
        f'<conditionalFormatting sqref="A{n}"><cfRule type="expression" priority="{n}">'
        f'<formula>A1="{number}"</formula></cfRule></conditionalFormatting>'
        for n, number in enumerate(odd, 1)
    )
    styles = "".join(f'<xf numFmtId="{n % 9}" fontId="{number}"/>' for n, number in enumerate(odd))
    members: dict[str, str | bytes] = dict(
        parts(
            {"ก": worksheet(row(1, '<c r="A1" s="39999"><v>7</v></c>'), after=formats)},
            styles=f"<cellXfs>{styles}</cellXfs>",
        )
    )
    members["xl/media/image1.png"] = b"\x89PNG" * 10
    members["xl/embeddings/oleObject1.bin"] = b"\xd0\xcf\x11\xe0"
    members["xl/externalLinks/externalLink1.xml"] = "<externalLink/>"
    assert lines(write_zip(tmp_path / "list.xlsx", members)) == {1: [7]}


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
