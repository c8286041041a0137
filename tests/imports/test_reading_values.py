"""What the reader hands over of a cell: its value, and what is no value."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from imports.reading import (
    ErrorCell,
    FormulaWithoutValue,
    MergedCell,
    count,
)
from tests.imports.files.reading import lines, moment, streamed
from tests.imports.files.workbooks import (
    number_cell,
    parts,
    row,
    text_cell,
    worksheet,
    write_sheet,
    write_zip,
)


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
