"""Reads CSV and its kin: one ladder of encodings, one strict grammar, line by line."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

from imports.reading.cells import Inspection, Kind, Line, Options, SheetInfo
from imports.reading.encodings import decode_start, detect_encoding
from imports.reading.errors import (
    UnableToRead,
    cell_too_long,
    nothing_inside,
    nul_character,
    too_many_columns,
    too_many_lines,
)
from imports.reading.limits import Limits

_DELIMITERS = ",;\t|"
_SAMPLE_RECORDS = 50
_SAMPLE_CHARACTERS = 1_000_000
# Excel's own hint; Excel hides the line, so it has no number.
_HINT = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)


@dataclass(frozen=True)
class Dialect:
    """`columns` is the usual number of cells of a line."""

    encoding: str
    delimiter: str
    columns: int
    has_hint: bool = False


_AS_FOUND = Options()


def detect(path: Path, limits: Limits, options: Options = _AS_FOUND) -> Dialect:
    """Find out encoding and delimiter, or check those that somebody chose.

    Raises UnableToRead if it is no text, or garbled.
    """
    encoding = detect_encoding(path, options.encoding)
    csv.field_size_limit(limits.cell_characters)
    with open_text(path, encoding) as stream:
        lines = list(_physical_lines(stream, _SAMPLE_CHARACTERS))
    hint = _HINT.fullmatch(lines[0]) if lines else None
    if hint:
        lines = lines[1:]
    delimiter = options.delimiter or (hint[1] if hint else "")
    if delimiter:
        widths = _widths(lines, delimiter)
    else:
        delimiter, widths = _best_delimiter(lines)
    columns = Counter(widths).most_common(1)[0][0] if widths else 0
    return Dialect(encoding, delimiter, columns, has_hint=hint is not None)


def open_text(path: Path, encoding: str) -> TextIO:
    # newline="" leaves CR, LF and CRLF as they are: all three end a line for csv.
    return io.TextIOWrapper(path.open("rb"), encoding=encoding, newline="")


def inspect_csv(path: Path, limits: Limits, options: Options = _AS_FOUND) -> Inspection:
    dialect = detect(path, limits, options)
    last_line = 0
    for line, cells in records(path, dialect, limits):
        if any(cells):
            last_line = line
    if not last_line:
        raise nothing_inside()
    return Inspection(
        kind=Kind.CSV,
        sheets=[SheetInfo(name="", hidden=False, rows=last_line, columns=dialect.columns)],
        encoding=dialect.encoding,
        delimiter=dialect.delimiter,
    )


def records(path: Path, dialect: Dialect, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) of every record; a quoted line break does not start a new line.

    Raises UnableToRead with the line where a quotation mark is not closed or closed too early,
    a cell is too long, or the file goes over the limits.
    """
    csv.field_size_limit(limits.cell_characters)
    line = 0
    with open_text(path, dialect.encoding) as stream:
        if dialect.has_hint:
            stream.readline()
        reader = csv.reader(
            _without_nul(stream, lambda: line + 1), delimiter=dialect.delimiter, strict=True
        )
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise _refusal(error, line + 1, limits) from error
            line += 1
            if line > limits.lines and any(cells):
                raise too_many_lines(limits.lines)
            if len(cells) > limits.columns and any(cells[limits.columns :]):
                raise too_many_columns(limits.columns, line)
            yield line, cells


def _physical_lines(stream: TextIO, characters: int) -> Iterator[str]:
    while characters > 0 and (line := stream.readline(characters)):
        characters -= len(line)
        yield line


def _without_nul(stream: TextIO, line: Callable[[], int]) -> Iterator[str]:
    for text in stream:
        if "\0" in text:
            raise nul_character(line())
        yield text


def _widths(lines: list[str], delimiter: str) -> list[int]:
    """Return the number of cells of the sample's records, without blank ones."""
    widths: list[int] = []
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        for cells in islice(reader, _SAMPLE_RECORDS):
            if any(cells):
                widths.append(len(cells))
    except csv.Error:
        # The sample may end inside a cell; a real fault is reported when the file is read.
        pass
    return widths


def _best_delimiter(lines: list[str]) -> tuple[str, list[int]]:
    """Choose the separator that cuts most lines into the same number of cells."""
    best: tuple[float, int, str, list[int]] = (0.0, 0, ",", [])
    for delimiter in _DELIMITERS:
        widths = _widths(lines, delimiter)
        if not widths:
            # Nothing is left between these separators: a table without text.
            return delimiter, []
        usual, times = Counter(widths).most_common(1)[0]
        score = times / len(widths) if usual > 1 else 0.0
        if (score, usual) > best[:2] or not best[3]:
            best = (score, usual, delimiter, widths)
    return best[2], best[3]


def _refusal(error: csv.Error, line: int, limits: Limits) -> UnableToRead:
    text = str(error)
    if "field limit" in text:
        return cell_too_long(limits.cell_characters, line)
    if "unexpected end" in text:
        return UnableToRead(
            "unclosed_quote",
            f'แถวที่ {line:,} เปิดเครื่องหมายคำพูด (") แล้วไม่ปิด แก้ในไฟล์ หรือเปิดด้วย Excel แล้วบันทึกเป็น .xlsx',
        )
    return UnableToRead(
        "stray_quote",
        f'แถวที่ {line:,} มีเครื่องหมายคำพูด (") อยู่ผิดที่ แก้ในไฟล์ หรือเปิดด้วย Excel แล้วบันทึกเป็น .xlsx',
    )


@dataclass(frozen=True)
class HeadOfText:
    """The first lines of a text as one encoding and one separator show them."""

    encoding: str
    delimiter: str
    columns: int
    lines: list[Line]


def head_of_text(start: bytes, encoding: str, delimiter: str, lines: int) -> HeadOfText:
    """Read the first lines out of a text's first bytes, which may end anywhere.

    Blank encoding and delimiter are found out. Raises UnableToRead if it is no such text, or
    if what it says in Thai is garbled.
    """
    codec, text = decode_start(start, encoding)
    physical = list(_physical_lines(io.StringIO(text, newline=""), len(text) or 1))
    if physical and _HINT.fullmatch(physical[0]):
        hint, *physical = physical
        delimiter = delimiter or hint[4]
    if delimiter:
        widths = _widths(physical, delimiter)
    else:
        delimiter, widths = _best_delimiter(physical)
    found: list[Line] = []
    try:
        for number, cells in enumerate(csv.reader(physical, delimiter=delimiter), 1):
            found.append((number, [cell or None for cell in cells]))
            if number == lines:
                break
    except csv.Error as error:
        raise _refusal(error, len(found) + 1, Limits()) from error
    columns = Counter(widths).most_common(1)[0][0] if widths else 0
    return HeadOfText(codec, delimiter, columns, found)
