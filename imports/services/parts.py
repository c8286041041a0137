"""The tables of a file that are taken in, and where each of its lines stands.

Most files have one part. A workbook whose sheets belong together has one for
each sheet, with headers and a mapping of its own. A line's number in the batch
holds the part and the line as the spreadsheet shows it.
"""

import base64
import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from imports.models import ImportBatch
from imports.profiles import PROFILES
from imports.profiles.profile import Mapping, Profile
from imports.workflow import line_of as line_of
from imports.workflow import part_number_of as part_number_of
from imports.workflow import row_of as row_of
from ppaos.orm import keyring


@dataclass(frozen=True, slots=True)
class Part:
    """One table of the file: what was found, what its columns seem to be, what was settled."""

    number: int
    sheet: str | None
    header_line: int
    headers: tuple[str, ...]
    lines_counted: int
    guess: Mapping
    is_certain: bool
    questions: tuple[str, ...] = ()
    mapping: Mapping | None = None

    @property
    def profile(self) -> Profile:
        return PROFILES[(self.mapping or self.guess).profile]

    @property
    def first_row(self) -> int:
        """The number in the batch of the header; the lines come behind it."""
        return row_of(self.number, self.header_line)


@dataclass(frozen=True, slots=True)
class Found:
    """A table that was found in the file, with the first lines below its header."""

    sheet: str | None
    header_line: int
    lines_counted: int
    guess: Mapping
    samples: Sequence[Sequence[str]] = field(default_factory=tuple)


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


def keep_parts(batch: ImportBatch, found: Sequence[Found]) -> None:
    """Put what was found into the batch's layout; the caller saves it."""
    batch.lines_counted = sum(each.lines_counted for each in found)
    batch.layout = {
        **batch.layout,
        "parts": [
            {
                "sheet": each.sheet,
                "header_line": each.header_line,
                "headers": list(_distinct(each.guess.headers)),
                "lines_counted": each.lines_counted,
                "guess": each.guess.to_json(),
                "is_certain": each.guess.is_certain,
                "questions": [question.text for question in each.guess.questions],
            }
            for each in found
        ],
        "samples": _seal_samples(batch, [each.samples for each in found]),
    }


def _distinct(headers: Sequence[str]) -> Iterator[str]:
    """Name every column once: two of one name, or none, are told apart by their number."""
    names: set[str] = set()
    for number, header in enumerate(headers, start=1):
        name = header or f"คอลัมน์ที่ {number}"
        name = name if name not in names else f"{name} ({number})"
        names.add(name)
        yield name


# ---- the first lines, for the person who maps columns ---------------------------------
def samples_context(batch_id: uuid.UUID) -> str:
    """Name the one import whose samples a ciphertext holds."""
    return f"import samples {batch_id}"


def open_samples(batch: ImportBatch, part: int = 0) -> list[list[str]]:
    """Return the first lines below the header of a part, as text."""
    blob = base64.b64decode(batch.layout.get("samples") or "")
    if not blob:
        return []
    samples: list[list[list[str]]] = json.loads(
        keyring().unseal(blob, context=samples_context(batch.pk))
    )
    return samples[part]


def _seal_samples(batch: ImportBatch, samples: Sequence[Sequence[Sequence[str]]]) -> str:
    plain = json.dumps([[list(cells) for cells in each] for each in samples]).encode()
    return base64.b64encode(keyring().seal(plain, context=samples_context(batch.pk))).decode()
