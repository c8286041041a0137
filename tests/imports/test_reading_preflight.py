"""Files that are refused before any parser sees them, by what they hold and not by their name."""

import struct
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from imports.reading import Kind, Limits, UnableToRead, inspect, preflight
from tests.imports.files.workbooks import (
    number_cell,
    parts,
    record,
    row,
    worksheet,
    write_compound,
    write_sheet,
    write_xls,
    write_zip,
    xls_number,
)

GOOD_ROWS = row(1, number_cell("A1", "1"), number_cell("B1", "2"))


def refusal(path: Path, limits: Limits | None = None) -> UnableToRead:
    with pytest.raises(UnableToRead) as caught:
        preflight.check(path, limits or Limits())
    return caught.value


def good_parts() -> dict[str, str]:
    return parts({"รายชื่อ": worksheet(GOOD_ROWS)})


def test_a_workbook_passes(tmp_path: Path) -> None:
    path = write_sheet(tmp_path / "list.xlsx", GOOD_ROWS)
    assert preflight.check(path, Limits()) is Kind.XLSX


def test_the_name_does_not_matter(tmp_path: Path) -> None:
    path = write_sheet(tmp_path / "list.csv", GOOD_ROWS)
    assert preflight.check(path, Limits()) is Kind.XLSX


def test_an_old_workbook_passes(tmp_path: Path) -> None:
    path = write_xls(tmp_path / "list.xls", {"รายชื่อ": xls_number(0, 0, 1)})
    assert preflight.check(path, Limits()) is Kind.XLS


@pytest.mark.parametrize(
    ("content", "code", "cure"),
    [
        (b"", "empty", "ตรวจว่าเลือกไฟล์ถูกต้อง"),
        (b"%PDF-1.7\n", "pdf", ".xlsx จากต้นทาง"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "picture", ".xlsx จากต้นทาง"),
        (b"\x89PNG\r\n\x1a\n", "picture", ".xlsx จากต้นทาง"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "html", "บันทึกใหม่เป็น .xlsx"),
        (b"\xef\xbb\xbf \r\n<!DOCTYPE html>", "html", "บันทึกใหม่เป็น .xlsx"),
        (b"<table><tr><td>1", "html", "บันทึกใหม่เป็น .xlsx"),
        (b'<?xml version="1.0"?><Workbook/>', "xml", "บันทึกใหม่เป็น .xlsx"),
        (b"Rar!\x1a\x07\x01\0", "packed", "แตกไฟล์ออกก่อน"),
        (b"\x1f\x8b\x08\0", "packed", "แตกไฟล์ออกก่อน"),
        (b"PK\x05\x06" + bytes(18), "empty", "ตรวจว่าเลือกไฟล์ถูกต้อง"),
        (b"SQLite format 3\0", "database", "ส่งออกเป็น .xlsx หรือ .csv"),
        (b"\x09\x08\x10\0\0\x06\x05\0", "old_excel", "บันทึกใหม่เป็น .xlsx"),
    ],
)
def test_other_formats_are_refused_with_the_cure(
    tmp_path: Path, content: bytes, code: str, cure: str
) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(content)
    error = refusal(path)
    assert error.code == code
    assert cure in str(error)


def test_a_password_is_named_as_the_cause(tmp_path: Path) -> None:
    path = write_compound(
        tmp_path / "list.xlsx", {"EncryptionInfo": b"x", "EncryptedPackage": b"y"}
    )
    error = refusal(path)
    assert error.code == "encrypted"
    assert "เอารหัสผ่านออก" in str(error)


def test_a_password_of_an_old_workbook_is_found_too(tmp_path: Path) -> None:
    globals_ = record(0x0809, struct.pack("<4H", 0x0600, 5, 0, 0)) + record(0x2F, bytes(54))
    path = write_compound(tmp_path / "list.xls", {"Workbook": globals_ + record(0x0A)})
    assert refusal(path).code == "encrypted"


