"""A line as a whole: further columns, blank and total lines, polarity, width."""

from typing import Any

import pytest

from imports.verdicts import verdict
from imports.workflow import Verdict
from ppaos.lib import citizen_id
from tests.imports.lines import (
    CELLS,
    TPMAP,
    VALUES,
    blank_values,
    codes,
    expected_values,
    normaliser,
    read,
)

CID, HOUSE, BORN = "เลขประจำตัวประชาชน", "รหัสบ้าน", "วันเกิด"
NO_REGISTRATION = citizen_id.generate(1, first=0)
RESERVED = "999999999999" + citizen_id.check_digit("999999999999")


def test_a_faultless_line_has_every_column_and_no_finding() -> None:
    record = read()

    assert record.findings == ()
    assert record.values == expected_values()
    assert list(record.values) == list(TPMAP.columns)
    assert record.area_code == "30320103"
    assert record.new_areas == ()
    assert verdict(record.findings) is Verdict.ACCEPTED


# Columns that the template does not have but a list may carry.
EXTRA: dict[str, tuple[dict[str, Any], list[str], dict[str, Any]]] = {
    "age that fits": ({"อายุ": "64"}, [], {"age": 64}),
    "age a year before the birthday": ({"อายุ": "63"}, [], {"age": 63}),
    "age that does not fit": ({"อายุ(ปี)": "46"}, ["W_AGE_BIRTH_MISMATCH"], {"age": 46}),
    "age with its word": ({"อายุ": "64 ปี"}, [], {"age": 64}),
    "age that cannot be read": ({"อายุ": "ชรา"}, ["W_VALUE"], {"age": None}),
    "age without a birth date": ({"อายุ": "46", BORN: None}, [], {"age": 46, "birth_date": None}),
    "position": ({"lat": "14.97", "lon": 102.1}, [], {"lat": "14.970000", "lon": "102.100000"}),
    "position swapped": (
        {"lat": "102.1", "lon": "14.97"},
        ["W_LATLON_SWAPPED"],
        {"lat": "14.970000", "lon": "102.100000"},
    ),
    "position abroad": ({"lat": "51.5", "lon": "0.1"}, ["W_LATLON_OUTSIDE"], {}),
    "half a position": ({"lat": "14.97", "lon": ""}, ["W_LATLON_OUTSIDE"], {}),
    "no position": ({"lat": 0, "lon": 0.0}, [], {}),
    "full name beside nothing": (
        {"ชื่อ-สกุล": "นางสมศรี ใจดี", "ชื่อ": None, "นามสกุล": None},
        ["F_NAME_SPLIT"],
        {"full_name": "นางสมศรี ใจดี"},
    ),
    "phone": ({"เบอร์โทร": "081-234 5678"}, [], {"phone": "0812345678"}),
    "phone that lost its zero": (
        {"เบอร์โทร": 812345678.0},
        ["F_PHONE_PADDED"],
        {"phone": "0812345678"},
    ),
    "phone of the country": ({"เบอร์โทร": "+66812345678"}, [], {"phone": "0812345678"}),
    "phone that cannot be read": ({"เบอร์โทร": "081-234"}, ["W_VALUE"], {}),
    "income": ({"รายได้ต่อปี": "38,000 บาท"}, [], {"income_year": "38000.00"}),
    "income of nothing": ({"รายได้ต่อปี": 0}, [], {"income_year": "0.00"}),
    "income not asked": ({"รายได้ต่อปี": "-"}, [], {}),
    "income with satang": ({"รายได้ต่อปี": 1200.5}, [], {"income_year": "1200.50"}),
    "income as a range": ({"รายได้ต่อปี": "3000-5000"}, ["E_AMOUNT"], {}),
    "income in European style": ({"รายได้ต่อปี": "1.200,50"}, ["E_AMOUNT"], {}),
    "income in brackets": ({"รายได้ต่อปี": "(500)"}, ["E_AMOUNT"], {}),
    "income below nothing": ({"รายได้ต่อปี": -500}, ["E_AMOUNT"], {}),
    "income beyond belief": ({"รายได้ต่อปี": 10**10}, ["E_AMOUNT"], {}),
    "postcode": ({"รหัสไปรษณีย์": 30230.0}, [], {"postcode": "30230"}),
    "indicators": (
        {"ตัวชี้วัดที่ 1": "1", "ตัวชี้วัดที่ 2": 0.0, "ตัวชี้วัดที่ 3": "-", "ตัวชี้วัดที่ 4": None, "ตัวชี้วัดที่ 5": "ผ่าน"},
        [],
        {"ind_1": 1, "ind_2": 0, "ind_3": None, "ind_4": None, "ind_5": 1},
    ),
    "indicator that cannot be read": ({"ตัวชี้วัดที่ 1": "3"}, ["H_UNREADABLE"], {"ind_1": None}),
    "another column that nobody knows": ({"หมายเหตุ": "3.30E+12"}, [], {}),
}  # fmt: skip


