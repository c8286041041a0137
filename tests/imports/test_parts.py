"""A file of one table or several: each line has one number, and is found again by it."""

from importlib import import_module

from django.apps import apps

from accounts.models import User
from imports.models import ImportBatch
from imports.services.parts import line_of, part_number_of, parts_of, place_of, row_of
from tests.imports.batches import people, staged

put_into_parts = import_module("imports.migrations.0002_parts_of_a_file").put_into_parts


def test_a_line_of_the_first_part_keeps_the_number_that_the_spreadsheet_shows() -> None:
    assert row_of(0, 1_048_576) == 1_048_576
    for part, line in ((0, 1), (1, 1), (5, 1_048_576)):
        assert (part_number_of(row_of(part, line)), line_of(row_of(part, line))) == (part, line)


def test_a_line_of_a_workbook_of_several_sheets_is_named_with_its_sheet(admin: User) -> None:
    batch = staged(people(1), admin)
    assert place_of(batch, 1_234) == "แถว 1,234"

    [part] = batch.layout["parts"]
    batch.layout["parts"] = [part, part | {"sheet": "ทุนมนุษย์"}]
    assert place_of(batch, row_of(1, 12)) == "แผ่นงาน “ทุนมนุษย์” แถว 12"


def test_files_of_before_are_described_as_one_part(admin: User) -> None:
    batch = staged(people(2), admin)
    assert batch.layout is not None
    assert batch.mapping is not None
    # Headers of two lines, and sheets in doubt, came later.
    newer = ("header_rows", "asks_sheet")
    part = {k: v for k, v in batch.layout["parts"][0].items() if k not in newer}
    now = batch.layout | {"parts": [part]}, batch.mapping
    before = {k: v for k, v in batch.layout.items() if k not in ("parts", "other_sheets")}
    before |= {key: value for key, value in part.items() if key != "lines_counted"}
    before["guess"] = _as_before(part["guess"])
    ImportBatch.objects.filter(pk=batch.pk).update(
        layout=before, mapping=_as_before(batch.mapping[0])
    )

    put_into_parts(apps, None)
    batch.refresh_from_db()

    assert (batch.layout | {"samples": now[0]["samples"]}, batch.mapping) == now
    assert parts_of(batch)[0].lines_counted == 2


def _as_before(mapping: dict[str, object]) -> dict[str, object]:
    return {"source" if key == "profile" else key: value for key, value in mapping.items()}
