"""Households compared while they are staged come out as if all lines had been seen at once."""

import random
from typing import Any

import pytest

from accounts.models import User
from imports.apply.chunks import context_of, lines_with_keys, plan_lines
from imports.models import ImportBatch
from imports.workflow import Phase
from ppaos.lib.ahead import ahead
from tests.imports.batches import AT, applied, line, people, staged

pytestmark = pytest.mark.django_db


def mixed(seed: int) -> list[dict[str, Any]]:
    """Return lines of which some know nobody, are known, contradict, or have no ID or house."""
    chance = random.Random(seed)
    lines = people(16)
    for _ in range(6):
        each = chance.choice(lines)
        each.update(
            chance.choice(
                (
                    {"เลขประจำตัวประชาชน": ""},
                    {"รหัสบ้าน": ""},
                    {"นามสกุล": "ใหม่"},
                    {"บ้านเลขที่": "99"},
                    {"รหัสบ้าน": chance.choice(lines)["รหัสบ้าน"]},
                    {"เลขประจำตัวประชาชน": "1234567890123"},
                )
            )
        )
    if chance.random() < 0.5:
        chance.shuffle(lines)
    return lines


def of_last_year(count: int) -> list[dict[str, Any]]:
    return [{**each, "ปีข้อมูล TPMAP": ""} for each in people(count)]


def outcomes(batch: ImportBatch) -> list[tuple[Any, ...]]:
    columns = ("row", "verdict", "codes", "action", "household_action", "household", "member")
    issues = [*batch.issues.order_by("row", "column", "code").values_list("row", "column", "code")]
    return [*batch.rows.order_by("row").values_list(*columns), *issues]


@pytest.mark.parametrize(("seed", "chunk_lines"), [(0, 1), (1, 3), (2, 7), (3, 3), (4, 5)])
def test_the_size_of_chunks_changes_nothing(
    seed: int, chunk_lines: int, admin: User, settings: Any
) -> None:
    applied(of_last_year(6), admin, year_be=2566)
    whole = staged(mixed(seed), admin, reimport_reason="ทีเดียว")
    settings.IMPORT_CHUNK_LINES = chunk_lines
    in_pieces = staged(mixed(seed), admin, reimport_reason="ทีละน้อย")

    assert outcomes(in_pieces) == outcomes(whole)


@pytest.mark.parametrize("seed", range(3))
def test_a_forecast_says_what_the_plan_says(seed: int, admin: User) -> None:
    applied(of_last_year(6), admin, year_be=2566)
    batch = staged(mixed(seed), admin)
    keys = batch.rows.values_list("house_key", flat=True)
    context = context_of(batch, by_id=admin.pk, at=AT)

    def said(*, is_forecast: bool) -> list[tuple[Any, ...]]:
        lines = lines_with_keys(batch, keys)
        plan = plan_lines(lines, context, lock=False, is_forecast=is_forecast)
        return [(o.line.row, o.codes, o.action, o.household_action) for o in plan.outcomes]

    assert said(is_forecast=True) == said(is_forecast=False)


def test_only_households_that_may_go_on_wait(admin: User, settings: Any) -> None:
    settings.IMPORT_CHUNK_LINES = 9
    batch = staged(people(20), admin)

    compared = batch.chunks.filter(phase=Phase.COMPARE)
    # Of each chunk the last household; that of the first goes on in the second.
    assert sum(compared.values_list("lines", flat=True)) == 4 + 4 + 4
    assert set(batch.rows.values_list("action", flat=True)) == {"new"}


def test_a_list_in_no_order_is_compared_at_the_end(admin: User, settings: Any) -> None:
    settings.IMPORT_CHUNK_LINES = 4
    lines = people(16)
    batch = staged([lines[n % 4 * 4 + n // 4] for n in range(16)], admin)

    compared = batch.chunks.filter(phase=Phase.COMPARE)
    assert sum(compared.values_list("lines", flat=True)) == 16
    assert batch.effect["households_created"] == 4


def test_ahead_gives_everything_in_order_and_what_went_wrong() -> None:
    closed = []

    def items() -> Any:
        try:
            yield from range(5)
            raise ValueError("in its place")
        finally:
            closed.append(True)

    made = ahead(items())
    assert [next(made) for _ in range(5)] == [0, 1, 2, 3, 4]
    with pytest.raises(ValueError, match="in its place"):
        next(made)
    assert closed == [True]


def test_ahead_closes_what_is_not_wanted_to_its_end() -> None:
    closed = []

    def items() -> Any:
        try:
            yield from range(1_000_000)
        finally:
            closed.append(True)

    some = ahead(items())
    assert next(some) == 0
    some.close()
    assert closed == [True]


def test_a_line_compared_too_early_is_forgotten(admin: User, settings: Any) -> None:
    """The same house comes again after others: what was said of its first lines is taken back."""
    applied(of_last_year(4), admin, year_be=2566)
    settings.IMPORT_CHUNK_LINES = 12
    moved = line(0, {"รหัสบ้าน": line(8)["รหัสบ้าน"]})
    lines = [moved, *people(32)[1:], line(33, {"รหัสบ้าน": moved["รหัสบ้าน"]})]
    in_pieces = staged(lines, admin)
    settings.IMPORT_CHUNK_LINES = 1_000
    whole = staged(lines, admin, reimport_reason="ทีเดียว")

    assert outcomes(in_pieces) == outcomes(whole)
