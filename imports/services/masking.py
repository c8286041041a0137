"""Citizen IDs out of sight, whatever text they stand in."""

import re

from ppaos.lib.citizen_id import mask

_LONG_NUMBER = re.compile(r"[0-9๐-๙](?:[\s.\-]*[0-9๐-๙]){11,}")
_HOUSE_COLUMNS = frozenset({"house_code"})


def masked(text: str, column: str = "") -> str:
    """Hide the middle of whatever could be a citizen ID: 12 digits or more in a row."""
    if column in _HOUSE_COLUMNS:
        return text
    return _LONG_NUMBER.sub(_hide, text)


def _hide(found: re.Match[str]) -> str:
    digits = [character for character in found[0] if character.isdigit()]
    if len(digits) == 13:
        return mask("".join(str(int(digit)) for digit in digits))
    return digits[0] + "x" * (len(digits) - 4) + "".join(digits[-3:])
