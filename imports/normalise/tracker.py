"""What can only be seen by comparing a line with the lines before it.

Memory grows by about 300 bytes a line: fingerprints and line numbers, never values. The
fingerprints are keyed, so that nobody can aim at a collision, or tell a value from them.
"""

import os
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import blake2b
from struct import Struct
from typing import NamedTuple

import orjson

from imports.normalise.record import Record
from imports.profiles.profile import Unit
from imports.verdicts import Finding, verdict
from imports.workflow import Verdict, line_of, part_number_of
from ppaos.lib.thai_text import name_key

_BITS = 32
_MASK = (1 << _BITS) - 1
_CACHED = 50_000
DISMISSED = frozenset({Verdict.REJECTED, Verdict.SKIPPED})


class Prints(NamedTuple):
    """The fingerprints by which a line is compared with others; 0 stands for nothing.

    `place` is that of all that the line says of its area, `codes` that of what was found in
    it alone: the comparison needs neither, but whoever keeps the prints does.
    """

    whole: int
    citizen: int
    house: int
    name: int
    year: int
    area: int
    moo: int
    house_no: int
    place: int = 0
    codes: int = 0

    def pack(self) -> bytes:
        return _PACKED.pack(*self)

    @classmethod
    def unpack(cls, packed: bytes | memoryview) -> "Prints":
        return cls._make(_PACKED.unpack(packed))


_PACKED = Struct("<3Q7I")


class FileTracker:
    """Finds exact repeats, and lines that contradict an earlier one of the same file.

    Those are one ID in two houses or under two names, one house at two addresses, and
    another line about what only one line can be about: a household (and dimension), a help,
    an area (and item and year).

    Lines are compared with earlier ones of the same file that were accepted or held, in the
    order of the file; a worker that resumes gives it those lines again, or their prints. The
    earlier line keeps its verdict, and the later one names it. `sheets` are the names of the
    file's parts, if there are several. Prints under the same `key` are the same.
    """

    def __init__(self, *, sheets: Sequence[str | None] = (), key: bytes = b"") -> None:
        self._key = key or os.urandom(32)
        self._lines: dict[int, int] = {}
        self._people: dict[int, int] = {}
        self._houses: dict[int, int] = {}
        self._entries: dict[int, int] = {}
        self._sheets = sheets
        self.print: Callable[[object], int] = lru_cache(maxsize=_CACHED, typed=True)(self._print)

    def track(self, line: int, record: Record) -> Record:
        """Return the record with what its comparison says, and remember it.

        An exact repeat says only that: the line it repeats carries the rest.
        """
        if verdict(record.findings) in DISMISSED:
            return record
        return self.compare(line, record, self.prints_of(record))

    def compare(self, line: int, record: Record, prints: Prints) -> Record:
        """Do as `track` of a record that takes part, and whose prints are known."""
        found = self.track_prints(line, prints, unit=record.unit)
        if not found and record.unit is not Unit.PERSON:
            found = self._same_entry(line, record)
        return with_found(record, found)

    def track_prints(
        self, line: int, prints: Prints, *, unit: Unit = Unit.PERSON
    ) -> Sequence[Finding]:
        """Return what comparing a line says, given its prints, and remember them."""
        first = self._lines.setdefault(prints.whole, line)
        if first != line:
            return (Finding("S_REPEAT", detail=self._place(first)),)
        found: list[Finding] = []
        if unit in _OF_A_HOUSE:
            if prints.citizen:
                found += self._same_person(line, prints, is_person=unit is Unit.PERSON)
            if prints.house:
                found += self._same_house(line, prints)
        return found

    def prints_of(self, record: Record, *, whole: bytes = b"") -> Prints:
        """Return a line's prints; `whole` is a keyed fingerprint of its values, if there is one."""
        values = record.values
        said = int.from_bytes((whole or self._digest(_bytes_of(values)))[:8], "little")
        if record.unit not in _OF_A_HOUSE:
            return Prints(said, *[0] * 7)
        citizen_id, house, house_no = values["citizen_id"], values["house_code"], values["house_no"]
        area = record.area_code[:6] if record.area_code else values["tambon_name"]
        year = values.get("tpmap_year") or values.get("survey_year")
        return Prints(
            said,
            self._print(citizen_id) if citizen_id is not None else 0,
            self._print(house) if house is not None else 0,
            self._short((_key(values["first_name"]), _key(values["last_name"]))),
            self._short(year),
            self._short(area),
            self._short(values["moo"]),
            self._short(house_no.replace(" ", "") if house_no else None),
        )

    def short_print(self, value: object) -> int:
        """Return a fingerprint of 32 bits; 0 of None."""
        return self._short(value)

    def _short(self, value: object) -> int:
        return 0 if value is None else self.print(value) & _MASK or 1

    def _print(self, value: object) -> int:
        return int.from_bytes(self._digest(repr(value).encode()), "little") or 1

    def _digest(self, content: bytes) -> bytes:
        return blake2b(content, digest_size=8, key=self._key).digest()

    def _place(self, line: int) -> str:
        place = f"แถวที่ {line_of(line)}"
        if len(self._sheets) < 2:
            return place
        return f"แผ่นงาน “{self._sheets[part_number_of(line)]}” {place}"

    def _same_entry(self, line: int, record: Record) -> list[Finding]:
        """Hold a second line about one thing: it cannot be told which of them is right."""
        if record.unit is Unit.HOUSEHOLD and record.values.get("dimension", "") is None:
            # Which problem this is must be told first; until then it is nothing's double.
            return []
        key, column = _ENTRY_KEYS[record.unit](record)
        first = self._entries.setdefault(hash((record.unit, *key)), line)
        if first == line:
            return []
        detail = f"{self._place(first)} ข้อมูลบางช่องไม่ตรงกัน"
        return [Finding("H_DUP_IN_FILE", column, "", detail)]

    def _same_person(self, line: int, prints: Prints, *, is_person: bool) -> list[Finding]:
        house, name, year = prints.house & _MASK, prints.name, prints.year
        now = _join(line, (house, name, year))
        before = self._people.setdefault(prints.citizen, now)
        if before == now:
            return []
        first_line, first_house, first_name, first_year = _unpack(before)
        if first_house and house and first_house != house:
            reason = "อยู่คนละบ้าน"
        elif first_name != name:
            reason = "ชื่อไม่ตรงกัน"
        elif first_year == year and is_person:
            reason = "ข้อมูลบางช่องไม่ตรงกัน"
        else:
            return []
        return [Finding("H_DUP_IN_FILE", "citizen_id", "", f"{self._place(first_line)} {reason}")]

    def _same_house(self, line: int, prints: Prints) -> list[Finding]:
        address = prints.area, prints.moo, prints.house_no
        now = _join(line, address)
        before = self._houses.setdefault(prints.house, now)
        if before == now:
            return []
        first_line, *first = _unpack(before)
        if tuple(first) == address:
            return []
        if any(one and other and one != other for one, other in zip(first, address, strict=True)):
            return [Finding("H_HOUSE_DIFFERS", "house_code", "", self._place(first_line))]
        # What the first line left blank, a later one may have filled in.
        merged = [one or other for one, other in zip(first, address, strict=True)]
        self._houses[prints.house] = _join(first_line, merged)
        return []


