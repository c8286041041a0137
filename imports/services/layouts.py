"""Find the tables in a file, and settle which of their columns holds what."""

from collections.abc import Callable, Sequence
from collections.abc import Mapping as MappingABC
from dataclasses import replace
from pathlib import Path
from typing import Any

from imports.models import ImportBatch
from imports.profiles import PROFILES, profiles_of
from imports.profiles.choosing import best_guess, other_list
from imports.profiles.profile import Mapping, UnableToMap, confirm, labels
from imports.reading import Line, SheetInfo
from imports.services.choices import Choices, choices_of
from imports.services.errors import UnableToStage
from imports.services.headings import Heading, find_heading, heading_at, likely_heading
from imports.services.heads import Head, keep_head, look
from imports.services.parts import Found, Part, keep_parts, parts_of
from imports.services.saved import near_mapping, same_mapping, use_saved_choices

_SAMPLE_LINES = 200


# ---- the tables in the file ------------------------------------------------------------
def find_layout(
    batch: ImportBatch, path: Path, *, glanced: Callable[[Head], None] | None = None
) -> None:
    """Find sheets, header lines and headers, and count the lines below by other code.

    `glanced` is told before of what one sees of the file at once.
    """
    choices = choices_of(batch)
    head = look(path, lines=_SAMPLE_LINES, options=choices.options, glanced=glanced)
    tables = tables_in(head, choices, batch.source)
    if not tables:
        raise UnableToStage(
            "ไม่พบบรรทัดหัวตารางใน 15 บรรทัดแรก ไฟล์ต้องมีหัวคอลัมน์ เช่น รหัสบ้าน เลขประจำตัวประชาชน ชื่อ "
            "ดาวน์โหลดแบบฟอร์มเพื่อดูตัวอย่าง"
        )
    keep_head(batch, head)
    lay_out(batch, head, [table.as_part(number) for number, table in enumerate(tables)])
    batch.save(update_fields=["layout", "lines_counted"])


def lay_out(batch: ImportBatch, head: Head, parts: Sequence[Part]) -> None:
    """Put the parts and the sheets that are left aside into the layout; the caller saves it."""
    taken = {part.sheet for part in parts}
    batch.layout = {
        **batch.layout,
        "hidden_sheets": [sheet.name for sheet in head.sheets if sheet.hidden],
        "other_sheets": [
            sheet.name
            for sheet in head.sheets
            if not (head.is_text or sheet.hidden or sheet.name in taken)
        ],
    }
    keep_parts(batch, parts)


def tables_in(head: Head, choices: Choices, source: str) -> list[Found]:
    """Return the tables that are read, each under that profile of the source which fits best.

    Hidden sheets are read only if they were chosen. Of several sheets that could be the
    list, the first is proposed with a question.
    """
    if choices.sheets:
        chosen = [sheet for sheet in head.sheets if sheet.name in choices.sheets]
        found = [_table_in(sheet, head, choices, source, is_chosen=True) for sheet in chosen]
        return [table for table in found if table is not None]
    visible = [sheet for sheet in head.sheets if not sheet.hidden]
    tables = [
        table for sheet in visible if (table := _table_in(sheet, head, choices, source)) is not None
    ]
    if not tables:
        return _likely_tables(visible or head.sheets, head, source)
    if any(profile.joins_sheets for profile in profiles_of(source)):
        # A sheet of single answers names the house, but is no table that is taken in.
        return [table for table in tables if not table.guess.missing] or tables
    return [_only_table(tables)]


def _only_table(tables: Sequence[Found]) -> Found:
    """Return the table that can be the list; ask if more than one can."""
    most = max(len(table.guess.columns) for table in tables)
    fitting = [table for table in tables if not table.guess.missing] or [
        table for table in tables if len(table.guess.columns) == most
    ]
    if len(fitting) == 1:
        return fitting[0]
    names = " ".join(f"“{table.sheet}”" for table in fitting)
    return _asking(fitting[0], f"มีแผ่นงานที่เป็นบัญชีนี้ได้มากกว่าหนึ่งแผ่น: {names} เลือกแผ่นงานที่จะอ่าน")


def _likely_tables(sheets: Sequence[SheetInfo], head: Head, source: str) -> list[Found]:
    """Return the first sheet with something like a table, for a person to say what it is."""
    for sheet in sheets:
        heading = likely_heading(sheet.head, sheet.merges)
        if heading is not None:
            found = _found(sheet, heading, head, source)
            return [_asking(found, "ไม่รู้จักหัวคอลัมน์ในไฟล์นี้ ตรวจว่าเลือกแผ่นงานและบรรทัดหัวตารางถูกต้อง")]
    return []


def _table_in(
    sheet: SheetInfo, head: Head, choices: Choices, source: str, *, is_chosen: bool = False
) -> Found | None:
    line = choices.header_lines.get(sheet.name)
    if line is None and len(choices.header_lines) == 1 and not choices.sheets:
        line = choices.header_lines.get("")
    if line is not None:
        heading = heading_at(sheet.head, line, sheet.merges)
    else:
        heading = find_heading(sheet.head, sheet.merges)
        if heading is None and is_chosen:
            heading = likely_heading(sheet.head, sheet.merges)
    return None if heading is None else _found(sheet, heading, head, source)


