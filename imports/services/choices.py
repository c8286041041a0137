"""How somebody said that a file is to be read: sheets, header line, encoding, what is hidden."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import orjson

from imports import reading
from imports.models import ImportBatch
from imports.reading.encodings import ENCODINGS
from imports.services.errors import UnableToStage

TAKE, SKIP = "take", "skip"
REJECT, FILL_DOWN = "reject", "fill_down"
DELIMITERS: Mapping[str, str] = {
    ",": "จุลภาค ( , )",
    ";": "อัฒภาค ( ; )",
    "\t": "แท็บ",
    "|": "ขีดตั้ง ( | )",
}
ENCODING_LABELS: Mapping[str, str] = {
    "utf-8": "UTF-8",
    "cp874": "ไทย Windows (CP874, TIS-620)",
    "utf-16-le": "UTF-16 (LE)",
    "utf-16-be": "UTF-16 (BE)",
}
_SAME: Mapping[str, str] = {
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "tis-620": "cp874",
    "tis620": "cp874",
    "iso-8859-11": "cp874",
    "windows-874": "cp874",
    "utf-16": "utf-16-le",
}
assert ENCODING_LABELS.keys() == set(ENCODINGS)


@dataclass(frozen=True, slots=True)
class Choices:
    """What was chosen; what is blank is found out.

    `sheets` are names in the file's order. `header_lines` is sheet → the last line of its
    header ("" for a CSV). `hidden_rows` and `merged` are one of the words above.
    """

    sheets: tuple[str, ...] = ()
    header_lines: Mapping[str, int] = field(default_factory=dict)
    encoding: str = ""
    delimiter: str = ""
    hidden_rows: str = TAKE
    merged: str = REJECT

    @property
    def options(self) -> reading.Options:
        return reading.Options(
            encoding=self.encoding,
            delimiter=self.delimiter,
            marks_hidden=self.hidden_rows == SKIP,
            fills_merged=self.merged == FILL_DOWN,
        )

    def to_json(self) -> dict[str, Any]:
        """Return what was chosen, without what was left to be found out."""
        chosen = {
            "sheets": list(self.sheets),
            "header_lines": dict(self.header_lines),
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "hidden_rows": "" if self.hidden_rows == TAKE else self.hidden_rows,
            "merged": "" if self.merged == REJECT else self.merged,
        }
        return {name: value for name, value in chosen.items() if value}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Return choices as they were kept, or as a program sends them.

        A program may name one `sheet` and one `header_line` instead of several.
        Raises UnableToStage for anything that cannot be chosen.
        """
        sheets = _texts(kept.get("sheets") or ([kept["sheet"]] if kept.get("sheet") else []))
        said = kept.get("header_lines") or {}
        if not isinstance(said, Mapping):
            raise UnableToStage("header_lines ต้องเป็นวัตถุ JSON ของแผ่นงานกับเลขแถว")
        lines = dict(said)
        if kept.get("header_line") is not None:
            lines[sheets[0] if sheets else ""] = kept["header_line"]
        if not all(_is_line(line) for line in lines.values()):
            raise UnableToStage("บรรทัดหัวตารางต้องเป็นเลขแถวตั้งแต่ 1")
        encoding = str(kept.get("encoding") or "").lower()
        encoding = _SAME.get(encoding, encoding)
        return cls(
            sheets=sheets,
            header_lines=lines,
            encoding=_one_of("รหัสภาษา", encoding, ("", *ENCODINGS)),
            delimiter=_one_of("ตัวคั่น", kept.get("delimiter") or "", ("", *DELIMITERS)),
            hidden_rows=_one_of("แถวที่ซ่อน", kept.get("hidden_rows") or TAKE, (TAKE, SKIP)),
            merged=_one_of("เซลล์ที่ผสาน", kept.get("merged") or REJECT, (REJECT, FILL_DOWN)),
        )


def choices_of(batch: ImportBatch) -> Choices:
    """Return how the file is read, as somebody chose or as it was remembered."""
    return Choices.from_json(batch.options.get("reading", {}))


def _one_of(label: str, value: Any, allowed: Sequence[str]) -> str:
    if value not in allowed:
        raise UnableToStage(f"{label}: เลือกได้เฉพาะ {', '.join(each for each in allowed if each)}")
    return str(value)


def _texts(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list | tuple) or not all(isinstance(each, str) for each in values):
        raise UnableToStage("ชื่อแผ่นงานต้องเป็นข้อความ")
    return tuple(values)


def _is_line(line: Any) -> bool:
    return isinstance(line, int) and not isinstance(line, bool) and line >= 1


# ---- what a program sends --------------------------------------------------------------
_OF_SHEETS = frozenset({"sheets", "header_lines"})
READING = frozenset(
    {"sheet", "sheets", "header_line", "header_lines", "encoding", "delimiter", "hidden_rows"}
    | {"merged"}
)
_ABOUT_COLUMNS = frozenset(
    {"mapping", "columns", "profile", "part", "one_is_problem", "one_is_passed"}
)


def chosen_anew(now: Choices, said: Mapping[str, Any]) -> Choices:
    """Return what was chosen so far with what a program says; other sheets have other headers.

    Raises UnableToStage.
    """
    kept = now.to_json()
    if said.get("sheet") or said.get("sheets"):
        kept = {name: each for name, each in kept.items() if name not in _OF_SHEETS}
    return Choices.from_json({**kept, **{name: said[name] for name in READING & said.keys()}})


def asked_options(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a batch whose uploader says how the file is read.

    `said` is canonical column → header, or what the API's mapping takes. Raises UnableToStage.
    """
    _check_can_be_kept(said)
    if not said.keys() & (READING | _ABOUT_COLUMNS):
        return {"asked_mapping": dict(said)} if said else {}
    unknown = said.keys() - READING - _ABOUT_COLUMNS
    if unknown:
        raise UnableToStage(f"ไม่รู้จัก {', '.join(sorted(unknown))}")
    found: dict[str, Any] = {}
    columns = said.get("mapping", said.get("columns"))
    if columns is not None:
        if not isinstance(columns, dict):
            raise UnableToStage("mapping ต้องเป็นวัตถุ JSON")
        found["asked_mapping"] = columns
        found["asked_part"] = _part(said.get("part", 0))
        found["asked_profile"] = str(said.get("profile") or "")
        found["asked_polarity"] = {
            name: bool(said[name]) for name in ("one_is_problem", "one_is_passed") if name in said
        }
    reading_as = chosen_anew(Choices(), said).to_json()
    return {**found, **({"reading": reading_as} if reading_as else {})}


def _check_can_be_kept(said: Mapping[str, Any]) -> None:
    """Refuse what a column of JSON cannot hold: half characters, and the character zero."""
    try:
        kept = orjson.dumps(dict(said))
    except TypeError as error:
        raise UnableToStage("วิธีอ่านมีค่าที่ใช้ไม่ได้") from error
    if b"\\u0000" in kept:
        raise UnableToStage("วิธีอ่านมีอักขระที่ใช้ไม่ได้")


def _part(number: Any) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise UnableToStage("part ต้องเป็นลำดับของแผ่นงานเริ่มจาก 0")
    return number