@pytest.mark.parametrize(("cells", "found", "changed"), EXTRA.values(), ids=EXTRA)
def test_a_further_column_is_read(
    cells: dict[str, Any], found: list[str], changed: dict[str, Any]
) -> None:
    record = read(cells)

    assert codes(record) == found
    assert record.values == expected_values(**changed)


BLANKS = [[None] * 22, [""] * 22, ["  ", "\u200b", "\u00a0", *[None] * 19], []]


@pytest.mark.parametrize("cells", BLANKS)
def test_a_line_in_which_nothing_can_be_seen_is_blank(cells: list[Any]) -> None:
    record = normaliser(list(CELLS)).read(cells)

    assert codes(record) == ["S_BLANK"]
    assert record.values == blank_values()


@pytest.mark.parametrize(
    "first", ["รวม", "รวมทั้งหมด", "รวมทั้งสิ้น", "รวมทั้งจังหวัด", "รวมทั้งอำเภอ", "รวมทั้งตำบล", " รวม : "]
)
@pytest.mark.parametrize("place", [0, 2, 3, 5])
def test_a_total_line_is_skipped(first: str, place: int) -> None:
    cells: list[Any] = [None] * 22
    cells[place], cells[-1] = first, 1250

    assert codes(normaliser(list(CELLS)).read(cells)) == ["S_TOTAL"]
    assert codes(normaliser(list(CELLS)).read([2567.0, *cells[1:]] if place else cells)) == [
        "S_TOTAL"
    ]


def test_a_person_whose_name_begins_like_a_total_is_read() -> None:
    assert codes(read({"ชื่อ": "รวมพร"})) == []
    assert codes(read({"ชื่อ": "รวม"})) == []
    assert codes(read({"ชื่อ": "รวม", CID: None, HOUSE: None})) == ["H_NO_HOUSE", "W_CID_MISSING"]


def test_a_total_with_a_broken_id_is_no_total() -> None:
    record = read({**dict.fromkeys(CELLS), "ชื่อ": "รวม", CID: "123"})

    assert "S_TOTAL" not in codes(record)
    assert verdict(record.findings) is Verdict.REJECTED


def test_a_repeated_header_is_skipped() -> None:
    headers = list(CELLS)

    assert codes(normaliser(headers).read(headers)) == ["S_HEADER"]
    assert codes(normaliser(headers).read([f"{header} *" for header in headers])) == ["S_HEADER"]


def test_a_wrong_check_digit_can_be_let_through_with_a_warning() -> None:
    record = read({CID: "1999900000014"}, is_check_strict=False)

    assert codes(record) == ["W_CID_CHECK"]
    assert record.values["citizen_id"] == "1999900000014"


def test_lost_digits_and_a_nine_stay_refused_when_check_digits_only_warn() -> None:
    assert verdict(read({CID: 1234570000000.0}, is_check_strict=False).findings) is Verdict.REJECTED
    assert codes(read({CID: RESERVED}, is_check_strict=False)) == ["E_CID_RESERVED"]


def test_a_file_of_the_other_polarity_is_turned_round() -> None:
    record = read(one_is_problem=False)
    in_words = read({"สุขภาพ": "ไม่ผ่าน"}, one_is_problem=False)

    assert (record.values["dim_living"], record.values["dim_health"]) == (False, True)
    assert record.values["dim_education"] is False
    assert record.values["welfare_card"] is True
    assert in_words.values["dim_health"] is True


def test_a_short_line_is_filled_up_and_a_long_one_cut() -> None:
    reader = normaliser(list(CELLS))

    assert reader.read(list(CELLS.values())[:-1]).values == expected_values()
    assert reader.read([*CELLS.values(), "more"]).values == expected_values()


def test_a_ragged_line_of_a_csv_is_rejected() -> None:
    record = normaliser(list(CELLS)).read(list(CELLS.values()), is_ragged=True)

    assert codes(record) == ["E_RAGGED"]


def test_a_finding_keeps_the_column_and_the_raw_text() -> None:
    (finding,) = read({CID: " 123 "}).findings

    assert (finding.column, finding.raw_text) == ("citizen_id", " 123 ")


def test_columns_that_no_file_has_are_still_in_the_record() -> None:
    assert set(VALUES) < set(read().values)
    assert "ind_1" not in read().values