def test_a_word_document_is_no_table(tmp_path: Path) -> None:
    assert refusal(write_compound(tmp_path / "a.xls", {"WordDocument": b""})).code == "other_office"
    members = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}
    assert refusal(write_zip(tmp_path / "a.xlsx", members)).code == "other_office"


@pytest.mark.parametrize("content", [b"", b"\0" * 600, b"\xff" * 600, b"\x01\x02" * 900])
def test_a_broken_compound_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "list.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + content)
    assert refusal(path).code == "damaged"


def test_a_compound_file_that_chases_its_tail_is_refused(tmp_path: Path) -> None:
    path = write_xls(tmp_path / "list.xls", {"a": xls_number(0, 0, 1)})
    raw = bytearray(path.read_bytes())
    struct.pack_into("<L", raw, 512 + 4 * 3, 2)
    path.write_bytes(raw)
    assert refusal(path).code == "damaged"


@pytest.mark.parametrize(
    ("extra", "code", "cure"),
    [
        ({"xl/workbook.bin": b"x"}, "xlsb", "บันทึกใหม่เป็น .xlsx"),
        ({"xl/vbaProject.bin": b"x"}, "macro", "ไม่มีแมโคร"),
        (
            {"mimetype": "application/vnd.oasis.opendocument.spreadsheet"},
            "ods",
            "บันทึกใหม่เป็น .xlsx",
        ),
    ],
)
def test_neighbours_of_xlsx_are_refused(
    tmp_path: Path, extra: dict[str, bytes | str], code: str, cure: str
) -> None:
    error = refusal(write_zip(tmp_path / "list.xlsx", {**good_parts(), **extra}))
    assert error.code == code
    assert cure in str(error)


def test_a_workbook_inside_a_zip_is_not_unpacked(tmp_path: Path) -> None:
    inner = write_sheet(tmp_path / "inner.xlsx", GOOD_ROWS)
    path = write_zip(tmp_path / "list.zip", {"list.xlsx": inner.read_bytes()})
    error = refusal(path)
    assert error.code == "packed"
    assert "แตกไฟล์ออกก่อน" in str(error)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.95])
def test_a_file_cut_short_is_refused(tmp_path: Path, share: float) -> None:
    path = write_sheet(tmp_path / "list.xlsx", GOOD_ROWS)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    error = refusal(path)
    assert error.code == "truncated"
    assert "ส่งไฟล์ใหม่" in str(error)


def test_a_file_above_the_limit_is_refused(tmp_path: Path) -> None:
    path = write_sheet(tmp_path / "list.xlsx", GOOD_ROWS)
    error = refusal(path, replace(Limits(), file_bytes=100))
    assert error.code == "file_too_large"
    assert "แบ่งเป็นหลายไฟล์" in str(error)


# ---- hostile archives ----


def test_a_bomb_is_refused_at_once(tmp_path: Path) -> None:
    rows = " " * 60_000_000
    path = write_zip(tmp_path / "list.xlsx", parts({"a": worksheet(rows)}))
    assert path.stat().st_size < 100_000
    started = time.process_time()
    assert refusal(path).code == "archive_bomb"
    assert time.process_time() - started < 0.1


def test_what_unpacks_above_the_limit_is_refused(tmp_path: Path) -> None:
    path = write_sheet(tmp_path / "list.xlsx", GOOD_ROWS)
    assert refusal(path, replace(Limits(), unpacked_bytes=1000)).code == "archive_bomb"


def test_thousands_of_parts_are_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in good_parts().items():
            archive.writestr(name, content)
        for number in range(20_000):
            archive.writestr(zipfile.ZipInfo(f"x{number}"), b"")
    started = time.process_time()
    assert refusal(path).code == "archive_bomb"
    assert time.process_time() - started < 0.1


def test_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    members = good_parts()
    members["XL/worksheets/SHEET1.xml"] = worksheet(row(1, number_cell("A1", "9")))
    assert refusal(write_zip(tmp_path / "list.xlsx", members)).code == "archive_bomb"


