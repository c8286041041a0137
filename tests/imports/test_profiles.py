"""Headers as real files write them find their column; what is unclear is asked, not guessed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.profiles import PROFILES, SOURCES
from imports.profiles.choosing import best_guess, fit, other_list
from imports.profiles.column import Column
from imports.profiles.columns import CAPITAL_COLUMNS, COLUMNS, INDICATOR_COLUMNS
from imports.profiles.headers import ALIASES, column_of, find_header, guess, header_key
from imports.profiles.profile import Mapping, Profile, UnableToMap, confirm
from ppaos.lib import citizen_id, house_code

TPMAP = PROFILES["tpmap"]
T1 = [column.header for column in TPMAP.template]


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_every_header_of_an_offered_template_maps_by_our_own_aliases(profile: Profile) -> None:
    mapping = guess([column.header for column in profile.template], profile)

    assert mapping.is_certain
    assert mapping.confidence == 1.0
    assert mapping.unknown == ()
    assert [mapping.columns[column.column] for column in profile.template] == list(
        range(len(profile.template))
    )


# ---- which list is it ----
def headers_of(profile: Profile) -> list[str]:
    return [column.header for column in profile.template]


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_a_template_fits_its_own_list_better_than_every_other(profile: Profile) -> None:
    headers = headers_of(profile)
    fits = {
        each.key: (not mapping.missing, fit(mapping))
        for each in PROFILES.values()
        for mapping in (guess(headers, each),)
    }

    others = [each for key, each in fits.items() if key != profile.key]
    assert fits[profile.key] > max(others)
    assert best_guess(headers, [], profile.source).profile == profile.key
    assert other_list(guess(headers, profile), headers, []) is None


# A generic list of households may well be one of missed households.
MAY_PASS = {("households", "missed")}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_a_list_sent_as_another_is_never_taken_silently(profile: Profile, source: str) -> None:
    if profile.source == source or (profile.key, source) in MAY_PASS:
        return
    headers = headers_of(profile)

    mapping = best_guess(headers, [], source)

    assert other_list(mapping, headers, []) is not None or not mapping.is_certain


def test_a_person_list_with_indicators_is_not_taken_for_the_survey() -> None:
    headers = [*T1, *(f"ตัวชี้วัดที่ {number}" for number in range(1, 39))]

    assert other_list(guess(headers, TPMAP), headers, []) is None
    seems = other_list(best_guess(headers, [], "bmn"), headers, [])
    assert seems is not None
    assert seems.key == "tpmap"


# Headers exactly as published files and screens have them.
SEEN = {
    "pppconnext": (
        *("รหัสบ้าน", "ปีที่สำรวจ", "บ้านเลขที่", "หมู่ที่", "ชื่อหมู่บ้าน", "ซอย", "ถนน", "ตำบล", "อำเภอ"),
        *("จังหวัด", "รหัสไปรษณีย์", "ละติจูด", "ลองจิจูด"),
        *("ทุนมนุษย์", "ทุนกายภาพ", "ทุนการเงิน", "ทุนธรรมชาติ", "ทุนทางสังคม"),
    ),
    "pppconnext.persons": (
        *("รหัสบ้าน", "ลำดับในบ้าน (1 = หัวหน้า)", "คำนำหน้าชื่อ", "ชื่อ", "สกุล"),
        *("หมายเลขประจำตัวประชาชน", "วัน/เดือน/ปีเกิด"),
    ),
    "missed.counts": (
        *("ลำดับ", "อำเภอ", "ตำบล", "ผู้ตกเกณฑ์ จปฐ.+ไม่มีบัตร", "กลุ่มเปราะบาง+ไม่มีบัตร"),
        *("ทั้ง 3 กลุ่ม+ไม่มีบัตร", "รวมทั้ง 3 กลุ่ม"),
    ),
    "area_figures": ("district_id", "district_name_thai", "family", "poor"),
    "area_figures.items": ("ปี", "จังหวัด", "อำเภอ", "ครัวเรือน", "รายการ", "หน่วย", "หน่วยงาน"),
    "households.by_code": ("ปีที่สำรวจ", "ชื่อ-นามสกุล", "HC", "จำนวนสมาชิก", "ที่อยู่"),
    "assistance": (
        *("รหัสบ้าน", "เลขประจำตัวประชาชน", "มิติ", "หน่วยงาน", "กิจกรรม", "งบประมาณ"),
        *("วันที่ช่วยเหลือ", "ผล"),
    ),
}


@pytest.mark.parametrize("key", SEEN)
def test_a_list_as_it_was_seen_is_recognised(key: str) -> None:
    headers = SEEN[key]
    mapping = best_guess(headers, [], PROFILES[key].source)

    assert mapping.profile == key
    assert mapping.is_certain
    assert [mapping.headers[index] for index in mapping.unknown] in ([], ["ลำดับ"])
    assert other_list(mapping, headers, []) is None


def test_figures_of_a_published_area_file_are_known_by_their_names() -> None:
    headers = [
        *("province_ID", "amphur_ID", "tumbol_ID", "HOUSEMEMBER_CNT", "poor.household.CNT"),
        *("poor.JPT.CNT", "poor.JPT.MOFreg.CNT", "poor.JPT.MOFval.CNT", "poor.JPT.MOFval.health"),
        *("JPT.MOFval.pov.rate", "poor.JPT.MOFval.ind1.CNT"),
    ]

    mapping = best_guess(headers, [], "area_figures")

    assert mapping.profile == "area_figures"
    assert list(mapping.columns) == [
        *("province_code", "amphoe_code", "tambon_code", "surveyed_people", "poor_households"),
        *("poor_people", "registered_poor_people", "target_people", "target_health"),
    ]
    # What is not a count is named as read past.
    assert [headers[index] for index in mapping.unknown] == headers[-2:]


def test_five_columns_of_one_name_are_capitals_only_if_somebody_says_so() -> None:
    headers = [
        *("รหัสบ้าน", "บ้านเลขที่", "หมู่", "ชื่อหมู่บ้าน", "ตำบล", "อำเภอ", "สำนักรับผิดชอบ", "ชื่อ", "สกุล"),
        *["ทุน"] * 5,
        *("สถานะ", "แก้ไข"),
    ]

    mapping = best_guess(headers, [], "pppconnext")

    assert [mapping.columns[name] for name in CAPITAL_COLUMNS] == [9, 10, 11, 12, 13]
    assert [question.column for question in mapping.questions] == ["cap_human"]
    assert mapping.columns["agency"] == 6
    assert [headers[index] for index in mapping.unknown] == ["แก้ไข"]


@pytest.mark.parametrize(
    ("value", "asks"), [("1", True), (None, True), ("ผ่าน", False), ("ตกเกณฑ์", False)]
)
def test_what_one_means_in_a_survey_s_dimension_is_asked(value: str | None, asks: bool) -> None:
    headers = ["ปี จปฐ.", "รหัสบ้าน", "ตำบล", "ตัวชี้วัดที่ 1", "มิติสุขภาพ"]

    mapping = best_guess(headers, [[None, None, None, None, value]] if value else [], "bmn")

    assert [question.column for question in mapping.questions] == ["dim_health"] * asks


def test_a_header_may_mean_something_else_in_one_list() -> None:
    persons = guess([*T1, "หัวหน้าครัวเรือน"], TPMAP)
    households = guess(["รหัสบ้าน", "หัวหน้าครัวเรือน", "ตำบล"], PROFILES["households"])

    assert "full_name" not in persons.columns
    assert households.columns["full_name"] == 1


def test_every_alias_of_a_list_stands_for_a_column_that_it_accepts() -> None:
    for profile in PROFILES.values():
        assert set(profile.aliases.values()) <= profile.accepts
        assert set(profile.marks) <= profile.accepts
        assert {name for group in profile.required for name in group} <= profile.accepts
        assert {column.column for column in profile.template} <= profile.accepts
        assert profile.accepts <= set(COLUMNS)
        assert profile.year_column in profile.accepts


def test_the_tpmap_template_is_the_published_one() -> None:
    assert T1 == [
        "ปีข้อมูล TPMAP", "ปี จปฐ.", "รหัสบ้าน", "เลขประจำตัวประชาชน", "คำนำหน้า", "ชื่อ", "นามสกุล",
        "วันเกิด", "เพศ", "บ้านเลขที่", "หมู่ที่", "ชื่อหมู่บ้าน", "ตำบล", "อำเภอ", "จังหวัด", "รหัสตำบล",
        "บัตรสวัสดิการแห่งรัฐ", "สุขภาพ", "ความเป็นอยู่", "การศึกษา", "รายได้", "การเข้าถึงบริการภาครัฐ",
    ]  # fmt: skip


def test_the_template_s_examples_are_in_normal_form_and_of_nobody() -> None:
    example = {column.column: column.example for column in TPMAP.template}

    assert citizen_id.is_valid(example["citizen_id"])
    assert example["citizen_id"][1:5] == citizen_id.GENERATED_OFFICE
    assert house_code.is_valid(example["house_code"])
    assert all(column.explanation for column in TPMAP.template)


@pytest.mark.parametrize("count", [31, 38])
def test_a_person_list_may_carry_the_indicator_columns(count: int) -> None:
    headers = [*T1, *(f"ตัวชี้วัดที่ {number}" for number in range(1, count + 1))]

    mapping = guess(headers, TPMAP)

    assert mapping.is_certain
    assert mapping.columns[f"ind_{count}"] == len(headers) - 1
    assert [name for name in INDICATOR_COLUMNS if name in mapping.columns] == list(
        INDICATOR_COLUMNS[:count]
    )


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("HC", "house_code"),
        ("house_ID", "house_code"),
        ("HOUSE ID", "house_code"),
        ("รหัส บ้าน", "house_code"),
        ("รหัสประจำบ้าน*", "house_code"),
        ("\ufeffรหัสบ้าน\u200b", "house_code"),
        ("รหัสบ้าน\n(11 หลัก)", "house_code"),
        ("หมายเลขประจำตัวประชาชน", "citizen_id"),
        ("เลข ๑๓ หลัก", "citizen_id"),
        ("CitizenID", "citizen_id"),
        ("CID", "citizen_id"),
        ("ชื่อ-สกุล", "full_name"),
        ("ชื่อ - นามสกุล", "full_name"),
        ("สกุล", "last_name"),
        ("วัน/เดือน/ปีเกิด", "birth_date"),
        ("วดป.เกิด", "birth_date"),
        ("อายุ(ปี)", "age"),
        ("ม.", "moo"),
        ("หมู่", "moo"),
        ("แขวง", "tambon_name"),
        ("amphur", "amphoe_name"),
        ("JUN", "province_code"),
        ("tumbol_ID", "tambon_code"),
        ("MB", "village_code"),
        ("ลองติจูด", "lon"),
        ("ปี", "survey_year"),
        ("ปี จปฐ", "bmn_year"),
        ("MOFval", "welfare_card"),
        ("มิติสุขภาพ", "dim_health"),
        ("ด้านความเป็นอยู่", "dim_living"),
        ("ด้านรายได้", "dim_income"),
        ("มิติรายได้", "dim_income"),
        ("รายได้", None),
        ("การเข้าถึงบริการรัฐ", "dim_accessibility"),
        ("การเข้าถึงบริการของรัฐ", "dim_accessibility"),
        ("ด้านการเข้าถึงบริการภาครัฐ", "dim_accessibility"),
        ("ทุนทรัพยากร(ธรรมชาติ)", "cap_natural"),
        ("ทุนเศรษฐกิจ", "cap_financial"),
        ("ตัวชี้วัดที่ ๓๘", "ind_38"),
        ("ตัวชี้วัดที่ 1 เด็กแรกเกิดมีน้ำหนักตามเกณฑ์", "ind_1"),
        ("ข้อ 7", "ind_7"),
        ("ตชว.12", "ind_12"),
        ("ind_05", "ind_5"),
        ("indicator31", "ind_31"),
        ("ข้อ 39", None),
        ("ind0", None),
        ("ลำดับ", None),
        ("หมายเหตุ", None),
        ("", None),
    ],
)
def test_a_header_finds_its_column(header: str, column: str | None) -> None:
    assert column_of(header) == column


@pytest.mark.parametrize("column", COLUMNS.values(), ids=COLUMNS)
def test_every_alias_of_a_column_finds_it(column: Column) -> None:
    assert [column_of(alias) for alias in column.aliases] == [column.name] * len(column.aliases)


def test_columns_in_another_order_map_by_their_names() -> None:
    mapping = guess(list(reversed(T1)), TPMAP)

    assert mapping.is_certain
    assert mapping.columns["tpmap_year"] == len(T1) - 1
    assert mapping.columns["dim_accessibility"] == 0


def test_unknown_headers_are_listed_and_lower_the_confidence() -> None:
    mapping = guess(["ลำดับ", *T1, "หมายเหตุ", None, ""], TPMAP)

    assert mapping.is_certain
    assert [mapping.headers[index] for index in mapping.unknown] == ["ลำดับ", "หมายเหตุ"]
    assert mapping.confidence == len(T1) / (len(T1) + 2)


def test_two_headers_for_one_column_must_be_settled_by_a_person() -> None:
    mapping = guess([*T1, "รหัสประจำบ้าน"], TPMAP)

    assert not mapping.is_certain
    assert mapping.duplicates == {"house_code": (2, len(T1))}


def test_a_missing_required_column_is_named() -> None:
    mapping = guess([header for header in T1 if header not in ("ตำบล", "รหัสตำบล", "ชื่อ")], TPMAP)

    assert not mapping.is_certain
    assert mapping.missing == (
        ("first_name", "full_name"),
        ("tambon_code", "village_code", "tambon_name"),
    )


@pytest.mark.parametrize(
    "values", [[], [None], ["1", 0, None], ["ผ่าน", "ไม่ผ่าน"], ["/", "✓", "x", "-"], [1.0]]
)
def test_a_bare_income_column_of_yes_or_no_is_the_dimension(values: list[object]) -> None:
    samples = [[*[None] * 20, value, None] for value in values]

    mapping = guess(T1, TPMAP, samples=samples)

    assert mapping.columns["dim_income"] == 20
    assert mapping.is_certain


@pytest.mark.parametrize("value", [38_000, "38,000", "2", "๒๐๐๐"])
def test_a_bare_income_column_of_amounts_must_be_confirmed(value: object) -> None:
    mapping = guess(T1, TPMAP, samples=[[*[None] * 20, value, None]])

    assert mapping.columns["income_year"] == 20
    assert "dim_income" not in mapping.columns
    assert [question.column for question in mapping.questions] == ["income_year"]
    assert not mapping.is_certain


def test_surname_and_full_name_are_told_apart_by_their_neighbour() -> None:
    beside_first = guess(["รหัสบ้าน", "เลขบัตร", "ชื่อ", "ชื่อสกุล", "ตำบล"], TPMAP)
    alone = guess(["รหัสบ้าน", "เลขบัตร", "ชื่อสกุล", "ตำบล"], TPMAP)

    assert beside_first.columns["last_name"] == 3
    assert alone.columns["full_name"] == 2


def test_the_header_is_found_below_title_lines() -> None:
    lines: list[list[object]] = [
        ["บัญชีรายชื่อครัวเรือนเป้าหมาย จังหวัดนครราชสีมา", None],
        [],
        ["ข้อมูล ณ วันที่", 45672],
        [None, *T1],
        ["x"] * 23,
    ]

    assert find_header(lines) == 3


def test_a_file_without_a_header_has_none() -> None:
    assert find_header([["นาย", "สมชาย"], ["รหัสบ้าน", "ชื่อ"]]) is None
    assert find_header([[]] * 15 + [list(T1)]) is None
    assert find_header([]) is None


def test_a_header_repeated_in_one_column_does_not_make_a_header_line() -> None:
    assert find_header([["ตำบล", "แขวง", "ตำบล"]]) is None


def test_a_chosen_mapping_is_kept_and_read_back() -> None:
    chosen = confirm(
        TPMAP,
        ["a", "b", "c", "d"],
        {"house_code": 0, "citizen_id": 1, "full_name": 2, "tambon_code": 3},
    )

    again = Mapping.from_json(json.loads(json.dumps(chosen.to_json())))

    assert chosen.is_certain
    assert (again.columns, again.headers, again.profile) == (
        chosen.columns,
        chosen.headers,
        "tpmap",
    )
    assert chosen.header_of("citizen_id") == "b"
    assert chosen.header_of("lat") == "ละติจูด"
    assert chosen.header_of("") == ""


@pytest.mark.parametrize(
    "columns",
    [
        {"house_code": 0},
        {"house_code": 0, "citizen_id": 0, "full_name": 2, "tambon_code": 3},
        {"house_code": 0, "citizen_id": 1, "full_name": 2, "tambon_code": 4},
        {"house_code": 0, "citizen_id": 1, "full_name": 2, "tambon_code": -1},
        {"house_code": 0, "citizen_id": 1, "full_name": 2, "budget": 3},
        {"house_code": 0, "citizen_id": 1, "full_name": 2, "no_such": 3},
    ],
)
def test_an_unusable_choice_is_refused(columns: dict[str, int]) -> None:
    with pytest.raises(UnableToMap):
        confirm(TPMAP, ["a", "b", "c", "d"], columns)


cells = st.none() | st.text(max_size=20) | st.integers() | st.floats() | st.booleans() | st.dates()


@given(
    headers=st.lists(cells, max_size=12), samples=st.lists(st.lists(cells, max_size=12), max_size=3)
)
def test_no_header_raises_an_exception(headers: list[object], samples: list[list[object]]) -> None:
    mapping = guess(headers, TPMAP, samples=samples)

    assert find_header([headers, *samples]) in (None, 0, 1, 2, 3)
    assert len(mapping.headers) == len(headers)
    assert 0 <= mapping.confidence <= 1


@given(
    text=st.sampled_from(sorted(alias for column in COLUMNS.values() for alias in column.aliases))
)
def test_an_alias_survives_decoration(text: str) -> None:
    for decorated in (f" {text} ", f"{text}*", f"{text} (ระบุ)", f"\u200b{text}:", text.upper()):
        assert header_key(decorated) == header_key(text)
        assert ALIASES[header_key(decorated)] == column_of(text)
