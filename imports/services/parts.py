"""The tables of a file that are taken in, and where each of its lines stands.

Most files have one part. A workbook whose sheets belong together has one for
each sheet, with headers and a mapping of its own. A line's number in the batch
holds the part and the line as the spreadsheet shows it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from imports.models import ImportBatch
from imports.normalise.cells import text_of
from imports.profiles import PROFILES
from imports.profiles.profile import Mapping, Profile
from imports.services.heads import open_head
from imports.workflow import line_of as line_of
from imports.workflow import part_number_of as part_number_of
from imports.workflow import row_of as row_of

_SHOWN_LINES = 5


@dataclass(frozen=True, slots=True)
class Part:
    """One table of the file: what was found, what its columns seem to be, what was settled.

    `header_line` is the last line of the header, which may take `header_rows` of them.
    `asks_sheet` says that another sheet may be the one that was meant.
    """

    number: int
    sheet: str | None
    header_line: int
    headers: tuple[str, ...]
    lines_counted: int
    guess: Mapping
    is_certain: bool
    questions: tuple[str, ...] = ()
    mapping: Mapping | None = None
    header_rows: int = 1
    asks_sheet: bool = False

    @property
    def name(self) -> str:
        """The sheet's name; a text file has none."""
        return self.sheet or ""

    @property
    def profile(self) -> Profile:
        return PROFILES[(self.mapping or self.guess).profile]

    @property
    def first_row(self) -> int:
        """The number in the batch of the header; the lines come behind it."""
        return row_of(self.number, self.header_line)


@dataclass(frozen=True, slots=True)
class Found:
    """A table that was found in the file. `questions` come on top of those of the guess."""

    sheet: str | None
    header_line: int
    lines_counted: int
    guess: Mapping
    header_rows: int = 1
    questions: tuple[str, ...] = ()
    asks_sheet: bool = False

    @property
    def is_certain(self) -> bool:
        return self.guess.is_certain and not self.questions

    def as_part(self, number: int) -> Part:
        """Return the table as a part that nobody has settled yet."""
        return Part(
            number=number,
            sheet=self.sheet,
            header_line=self.header_line,
            headers=tuple(_distinct(self.guess.headers)),
            lines_counted=self.lines_counted,
            guess=self.guess,
            is_certain=self.is_certain,
            questions=(*self.questions, *(question.text for question in self.guess.questions)),
            header_rows=self.header_rows,
            asks_sheet=self.asks_sheet,
        )


def parts_of(batch: ImportBatch) -> list[Part]:
    """Return the file's parts in their order; [] before the file was looked at."""
    settled: list[dict[str, Any]] = batch.mapping or []
    return [
        Part(
            number=number,
            sheet=each["sheet"],
            header_line=each["header_line"],
            headers=tuple(each["headers"]),
            lines_counted=each["lines_counted"],
            guess=Mapping.from_json(each["guess"]),
            is_certain=each["is_certain"],
            questions=tuple(each["questions"]),
            mapping=Mapping.from_json(settled[number]) if number < len(settled) else None,
            header_rows=each.get("header_rows", 1),
            asks_sheet=each.get("asks_sheet", False),
        )
        for number, each in enumerate(batch.layout.get("parts", []))
    ]


def part_of(batch: ImportBatch, row: int) -> Part:
    """Return the part in which a line of the batch stands."""
    return parts_of(batch)[part_number_of(row)]


def place_of(batch: ImportBatch, row: int) -> str:
    """Return where a person finds the line: "แถว 12", or "แผ่นงาน “ทุนมนุษย์” แถว 12"."""
    parts = batch.layout.get("parts", [])
    line = f"แถว {line_of(row):,}"
    return line if len(parts) < 2 else f"แผ่นงาน “{parts[part_number_of(row)]['sheet']}” {line}"


def keep_parts(batch: ImportBatch, parts: Sequence[Part]) -> None:
    """Put what was found into the batch's layout; the caller saves it."""
    batch.lines_counted = sum(part.lines_counted for part in parts)
    batch.layout = {
        **batch.layout,
        "parts": [
            {
                "sheet": part.sheet,
                "header_line": part.header_line,
                "header_rows": part.header_rows,
                "headers": list(part.headers),
                "lines_counted": part.lines_counted,
                "guess": part.guess.to_json(),
                "is_certain": part.is_certain,
                "questions": list(part.questions),
                "asks_sheet": part.asks_sheet,
            }
            for part in parts
        ],
    }


def _distinct(headers: Sequence[str]) -> Iterator[str]:
    """Name every column once: two of one name, or none, are told apart by their number."""
    names: set[str] = set()
    for number, header in enumerate(headers, start=1):
        name = header or f"คอลัมน์ที่ {number}"
        name = name if name not in names else f"{name} ({number})"
        names.add(name)
        yield name


def open_samples(batch: ImportBatch, part: int = 0) -> list[list[str]]:
    """Return the first lines below the header of a part, as text."""
    head, parts = open_head(batch), parts_of(batch)
    sheet = head.sheet(parts[part].sheet) if head and part < len(parts) else None
    if sheet is None:
        return []
    below = [cells for line, cells in sheet.head if line > parts[part].header_line]
    return [[text_of(cell) for cell in cells] for cells in below[:_SHOWN_LINES]]