def _found(sheet: SheetInfo, heading: Heading, head: Head, source: str) -> Found:
    samples = [cells for line, cells in sheet.head if line > heading.last]
    best = best_guess(heading.texts, samples, source)
    return Found(
        sheet=None if head.is_text else sheet.name,
        header_line=heading.last,
        header_rows=heading.last - heading.first + 1,
        # What inspect counts comes from other code than what reads the lines.
        lines_counted=max(0, sheet.rows - heading.last),
        guess=best,
        questions=tuple(_questions(best, heading, samples)),
    )


def _questions(best: Mapping, heading: Heading, samples: Sequence[Sequence[object]]) -> list[str]:
    found = []
    for name, indexes in best.duplicates.items():
        headers = " ".join(f"“{heading.texts[index]}” (คอลัมน์ที่ {index + 1})" for index in indexes)
        found.append(f"{headers} เป็น{labels([name])[0]}ได้ทั้งหมด เลือกเพียงคอลัมน์เดียว")
    other = other_list(best, heading.texts, samples)
    if other is not None:
        found.append(f"หัวคอลัมน์คล้าย “{other.label}” มากกว่า หากใช่ ให้ยกเลิกแล้วส่งไฟล์นี้เป็นบัญชีนั้น")
    return found


def _asking(table: Found, question: str) -> Found:
    """Ask which sheet is meant: nothing that was said of its columns answers that."""
    return replace(table, asks_sheet=True, questions=(question, *table.questions))


# ---- which column holds what -----------------------------------------------------------
def settle_mapping(batch: ImportBatch) -> bool:
    """Settle how every part is read; False if a person must say."""
    if batch.mapping is not None:
        return True
    parts = parts_of(batch)
    settled = [_settled(batch, part) for part in parts]
    if any(mapping is None for mapping in settled):
        keep_parts(
            batch,
            [_started(batch, part, known) for part, known in zip(parts, settled, strict=True)],
        )
        batch.save(update_fields=["layout"])
        return False
    batch.mapping = [mapping.to_json() for mapping in settled if mapping is not None]
    batch.save(update_fields=["mapping", "options"])
    return True


def _settled(batch: ImportBatch, part: Part) -> Mapping | None:
    asked = batch.options.get("asked_mapping")
    if asked and part.number == batch.options.get("asked_part", 0):
        return mapping_of(
            part,
            asked,
            profile=batch.options.get("asked_profile", ""),
            **batch.options.get("asked_polarity", {}),
        )
    saved = None if part.asks_sheet else same_mapping(batch, part)
    if saved is not None:
        use_saved_choices(batch, saved)
        return saved.mapping
    return part.guess if part.is_certain else None


def _started(batch: ImportBatch, part: Part, known: Mapping | None) -> Part:
    """Return the part as a person begins with it: from what was said of nearly the same."""
    if known is not None:
        return replace(part, guess=known, is_certain=True, questions=())
    near = near_mapping(batch, part)
    if near is None:
        return part
    question = f"เริ่มจากการจับคู่ที่เคยยืนยันไว้ของปี {near.year_be} หัวคอลัมน์ต่างไปบ้าง ตรวจคอลัมน์ที่เปลี่ยน"
    return replace(part, guess=near.mapping, questions=(question, *part.questions))


def mapping_of(
    part: Part,
    columns: MappingABC[str, Any],
    *,
    profile: str = "",
    one_is_problem: bool = True,
    one_is_passed: bool = True,
) -> Mapping:
    """Return the mapping of canonical column → header (as in the file) or its index from 0.

    Raises UnableToStage for a header that the file does not have, or a missing column.
    """
    indexes: dict[str, int] = {}
    for name, header in columns.items():
        if isinstance(header, str):
            if header not in part.headers:
                raise UnableToStage(f"ไฟล์ไม่มีคอลัมน์ “{header}”")
            indexes[name] = part.headers.index(header)
        elif isinstance(header, int) and not isinstance(header, bool):
            indexes[name] = header
        else:
            raise UnableToStage(f"คอลัมน์ {name} ต้องระบุเป็นหัวตารางในไฟล์ หรือลำดับคอลัมน์เริ่มจาก 0")
    if profile and profile not in PROFILES:
        raise UnableToStage(f"ไม่มีแบบของบัญชีชื่อ {profile}")
    try:
        return confirm(
            PROFILES[profile] if profile else part.profile,
            part.guess.headers,
            indexes,
            one_is_problem=one_is_problem,
            one_is_passed=one_is_passed,
        )
    except UnableToMap as error:
        raise UnableToStage(str(error)) from error


def sample_lines(head: Head, part: Part, count: int) -> list[Line]:
    """Return the first lines below a part's header."""
    sheet = head.sheet(part.sheet)
    below = [line for line in sheet.head if line[0] > part.header_line] if sheet else []
    return below[:count]
