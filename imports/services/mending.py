"""Corrected cells of lines, read by the very rules by which the file was read.

What a person typed is kept beside the cells of the file, sealed. A correction may
turn a line into a repeat of another, or into a second line for one person: then it
is treated as if the file had said so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models.functions import Left

from accounts.models import User
from imports.apply import compare_again
from imports.apply.lines import house_key
from imports.models import PAYLOAD_COLUMNS, ImportBatch, ImportRow, RowIssue
from imports.normalise import FileTracker, Normaliser, Record
from imports.services.holding import UnableToDecide, reopen_undecided
from imports.services.parts import part_number_of, parts_of
from imports.services.preparing import citizen_index, make_normaliser, notes_of
from imports.verdicts import CATALOGUE, Finding, severity_of, verdict
from imports.workflow import Decision, Severity, Verdict

# What the cell itself was, not its text, said so: the text alone would hide it.
_OF_THE_CELL = frozenset({"E_CELL_ERROR", "E_CELL_FORMULA", "E_CELL_MERGED", "H_HOUSENO_DATE"})
_HOUSE_CODE_AND_SLASH = 12
_COLUMNS = [
    *("verdict", "codes", *PAYLOAD_COLUMNS, "citizen_index", "house_key", "area_code"),
    *("action", "household_action", "household", "member", "chosen_member", "is_new_person"),
    *("decision", "decided_by", "decided_at"),
]
TELLING = (Severity.ERROR, Severity.HOLD)


@dataclass(slots=True)
class Mended:
    """A line with the cells that somebody typed, and what it reads like now."""

    line: ImportRow
    record: Record
    payload: dict[str, Any]
    corrected: dict[str, str]


@dataclass
class Mending:
    """Reads and writes corrected lines of one batch; the caller holds the batch."""

    batch: ImportBatch
    by: User
    at: datetime
    _normalisers: dict[int, Normaliser] = field(default_factory=dict)

    def read(self, line: ImportRow, values: Mapping[str, str]) -> Mended:
        """Read a line with cells of it corrected: canonical column → text.

        Raises UnableToDecide if one of these cells is impossible; another cell of
        the line may still be, and then the line stays where it is.
        """
        part = parts_of(self.batch)[part_number_of(line.row)]
        mapping = part.mapping
        assert mapping is not None
        unknown = {n: ["ไฟล์นี้ไม่มีคอลัมน์นี้"] for n in values if n not in mapping.columns}
        if unknown:
            raise UnableToDecide("มีคอลัมน์ที่ไฟล์นี้ไม่มี", fields=unknown)
        payload = line.open_payload()
        corrected = {**payload.get("corrected", {}), **values}
        cells: list[str] = payload["raw"] + [""] * (len(mapping.headers) - len(payload["raw"]))
        for name, text in corrected.items():
            cells[mapping.columns[name]] = text
        if part.number not in self._normalisers:
            self._normalisers[part.number] = make_normaliser(self.batch, part, at=self.at)
        record = _with_marks(self._normalisers[part.number].read(cells), payload, corrected)
        _check_typed(record, values)
        return Mended(line, record, payload, corrected)

    def write(self, mended: Sequence[Mended]) -> None:
        """Write the lines with their verdicts; what they do to the register is for `settle`."""
        if not mended:
            return
        compared = _compared_with_file(self.batch, mended)
        for each in mended:
            self._put(each, compared[each.line.row])
        lines = [each.line for each in mended]
        ImportRow.objects.bulk_update(lines, _COLUMNS, batch_size=500)
        RowIssue.objects.filter(batch=self.batch, row__in=[line.row for line in lines]).delete()
        RowIssue.objects.bulk_create(
            RowIssue(
                batch=self.batch,
                row=row,
                column=column,
                code=code,
                severity=severity_of(code).value,
            )
            for row, record in compared.items()
            for column, code in dict.fromkeys((f.column, f.code) for f in record.findings)
        )
        _propose_areas(self.batch, compared.values())

    def _put(self, mended: Mended, record: Record) -> None:
        line, values = mended.line, record.values
        citizen_id = values.get("citizen_id")
        line.reseal(
            {
                "raw": mended.payload["raw"],
                "corrected": mended.corrected,
                "normalised": values,
                "notes": notes_of(record),
            }
        )
        line.verdict = verdict(record.findings).value
        line.codes = list(dict.fromkeys(finding.code for finding in record.findings))
        line.area_code = record.area_code or ""
        line.house_key = house_key(values, area_code=line.area_code, row=line.row)
        line.citizen_index = citizen_index(citizen_id) if citizen_id else None
        line.action = line.household_action = ""
        line.household = line.member = line.chosen_member = None
        line.is_new_person = False
        line.decision, line.decided_by, line.decided_at = Decision.CORRECT, self.by, self.at

    def settle(self, keys: Iterable[str]) -> None:
        """Compute anew what the lines of these households do, and the batch's counts."""
        keys = sorted({key for key in keys if key})
        compare_again(batch=self.batch, keys=keys, at=self.at)
        reopen_undecided(self.batch, keys)


