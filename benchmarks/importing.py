"""Imports as the product does them, timed from the upload to the applied batch."""

from dataclasses import dataclass, field
from pathlib import Path

from django.utils.timezone import now

from areas.models import Area
from areas.services import AreaRow, learn_areas
from benchmarks import floors
from benchmarks.lists import YEAR_BE
from benchmarks.processor import Cost, cost
from imports import services
from imports.models import ImportBatch
from imports.services.commanding import service_user, work_off
from imports.workflow import State


@dataclass(frozen=True)
class Timed:
    """One import: what it took until staged, and from the order to apply until applied."""

    batch: ImportBatch
    stage: Cost
    apply: Cost


@dataclass
class Series:
    """Seconds of every repetition, in the same order; by the clock unless named otherwise."""

    stage: list[float] = field(default_factory=list)
    apply: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def add(self, timed: Timed) -> None:
        self.stage.append(timed.stage.clock)
        self.apply.append(timed.apply.clock)
        self.whole.append(timed.stage.clock + timed.apply.clock)
        self.processor.append(timed.stage.processor + timed.apply.processor)


@dataclass
class Floor:
    """Seconds of every repetition of a floor."""

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def add(self, found: Cost) -> None:
        self.clock.append(found.clock)
        self.processor.append(found.processor)


@dataclass
class Measured:
    """What the repetitions gave. `accepted` and `changed` tell that the right work was timed."""

    first: Series = field(default_factory=Series)
    again: Series = field(default_factory=Series)
    changed: Series = field(default_factory=Series)
    csv: Series = field(default_factory=Series)
    undo: list[float] = field(default_factory=list)
    calamine: Floor = field(default_factory=Floor)
    csv_read: Floor = field(default_factory=Floor)
    copy: Floor = field(default_factory=Floor)
    effects: dict[str, dict[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Files:
    workbook: Path
    changed: Path
    csv: Path


def measure(files: Files, *, runs: int) -> Measured:
    """Repeat the whole story: new list, the same again, 2 % changed, undo; and the floors."""
    measured = Measured()
    for _ in range(runs):
        floors.empty_tables()
        _one_story(files, measured)
    floors.empty_tables()
    return measured


def _one_story(files: Files, measured: Measured) -> None:
    measured.calamine.add(cost(lambda: floors.read_workbook(files.workbook)))
    measured.csv_read.add(cost(lambda: floors.read_csv(files.csv)))
    batches = []
    for name, path in (
        ("first", files.workbook),
        ("again", files.workbook),
        ("changed", files.changed),
    ):
        timed = import_list(path, reason="" if name == "first" else "วัดเวลา")
        getattr(measured, name).add(timed)
        measured.effects[name] = timed.batch.effect
        batches.append(timed.batch)
        if name == "first":
            dumped = floors.dump_register()
            villages = _villages()
    undone = [undo_list(batch) for batch in reversed(batches)]
    measured.undo.append(undone[-1])
    measured.csv.add(import_list(files.csv, reason="วัดเวลา"))
    floors.empty_tables()
    learn_areas(rows=villages)
    measured.copy.add(cost(lambda: floors.copy_register(dumped)))


def _villages() -> list[AreaRow]:
    found = Area.objects.filter(level="VILLAGE").order_by("code")
    return [AreaRow(code=area.code, name=area.name) for area in found]


def import_list(path: Path, *, reason: str = "") -> Timed:
    """Import one file without a queue; the bytes come as from a browser, the work is the worker's.

    Raises AssertionError if the batch does not end applied.
    """
    by = service_user()
    box: list[ImportBatch] = []

    def stage() -> None:
        with path.open("rb") as stream:
            batch = services.upload(
                stream=stream,
                name=path.name,
                source="tpmap",
                year_be=YEAR_BE,
                reimport_reason=reason,
                by=by,
                at=now(),
            )
        box.append(work_off(batch))

    def apply() -> None:
        services.order_apply(batch=box[0], by=by, at=now())
        work_off(box[0])

    staged = cost(stage)
    assert box[0].state == State.STAGED, box[0].error
    applied = cost(apply)
    assert box[0].state == State.APPLIED, box[0].error
    return Timed(box[0], staged, applied)


def undo_list(batch: ImportBatch) -> float:
    by = service_user()

    def undo() -> None:
        services.order_undo(batch=batch, by=by, at=now())
        work_off(batch)

    took = cost(undo).clock
    assert batch.state == State.UNDONE, batch.error
    return took
