"""Find the tables in a file, and settle which of their columns holds what."""

from collections.abc import Mapping as MappingABC
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from imports import reading
from imports.models import ImportBatch
from imports.normalise.cells import text_of
from imports.profiles import PROFILES, profiles_of
from imports.profiles.headers import find_header, guess
from imports.profiles.profile import Mapping, UnableToMap, confirm
from imports.services.errors import UnableToStage
from imports.services.parts import Found, Part, keep_parts, parts_of

_SAMPLE_LINES = 200
_SHOWN_LINES = 5


# ---- the tables in the file ------------------------------------------------------------
def find_layout(batch: ImportBatch, path: Path) -> None:
    """Find sheets, header lines and headers, and count the lines below by other code."""
    found = reading.inspect(path, head=_SAMPLE_LINES)
    visible = [sheet for sheet in found.sheets if not sheet.hidden]
    tables = [
        table
        for table in (_table_in(sheet, batch.source, kind=found.kind) for sheet in visible)
        if table is not None
    ]
    if not tables:
        raise UnableToStage(
            "ไม่พบบรรทัดหัวตารางใน 15 บรรทัดแรก ไฟล์ต้องมีหัวคอลัมน์ เช่น รหัสบ้าน เลขประจำตัวประชาชน ชื่อ "
            "ดาวน์โหลดแบบฟอร์มเพื่อดูตัวอย่าง"
        )
    if not any(profile.joins_sheets for profile in profiles_of(batch.source)):
        tables = tables[:1]
    taken = {table.sheet for table in tables}
    batch.layout = {
        "kind": found.kind.value,
        "encoding": found.encoding,
        "hidden_sheets": [sheet.name for sheet in found.sheets if sheet.hidden],
        "other_sheets": [sheet.name for sheet in visible if sheet.name not in taken]
        if found.kind != reading.Kind.CSV
        else [],
    }
    keep_parts(batch, tables)
    batch.save(update_fields=["layout", "lines_counted"])


def _table_in(sheet: reading.SheetInfo, source: str, *, kind: reading.Kind) -> Found | None:
    """Return the table of a sheet under that profile of the source which fits it best."""
    index = find_header([cells for _, cells in sheet.head])
    if index is None:
        return None
    number, headers = sheet.head[index]
    samples = [cells for _, cells in sheet.head[index + 1 :]]
    guesses = [guess(headers, profile, samples=samples) for profile in profiles_of(source)]
    best = max(guesses, key=lambda each: (not each.missing, each.confidence))
    return Found(
        sheet=None if kind == reading.Kind.CSV else sheet.name,
        header_line=number,
        # What inspect counts comes from other code than what reads the lines.
        lines_counted=sheet.rows - number,
        guess=best,
        samples=[[text_of(cell) for cell in cells] for cells in samples[:_SHOWN_LINES]],
    )


# ---- which column holds what -----------------------------------------------------------
def settle_mapping(batch: ImportBatch) -> bool:
    """Settle how every part is read; False if a person must say."""
    if batch.mapping is not None:
        return True
    settled = [_settled(batch, part) for part in parts_of(batch)]
    if any(mapping is None for mapping in settled):
        return False
    batch.mapping = [mapping.to_json() for mapping in settled if mapping is not None]
    batch.save(update_fields=["mapping"])
    return True


def _settled(batch: ImportBatch, part: Part) -> Mapping | None:
    asked = batch.options.get("asked_mapping")
    if asked and part.number == 0:
        return mapping_of(part, asked)
    return part.guess if part.is_certain else _earlier_mapping(batch, part)


def mapping_of(
    part: Part,
    columns: MappingABC[str, Any],
    *,
    profile: str = "",
    one_is_problem: bool = True,
) -> Mapping:
    """Return the mapping of canonical column → header (as in the file) or its index from 0.

    Raises UnableToStage for a header that the file does not have, or a missing column.
    """
    indexes: dict[str, int] = {}
    for name, header in columns.items():
        if isinstance(header, str):
            if header not in part.headers:
                raise UnableToStage(f"ไฟล์ไม่มีคอลัมน์ “{header}”")
            indexes[name] = part.headers.index(header)
        elif isinstance(header, int) and not isinstance(header, bool):
            indexes[name] = header
        else:
            raise UnableToStage(f"คอลัมน์ {name} ต้องระบุเป็นหัวตารางในไฟล์ หรือลำดับคอลัมน์เริ่มจาก 0")
    try:
        return confirm(
            PROFILES[profile] if profile else part.profile,
            part.guess.headers,
            indexes,
            one_is_problem=one_is_problem,
        )
    except UnableToMap as error:
        raise UnableToStage(str(error)) from error


def _earlier_mapping(batch: ImportBatch, part: Part) -> Mapping | None:
    """Return what a person confirmed for the same headers of the same list before."""
    earlier = (
        ImportBatch.objects.filter(source=batch.source, options__is_mapping_confirmed=True)
        .exclude(pk=batch.pk)
        .filter(mapping__contains=[{"headers": list(part.guess.headers)}])
        .order_by("-uploaded_at", "-pk")
        .first()
    )
    kept: Sequence[dict[str, Any]] = (earlier.mapping or []) if earlier else []
    same = [each for each in kept if each["headers"] == list(part.guess.headers)]
    return Mapping.from_json(same[0]) if same else None
