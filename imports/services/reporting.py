"""What became of the workbooks that came back, as the ledger has it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from imports.models import ImportBatch, ImportChunk
from imports.services.parts import parts_of
from imports.services.sending_back import EXTRA_HEADERS, Told
from imports.workflow import DECIDABLE, Phase

ORDERS = "mendings"
"""Under this name the batch's options hold what was sent back, in order."""

COUNTED = ("mended", "still_wrong", "unchanged", "not_found")
_SHOWN_TOLD = 200


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a workbook that came back."""

    number: int
    name: str
    sent_at: datetime
    is_over: bool
    error: str
    mended: int
    still_wrong: int
    unchanged: int
    not_found: int
    told: tuple[Told, ...]
    told_more: int


def chunks_of(batch: ImportBatch, order: int) -> Iterator[ImportChunk]:
    chunks = batch.chunks.filter(phase=Phase.MEND, counts__order=order)
    yield from chunks.order_by("number")


def reports(batch: ImportBatch) -> list[Report]:
    """Return what became of each workbook that came back, the last one first."""
    orders: list[dict[str, Any]] = batch.options.get(ORDERS, [])
    return [report_of(batch, number, orders[number]) for number in reversed(range(len(orders)))]


def latest_report(batch: ImportBatch) -> Report | None:
    """Return what became of the workbook that came back last. One query."""
    orders: list[dict[str, Any]] = batch.options.get(ORDERS, [])
    return report_of(batch, len(orders) - 1, orders[-1]) if orders else None


def report_of(batch: ImportBatch, number: int, order: Mapping[str, Any]) -> Report:
    counts: Counter[str] = Counter()
    told = [Told(place, text) for place, text in order.get("told", [])]
    for chunk in chunks_of(batch, number):
        counts.update({name: chunk.counts.get(name, 0) for name in COUNTED})
        told += [Told(place, text) for place, text in chunk.counts.get("told", [])]
    return Report(
        number=number,
        name=order["name"],
        sent_at=datetime.fromisoformat(order["at"]),
        is_over=order["is_over"],
        error=order["error"],
        told=tuple(told[:_SHOWN_TOLD]),
        told_more=max(0, len(told) - _SHOWN_TOLD),
        **{name: counts[name] for name in COUNTED},
    )


def mended_batch(batch: ImportBatch, user: User) -> ImportBatch | None:
    """Return the import whose lines to mend this file is, sent as if it were a new list.

    Known by the three columns that our workbook adds. No query for any other file.
    """
    parts = parts_of(batch)
    if not parts or tuple(parts[0].headers[-len(EXTRA_HEADERS) :]) != EXTRA_HEADERS:
        return None
    headers = list(parts[0].headers[: -len(EXTRA_HEADERS)])
    return (
        ImportBatch.objects.visible_to(user)
        .filter(source=batch.source, year_be=batch.year_be, state__in=sorted(DECIDABLE))
        .filter(layout__parts__contains=[{"headers": headers}])
        .exclude(pk=batch.pk)
        .order_by("-uploaded_at", "-pk")
        .first()
    )