def with_found(record: Record, found: Sequence[Finding]) -> Record:
    """Return the record with what comparing its line said."""
    if not found:
        return record
    if found[0].code == "S_REPEAT":
        return record._replace(findings=tuple(found))
    return record._replace(findings=(*record.findings, *found))


def _bytes_of(values: dict[str, object]) -> bytes:
    try:
        return orjson.dumps(values)
    except TypeError:
        # Whole numbers above 64 bits.
        return repr(values).encode()


def _household_key(record: Record) -> tuple[tuple[object, ...], str]:
    values = record.values
    code = values["house_code"]
    if code is not None:
        house: tuple[object, ...] = (code, values["household_seq"] or 1)
    else:
        house = (record.area_code, values["moo"], values["house_no"])
    year = values.get("bmn_year") or values.get("survey_year")
    return (*house, values.get("dimension"), year), "house_code" if code else "house_no"


def _help_key(record: Record) -> tuple[tuple[object, ...], str]:
    return tuple(record.values[name] for name in _ONE_HELP), "activity"


def _figure_key(record: Record) -> tuple[tuple[object, ...], str]:
    values = record.values
    column = "tambon_name" if record.area_code and len(record.area_code) > 4 else "amphoe_name"
    return (record.area_code, values.get("figure_item"), values.get("survey_year")), column


_OF_A_HOUSE = frozenset({Unit.PERSON, Unit.HOUSEHOLD})
_ONE_HELP = (
    *("house_code", "citizen_id", "dimension", "agency", "activity", "help_kind"),
    *("help_date", "referral_number"),
)
_ENTRY_KEYS = {
    Unit.HOUSEHOLD: _household_key,
    Unit.HELP: _help_key,
    Unit.AREA: _figure_key,
}


@lru_cache(maxsize=20_000)
def _key(name: str | None) -> str:
    return name_key(name) if name else ""


def _join(line: int, prints: Sequence[int]) -> int:
    """Put a line's number and three fingerprints into one integer."""
    first, second, third = prints
    return ((line << _BITS | first) << _BITS | second) << _BITS | third


def _unpack(packed: int) -> tuple[int, int, int, int]:
    return (
        packed >> 3 * _BITS,
        packed >> 2 * _BITS & _MASK,
        packed >> _BITS & _MASK,
        packed & _MASK,
    )
