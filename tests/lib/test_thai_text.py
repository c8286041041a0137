"""Thai text as programs and people leave it, and what it is repaired to."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppaos.lib import thai_text

nasty = st.text(
    alphabet="กนรสาำิ์่้ํเแุู็ฺ \u00a0\u200b\ufeff\u00ad\u202e\n\tA1๑.ั๋",
    max_size=24,
) | st.text(max_size=24)


@pytest.mark.parametrize(
    ("damaged", "repaired"),
    [
        ("น\u0e4d\u0e32", "นำ"),
        ("น\u0e4d\u0e49\u0e32", "น้ำ"),
        ("น\u0e49\u0e4d\u0e32", "น้ำ"),
        ("น้ำ", "น้ำ"),
        ("เเม่", "แม่"),
        ("ก\u200bข\ufeffค\u00ad", "กขค"),
        ("ก\u00a0ข", "ก ข"),
        ("  ก   ข  ", "ก ข"),
        ("ก\tข\nค", "ก ข ค"),
        ("น ้ำ", "น้ำ"),
        ("ต าบล", "ตำบล"),
        ("น้ า", "น้ำ"),
        ("ก\u0e48\u0e35", "กี่"),
        ("สิทธ\u0e4c\u0e34", "สิทธิ์"),
        ("สมชาย\u202eใจดี", "สมชายใจดี"),
        ("ก\x00ข", "กข"),
        ("e\u0301", "é"),
        ("บ้านเลขที่ 12 ก", "บ้านเลขที่ 12 ก"),
    ],
)
def test_damaged_text_is_repaired(damaged: str, repaired: str) -> None:
    assert thai_text.clean(damaged) == repaired


@given(text=nasty)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = thai_text.clean(text)

    assert thai_text.clean(once) == once
    assert unicodedata.is_normalized("NFC", once)


def test_sara_am_is_never_taken_apart() -> None:
    assert "\u0e33" in thai_text.clean("ทำนา")
    assert "\u0e33" in thai_text.name_key("ทำนา")


def test_thai_and_full_width_digits_become_ascii_and_others_stay() -> None:
    assert (
        thai_text.to_ascii_digits("๐๑๒๓๔๕๖๗๘๙ ０１２３４５６７８９ ก²")
        == "0123456789 0123456789 ก²"
    )


@pytest.mark.parametrize(
    ("written", "title", "rest"),
    [
        ("นางสาวสมศรี ใจดี", "นางสาว", "สมศรี ใจดี"),
        ("นาง สาวสมศรี", "นางสาว", "สมศรี"),
        ("น.ส.สมศรี", "นางสาว", "สมศรี"),
        ("น.ส. สมศรี", "นางสาว", "สมศรี"),
        ("น.ส สมศรี", "นางสาว", "สมศรี"),
        ("น. ส. สมศรี", "นางสาว", "สมศรี"),
        ("นส. สมศรี", "นางสาว", "สมศรี"),
        ("นส สมศรี", "นางสาว", "สมศรี"),
        ("นายสมชาย", "นาย", "สมชาย"),
        ("นาย สมชาย", "นาย", "สมชาย"),
        ("นาง สมศรี", "นาง", "สมศรี"),
        ("นางลักษณ์ ใจดี", None, "นางลักษณ์ ใจดี"),
        ("นายิกา ใจดี", None, "นายิกา ใจดี"),
        ("เด็กชายดี", "เด็กชาย", "ดี"),
        ("ด.ช.ดี", "เด็กชาย", "ดี"),
        ("ดช.ดี", "เด็กชาย", "ดี"),
        ("ดช ดี", "เด็กชาย", "ดี"),
        ("เด็กหญิง ดี", "เด็กหญิง", "ดี"),
        ("ด.ญ. ดี", "เด็กหญิง", "ดี"),
        ("ดญ.ดี", "เด็กหญิง", "ดี"),
        ("Mr. John Doe", "Mr.", "John Doe"),
        ("MR John", "Mr.", "John"),
        ("Mrs.Jane", "Mrs.", "Jane"),
        ("Miss Jane", "Miss", "Jane"),
        ("Missy", None, "Missy"),
        ("พระ สมชาย", "พระ", "สมชาย"),
        ("พระพร ใจดี", None, "พระพร ใจดี"),
        ("พระครู สมชาย", "พระครู", "สมชาย"),
        ("สามเณรดี", "สามเณร", "ดี"),
        ("แม่ชีบุญ", "แม่ชี", "บุญ"),
        ("ว่าที่ ร.ต.สมชาย", "ว่าที่ร้อยตรี", "สมชาย"),
        ("ร.ต. สมชาย", "ร้อยตรี", "สมชาย"),
        ("ร.ต.อ. สมชาย", "ร้อยตำรวจเอก", "สมชาย"),
        ("ส.อ.สมชาย", "สิบเอก", "สมชาย"),
        ("จ.ส.อ. สมชาย", "จ่าสิบเอก", "สมชาย"),
        ("พ.ต.ท. สมชาย", "พันตำรวจโท", "สมชาย"),
        ("ด.ต. สมชาย", "ดาบตำรวจ", "สมชาย"),
        ("ดร. สมชาย", "ดร.", "สมชาย"),
        ("ผศ. สมชาย", "ผู้ช่วยศาสตราจารย์", "สมชาย"),
        ("ดชา ใจดี", None, "ดชา ใจดี"),
        ("สมชาย ใจดี", None, "สมชาย ใจดี"),
        ("นาง", "นาง", ""),
        ("น.ส.", "นางสาว", ""),
        ("", None, ""),
    ],
)
def test_a_title_is_split_off_in_its_long_form(written: str, title: str | None, rest: str) -> None:
    assert thai_text.split_title(written) == (title, rest)


def test_a_title_known_from_its_own_column_is_split_off_even_when_joined() -> None:
    assert thai_text.split_title("นางลักษณ์", known_title="นาง") == ("นาง", "ลักษณ์")
    assert thai_text.split_title("นางลักษณ์", known_title="นาย") == (None, "นางลักษณ์")
    assert thai_text.split_title("นางสาวสมศรี", known_title="นาง") == ("นางสาว", "สมศรี")


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("นายสมชาย ใจดี", ("นาย", "สมชาย", "ใจดี")),
        ("นางสาว  สมศรี   ณ  อยุธยา", ("นางสาว", "สมศรี", "ณ อยุธยา")),
        ("สมชาย", (None, "สมชาย", "")),
        ("", (None, "", "")),
    ],
)
def test_a_full_name_is_split(written: str, parts: tuple[str | None, str, str]) -> None:
    assert tuple(thai_text.split_full_name(written)) == parts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("นายสมชาย ใจดี", "สมชาย ใจดี"),
        ("นางสาวสมศรี ใจดี", "นาง สมศรี ใจดี"),
        ("สมชาย  ใจดี", "สมชาย\u00a0ใจดี"),
        ("น\u0e4d\u0e49\u0e32 ใจดี", "น้ำ ใจดี"),
        ("เเก้ว", "แก้ว"),
        ("สมศรี ณ อยุธยา", "สมศรี ณ.อยุธยา"),
        ("ก่่อง", "ก่อง"),
        ("John DOE", "john doe"),
    ],
)
def test_two_writings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert thai_text.name_key(one) == thai_text.name_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("ธรรมะ", "ธัมมะ"), ("สิทธิ์", "สิทธิ"), ("ปู", "ปู่"), ("นางลักษณ์", "ลักษณ์")],
)
def test_different_spellings_keep_different_keys(one: str, other: str) -> None:
    assert thai_text.name_key(one) != thai_text.name_key(other)


def test_a_title_alone_still_has_a_key_to_search_for() -> None:
    assert thai_text.name_key("นาง") == "นาง"


@given(text=nasty)
def test_a_key_does_not_depend_on_damage_or_spaces(text: str) -> None:
    assert thai_text.name_key(thai_text.clean(text)) == thai_text.name_key(text)
    assert " " not in thai_text.name_key(text)


def test_words_sort_as_in_a_dictionary() -> None:
    words = ["เก่า", "ไก่", "กา", "ขา", "แก", "ก้า", "โก", "งา", "เกา"]

    assert sorted(words, key=thai_text.sort_key) == [
        "กา", "ก้า", "เกา", "เก่า", "แก", "โก", "ไก่", "ขา", "งา",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "level", "name"),
    [
        ("กิ่งอำเภอบัวลาย", "DISTRICT", "บัวลาย"),
        ("กิ่ง อ.บัวลาย", "DISTRICT", "บัวลาย"),
        ("กิ่งอ. บัวลาย", "DISTRICT", "บัวลาย"),
        ("อำเภอ เฉลิมพระเกียรติ", "DISTRICT", "เฉลิมพระเกียรติ"),
        ("อ.เฉลิมพระเกียรติ", "DISTRICT", "เฉลิมพระเกียรติ"),
        ("เขตบางรัก", "DISTRICT", "บางรัก"),
        ("ตำบลช้างทอง", "SUBDISTRICT", "ช้างทอง"),
        ("ต. ช้างทอง", "SUBDISTRICT", "ช้างทอง"),
        ("แขวงสีลม", "SUBDISTRICT", "สีลม"),
        ("จังหวัดนครราชสีมา", "PROVINCE", "นครราชสีมา"),
        ("จ.นครราชสีมา", "PROVINCE", "นครราชสีมา"),
        ("บ้านดอน", "VILLAGE", "ดอน"),
        ("บ.ดอน", "VILLAGE", "ดอน"),
        ("บ้าน", "VILLAGE", "บ้าน"),
        ("บ้านเหลื่อม", "DISTRICT", "บ้านเหลื่อม"),
        ("บ้านใหม่", "SUBDISTRICT", "บ้านใหม่"),
        ("อำเภอบ้านเหลื่อม", "", "บ้านเหลื่อม"),
        ("อำนาจเจริญ", "PROVINCE", "อำนาจเจริญ"),
    ],
)
def test_the_word_for_the_level_is_taken_off_a_place(written: str, level: str, name: str) -> None:
    assert thai_text.strip_area_prefix(written, level) == name


@given(text=nasty)
def test_no_text_raises_an_exception(text: str) -> None:
    thai_text.split_full_name(text)
    thai_text.sort_key(text)
    for level in ("", "PROVINCE", "DISTRICT", "SUBDISTRICT", "VILLAGE"):
        assert thai_text.area_key(text, level) == thai_text.area_key(thai_text.clean(text), level)
