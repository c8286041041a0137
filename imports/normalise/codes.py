"""Readers for the words of a choice, and for counts."""

import re
from collections.abc import Mapping

from imports.normalise.cells import (
    BLANK,
    PLACEHOLDERS,
    UNKNOWN_WORDS,
    Outcome,
    Reader,
    digit_repairs,
    only,
    tidy,
)

_NOTHING = PLACEHOLDERS | UNKNOWN_WORDS
_SPACES = re.compile(r"\s+")
_SEPARATORS = re.compile(r"[,;\n]|และ")
_COUNT = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.0+)?(?:คน|ครัวเรือน|หลัง|ราย|แห่ง)?")


def choice_reader(
    column: str, words: Mapping[str, str], *, is_many: bool, is_decisive: bool
) -> Reader:
    """The code that a word stands for; several codes with commas between if `is_many`.

    An unknown word is never guessed: it holds the line if the column `is_decisive`, and is
    left out with a warning if not.
    """
    codes = {_key(word): code for word, code in words.items()}
    order = list(dict.fromkeys(words.values()))
    unknown = "H_UNREADABLE" if is_decisive else "W_VALUE"

    def read(cell: object) -> Outcome:
        text = tidy(cell)
        if text.lower() in _NOTHING:
            return BLANK
        found = codes.get(_key(text))
        if found is None and is_many:
            named = [codes.get(_key(word)) for word in _SEPARATORS.split(text) if word.strip()]
            if named and None not in named:
                found = ",".join(code for code in order if code in named)
        return only(unknown, column, cell) if found is None else (found, ())

    return read


def _key(word: str) -> str:
    return _SPACES.sub("", word).lower()


def count_reader(column: str, greatest: int) -> Reader:
    """How many: a whole number from 0. What is not one is refused, for totals rest on it."""

    def read(cell: object) -> Outcome:
        text = tidy(cell)
        if text.lower() in _NOTHING:
            return BLANK
        number = _COUNT.fullmatch(_SPACES.sub("", text))
        if number is None or int(number[1].replace(",", "")) > greatest:
            return only("E_COUNT", column, cell)
        return int(number[1].replace(",", "")), digit_repairs(column, cell)

    return read
