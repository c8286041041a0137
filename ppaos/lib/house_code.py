"""The 11-digit house code (รหัสประจำบ้าน): four digits of the registrar, seven of sequence.

A pure module. No check digit is verified: its rule is not published, and none of the
common ones fits known codes. So only length and digits decide, and a prefix that does
not fit the province is worth a warning.
"""

import re

from ppaos.lib.citizen_id import compact

DIGITS = 11
_DIGITS_ONLY = re.compile(r"[0-9]{11}", re.ASCII)

PARENT_PROVINCES = {"37": "34", "38": "43", "39": "41", "27": "25"}
"""Province made by a split → the one that its older house codes still name.

อำนาจเจริญ ← อุบลราชธานี, บึงกาฬ ← หนองคาย, หนองบัวลำภู ← อุดรธานี, สระแก้ว ← ปราจีนบุรี.
"""


class InvalidHouseCode(ValueError):
    """The text is not a house code. The message is Thai and fit for the user."""


def normalise(text: str) -> str:
    """Return the 11 ASCII digits of a code typed with hyphens, spaces or Thai digits.

    Raises InvalidHouseCode.
    """
    digits = compact(text)
    if not _DIGITS_ONLY.fullmatch(digits):
        raise InvalidHouseCode("รหัสประจำบ้านต้องมีตัวเลข 11 หลัก")
    return digits


def is_valid(digits: str) -> bool:
    """Say whether `digits` is 11 ASCII digits."""
    return bool(_DIGITS_ONLY.fullmatch(digits))


def display(digits: str) -> str:
    """Return `XXXX-XXXXXX-X`. Raises InvalidHouseCode if not 11 digits."""
    if not is_valid(digits):
        raise InvalidHouseCode("รหัสประจำบ้านต้องมีตัวเลข 11 หลัก")
    return f"{digits[:4]}-{digits[4:10]}-{digits[10]}"


def fits_province(digits: str, province_code: str) -> bool:
    """Say whether the registrar in the code can be one of the province.

    A code that begins with 0 has the province in digits 2–3. A province made by a
    split may still carry its parent's codes.
    """
    prefix = digits[1:3] if digits.startswith("0") else digits[:2]
    return prefix in (province_code, PARENT_PROVINCES.get(province_code))
