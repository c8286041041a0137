"""The three questions one may ask of a file. Each is safe to ask of any file."""

from collections.abc import Callable, Generator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from imports.reading import preflight
from imports.reading.cells import (
    Chunk,
    Count,
    Inspection,
    Kind,
    Options,
    SheetInfo,
    cells_from_wire,
)
from imports.reading.limits import Limits
from imports.reading.process import Child

_DEFAULT = Limits()
_AS_FOUND = Options()


def inspect(
    path: Path,
    limits: Limits = _DEFAULT,
    *,
    head: int = 0,
    options: Options = _AS_FOUND,
    glanced: Callable[[Inspection], None] | None = None,
) -> Inspection:
    """Return the kind of file and its sheets, hidden ones too, with the first `head` lines of each.

    Counting the rows of a workbook takes time. `glanced` is told of an .xlsx before, as far
    as the first lines of its sheets show it: without merged cells, and with no count that holds.
    Raises UnableToRead if the file cannot be taken in, or holds nothing at all.
    """
    kind = preflight.check(path, limits)
    request = {
        "command": "inspect",
        "head": head,
        "glances": glanced is not None,
        "options": asdict(options),
    }
    with Child(path, kind, limits, request) as child:
        answers = child.answers()
        answer = next(answers)
        if glanced is not None and answer["is_glance"]:
            glanced(_inspection(answer))
            answer = next(answers)
        list(answers)
    return _inspection(answer)


def _inspection(answer: dict[str, Any]) -> Inspection:
    found = answer["inspection"]
    return Inspection(
        kind=Kind(found["kind"]),
        sheets=[
            SheetInfo(
                **about
                | {
                    "head": [(line, cells_from_wire(cells)) for line, cells in first],
                    "merges": [tuple(merge) for merge in about["merges"]],
                }
            )
            for about, first in zip(found["sheets"], answer["heads"], strict=True)
        ],
        encoding=found["encoding"],
        delimiter=found["delimiter"],
    )


def read(
    path: Path,
    *,
    sheet: str | None = None,
    skip_to: int = 0,
    limits: Limits = _DEFAULT,
    options: Options = _AS_FOUND,
) -> Generator[Chunk, None, None]:
    """Yield the lines of one sheet in order, from behind line `skip_to` to the last full one.

    Without `sheet`, the first visible one. To resume, pass the last line that was committed.
    Raises UnableToRead, also in the midst: what was yielded before is still right.
    """
    kind = preflight.check(path, limits)
    request = {
        "command": "read",
        "sheet": sheet,
        "skip_to": skip_to,
        "options": asdict(options),
    }
    with Child(path, kind, limits, request) as child:
        for answer in child.answers():
            yield Chunk(
                numbers=answer["numbers"],
                rows=answer["rows"],
                ragged=frozenset(answer["ragged"]),
                hidden=frozenset(answer.get("hidden", ())),
                filled=frozenset(answer.get("filled", ())),
            )


def count(
    path: Path,
    *,
    sheet: str | None = None,
    after: int = 0,
    limits: Limits = _DEFAULT,
    options: Options = _AS_FOUND,
) -> Count:
    """Count the lines behind line `after` by other code than `read` uses.

    `lines` is the last line that holds anything minus `after`; `filled` of them are not blank.
    """
    kind = preflight.check(path, limits)
    request = {"command": "count", "sheet": sheet, "after": after, "options": asdict(options)}
    with Child(path, kind, limits, request) as child:
        [answer] = child.answers()
    return Count(**answer["count"])
