"""Text files: which encoding, which separator, which line, and what is too broken to guess."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imports.reading import Kind, Limits, UnableToRead, count, inspect, read
from imports.reading.delimited import Dialect, records
from imports.reading.independent import csv_lines

THAI = "รหัสบ้าน,ชื่อ,นามสกุล\r\n30320000001,สมชาย,ทดสอบดี\r\n30320000002,น้ำฝน,ตัวอย่างงาม\r\n"
READ = {
    1: ["รหัสบ้าน", "ชื่อ", "นามสกุล"],
    2: ["30320000001", "สมชาย", "ทดสอบดี"],
    3: ["30320000002", "น้ำฝน", "ตัวอย่างงาม"],
}


def put(tmp_path: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = tmp_path / "list.csv"
    path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
    return path


def lines(path: Path, **options: Any) -> dict[int, list[Any]]:
    return {line: cells for chunk in read(path, **options) for line, cells in chunk.lines}


def refusal(path: Path, **options: Any) -> UnableToRead:
    with pytest.raises(UnableToRead) as caught:
        inspect(path, **options)
    return caught.value


# ---- encodings ----


@pytest.mark.parametrize(
    ("encoding", "mark", "told"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8-sig"),
        ("utf-16-le", b"\xff\xfe", "utf-16"),
        ("utf-16-be", b"\xfe\xff", "utf-16"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
        ("cp874", b"", "cp874"),
        ("tis-620", b"", "cp874"),
        ("iso-8859-11", b"", "cp874"),
    ],
)
def test_the_ladder_finds_the_encoding(
    tmp_path: Path, encoding: str, mark: bytes, told: str
) -> None:
    path = put(tmp_path, mark + THAI.encode(encoding))
    found = inspect(path)
    assert (found.kind, found.encoding, found.delimiter) == (Kind.CSV, told, ",")
    assert (found.sheets[0].rows, found.sheets[0].columns) == (3, 3)
    assert lines(path) == READ
    assert count(path, after=1).lines == 2


def test_windows_marks_need_cp874(tmp_path: Path) -> None:
    path = put(tmp_path, "ชื่อ,หมายเหตุ\nสมชาย,“ก”\u00a0–…\n", "cp874")
    assert lines(path)[2] == ["สมชาย", "“ก”\u00a0–…"]


def test_plain_ascii_is_utf8(tmp_path: Path) -> None:
    assert inspect(put(tmp_path, "a,b\n1,2\n")).encoding == "utf-8"


@pytest.mark.parametrize("wrong", ["cp1252", "latin-1", "cp874"])
def test_garbled_thai_is_refused(tmp_path: Path, wrong: str) -> None:
    garbled = (THAI * 5).encode().decode(wrong, "replace")
    error = refusal(put(tmp_path, garbled))
    assert error.code == "garbled_text"
    assert "ขอไฟล์ใหม่จากต้นทาง" in str(error)


def test_cp874_taken_for_latin_is_refused(tmp_path: Path) -> None:
    garbled = (THAI * 5).encode("cp874").decode("latin-1")
    assert refusal(put(tmp_path, garbled)).code == "garbled_text"


def test_two_encodings_in_one_file_are_refused(tmp_path: Path) -> None:
    mixed = THAI.encode() * 5 + THAI.encode("cp874") * 5
    assert refusal(put(tmp_path, mixed)).code in {"unknown_encoding", "garbled_text"}


def test_a_fault_behind_the_first_block_is_seen(tmp_path: Path) -> None:
    path = put(tmp_path, THAI.encode() * 20_000 + b"\xb4\xd5\n")
    assert refusal(path).code in {"unknown_encoding", "garbled_text"}


def test_utf32_is_refused(tmp_path: Path) -> None:
    assert refusal(put(tmp_path, THAI, "utf-32")).code == "unknown_encoding"


def test_a_nul_is_refused_with_its_line(tmp_path: Path) -> None:
    error = refusal(put(tmp_path, "a,b\n1,2\n3,\x004\n5,6\n"))
    assert error.code == "nul_character"
    assert "แถวที่ 3" in str(error)


def test_a_nul_far_down_is_refused_with_its_line(tmp_path: Path) -> None:
    error = refusal(put(tmp_path, "aaaa,bbbb\n" * 200_000 + "1,\x002\n"))
    assert error.code == "nul_character"
    assert "แถวที่ 200,001" in str(error)


# ---- grammar ----


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_separator_is_found(tmp_path: Path, delimiter: str) -> None:
    path = put(tmp_path, THAI.replace(",", delimiter).replace("ทดสอบดี", "ทดสอบ.ดี"))
    assert inspect(path).delimiter == delimiter
    assert lines(path)[1] == READ[1]


def test_commas_inside_other_separated_cells_do_not_mislead(tmp_path: Path) -> None:
    path = put(tmp_path, "ชื่อ;ที่อยู่\nก;1, หมู่ 2, ต.ก\nข;2, หมู่ 3\nค;3\n")
    assert inspect(path).delimiter == ";"


def test_the_hint_of_excel_is_followed_and_has_no_line(tmp_path: Path) -> None:
    path = put(tmp_path, "sep=|\r\na,b|c\r\n1,2|3\r\n")
    assert inspect(path).delimiter == "|"
    assert lines(path) == {1: ["a,b", "c"], 2: ["1,2", "3"]}
    assert count(path).lines == 2


def test_one_column_needs_no_separator(tmp_path: Path) -> None:
    path = put(tmp_path, "เลขประจำตัวประชาชน\n1999900000010\n")
    assert inspect(path).sheets[0].columns == 1
    assert lines(path)[2] == ["1999900000010"]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_each_line_ending_ends_a_line(tmp_path: Path, ending: str) -> None:
    path = put(tmp_path, THAI.replace("\r\n", ending))
    assert lines(path) == READ
    assert count(path).lines == 3


def test_a_quoted_line_break_does_not_start_a_line(tmp_path: Path) -> None:
    path = put(tmp_path, 'a,b\n"1\n2\r\n3","x ""y"", z"\n4,5\n')
    assert lines(path) == {1: ["a", "b"], 2: ["1\n2\r\n3", 'x "y", z'], 3: ["4", "5"]}
    assert count(path).lines == 3


def test_other_unicode_line_ends_are_part_of_the_text(tmp_path: Path) -> None:
    path = put(tmp_path, "a,b\n1\u2028x,2\u0085\n")
    assert lines(path)[2] == ["1\u2028x", "2\u0085"]
    assert count(path).lines == 2


def test_blank_lines_between_have_their_numbers(tmp_path: Path) -> None:
    path = put(tmp_path, 'a,b\n\n1,2\n,\n"",""\n3,4\n\n,,\n')
    assert lines(path) == {1: ["a", "b"], 2: [], 3: ["1", "2"], 4: [], 5: [], 6: ["3", "4"]}
    found = count(path, after=1)
    assert (found.lines, found.filled, found.blank) == (5, 2, 3)
    assert inspect(path).sheets[0].rows == 6


def test_lines_with_other_numbers_of_cells_are_flagged(tmp_path: Path) -> None:
    path = put(tmp_path, "a,b,c\n1,2,3\n1,2\n1,2,3,4\n\n1,2,3\n")
    [chunk] = read(path)
    assert chunk.ragged == {3, 4}
    assert dict(chunk.lines)[4] == ["1", "2", "3", "4"]


def test_a_quote_that_is_not_closed_refuses_the_file_with_the_line(tmp_path: Path) -> None:
    error = refusal(put(tmp_path, 'a,b\n1,2\n3,"4\n5,6\n7,8\n'))
    assert error.code == "unclosed_quote"
    assert "แถวที่ 3" in str(error)


def test_a_quote_in_the_wrong_place_refuses_the_file_with_the_line(tmp_path: Path) -> None:
    error = refusal(put(tmp_path, 'a,b\n1,"2\n3,"4"\n5,6\n'))
    assert error.code == "stray_quote"
    assert "แถวที่ 2" in str(error)


def test_quotes_inside_a_bare_cell_are_text(tmp_path: Path) -> None:
    path = put(tmp_path, 'a,b\nท่อ 5",2\n')
    assert lines(path)[2] == ['ท่อ 5"', "2"]
    assert count(path).lines == 2


def test_text_that_looks_like_anything_stays_text(tmp_path: Path) -> None:
    path = put(tmp_path, "a,b,c,d\n0012,1.30E+12,=1+1,TRUE\n")
    assert lines(path)[2] == ["0012", "1.30E+12", "=1+1", "TRUE"]


# ---- limits ----


def test_a_huge_cell_is_refused_with_the_line(tmp_path: Path) -> None:
    error = refusal(put(tmp_path, "a,b\n1," + "x" * 10_000_000 + "\n"))
    assert error.code == "cell_too_long"
    assert "แถวที่ 2" in str(error)


def test_a_line_too_many_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path, "a\n" * 11)
    assert inspect(path, limits=Limits(lines=11)).sheets[0].rows == 11
    assert refusal(path, limits=Limits(lines=10)).code == "too_many_lines"


def test_a_column_too_many_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path, ",".join("x" * 200) + "\n")
    assert inspect(path).sheets[0].columns == 200
    assert refusal(put(tmp_path, ",".join("x" * 201) + "\n")).code == "too_many_columns"


@pytest.mark.parametrize("content", ["\n\n\n", ",,,\n,,\n", ";;\n", '""\n', '"",""\n'])
def test_a_file_without_anything_in_it_is_refused(tmp_path: Path, content: str) -> None:
    assert refusal(put(tmp_path, content)).code == "empty"


# ---- resuming and counting ----


def test_reading_goes_on_behind_a_line(tmp_path: Path) -> None:
    path = put(tmp_path, "".join(f"{n},ก\n" if n % 7 else "\n" for n in range(1, 2500)))
    whole = lines(path)
    for last in (6, 7, 1000, 2499):
        assert lines(path, skip_to=last) == {n: c for n, c in whole.items() if n > last}


def test_the_head_is_the_first_lines(tmp_path: Path) -> None:
    path = put(tmp_path, "a,b\n\n1,2\n3,4\n")
    [about] = inspect(path, head=3).sheets
    assert about.head == [(1, ["a", "b"]), (2, []), (3, ["1", "2"])]


CELLS = st.text(st.sampled_from('กข1 ",;\n\r\t'), max_size=5)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    table=st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=8),
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
    has_quotes=st.booleans(),
)
def test_the_count_agrees_with_the_reader(
    tmp_path: Path, table: list[list[str]], ending: str, has_quotes: bool
) -> None:
    out = io.StringIO(newline="")
    dialect = csv.unix_dialect if has_quotes else csv.excel
    csv.writer(out, dialect, lineterminator=ending).writerows(table)
    path = put(tmp_path, out.getvalue())
    found = Dialect("utf-8", ",", 1)
    filled = [line for line, cells in records(path, found, Limits()) if any(cells)]
    assert list(csv_lines(path, found)) == filled
