"""What a canonical column is, and the kinds of value that one can hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Holds(StrEnum):
    """What kind of value a column holds, and so how its cells are read."""

    CITIZEN_ID = "citizen_id"
    HOUSE_CODE = "house_code"
    HOUSE_NO = "house_no"
    PHONE = "phone"
    YEAR = "year"
    BIRTH_DATE = "birth_date"
    DATE = "date"
    TITLE = "title"
    TEXT = "text"
    PLACE = "place"
    AREA_CODE = "area_code"
    WHOLE = "whole"
    MOO = "moo"
    AMOUNT = "amount"
    DEGREES = "degrees"
    SEX = "sex"
    FLAG = "flag"
    DIMENSION = "dimension"
    INDICATOR = "indicator"
    CAPITAL = "capital"
    COUNT = "count"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Column:
    """A canonical column.

    `size` is the longest text, the number of digits of a code, or the greatest whole number.
    `level` is the area level whose word is taken off a place's name. `words` says which code
    each word of a choice stands for; of a column with `is_many` a cell may name several.
    """

    name: str
    label: str
    holds: Holds
    aliases: tuple[str, ...] = ()
    size: int = 120
    level: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    is_many: bool = False
