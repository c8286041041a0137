"""Lists whose lines are households, help or areas, for the whole way through an import."""

from collections.abc import Mapping, Sequence
from typing import Any

from accounts.models import User
from imports import services
from imports.models import ImportBatch
from imports.services.mapping import PartChoice, read_as
from imports.services.parts import parts_of
from imports.workflow import State
from tests.imports.batches import AT, apply, csv_of, upload, work

PLACE = {
    "ตำบล": "ช้างทอง",
    "อำเภอ": "เฉลิมพระเกียรติ",
    "จังหวัด": "นครราชสีมา",
    "รหัสตำบล": "303201",
}


def house(number: int = 0, cells: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return what every list of households says of its household."""
    return {
        "รหัสบ้าน": f"3032{number:07d}",
        "บ้านเลขที่": str(number + 1),
        "หมู่ที่": "1",
        **PLACE,
        **(cells or {}),
    }


def staged_list(
    lines: Sequence[Mapping[str, Any]] | bytes,
    by: User,
    *,
    source: str,
    year_be: int = 2567,
    **options: Any,
) -> ImportBatch:
    """Stage a list; where a person is asked what 1 means, let it be as in the survey."""
    content = lines if isinstance(lines, bytes) else csv_of([dict(line) for line in lines])
    batch = work(upload(content, by, source=source, year_be=year_be, **options))
    if batch.state == State.NEEDS_MAPPING:
        said = {part.number: PartChoice(part.guess.columns) for part in parts_of(batch)}
        read_as(batch=batch, by=by, at=AT, parts=said)
        work(batch)
    assert batch.state == State.STAGED, (batch.state, batch.error)
    return batch


def applied_list(
    lines: Sequence[Mapping[str, Any]] | bytes, by: User, **options: Any
) -> ImportBatch:
    return apply(staged_list(lines, by, **options), by)


def lines_of(batch: ImportBatch) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return verdict, action and codes of each line, fixes left out."""
    return [
        (row.verdict, row.action, tuple(code for code in row.codes if not code.startswith("F_")))
        for row in batch.rows.order_by("row")
    ]


def forecast(batch: ImportBatch) -> dict[str, int]:
    """Return what the preview promises, without how much of it is done."""
    return {name: count for name, count in batch.effect.items() if name != "applied"}


def written(batch: ImportBatch) -> services.Written:
    return services.written(batch_id=batch.pk)
