"""Codes and names of places: known, learnt at once, confirmed by a person, or refused."""

from typing import Any

import pytest

from imports.normalise import AreaDecision, AreaResolver, KnownArea, LearntArea
from tests.imports.lines import KNOWN_AREAS, codes, read

COLUMNS = (
    *("province_code", "amphoe_code", "tambon_code", "village_code"),
    *("province_name", "amphoe_name", "tambon_name", "village_name", "moo"),
)
NAMES: dict[str, Any] = {
    "province_name": "นครราชสีมา",
    "amphoe_name": "เฉลิมพระเกียรติ",
    "tambon_name": "ช้างทอง",
}
CODED: dict[str, Any] = {**NAMES, "tambon_code": "303201"}


def resolve(scopes: tuple[str, ...] | None = None, **values: Any) -> AreaDecision:
    return AreaResolver(KNOWN_AREAS, scopes=scopes).resolve({**dict.fromkeys(COLUMNS), **values})


def found(decision: AreaDecision) -> list[tuple[str, str]]:
    return [(finding.code, finding.column) for finding in decision.findings]


@pytest.mark.parametrize(
    ("values", "area"),
    [
        ({"tambon_name": "ช้างทอง", "amphoe_code": "3032", "amphoe_name": "?"}, "303201"),
        (CODED, "303201"),
        (NAMES, "303201"),
        ({"tambon_code": "303201"}, "303201"),
        ({"tambon_name": "ท่าช้าง", "amphoe_name": "เฉลิมพระเกียรติ"}, "303202"),
        ({"tambon_name": "ช้างทอง", "province_name": "โคราช"}, "303201"),
        ({"tambon_name": "ช้างทอง"}, "303201"),
        ({**CODED, "amphoe_code": "3032", "province_code": "30"}, "303201"),
        ({**CODED, "moo": 3}, "30320103"),
        ({**CODED, "moo": 0}, "303201"),
        ({"village_code": "30320103"}, "30320103"),
        ({**CODED, "village_code": "30320103", "moo": 3}, "30320103"),
        ({**CODED, "province_name": "โคราช"}, "303201"),
    ],
)
def test_a_known_area_is_found_without_a_word(values: dict[str, Any], area: str) -> None:
    decision = resolve(**values)

    assert decision == AreaDecision(area)


def test_an_unknown_village_of_a_known_tambon_is_learnt_without_holding_the_line() -> None:
    decision = resolve(**CODED, moo=7, village_name="ดอน")

    assert decision.code == "30320107"
    assert decision.findings == ()
    assert decision.new_areas == (LearntArea("30320107", "VILLAGE", "ดอน", False),)
    assert decision.new_areas[0].parent == "303201"


def test_a_village_without_a_name_is_called_by_its_number() -> None:
    assert resolve(**CODED, moo=12).new_areas == (
        LearntArea("30320112", "VILLAGE", "หมู่ที่ 12", False),
    )


def test_a_new_tambon_with_code_and_name_waits_for_a_person() -> None:
    decision = resolve(**{**CODED, "tambon_code": "303209", "tambon_name": "ใหม่"}, moo=2)

    assert found(decision) == [("H_AREA_NEW", "tambon_name")]
    assert decision.code == "30320902"
    assert decision.new_areas == (
        LearntArea("303209", "SUBDISTRICT", "ใหม่", True),
        LearntArea("30320902", "VILLAGE", "หมู่ที่ 2", False),
    )


def test_a_new_district_is_proposed_before_its_tambon() -> None:
    decision = resolve(
        province_name="นครราชสีมา", amphoe_name="ใหม่", tambon_name="ใหม่เหนือ", tambon_code="303301"
    )

    assert found(decision) == [("H_AREA_NEW", "amphoe_name"), ("H_AREA_NEW", "tambon_name")]
    assert [area.code for area in decision.new_areas] == ["3033", "303301"]


def test_a_confirmed_area_is_accepted_from_then_on() -> None:
    areas = [*KNOWN_AREAS, KnownArea("303209", "SUBDISTRICT", "ใหม่")]
    values = {**dict.fromkeys(COLUMNS), **CODED, "tambon_code": "303209", "tambon_name": "ใหม่"}

    assert AreaResolver(areas).resolve(values) == AreaDecision("303209")


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({**CODED, "tambon_code": "993201"}, "tambon_code"),
        ({"tambon_code": "303209"}, "tambon_name"),
        ({**NAMES, "tambon_name": "ไม่มีที่นี่"}, "tambon_name"),
        ({**NAMES, "amphoe_name": "นามน"}, "tambon_name"),
        ({**NAMES, "tambon_name": None}, "tambon_name"),
        ({"province_name": "นครราชสีมา"}, "tambon_name"),
        ({**CODED, "amphoe_code": "3031"}, "amphoe_code"),
        ({**CODED, "province_code": "31"}, "province_code"),
        ({**CODED, "village_code": "30320203"}, "tambon_code"),
        ({**CODED, "village_code": "30320103", "moo": 4}, "moo"),
        ({}, "tambon_name"),
    ],
)
def test_what_names_no_area_is_refused(values: dict[str, Any], column: str) -> None:
    decision = resolve(**values)

    assert found(decision) == [("E_AREA_UNKNOWN", column)]
    assert decision.code is None
    assert decision.new_areas == ()


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"tambon_name": "ท่าช้าง"}, "tambon_name"),
        ({"amphoe_name": "บ้านเหลื่อม"}, "amphoe_name"),
        ({"province_name": "กาฬสินธุ์"}, "province_name"),
        ({"tambon_code": "303299"}, "tambon_name"),
    ],
)
def test_a_code_and_a_name_of_two_areas_wait_for_a_person(
    change: dict[str, str], column: str
) -> None:
    assert found(resolve(**{**CODED, **change})) == [("H_AREA_CONFLICT", column)]


