"""Takes in a spreadsheet from outside: what it holds, its lines, and an independent count.

    inspection = inspect(path, head=15)
    for chunk in read(path, sheet="รายชื่อ", skip_to=last_committed_line):
        for number, cells in chunk.lines: ...
    assert count(path, sheet="รายชื่อ", after=header_line).lines == rows_read

What `inspect` says of a sheet's rows comes from the same independent code as `count`.

Every call looks at the file itself first (milliseconds), then has a child process parse it, and
raises UnableToRead with a sentence for the user: the caller cannot be hurt by any file.
"""

from imports.reading.cells import (
    Cell,
    Chunk,
    Count,
    ErrorCell,
    FormulaWithoutValue,
    Inspection,
    Kind,
    Line,
    MergedCell,
    Options,
    SheetInfo,
    cells_of,
    is_empty,
)
from imports.reading.errors import UnableToRead
from imports.reading.gate import count, inspect, read
from imports.reading.limits import Limits

__all__ = [
    "Cell",
    "Chunk",
    "Count",
    "ErrorCell",
    "FormulaWithoutValue",
    "Inspection",
    "Kind",
    "Limits",
    "Line",
    "MergedCell",
    "Options",
    "SheetInfo",
    "UnableToRead",
    "cells_of",
    "count",
    "inspect",
    "is_empty",
    "read",
]