def _with_marks(record: Record, payload: Mapping[str, Any], corrected: Mapping[str, str]) -> Record:
    """Give back what was said of cells that nobody corrected and whose text does not tell it."""
    kept = [
        Finding(code, column, raw, detail)
        for code, column, raw, detail in payload["notes"]
        if code in _OF_THE_CELL and column not in corrected
    ]
    said = {(finding.code, finding.column) for finding in record.findings}
    kept = [finding for finding in kept if (finding.code, finding.column) not in said]
    if not kept:
        return record
    old = payload["normalised"]
    values = record.values | {f.column: old[f.column] for f in kept if f.column in old}
    return record._replace(values=values, findings=(*record.findings, *kept))


def _check_typed(record: Record, values: Mapping[str, str]) -> None:
    wrong = [
        finding
        for finding in record.findings
        if finding.column in values and severity_of(finding.code) is Severity.ERROR
    ]
    if wrong:
        fields: dict[str, list[str]] = {}
        for finding in wrong:
            detail = f" ({finding.detail})" if finding.detail else ""
            fields.setdefault(finding.column, []).append(CATALOGUE[finding.code].reason + detail)
        raise UnableToDecide("ค่าที่แก้ยังใช้ไม่ได้", fields=fields)


# ---- the other lines of the file ------------------------------------------------------
def _compared_with_file(batch: ImportBatch, mended: Sequence[Mended]) -> dict[int, Record]:
    """Say of each line if it repeats another, or names its person or house differently."""
    parts = parts_of(batch)
    tracker = FileTracker(sheets=[part.sheet for part in parts])
    for line in _like(batch, mended):
        values = line.open_payload()["normalised"]
        unit = parts[part_number_of(line.row)].profile.unit
        tracker.track(line.row, Record(values, (), line.area_code or None, unit=unit))
    return {
        each.line.row: tracker.track(each.line.row, each.record)
        for each in sorted(mended, key=lambda each: each.line.row)
    }


def _like(batch: ImportBatch, mended: Sequence[Mended]) -> Iterable[ImportRow]:
    """Return the other lines that take part and share a person or a house."""
    values = [each.record.values for each in mended]
    people = {v["citizen_id"] for v in values if v.get("citizen_id")}
    houses = {f"{v['house_code']}/" for v in values if v.get("house_code")}
    places = {
        house_key(each.record.values, area_code=each.record.area_code or "", row=each.line.row)
        for each in mended
        if not each.record.values.get("house_code")
    }
    rest = batch.rows.filter(verdict__in=[Verdict.ACCEPTED, Verdict.HELD]).exclude(
        row__in=[each.line.row for each in mended]
    )
    rows: dict[int, ImportRow] = {}
    if people:
        found = rest.filter(citizen_index__in=[citizen_index(each) for each in sorted(people)])
        rows |= {row.row: row for row in found}
    if houses:
        of_house = rest.annotate(house=Left("house_key", _HOUSE_CODE_AND_SLASH))
        rows |= {row.row: row for row in of_house.filter(house__in=sorted(houses))}
    if places:
        rows |= {row.row: row for row in rest.filter(house_key__in=sorted(places))}
    return [rows[number] for number in sorted(rows)]


def _propose_areas(batch: ImportBatch, records: Iterable[Record]) -> None:
    """Add the new areas that corrected lines name to those that wait to be confirmed."""
    proposed = {
        area.code: [area.level, area.name]
        for record in records
        for area in record.new_areas
        if area.needs_confirmation
    }
    if proposed:
        batch.layout = {
            **batch.layout,
            "new_areas": {**batch.layout.get("new_areas", {}), **proposed},
        }
        batch.save(update_fields=["layout"])


def cannot_be_right(line: ImportRow) -> bool:
    """Say whether what is wrong is an error, so that nobody can accept the line as it is."""
    return any(severity_of(code) is Severity.ERROR for code in line.codes)
