"""What can only be seen by comparing a line with the lines before it.

Memory grows by about 300 bytes a line: fingerprints and line numbers, never values.
"""

from functools import lru_cache
from typing import Any

from imports.normalise.record import Record
from imports.verdicts import Finding, verdict
from imports.workflow import Verdict
from ppaos.lib.thai_text import name_key

_BITS = 32
_MASK = (1 << _BITS) - 1
_DISMISSED = frozenset({Verdict.REJECTED, Verdict.SKIPPED})


class FileTracker:
    """Finds exact repeats, one ID in two houses or under two names, one house at two addresses.

    Lines are compared with earlier ones of the same file that were accepted or held, in the
    order of the file; a worker that resumes gives it those lines again. The earlier line
    keeps its verdict, and the later one names it.
    """

    def __init__(self) -> None:
        # Python's string hash is keyed anew in every process, so nobody can aim at a collision.
        self._lines: dict[int, int] = {}
        self._people: dict[str | int, int] = {}
        self._houses: dict[int, int] = {}

    def track(self, line: int, record: Record) -> Record:
        """Return the record with what its comparison says, and remember it.

        An exact repeat says only that: the line it repeats carries the rest.
        """
        if verdict(record.findings) in _DISMISSED:
            return record
        values = record.values
        whole = hash(tuple(values.values()))
        first = self._lines.setdefault(whole, line)
        if first != line:
            return record._replace(findings=(Finding("S_REPEAT", detail=f"แถวที่ {first}"),))
        found = [*self._same_person(line, values), *self._same_house(line, record)]
        return record._replace(findings=(*record.findings, *found)) if found else record

    def _same_person(self, line: int, values: dict[str, Any]) -> list[Finding]:
        citizen_id = values["citizen_id"]
        if citizen_id is None:
            return []
        name = _key(values["first_name"]), _key(values["last_name"])
        year = values.get("tpmap_year") or values.get("survey_year")
        now = _pack(line, values["house_code"], name, year)
        before = self._people.setdefault(hash(citizen_id), now)
        if before == now:
            return []
        first_line, house, first_name, first_year = _unpack(before)
        _, now_house, now_name, now_year = _unpack(now)
        if house and now_house and house != now_house:
            reason = "อยู่คนละบ้าน"
        elif first_name != now_name:
            reason = "ชื่อไม่ตรงกัน"
        elif first_year == now_year:
            reason = "ข้อมูลบางช่องไม่ตรงกัน"
        else:
            return []
        return [Finding("H_DUP_IN_FILE", "citizen_id", "", f"แถวที่ {first_line} {reason}")]

    def _same_house(self, line: int, record: Record) -> list[Finding]:
        values = record.values
        if values["house_code"] is None:
            return []
        tambon = record.area_code[:6] if record.area_code else values["tambon_name"]
        house_no = values["house_no"]
        now = _pack(line, tambon, values["moo"], house_no.replace(" ", "") if house_no else None)
        key = hash(values["house_code"])
        before = self._houses.setdefault(key, now)
        if before == now:
            return []
        first_line, *first = _unpack(before)
        _, *address = _unpack(now)
        if any(one and other and one != other for one, other in zip(first, address, strict=True)):
            return [Finding("H_HOUSE_DIFFERS", "house_code", "", f"แถวที่ {first_line}")]
        # What the first line left blank, a later one may have filled in.
        merged = [one or other for one, other in zip(first, address, strict=True)]
        self._houses[key] = _join(first_line, merged)
        return []


@lru_cache(maxsize=20_000)
def _key(name: str | None) -> str:
    return name_key(name) if name else ""


def _pack(line: int, *parts: object) -> int:
    """Put a line's number and fingerprints of three values, 0 for none, into one integer."""
    return _join(line, [0 if part is None else hash((part,)) & _MASK or 1 for part in parts])


def _join(line: int, prints: list[int]) -> int:
    packed = line
    for print_ in prints:
        packed = packed << _BITS | print_
    return packed


def _unpack(packed: int) -> tuple[int, int, int, int]:
    return (
        packed >> 3 * _BITS,
        packed >> 2 * _BITS & _MASK,
        packed >> _BITS & _MASK,
        packed & _MASK,
    )
