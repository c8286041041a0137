"""House codes: length, typing variants and the registrar's prefix."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppaos.lib import house_code
from ppaos.lib.house_code import InvalidHouseCode


@pytest.mark.parametrize(
    "typed",
    ["30030123729", "3003-012372-9", " 3003 012372 9 ", "๓๐๐๓๐๑๒๓๗๒๙", "'30030123729"],
)
def test_a_code_is_normalised(typed: str) -> None:
    assert house_code.normalise(typed) == "30030123729"


@pytest.mark.parametrize(
    "typed", ["", "-", "3003012372", "300301237290", "3003012372A", "3.0030E+10", "²0030123729"]
)
def test_anything_but_eleven_digits_is_refused(typed: str) -> None:
    with pytest.raises(InvalidHouseCode):
        house_code.normalise(typed)


@given(digits=st.text(alphabet="0123456789", min_size=11, max_size=11))
def test_what_is_displayed_can_be_typed_back(digits: str) -> None:
    assert house_code.is_valid(digits)
    assert house_code.normalise(house_code.display(digits)) == digits


@given(text=st.text(max_size=20))
def test_no_text_raises_anything_but_the_declared_error(text: str) -> None:
    for function in (house_code.normalise, house_code.display):
        with suppress(InvalidHouseCode):
            function(text)


def test_a_code_is_displayed_in_three_groups() -> None:
    assert house_code.display("30030123729") == "3003-012372-9"


@pytest.mark.parametrize(
    ("code", "province", "fits"),
    [
        ("30030123729", "30", True),
        ("30050002409", "30", True),
        ("30030123729", "47", False),
        ("03003012372", "30", True),
        ("03003012372", "03", False),
        ("34120001234", "37", True),
        ("37010001234", "34", False),
        ("43010001234", "38", True),
        ("41010001234", "39", True),
        ("25010001234", "27", True),
        ("43010001234", "39", False),
    ],
)
def test_the_prefix_is_the_province_or_the_one_it_was_split_from(
    code: str, province: str, fits: bool
) -> None:
    assert house_code.fits_province(code, province) is fits