def test_a_misspelt_name_beside_its_code_is_accepted_with_a_warning() -> None:
    decision = resolve(**{**CODED, "tambon_name": "ช้างทอล"})

    assert found(decision) == [("W_AREA_NAME", "tambon_name")]
    assert decision.code == "303201"


def test_a_name_of_several_tambons_is_settled_by_the_scope_or_refused() -> None:
    areas = [*KNOWN_AREAS, KnownArea("312301", "SUBDISTRICT", "ช้างทอง")]
    values = {**dict.fromkeys(COLUMNS), "tambon_name": "ช้างทอง", "amphoe_name": "เฉลิมพระเกียรติ"}

    assert AreaResolver(areas, scopes=["30"]).resolve(values).code == "303201"
    assert found(AreaResolver(areas).resolve(values)) == [("E_AREA_UNKNOWN", "tambon_name")]


def test_the_provincial_capital_s_district_goes_by_its_short_name() -> None:
    areas = [*KNOWN_AREAS, KnownArea("300101", "SUBDISTRICT", "ในเมือง")]
    values = {**dict.fromkeys(COLUMNS), "tambon_name": "ในเมือง", "amphoe_name": "เมือง"}

    assert AreaResolver(areas).resolve(values).code == "300101"


@pytest.mark.parametrize("name", ["กรุงเทพมหานคร", "กรุงเทพฯ", "กทม.", "กรุงเทพ"])
def test_the_capital_goes_by_its_short_names(name: str) -> None:
    areas = [
        *KNOWN_AREAS,
        KnownArea("1004", "DISTRICT", "บางรัก"),
        KnownArea("100402", "SUBDISTRICT", "สีลม"),
    ]
    values = {
        **dict.fromkeys(COLUMNS),
        "tambon_name": "สีลม",
        "amphoe_name": "บางรัก",
        "province_name": name,
    }

    assert AreaResolver(areas).resolve(values) == AreaDecision("100402")


@pytest.mark.parametrize("scopes", [("46",), ("3031",), ("303202",), ()])
@pytest.mark.parametrize("values", [CODED, NAMES])
def test_an_area_outside_the_uploader_s_scope_is_refused(
    scopes: tuple[str, ...], values: dict[str, Any]
) -> None:
    decision = resolve(scopes, **values)

    assert found(decision) == [("E_AREA_SCOPE", "tambon_name")]
    assert decision.code is None


@pytest.mark.parametrize("scopes", [("30",), ("3032",), ("303201",), ("46", "30"), None])
def test_an_area_within_the_scope_is_found(scopes: tuple[str, ...] | None) -> None:
    assert resolve(scopes, **CODED).code == "303201"


def test_a_new_area_outside_the_scope_is_not_even_proposed() -> None:
    decision = resolve(("30",), **{**CODED, "tambon_code": "460299", "tambon_name": "ใหม่"})

    assert found(decision) == [("E_AREA_SCOPE", "tambon_name")]
    assert decision.new_areas == ()


def test_a_line_carries_its_area_and_the_warning_about_the_house_code() -> None:
    split = {"จังหวัด": "อำนาจเจริญ", "อำเภอ": "ใหม่", "ตำบล": "ใหม่", "รหัสตำบล": "379901"}

    assert codes(read(split, scopes=None)) == ["H_AREA_NEW", "H_AREA_NEW", "W_HC_PREFIX"]
    assert codes(read({**split, "รหัสบ้าน": "34120000015"}, scopes=None)) == ["H_AREA_NEW"] * 2


def test_a_slipped_line_is_not_looked_up() -> None:
    assert codes(read({"อำเภอ": "อยู่ยาก", "ตำบล": "7"})) == ["E_AREA_SHIFT", "E_AREA_SHIFT"]


def test_a_former_code_means_the_area_of_today() -> None:
    areas = [
        KnownArea("30", "PROVINCE", "นครราชสีมา"),
        KnownArea("3032", "DISTRICT", "เฉลิมพระเกียรติ"),
        KnownArea("303201", "SUBDISTRICT", "ช้างทอง"),
        KnownArea("303209", "SUBDISTRICT", "ช้างใหม่"),
        KnownArea("30320901", "VILLAGE", "หนึ่ง"),
    ]
    resolver = AreaResolver(areas, former={"30320107": "30320901", "303208": "303209"})

    def code(**values: object) -> str | None:
        return resolver.resolve({**dict.fromkeys(COLUMNS), **values}).code

    assert code(tambon_code="303201", tambon_name="ช้างทอง", moo=7) == "30320901"
    assert code(village_code="30320107", amphoe_code="3032") == "30320901"
    assert code(tambon_code="303208", tambon_name="ชื่อเดิม") == "303209"
    assert code(tambon_code="303201", tambon_name="ช้างทอง") == "303201"
