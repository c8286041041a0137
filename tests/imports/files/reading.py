"""Reads a file in the ways that tests compare."""

from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from imports.reading import (
    Limits,
    UnableToRead,
    archive,
    inspect,
    read,
)
from imports.reading.package import open_package
from imports.reading.streaming import streamed_rows
from imports.reading.values import CellReader


def moment(*parts: int) -> datetime:
    """A cell's date and time has no zone."""
    return datetime(*parts)  # type: ignore[arg-type] # noqa: DTZ001


def lines(path: Path, **options: Any) -> dict[int, list[Any]]:
    return {line: cells for chunk in read(path, **options) for line, cells in chunk.lines}


def refusal(path: Path, **options: Any) -> UnableToRead:
    with pytest.raises(UnableToRead) as caught:
        inspect(path, **options)
    return caught.value


def streamed(path: Path) -> dict[int, list[Any]]:
    """Return the first sheet's full lines as expat alone sees them, marks as they travel."""
    with archive.open_archive(path, Limits()) as opened:
        package = open_package(opened, Limits())
        with closing(CellReader(opened, package)) as reader:
            found = streamed_rows(opened, package.sheets[0], reader, 200)
            return {line: cells for line, cells in found if any(c is not None for c in cells)}
