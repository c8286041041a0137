"""The process that parses a file nobody trusts: python -m imports.reading.child '<request>'.

The file is its standard input, its answers are length-prefixed JSON on standard output. It knows
no Django, no database and no key, may write no file, and dies at its limits instead of the worker.
"""

import json
import os
import resource
import struct
import sys
import traceback
from collections.abc import Iterator, Set
from contextlib import suppress
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

from imports.reading.cells import Inspection, Kind, Options, SheetInfo, to_wire
from imports.reading.delimited import Dialect, detect, inspect_csv, records
from imports.reading.errors import UnableToRead
from imports.reading.hidden import hidden_lines
from imports.reading.independent import count_lines
from imports.reading.limits import Limits
from imports.reading.workbook import (
    glance_xlsx,
    head_xlsx,
    inspect_xls,
    inspect_xlsx,
    read_xls,
    read_xlsx,
)

Row = tuple[int, list[Any]]
_FILE = Path("/dev/fd/0")
_HEADER = struct.Struct(">L")


def main() -> None:
    request = json.loads(sys.argv[1])
    limits = Limits(**request["limits"])
    _confine(limits)
    try:
        for answer in _answers(request, Kind(request["kind"]), limits):
            _send(answer)
        _send({"end": True})
    except UnableToRead as error:
        _send({"error": str(error), "code": error.code})
    except MemoryError:
        _send({"crash": "MemoryError", "at": ""})
    except BrokenPipeError:
        # The parent wants no more, or is gone.
        os._exit(0)
    except Exception as error:
        # Only where it happened: the message may quote the file.
        place = traceback.extract_tb(error.__traceback__)[-1]
        _send({"crash": type(error).__name__, "at": f"{Path(place.filename).name}:{place.lineno}"})


def _confine(limits: Limits) -> None:
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answers(request: dict[str, Any], kind: Kind, limits: Limits) -> Iterator[dict[str, Any]]:
    sheet, options = request.get("sheet"), Options(**request.get("options", {}))
    if request["command"] == "inspect":
        yield from _inspections(request, kind, limits, options)
    elif request["command"] == "count":
        yield {"count": asdict(count_lines(_FILE, kind, sheet, request["after"], limits, options))}
    elif kind is Kind.CSV:
        yield from _csv_chunks(request["skip_to"], limits, options)
    else:
        yield from _workbook_chunks(kind, sheet, request["skip_to"], limits, options)


def _inspections(
    request: dict[str, Any], kind: Kind, limits: Limits, options: Options
) -> Iterator[dict[str, Any]]:
    """Answer with what one sees of a workbook at once, if that was asked for, and with all."""
    lines = request["head"]
    if request["glances"] and kind is Kind.XLSX:
        # What is wrong with the file is for the survey to say.
        with suppress(UnableToRead):
            seen = glance_xlsx(_FILE, limits)
            heads = [_head(each, kind, lines, limits, options) for each in seen.sheets]
            yield {"inspection": asdict(seen), "heads": heads, "is_glance": True}
    found = _inspect(kind, limits, options)
    heads = [_head(each, kind, lines, limits, options) for each in found.sheets]
    yield {"inspection": asdict(found), "heads": heads, "is_glance": False}


def _workbook_chunks(
    kind: Kind, sheet: str | None, skip_to: int, limits: Limits, options: Options
) -> Iterator[dict[str, Any]]:
    read = read_xlsx if kind is Kind.XLSX else read_xls
    filled: set[int] | None = set() if options.fills_merged else None
    chunks = _chunks(read(_FILE, sheet, skip_to, limits, filled), skip_to, limits, usual=None)
    if not options.marks_hidden and filled is None:
        return chunks
    hidden = hidden_lines(_FILE, kind, sheet, limits) if options.marks_hidden else frozenset()
    return _marked(chunks, hidden, set() if filled is None else filled)


def _marked(
    chunks: Iterator[dict[str, Any]], hidden: Set[int], filled: Set[int]
) -> Iterator[dict[str, Any]]:
    """Name the hidden lines of each chunk, and those that have a merged cell's value."""
    for chunk in chunks:
        numbers = chunk["chunk"][0]
        yield {
            **chunk,
            "hidden": [line for line in numbers if line in hidden],
            "filled": [line for line in numbers if line in filled],
        }


def _inspect(kind: Kind, limits: Limits, options: Options) -> Inspection:
    if kind is Kind.CSV:
        return inspect_csv(_FILE, limits, options)
    return inspect_xls(_FILE, limits) if kind is Kind.XLS else inspect_xlsx(_FILE, limits)


def _head(about: SheetInfo, kind: Kind, lines: int, limits: Limits, options: Options) -> list[Row]:
    """Return the first lines; of an .xlsx without loading what stands below them."""
    if not about.rows or not lines:
        return []
    if kind is Kind.CSV:
        found = _csv_lines(detect(_FILE, limits, options), 0, limits)
    elif kind is Kind.XLS:
        found = read_xls(_FILE, about.name, 0, limits)
    else:
        found = head_xlsx(_FILE, about.name, limits)
    return list(islice(_filled_gaps(found), lines))


def _csv_chunks(skip_to: int, limits: Limits, options: Options) -> Iterator[dict[str, Any]]:
    dialect = detect(_FILE, limits, options)
    return _chunks(_csv_lines(dialect, skip_to, limits), skip_to, limits, usual=dialect.columns)


def _csv_lines(dialect: Dialect, skip_to: int, limits: Limits) -> Iterator[Row]:
    for line, cells in records(_FILE, dialect, limits):
        if line > skip_to:
            yield line, [cell or None for cell in cells]


def _chunks(
    lines: Iterator[Row], skip_to: int, limits: Limits, usual: int | None
) -> Iterator[dict[str, Any]]:
    """Gather lines; name those whose number of cells is not the usual one."""
    numbers: list[int] = []
    rows: list[bytes] = []
    ragged: list[int] = []
    for line, cells in _filled_gaps(lines, skip_to):
        numbers.append(line)
        rows.append(to_wire(cells))
        if usual is not None and cells and len(cells) != usual:
            ragged.append(line)
        if len(numbers) >= limits.chunk_lines:
            yield {"chunk": (numbers, rows), "ragged": ragged}
            numbers, rows, ragged = [], [], []
    if numbers:
        yield {"chunk": (numbers, rows), "ragged": ragged}


def _filled_gaps(lines: Iterator[Row], latest: int = 0) -> Iterator[Row]:
    """Put blank lines into the gaps; those behind the last full line are left out."""
    for line, cells in lines:
        # Nearly always the first cell tells.
        if cells and (type(cells[0]) in _VALUES or any(map(_is_filled, cells))):
            for blank in range(latest + 1, line):
                yield blank, []
            latest = line
            yield line, cells


_VALUES = frozenset({str, int, float})


def _is_filled(cell: Any) -> bool:
    return cell is not None and not (type(cell) is dict and "m" in cell)


def _send(answer: dict[str, Any]) -> None:
    if "chunk" in answer:
        # Each line is JSON by itself, so that whoever knows it need not take it apart.
        numbers, rows = answer.pop("chunk")
        payload = b"\n".join((to_wire({**answer, "numbers": numbers}), *rows))
    else:
        payload = to_wire(answer)
    sys.stdout.buffer.write(_HEADER.pack(len(payload)) + payload)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
