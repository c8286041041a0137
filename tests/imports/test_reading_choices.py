"""How a file is read as somebody chose: encoding, separator, hidden lines, merged cells; .xls."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
import xlwt

from imports.reading import (
    Kind,
    MergedCell,
    Options,
    UnableToRead,
    count,
    inspect,
    read,
)
from imports.reading.delimited import head_of_text
from imports.services.choices import asked_options
from imports.services.errors import UnableToStage

THAI = "รหัสบ้าน;ชื่อ;หมายเหตุ\r\n30320000001;สมชาย;ก,ข\r\n30320000002;น้ำฝน;ค,ง\r\n"


def put(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    return path


def chunk_of(path: Path, **options: Any) -> Any:
    [chunk] = read(path, options=Options(**options))
    return chunk


# ---- encoding and separator ----
@pytest.mark.parametrize(
    ("codec", "mark", "chosen"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8"),
        ("cp874", b"", "cp874"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-le", b"\xff\xfe", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
        ("utf-16-be", b"\xfe\xff", "utf-16-be"),
    ],
)
def test_a_chosen_encoding_reads_with_and_without_its_mark(
    tmp_path: Path, codec: str, mark: bytes, chosen: str
) -> None:
    path = put(tmp_path, mark + THAI.encode(codec))

    first = chunk_of(path, encoding=chosen).lines[0]

    assert first == (1, ["รหัสบ้าน", "ชื่อ", "หมายเหตุ"])
    assert head_of_text(path.read_bytes(), chosen, "", 5).lines[0] == first
    assert head_of_text(path.read_bytes(), "", "", 5).lines[0] == first


@pytest.mark.parametrize(
    ("codec", "chosen"),
    [("cp874", "utf-8"), ("utf-8", "cp874"), ("utf-16-le", "utf-16-be"), ("cp874", "utf-16-le")],
)
def test_a_wrong_encoding_is_refused_with_a_sentence(
    tmp_path: Path, codec: str, chosen: str
) -> None:
    content = (THAI * 5).encode(codec)
    path = put(tmp_path, content)

    for attempt in (
        lambda: inspect(path, options=Options(encoding=chosen)),
        lambda: head_of_text(content, chosen, "", 5),
    ):
        with pytest.raises(UnableToRead) as refusal:
            attempt()
        assert refusal.value.code in {"garbled_text", "unknown_encoding", "nul_character",
                                      "not_a_table"}  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_chosen_separator_is_used(tmp_path: Path, delimiter: str) -> None:
    path = put(tmp_path, b"a,b;c\td|e\n1,2;3\t4|5\n")

    [(_, header), _] = chunk_of(path, delimiter=delimiter).lines

    assert header == "a,b;c\td|e".split(delimiter)
    assert inspect(path, options=Options(delimiter=delimiter)).delimiter == delimiter
    assert head_of_text(path.read_bytes(), "", delimiter, 1).lines == [(1, header)]


def test_the_start_of_a_text_may_end_inside_a_character() -> None:
    start = (THAI * 40).encode()[:1001]

    seen = head_of_text(start, "", "", 3)

    assert (seen.encoding, seen.delimiter, seen.columns) == ("utf-8", ";", 3)
    assert len(seen.lines) == 3


# ---- hidden lines and columns ----
@pytest.fixture
def hidden(tmp_path: Path) -> Path:
    path = tmp_path / "hidden.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    for line in range(6):
        sheet.write_row(line, 0, [f"ก{line}", line, "ข"])
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.set_row(4, None, None, {"hidden": True})
    sheet.set_column(1, 1, None, None, {"hidden": True})
    book.close()
    return path


def test_hidden_lines_are_read_like_others_and_named_if_asked(hidden: Path) -> None:
    assert chunk_of(hidden).hidden == frozenset()
    chunk = chunk_of(hidden, marks_hidden=True)

    assert chunk.hidden == {3, 5}
    assert [line for line, _ in chunk.lines] == [1, 2, 3, 4, 5, 6]
    assert count(hidden).lines == 6
    [about] = inspect(hidden).sheets
    assert (about.hidden_rows, about.hidden_columns) == (2, [1])


def test_hidden_lines_are_named_behind_a_break_too(hidden: Path) -> None:
    [chunk] = read(hidden, skip_to=3, options=Options(marks_hidden=True))
    assert chunk.hidden == {5}


def test_lines_that_a_filter_left_out_are_hidden(tmp_path: Path) -> None:
    path = tmp_path / "filtered.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in range(1, 5):
        sheet.append([f"ก{line}", line])
    sheet.auto_filter.ref = "A1:B4"
    sheet.row_dimensions[3].hidden = True
    book.save(path)

    assert chunk_of(path, marks_hidden=True).hidden == {3}


# ---- merged cells ----
@pytest.fixture
def merged(tmp_path: Path) -> Path:
    path = tmp_path / "merged.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (["บ้าน", "ชื่อ"], [7, "ก"], [None, "ข"], [None, "ค"], [None, None], [9, "ง"]):
        sheet.append(line)
    sheet.merge_cells("A2:A5")
    sheet.merge_cells("B6:C6")
    book.save(path)
    return path


def test_merged_cells_below_the_first_have_no_value(merged: Path) -> None:
    chunk = chunk_of(merged)

    cells = dict(chunk.lines)
    assert [type(cells[line][0]) for line in (3, 4)] == [MergedCell, MergedCell]
    assert chunk.filled == frozenset()


def test_merged_cells_are_filled_down_if_chosen(merged: Path) -> None:
    chunk = chunk_of(merged, fills_merged=True)

    assert [cells[0] for line, cells in chunk.lines if line in (2, 3, 4)] == [7, 7, 7]
    assert chunk.filled == {3, 4}


def test_a_line_that_holds_nothing_else_stays_blank(merged: Path) -> None:
    assert dict(chunk_of(merged, fills_merged=True).lines)[5] == []


def test_a_filled_value_is_known_behind_a_break(merged: Path) -> None:
    [chunk] = read(merged, skip_to=3, options=Options(fills_merged=True))

    assert dict(chunk.lines)[4][0] == 7
    assert [line for line, _ in chunk.lines] == [4, 5, 6]


# ---- .xls ----
@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "list.xls"
    book = xlwt.Workbook()
    sheet = book.add_sheet("รายชื่อ")
    as_date = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for column, header in enumerate(["ชื่อ", "วันเกิด", "เลข", "บาท", "สูตร"]):
        sheet.write(0, column, header)
    sheet.write(1, 0, "สมศรี น้ำใส")
    sheet.write(1, 1, date(1960, 4, 25), as_date)
    sheet.write(1, 2, 1999900000005)
    sheet.write(1, 3, 12500.5)
    sheet.write(1, 4, xlwt.Formula("1+1"))
    sheet.write_merge(2, 3, 0, 0, "รวมสองแถว")
    sheet.write(2, 2, "0812345678")
    sheet.write(3, 2, True)
    sheet.write(4, 2, 5)
    sheet.row(4).hidden = True
    sheet.col(3).hidden = True
    secret = book.add_sheet("ลับ")
    secret.visibility = 1
    secret.write(0, 0, "ซ่อน")
    very = book.add_sheet("ลับมาก")
    very.visibility = 2
    very.write(0, 0, "ซ่อนมาก")
    book.save(str(path))
    return path


def test_an_old_workbook_gives_texts_numbers_and_dates(old: Path) -> None:
    lines = dict(chunk_of(old).lines)

    assert lines[1] == ["ชื่อ", "วันเกิด", "เลข", "บาท", "สูตร"]
    assert lines[2][:4] == ["สมศรี น้ำใส", date(1960, 4, 25), 1999900000005, 12500.5]
    assert lines[3][2] == "0812345678"
    assert lines[4][2] is True


def test_hidden_and_very_hidden_sheets_of_an_old_workbook_are_listed(old: Path) -> None:
    found = inspect(old)

    assert found.kind == Kind.XLS
    assert [(sheet.name, sheet.hidden) for sheet in found.sheets] == [
        ("รายชื่อ", False),
        ("ลับ", True),
        ("ลับมาก", True),
    ]


def test_merged_and_hidden_cells_of_an_old_workbook(old: Path) -> None:
    about = inspect(old).sheets[0]
    assert (about.hidden_rows, about.hidden_columns) == (1, [3])
    assert about.merges == [(3, 0, 4, 0)]

    assert isinstance(dict(chunk_of(old).lines)[4][0], MergedCell)
    chunk = chunk_of(old, fills_merged=True, marks_hidden=True)
    assert dict(chunk.lines)[4][0] == "รวมสองแถว"
    assert (chunk.filled, chunk.hidden) == ({4}, {5})
    assert count(old).lines == 5


def test_an_old_workbook_counts_its_days_from_1904_if_it_says_so(tmp_path: Path) -> None:
    path = tmp_path / "mac.xls"
    book = xlwt.Workbook()
    book.dates_1904 = 1
    sheet = book.add_sheet("a")
    # 1904-01-01 is day 0 here.
    sheet.write(0, 0, 20_569, xlwt.easyxf(num_format_str="DD/MM/YYYY"))
    book.save(str(path))

    [(_, [cell])] = chunk_of(path).lines

    assert cell == date(1960, 4, 25)


def test_a_formula_of_an_old_workbook_has_the_value_that_was_saved(old: Path) -> None:
    """What wrote this file calculates nothing, and saves that the formula gave an empty text."""
    assert len(dict(chunk_of(old).lines)[2]) < 5 or dict(chunk_of(old).lines)[2][4] is None


@pytest.mark.parametrize(
    "said",
    [
        {"header_lines": "abc"},
        {"header_lines": [1, 2]},
        {"header_lines": {"ก": "1"}},
        {"header_line": 10**40},
        {"sheet": "ก\0"},
        {"first_name": "ชื่อ\0"},
        {"mapping": {"first_name": "\ud800"}},
        {"encoding": {"utf": 8}},
        {"delimiter": ";;"},
    ],
)
def test_what_a_program_says_and_nobody_can_keep_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(UnableToStage):
        asked_options(said)
