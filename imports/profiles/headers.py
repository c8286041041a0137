"""Find the header line, and guess from its texts which column holds what."""

import re
from collections.abc import Mapping as MappingABC
from collections.abc import Sequence
from functools import lru_cache

from imports.profiles.columns import (
    CAPITAL_COLUMNS,
    COLUMNS,
    DIMENSION_COLUMNS,
    INDICATORS,
)
from imports.profiles.profile import Mapping, Profile, Question, missing_groups
from ppaos.lib.thai_text import clean, to_ascii_digits

HEADER_WITHIN_LINES = 15
HEADER_NEEDS_ALIASES = 3
# The same headers are asked about under each profile that could be meant.
_CACHED = 4_000

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_SEPARATORS = re.compile(r"[\s_.\-*:]+")
_INDICATOR = re.compile(r"(?:ตัวชี้วัดที่|ตัวชี้วัด|ข้อที่|ข้อ|ตชว|indicator|ind)0?(?P<number>[1-9]\d?)")
_INDICATOR_WITH_TEXT = re.compile(r"ตัวชี้วัดที่0?(?P<number>[1-9]\d?)(?!\d)")


@lru_cache(maxsize=_CACHED, typed=True)
def header_key(text: object) -> str:
    """Return the key under which two writings of one header are equal.

    Without brackets and what they hold, stars, spaces, dots, dashes, underscores and Latin
    case; Thai digits are ASCII.
    """
    cleaned = to_ascii_digits(clean(str(text))) if text is not None else ""
    outside = _BRACKETS.sub("", cleaned)
    return _SEPARATORS.sub("", outside).lower() or _SEPARATORS.sub("", cleaned).lower()


def _aliases() -> dict[str, str]:
    table: dict[str, str] = {}
    for column in COLUMNS.values():
        for alias in column.aliases:
            key = header_key(alias)
            owner = table.setdefault(key, column.name)
            assert owner == column.name, f"{alias!r} stands for {owner} and {column.name}"
    return table


_INCOME = header_key("รายได้")
_CAPITAL = header_key("ทุน")
ALIASES: MappingABC[str, str] = _aliases()

# What a yes-or-no column can hold. Amounts of money never look like this.
_YES_OR_NO = frozenset(
    {"0", "1", "0.0", "1.0", "ผ่าน", "ไม่ผ่าน", "ตก", "ตกเกณฑ์", "ไม่ตก", "ไม่ตกเกณฑ์",
     "ใช่", "ไม่ใช่", "ไม่", "มี", "ไม่มี", "/", "✓", "✔", "x", "-", "true", "false"}
)  # fmt: skip


def column_of(header: object) -> str | None:
    """Return the canonical column that a header stands for by itself, if it is known."""
    key = header_key(header)
    if key in ALIASES:
        return ALIASES[key]
    found = _INDICATOR.fullmatch(key) or _INDICATOR_WITH_TEXT.match(key)
    if found and 1 <= int(found["number"]) <= INDICATORS:
        return f"ind_{int(found['number'])}"
    return None


def find_header(lines: Sequence[Sequence[object]]) -> int | None:
    """Return the index of the header: of the first 15 lines, the first with 3 known headers."""
    for number, cells in enumerate(lines[:HEADER_WITHIN_LINES]):
        known = {column_of(cell) for cell in cells if isinstance(cell, str) and cell}
        if any(header_key(cell) == _INCOME for cell in cells if isinstance(cell, str)):
            known.add("dim_income")
        if len(known - {None}) >= HEADER_NEEDS_ALIASES:
            return number
    return None


def guess(
    headers: Sequence[object],
    profile: Profile,
    *,
    samples: Sequence[Sequence[object]] = (),
) -> Mapping:
    """Return the mapping that the headers suggest; ask it `is_certain` before it is used.

    `samples` are the first lines below the header: a bare รายได้ is the income dimension if
    all its values are yes or no, otherwise an amount that a person must confirm.
    """
    texts = tuple("" if cell is None else clean(str(cell)) for cell in headers)
    claims: dict[str, list[int]] = {}
    questions: list[Question] = []
    own = {header_key(header): name for header, name in profile.aliases.items()}
    for index, text in enumerate(texts):
        name = own.get(header_key(text)) or column_of(text)
        if header_key(text) == _INCOME:
            name = _income_column(index, samples)
        if name == "income_year" and header_key(text) == _INCOME:
            questions.append(Question(name, (index,), "คอลัมน์ “รายได้” เป็นรายได้ต่อปี (บาท) หรือมิติรายได้"))
        if name is not None and name in profile.accepts:
            claims.setdefault(name, []).append(index)
    _claim_capitals(texts, profile, claims, questions)
    if profile.asks_polarity:
        _ask_polarity(claims, samples, questions)
    if "first_name" in claims and "last_name" not in claims:
        # Beside a column for the first name, "ชื่อสกุล" in one word is the family name.
        for index in claims.get("full_name", [])[:1]:
            if texts[index] == "ชื่อสกุล":
                claims["last_name"] = claims.pop("full_name")

    columns = {name: indexes[0] for name, indexes in claims.items()}
    claimed = {index for indexes in claims.values() for index in indexes}
    named = [index for index, text in enumerate(texts) if text]
    return Mapping(
        profile=profile.key,
        headers=texts,
        columns=columns,
        confidence=len(claimed) / len(named) if named else 0.0,
        unknown=tuple(index for index in named if index not in claimed),
        duplicates={name: tuple(found) for name, found in claims.items() if len(found) > 1},
        missing=missing_groups(profile, columns),
        questions=tuple(questions),
    )


def _income_column(index: int, samples: Sequence[Sequence[object]]) -> str:
    values = {
        to_ascii_digits(clean(str(line[index]))).lower()
        for line in samples
        # A header that is repeated among the lines says nothing about the values.
        if index < len(line) and line[index] is not None and header_key(line[index]) != _INCOME
    }
    return DIMENSION_COLUMNS[3] if values - {""} <= _YES_OR_NO else "income_year"


def _ask_polarity(
    claims: MappingABC[str, list[int]],
    samples: Sequence[Sequence[object]],
    questions: list[Question],
) -> None:
    """Ask what 1 means in dimension columns, unless the values say it in words."""
    indexes = tuple(claims[name][0] for name in DIMENSION_COLUMNS if name in claims)
    values = {
        to_ascii_digits(clean(str(line[index])))
        for index in indexes
        for line in samples
        if index < len(line) and line[index] is not None
    }
    if indexes and (not values or values & {"0", "1"}):
        text = "ในคอลัมน์มิติ 1 หมายถึงตกเกณฑ์ (มีปัญหา) หรือผ่านเกณฑ์"
        questions.append(Question(DIMENSION_COLUMNS[0], indexes, text))


def _claim_capitals(
    texts: Sequence[str],
    profile: Profile,
    claims: dict[str, list[int]],
    questions: list[Question],
) -> None:
    """Take five columns that are all called ทุน as the capitals in their usual order."""
    same = tuple(index for index, text in enumerate(texts) if header_key(text) == _CAPITAL)
    if len(same) != len(CAPITAL_COLUMNS) or not profile.accepts.issuperset(CAPITAL_COLUMNS):
        return
    for name, index in zip(CAPITAL_COLUMNS, same, strict=True):
        claims.setdefault(name, []).append(index)
    questions.append(
        Question(
            CAPITAL_COLUMNS[0],
            same,
            "คอลัมน์ “ทุน” ห้าคอลัมน์เรียงเป็น มนุษย์ กายภาพ การเงิน ธรรมชาติ สังคม ใช่หรือไม่",
        )
    )
