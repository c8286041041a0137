"""Where the header of a table stands, and what it says when it takes two lines."""

from typing import Any

import pytest

from imports.services.headings import find_heading, heading_at, likely_heading

HEADERS = ["รหัสบ้าน", "เลขประจำตัวประชาชน", "ชื่อ", "นามสกุล"]
DATA = ["30320000001", "1999900000005", "สมศรี", "ทดสอบ"]


def numbered(*lines: list[Any]) -> list[tuple[int, list[Any]]]:
    return list(enumerate(lines, 1))


def test_title_lines_stand_above_the_header() -> None:
    lines = numbered(["รายชื่อคนจนเป้าหมาย"], [], ["จังหวัดนครราชสีมา", None, 2567], HEADERS, DATA)

    heading = find_heading(lines)

    assert heading is not None
    assert (heading.first, heading.last, heading.texts) == (4, 4, tuple(HEADERS))


def test_a_header_of_two_lines_is_joined_where_its_upper_line_is_known() -> None:
    upper = ["รหัสบ้าน", "เลขประจำตัวประชาชน", "ชื่อ", "นามสกุล", "ที่อยู่", None, None]
    lower = [None, None, None, None, "บ้านเลขที่", "หมู่ที่", "ตำบล"]

    heading = find_heading(numbered(["หัวเรื่อง"], upper, lower, [*DATA, "1", "2", "ช้างทอง"]))

    assert heading is not None
    assert (heading.first, heading.last) == (2, 3)
    assert heading.texts == (*HEADERS, "บ้านเลขที่", "หมู่ที่", "ตำบล")


def test_a_header_of_two_lines_is_joined_where_its_lower_line_is_known() -> None:
    upper = ["รหัสบ้าน", "ตัวชี้วัดที่", None, None, "ที่อยู่", None]
    lower = [None, 1, 2, 3, "หมู่ที่", "ตำบล"]
    joined = ("ตัวชี้วัดที่ 1", "ตัวชี้วัดที่ 2", "ตัวชี้วัดที่ 3", "หมู่ที่", "ตำบล")

    heading = heading_at(numbered(upper, lower, ["30320000001", 1, 0, 1, 3, "ช้างทอง"]), 2)

    assert heading is not None
    assert (heading.first, heading.last) == (1, 2)
    assert heading.texts == ("รหัสบ้าน", *joined)


def test_columns_of_two_groups_with_one_name_keep_the_name_of_their_group() -> None:
    upper = ["รหัสบ้าน", "ชื่อ", "ตามทะเบียน", None, "ปัจจุบัน", None, "อื่น ๆ", None]
    lower = [None, None, "ตำบล", "อำเภอ", "ตำบล", "อำเภอ", "อายุ", "เพศ"]

    heading = find_heading(numbered(upper, lower))

    assert heading is not None
    assert heading.texts[2:] == (
        "ตามทะเบียน ตำบล",
        "ตามทะเบียน อำเภอ",
        "ปัจจุบัน ตำบล",
        "ปัจจุบัน อำเภอ",
        "อายุ",
        "เพศ",
    )


def test_data_below_a_header_is_not_its_second_line() -> None:
    gaps = numbered([*HEADERS, "หมายเหตุ"], ["", "", "", "ทดสอบ", "ตำบล"], DATA)

    heading = find_heading(gaps)

    assert heading is not None
    assert (heading.first, heading.last) == (1, 1)


def test_a_merged_header_stands_over_each_of_its_columns_that_has_values() -> None:
    headers = ["รหัสบ้าน", "ชื่อ-นามสกุล", None, None, "ตำบล", "อำเภอ"]
    merges = [(1, 1, 1, 3)]

    heading = find_heading(
        numbered(headers, ["30320000001", "นาง", "สมศรี", None, "ช้างทอง", "เมือง"]), merges
    )

    assert heading is not None
    assert heading.texts == ("รหัสบ้าน", "ชื่อ-นามสกุล", "ชื่อ-นามสกุล", "", "ตำบล", "อำเภอ")


def test_the_first_line_full_of_texts_is_proposed_where_no_header_is_known() -> None:
    lines = numbered(["ทะเบียน"], ["hno", "pid_no", "fn"], ["1/2", "x", "y"], [1, 2, 3])

    assert find_heading(lines) is None
    heading = likely_heading(lines)
    assert heading is not None
    assert heading.last == 2


@pytest.mark.parametrize("lines", [numbered(["ก", "ข"], ["1", "2"]), numbered([1, 2, 3]), []])
def test_what_is_no_table_has_no_likely_header(lines: list[tuple[int, list[Any]]]) -> None:
    assert likely_heading(lines) is None


def test_a_line_that_is_not_among_the_first_ones_is_no_header() -> None:
    assert heading_at(numbered(HEADERS, DATA), 9) is None
