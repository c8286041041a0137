"""A line's verdict is that of its worst code, and every code can explain itself."""

import pytest

from imports import verdicts
from imports.verdicts import CATALOGUE, Finding
from imports.workflow import Severity, Verdict


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([], Verdict.ACCEPTED),
        (["F_DIGITS"], Verdict.ACCEPTED),
        (["W_CID_MISSING", "F_DIGITS"], Verdict.ACCEPTED),
        (["S_TOTAL"], Verdict.SKIPPED),
        (["W_CID_MISSING", "S_REPEAT"], Verdict.SKIPPED),
        (["S_REPEAT", "H_NO_HOUSE"], Verdict.HELD),
        (["H_NO_HOUSE", "W_CID_MISSING"], Verdict.HELD),
        (["F_DIGITS", "H_NO_HOUSE", "E_CID_LEN", "S_REPEAT"], Verdict.REJECTED),
    ],
)
def test_the_worst_code_decides(codes: list[str], expected: Verdict) -> None:
    assert verdicts.verdict(tuple(Finding(code) for code in codes)) is expected
    assert verdicts.verdict_of_codes(codes) is expected


def test_the_prefix_is_the_severity() -> None:
    assert [verdicts.severity_of(f"{prefix}_X") for prefix in "EHSWF"] == list(Severity)


def test_every_code_of_the_field_s_list_is_known() -> None:
    # The list of result codes agreed for person and household lists.
    agreed = {
        "E_NO_KEY",
        "E_CID_LEN",
        "E_CID_CHECK",
        "E_ID_SCI",
        "E_HC_LEN",
        "E_AREA_UNKNOWN",
        "E_AREA_SHIFT",
        "E_YEAR",
        "E_CAP_RANGE",
        "H_DUP_IN_FILE",
        "S_REPEAT",
        "S_TOTAL",
        "S_BLANK",
        "S_HEADER",
        "S_HIDDEN",
        "H_NO_HOUSE",
        "H_POSSIBLE_DUP",
        "H_AREA_NEW",
        "H_HOUSE_DIFFERS",
        "H_YEAR",
        "E_AREA_SCOPE",
        "H_HOUSENO_DATE",
        "W_HC_PREFIX",
        "W_CID_MISSING",
        "W_CID_NONTHAI",
        "W_AGE_BIRTH_MISMATCH",
        "W_LATLON_SWAPPED",
    }

    assert agreed <= set(CATALOGUE)


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_code_names_the_reason_the_place_and_the_cure(code: str) -> None:
    rule = CATALOGUE[code]
    sentence = verdicts.explain(Finding(code, "citizen_id", "1234567890121"), header="เลขบัตร")

    assert rule.severity in Severity
    assert rule.reason in sentence
    assert rule.cure in sentence
    assert "“เลขบัตร”" in sentence


def test_an_explanation_never_repeats_the_cell() -> None:
    for code in CATALOGUE:
        assert "1234567890121" not in verdicts.explain(Finding(code, "citizen_id", "1234567890121"))


def test_a_detail_completes_the_reason() -> None:
    sentence = verdicts.explain(Finding("S_REPEAT", detail="แถวที่ 12"))

    assert "ซ้ำกับแถวก่อนหน้าทุกช่อง (แถวที่ 12)" in sentence


def test_only_a_warning_counts_as_warned() -> None:
    assert verdicts.is_warned([Finding("F_DIGITS"), Finding("W_VALUE")])
    assert not verdicts.is_warned([Finding("F_DIGITS")])
