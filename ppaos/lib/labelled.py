"""Codes that carry their Thai label; Django-free, so that workflows stay pure."""

from enum import StrEnum
from typing import Self


class LabelledEnum(StrEnum):
    """A StrEnum whose members are written `CODE = "code", "ป้ายภาษาไทย"`."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        # The default is for type checkers: `Stage("listed")` looks a member up.
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Return (code, label) pairs in order, as a model field wants them."""
        return [(member.value, member.label) for member in cls]
