"""The 13-digit citizen ID (เลขประจำตัวประชาชน): check digit, kinds, how it is shown.

A pure module. The check digit is `(11 − Σ dᵢ × (14 − i) mod 11) mod 10` over the first
twelve digits, so the weights run from 13 to 2. The first digit is the kind of
registration (กรมการปกครอง, ทะเบียนราษฎร); digits 2 to 5 are the registrar's office.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from operator import mul

from ppaos.lib.thai_text import to_ascii_digits

GENERATED_OFFICE = "9999"
"""Digits 2–5 of every generated ID: no such registrar exists, so no person has it."""
_MAX_SEQUENCE = 10**7

_DIGITS_ONLY = re.compile(r"[0-9]{13}", re.ASCII)
# What people put between the digits: spaces of any kind, hyphens and dashes, dots, the
# apostrophe that keeps a spreadsheet cell as text, and invisible format characters.
_SEPARATORS = re.compile(
    r"[\s'\u2019`.\-\u2010-\u2015\u2212"
    r"\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+"
)


class Kind(StrEnum):
    """What the first digit says about the person's registration."""

    THAI = "thai"
    NON_THAI = "non_thai"
    NO_REGISTRATION = "no_registration"
    CHECK_MANUALLY = "check_manually"
    """A lawful alien or a naturalised person: may be Thai."""
    RESERVED = "reserved"
    """First digit 9: never a list member's number."""


_KINDS = {
    "0": Kind.NO_REGISTRATION,
    "1": Kind.THAI,
    "2": Kind.THAI,
    "3": Kind.THAI,
    "4": Kind.THAI,
    "5": Kind.THAI,
    "6": Kind.NON_THAI,
    "7": Kind.NON_THAI,
    "8": Kind.CHECK_MANUALLY,
    "9": Kind.RESERVED,
}


class InvalidCitizenId(ValueError):
    """The text is not a citizen ID. The message is Thai, fit for the user, and without the text."""


class WrongLength(InvalidCitizenId):
    """Something other than 13 digits is left after the separators are taken out."""


class WrongCheckDigit(InvalidCitizenId):
    """13 digits, of which the last does not follow from the others: one was mistyped."""


class ReservedNumber(InvalidCitizenId):
    """First digit 9: reserved, never the number of a person on a list."""


_WEIGHTS = range(13, 1, -1)
# Digits are summed as ASCII codes, 48 more each than their worth.
_ASCII_EXCESS = 48 * sum(_WEIGHTS)


def check_digit(first12: str) -> str:
    """Return the thirteenth digit for the first twelve. Raises WrongLength."""
    if len(first12) != 12 or not first12.isascii() or not first12.isdigit():
        raise WrongLength("ต้องเป็นตัวเลข 12 หลัก")
    return _check_digit(first12)


def _check_digit(first12: str) -> str:
    total = sum(map(mul, _WEIGHTS, first12.encode())) - _ASCII_EXCESS
    return str((11 - total % 11) % 10)


def is_valid(digits: str) -> bool:
    """Say whether `digits` is 13 ASCII digits with a true check digit; 9… is never valid."""
    return bool(
        _DIGITS_ONLY.fullmatch(digits)
        and digits[0] != "9"
        and _check_digit(digits[:12]) == digits[12]
    )


def compact(text: str) -> str:
    """Take out separators and invisible characters and make Thai digits ASCII; check nothing."""
    return _SEPARATORS.sub("", to_ascii_digits(text))


def normalise(text: str) -> str:
    """Return the 13 ASCII digits of an ID typed with hyphens, spaces or Thai digits.

    Raises WrongLength, WrongCheckDigit or ReservedNumber, all InvalidCitizenId.
    """
    digits = compact(text)
    if not _DIGITS_ONLY.fullmatch(digits):
        raise WrongLength("เลขประจำตัวประชาชนต้องมีตัวเลข 13 หลัก")
    if digits[0] == "9":
        raise ReservedNumber("เลขประจำตัวประชาชนขึ้นต้นด้วย 9 ไม่ใช่เลขของบุคคลทั่วไป")
    if check_digit(digits[:12]) != digits[12]:
        raise WrongCheckDigit("เลขประจำตัวประชาชนไม่ถูกต้อง (หลักสุดท้ายไม่ตรงกับเลข 12 หลักแรก)")
    return digits


def neighbours(digits: str) -> set[str]:
    """Return the valid IDs for which `digits` may have been mistyped; itself is not among them.

    One of the first twelve digits is another, or two that stand side by side are swapped,
    and the check digit is what follows. For digits that are no valid ID also those from
    which one slip, of the check digit too, leads to it. Raises WrongLength.
    """
    if not _DIGITS_ONLY.fullmatch(digits):
        raise WrongLength("เลขประจำตัวประชาชนต้องมีตัวเลข 13 หลัก")
    first12 = digits[:12]
    found = {f"{each}{_check_digit(each)}" for each in _slips(first12)}
    if digits != f"{first12}{_check_digit(first12)}":
        found.add(f"{first12}{_check_digit(first12)}")
        found |= {each for each in _slips(digits) if _check_digit(each[:12]) == each[12]}
    found.discard(digits)
    return found


def _slips(digits: str) -> Iterator[str]:
    for place, old in enumerate(digits):
        head, tail = digits[:place], digits[place + 1 :]
        for new in "0123456789":
            if new != old:
                yield f"{head}{new}{tail}"
        if tail and tail[0] != old:
            yield f"{head}{tail[0]}{old}{tail[1:]}"


def kind(digits: str) -> Kind:
    """Return the kind that the first digit stands for. Raises WrongLength if not 13 digits."""
    if not _DIGITS_ONLY.fullmatch(digits):
        raise WrongLength("เลขประจำตัวประชาชนต้องมีตัวเลข 13 หลัก")
    return _KINDS[digits[0]]


def display(digits: str) -> str:
    """Return `X-XXXX-XXXXX-XX-X`. Raises WrongLength if not 13 digits."""
    if not _DIGITS_ONLY.fullmatch(digits):
        raise WrongLength("เลขประจำตัวประชาชนต้องมีตัวเลข 13 หลัก")
    return f"{digits[0]}-{digits[1:5]}-{digits[5:10]}-{digits[10:12]}-{digits[12]}"


def mask(digits: str) -> str:
    """Return `X-xxxx-xxxxx-XX-X`: the first and the last three digits stay readable."""
    shown = display(digits)
    return f"{shown[0]}-xxxx-xxxxx{shown[12:]}"


def generate(sequence: int, *, first: int = 1) -> str:
    """Return a valid ID that belongs to nobody, a different one per `sequence` (0 … 9,999,999).

    Raises ValueError for a sequence or a first digit (0 … 8) out of range.
    """
    if not 0 <= sequence < _MAX_SEQUENCE:
        raise ValueError(f"sequence {sequence} is not within 0 to {_MAX_SEQUENCE - 1}")
    if not 0 <= first <= 8:
        raise ValueError(f"first digit {first} is not within 0 to 8")
    first12 = f"{first}{GENERATED_OFFICE}{sequence:07d}"
    return first12 + check_digit(first12)