def central_entries(raw: bytearray) -> list[int]:
    found, position = [], raw.find(b"PK\x01\x02")
    while position >= 0:
        found.append(position)
        position = raw.find(b"PK\x01\x02", position + 4)
    return found


def test_overlapping_parts_are_refused(tmp_path: Path) -> None:
    path = write_sheet(tmp_path / "list.xlsx", GOOD_ROWS)
    raw = bytearray(path.read_bytes())
    first, *_, last = central_entries(raw)
    # The last entry now points at the first one's bytes.
    raw[last + 42 : last + 46] = raw[first + 42 : first + 46]
    path.write_bytes(raw)
    assert refusal(path).code in {"archive_bomb", "damaged"}


def test_headers_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    path = write_sheet(tmp_path / "list.xlsx", GOOD_ROWS)
    raw = bytearray(path.read_bytes())
    entry = central_entries(raw)[3]
    struct.pack_into("<L", raw, entry + 24, 10)
    path.write_bytes(raw)
    assert refusal(path).code == "archive_bomb"


def test_a_part_longer_than_both_headers_say_is_refused_by_the_child(tmp_path: Path) -> None:
    path = write_sheet(tmp_path / "list.xlsx", GOOD_ROWS * 1)
    raw = bytearray(path.read_bytes())
    for entry in central_entries(raw):
        name_length = struct.unpack_from("<H", raw, entry + 28)[0]
        if raw[entry + 46 : entry + 46 + name_length].endswith(b"sheet1.xml"):
            local = struct.unpack_from("<L", raw, entry + 42)[0]
            struct.pack_into("<L", raw, entry + 24, 60)
            struct.pack_into("<L", raw, local + 22, 60)
    path.write_bytes(raw)
    with pytest.raises(UnableToRead) as caught:
        inspect(path)
    assert caught.value.code == "damaged"


def test_a_password_on_a_part_is_named(tmp_path: Path) -> None:
    path = write_sheet(tmp_path / "list.xlsx", GOOD_ROWS)
    raw = bytearray(path.read_bytes())
    for entry in central_entries(raw):
        raw[entry + 8] |= 1
    path.write_bytes(raw)
    assert refusal(path).code == "encrypted"


BILLION_LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "ฮา"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
OUTSIDE = '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
NETWORK = '<!DOCTYPE l SYSTEM "http://127.0.0.1:9/x.dtd">'


@pytest.mark.parametrize("document_type", [BILLION_LAUGHS, OUTSIDE, NETWORK])
@pytest.mark.parametrize("padding", ["", "<!-- x -->", "<!--" + "x" * 30_000 + "-->"])
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml"])
def test_a_document_type_is_refused(
    tmp_path: Path, document_type: str, padding: str, part: str
) -> None:
    members = good_parts()
    body = members[part].partition("?>")[2] or members[part]
    members[part] = f"<?xml version='1.0'?>{padding}{document_type}{body}"
    assert refusal(write_zip(tmp_path / "list.xlsx", members)).code == "document_type"


def test_a_part_in_another_encoding_is_refused(tmp_path: Path) -> None:
    members: dict[str, str | bytes] = dict(good_parts())
    members["xl/workbook.xml"] = str(members["xl/workbook.xml"]).encode("utf-16")
    assert refusal(write_zip(tmp_path / "list.xlsx", members)).code == "document_type"


def test_a_prolog_without_end_is_refused(tmp_path: Path) -> None:
    members = good_parts()
    members["xl/workbook.xml"] = " " * 200_000 + members["xl/workbook.xml"]
    assert refusal(write_zip(tmp_path / "list.xlsx", members)).code == "document_type"


def test_random_bytes_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(bytes(range(1, 256)) * 20)
    with pytest.raises(UnableToRead) as caught:
        inspect(path)
    assert caught.value.code in {"unknown_encoding", "not_a_table"}
