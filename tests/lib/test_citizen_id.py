"""Citizen IDs: the published rule's vectors, and every way people type them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppaos.lib import citizen_id
from ppaos.lib.citizen_id import (
    InvalidCitizenId,
    Kind,
    ReservedNumber,
    WrongCheckDigit,
    WrongLength,
)

VALID = [
    "1234567890121",
    "1100000000008",
    "3100000000128",
    "2000000000058",
    "5999999999991",
    "8111111111116",
    "6800000000002",
    "0000000000019",
]
INVALID = ["1234567890123", "1100000000000", "110000000000", "1111111111111"]

generated = st.builds(
    lambda sequence, first: citizen_id.generate(sequence, first=first),
    st.integers(min_value=0, max_value=9_999_999),
    st.integers(min_value=0, max_value=8),
)


@pytest.mark.parametrize("digits", VALID)
def test_a_known_valid_number_is_valid(digits: str) -> None:
    assert citizen_id.is_valid(digits)
    assert citizen_id.normalise(digits) == digits
    assert citizen_id.check_digit(digits[:12]) == digits[12]


@pytest.mark.parametrize("digits", INVALID)
def test_a_known_invalid_number_is_refused(digits: str) -> None:
    assert not citizen_id.is_valid(digits)
    with pytest.raises(InvalidCitizenId):
        citizen_id.normalise(digits)


@pytest.mark.parametrize("digit", "0123456789")
def test_one_digit_thirteen_times_is_refused(digit: str) -> None:
    assert not citizen_id.is_valid(digit * 13)


@pytest.mark.parametrize(
    "typed",
    [
        "1-2345-67890-12-1",
        "1 2345 67890 12 1",
        "๑๒๓๔๕๖๗๘๙๐๑๒๑",
        "๑-๒๓๔๕-๖๗๘๙๐-๑๒-๑",
        "１２３４５６７８９０１２１",
        "'1234567890121",
        "\ufeff1234567890121\u200b",
        "1\u00a02345\u00a067890\u00a012\u00a01",
        "12345\u00ad67890\u200f121",
        "1\u20132345\u201367890\u201312\u20131",
        "1.2345.67890.12.1",
        "\t1234567890121\n",
    ],
)
def test_separators_and_foreign_digits_are_normalised(typed: str) -> None:
    assert citizen_id.normalise(typed) == "1234567890121"


@pytest.mark.parametrize(
    "typed",
    ["", "-", "ไม่มีบัตร", "1.23457E+12", "12345678901211", "²234567890121", "123456789012X"],
)
def test_what_is_not_thirteen_digits_has_the_wrong_length(typed: str) -> None:
    with pytest.raises(WrongLength):
        citizen_id.normalise(typed)


def test_a_mistyped_digit_is_told_apart_from_a_wrong_length() -> None:
    with pytest.raises(WrongCheckDigit):
        citizen_id.normalise("1234567890123")


def test_first_digit_nine_is_reserved() -> None:
    number = "999999999999"
    number += citizen_id.check_digit(number)

    assert not citizen_id.is_valid(number)
    with pytest.raises(ReservedNumber):
        citizen_id.normalise(number)


@given(number=generated, place=st.integers(0, 12), change=st.integers(1, 9))
def test_a_single_changed_digit_in_the_first_twelve_nearly_always_shows(
    number: str, place: int, change: int
) -> None:
    # mod 11 then mod 10 lets two remainders share a check digit, so not every change shows;
    # a changed check digit always does.
    changed = number[:place] + str((int(number[place]) + change) % 10) + number[place + 1 :]

    if place == 12:
        assert not citizen_id.is_valid(changed)
    else:
        expected = changed[0] != "9" and citizen_id.check_digit(changed[:12]) == changed[12]
        assert citizen_id.is_valid(changed) == expected


@given(number=generated)
def test_every_generated_number_is_valid_and_of_no_registrar(number: str) -> None:
    assert citizen_id.is_valid(number)
    assert number[1:5] == "9999"


def test_generated_numbers_differ() -> None:
    assert len({citizen_id.generate(n) for n in range(1000)}) == 1000


@pytest.mark.parametrize(("sequence", "first"), [(-1, 1), (10_000_000, 1), (0, 9), (0, -1)])
def test_a_sequence_out_of_range_is_refused(sequence: int, first: int) -> None:
    with pytest.raises(ValueError, match="is not within"):
        citizen_id.generate(sequence, first=first)


@given(number=generated)
def test_what_is_displayed_can_be_typed_back(number: str) -> None:
    assert citizen_id.normalise(citizen_id.display(number)) == number


def test_display_and_mask() -> None:
    assert citizen_id.display("1234567890121") == "1-2345-67890-12-1"
    assert citizen_id.mask("1234567890121") == "1-xxxx-xxxxx-12-1"


@given(text=st.text(max_size=30))
def test_no_text_raises_anything_but_the_declared_error(text: str) -> None:
    for function in (citizen_id.normalise, citizen_id.display, citizen_id.mask, citizen_id.kind):
        with suppress(InvalidCitizenId):
            function(text)
    assert citizen_id.is_valid(text) in (True, False)


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (0, Kind.NO_REGISTRATION),
        (1, Kind.THAI),
        (2, Kind.THAI),
        (3, Kind.THAI),
        (4, Kind.THAI),
        (5, Kind.THAI),
        (6, Kind.NON_THAI),
        (7, Kind.NON_THAI),
        (8, Kind.CHECK_MANUALLY),
    ],
)
def test_the_first_digit_is_the_kind(first: int, expected: Kind) -> None:
    assert citizen_id.kind(citizen_id.generate(5, first=first)) is expected


def test_nine_is_reserved_and_a_short_number_has_no_kind() -> None:
    assert citizen_id.kind("9000000000000") is Kind.RESERVED
    with pytest.raises(WrongLength):
        citizen_id.kind("123")
