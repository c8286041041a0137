"""What can only be seen by comparing a line with the lines before it.

Memory grows by about 300 bytes a line: fingerprints and line numbers, never values.
"""

from collections.abc import Sequence
from functools import lru_cache

from imports.normalise.record import Record
from imports.profiles.profile import Unit
from imports.verdicts import Finding, verdict
from imports.workflow import Verdict, line_of, part_number_of
from ppaos.lib.thai_text import name_key

_BITS = 32
_MASK = (1 << _BITS) - 1
_DISMISSED = frozenset({Verdict.REJECTED, Verdict.SKIPPED})


class FileTracker:
    """Finds exact repeats, and lines that contradict an earlier one of the same file.

    Those are one ID in two houses or under two names, one house at two addresses, and
    another line about what only one line can be about: a household (and dimension), a help,
    an area (and item and year).

    Lines are compared with earlier ones of the same file that were accepted or held, in the
    order of the file; a worker that resumes gives it those lines again. The earlier line
    keeps its verdict, and the later one names it. `sheets` are the names of the file's
    parts, if there are several.
    """

    def __init__(self, *, sheets: Sequence[str | None] = ()) -> None:
        # Python's string hash is keyed anew in every process, so nobody can aim at a collision.
        self._lines: dict[int, int] = {}
        self._people: dict[str | int, int] = {}
        self._houses: dict[int, int] = {}
        self._entries: dict[int, int] = {}
        self._sheets = sheets

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
            return record._replace(findings=(Finding("S_REPEAT", detail=self._place(first)),))
        found = self._compared(line, record)
        return record._replace(findings=(*record.findings, *found)) if found else record

    def _place(self, line: int) -> str:
        place = f"แถวที่ {line_of(line)}"
        if len(self._sheets) < 2:
            return place
        return f"แผ่นงาน “{self._sheets[part_number_of(line)]}” {place}"

    def _compared(self, line: int, record: Record) -> list[Finding]:
        found: list[Finding] = []
        if record.unit in _OF_A_HOUSE:
            found += self._same_person(line, record)
            found += self._same_house(line, record)
        if record.unit is not Unit.PERSON and not found:
            found += self._same_entry(line, record)
        return found

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

    def _same_person(self, line: int, record: Record) -> list[Finding]:
        values = record.values
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
        elif first_year == now_year and record.unit is Unit.PERSON:
            reason = "ข้อมูลบางช่องไม่ตรงกัน"
        else:
            return []
        return [Finding("H_DUP_IN_FILE", "citizen_id", "", f"{self._place(first_line)} {reason}")]

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
            return [Finding("H_HOUSE_DIFFERS", "house_code", "", self._place(first_line))]
        # What the first line left blank, a later one may have filled in.
        merged = [one or other for one, other in zip(first, address, strict=True)]
        self._houses[key] = _join(first_line, merged)
        return []


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
