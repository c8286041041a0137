"""What a person says about how a file is read, before it is applied: now, or once more."""

from collections.abc import Mapping as MappingABC
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.permissions import area_prefixes
from accounts.roles import Permission
from audit.services import record
from imports import permissions
from imports.models import ImportBatch
from imports.profiles.profile import Mapping
from imports.reading import UnableToRead
from imports.services.choices import Choices, choices_of, chosen_anew
from imports.services.errors import UnableToStage
from imports.services.heads import Head, open_head, seen_as
from imports.services.holding import UnableToDecide
from imports.services.layouts import lay_out, mapping_of, tables_in
from imports.services.parts import Part, keep_parts, parts_of
from imports.services.saved import save_mapping
from imports.services.states import UnableToMove, move
from imports.services.uploading import STAGE_TASK
from imports.workflow import State
from jobs.services import enqueue

MAPPABLE = frozenset({State.NEEDS_MAPPING, State.STAGED, State.AWAITING_APPROVAL})


@dataclass(frozen=True, slots=True)
class PartChoice:
    """What somebody says of one part: canonical column → header or index from 0, and what 1 means.

    A blank `profile` is the one that was found.
    """

    columns: MappingABC[str, Any]
    profile: str = ""
    one_is_problem: bool = True
    one_is_passed: bool = True


def confirm_mapping(
    *,
    batch: ImportBatch,
    by: User,
    at: datetime,
    columns: MappingABC[str, Any] | None = None,
    part: int = 0,
    profile: str = "",
    one_is_problem: bool = True,
    one_is_passed: bool = True,
    reading: MappingABC[str, Any] | None = None,
) -> None:
    """Say which column of one part holds what, or how the file is read, and let it be read.

    `columns` is canonical column → header as in the file, or its index from 0; `reading` has
    sheet, header_line, encoding, delimiter, hidden_rows, merged as far as they are chosen.
    Raises as read_as does.
    """
    try:
        choices = chosen_anew(choices_of(batch), reading or {})
    except UnableToStage as error:
        raise UnableToDecide(str(error), fields={"mapping": [str(error)]}) from error
    said = PartChoice(columns or {}, profile, one_is_problem, one_is_passed)
    parts = {part: said} if columns is not None else {}
    read_as(batch=batch, by=by, at=at, parts=parts, choices=choices)


@transaction.atomic
def read_as(
    *,
    batch: ImportBatch,
    by: User,
    at: datetime,
    parts: MappingABC[int, PartChoice],
    choices: Choices | None = None,
) -> None:
    """Read the file as somebody says; what was staged of it before is dropped at once.

    Parts that are not named are read as they were found, if that is certain; a file that
    waits goes on waiting until every part is. Kept for later files of the list. Raises
    PermissionDenied, UnableToMove and UnableToDecide.
    """
    permissions.check_can_manage(by, batch)
    _hold(batch)
    decided = batch.rows.exclude(decision="").count()
    was_staged = batch.state != State.NEEDS_MAPPING
    chosen = choices_of(batch) if choices is None else choices
    try:
        laid_out, needs_count = _laid_out(batch, chosen)
        said = {number: _said(laid_out, number, choice) for number, choice in parts.items()}
    except (UnableToStage, UnableToRead) as error:
        raise UnableToDecide(str(error), fields={"mapping": [str(error)]}) from error
    batch.options = {
        **{name: value for name, value in batch.options.items() if not name.startswith("asked_")},
        "reading": chosen.to_json(),
        "is_mapping_confirmed": True,
    }
    settled = [_as_said(part, said.get(part.number)) for part in laid_out]
    is_complete = all(part.is_certain for part in settled)
    if was_staged and not is_complete:
        raise UnableToDecide(_what_is_open(settled))
    keep_parts(batch, settled)
    for part in settled:
        if part.number in said:
            save_mapping(batch, part, part.guess, by=by, at=at)
    _note(batch, settled, chosen, by=by, at=at, decided=decided, again=was_staged)
    if not is_complete:
        batch.save(update_fields=["layout", "options", "lines_counted"])
        return
    _start_again(batch, settled, needs_count=needs_count)
    enqueue(kind=STAGE_TASK, subject_id=batch.pk, by=by, at=at)


def _hold(batch: ImportBatch) -> None:
    current = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    for name in ("state", "layout", "options", "mapping", "scope_codes"):
        setattr(batch, name, getattr(current, name))
    if batch.state not in MAPPABLE:
        raise UnableToMove("จับคู่คอลัมน์หรืออ่านใหม่ได้เฉพาะไฟล์ที่รอจับคู่ หรือตรวจแล้วและยังไม่นำเข้า")
    if batch.layout.get("is_purged"):
        raise UnableToDecide("ไฟล์ถูกลบตามกำหนดเก็บรักษาแล้ว ส่งไฟล์ใหม่")


# ---- the parts as they would be read ---------------------------------------------------
def parts_as(batch: ImportBatch, head: Head | None, choices: Choices) -> list[Part]:
    """Return the parts of the file under these choices: as settled, or found anew in the head.

    Raises UnableToStage and UnableToRead for choices that do not fit the file.
    """
    if head is None or not _is_other_layout(batch, choices):
        return parts_of(batch)
    for name in choices.sheets:
        if head.sheet(name) is None:
            raise UnableToStage(f"ไฟล์ไม่มีแผ่นงาน “{name}”")
    seen = seen_as(head, encoding=choices.encoding, delimiter=choices.delimiter)
    tables = tables_in(seen, choices, batch.source)
    if not tables:
        raise UnableToStage(
            "ไม่พบหัวตารางตามที่เลือก บรรทัดหัวตารางต้องอยู่ใน 40 บรรทัดแรกของแผ่นงาน เลือกแผ่นงานหรือบรรทัดอื่น"
        )
    return [table.as_part(number) for number, table in enumerate(tables)]


def _is_other_layout(batch: ImportBatch, choices: Choices) -> bool:
    now = choices_of(batch)
    return (choices.sheets, choices.header_lines, choices.encoding, choices.delimiter) != (
        now.sheets,
        now.header_lines,
        now.encoding,
        now.delimiter,
    )


def _laid_out(batch: ImportBatch, choices: Choices) -> tuple[list[Part], bool]:
    """Return the parts under these choices; and whether their lines must be counted anew."""
    head = open_head(batch)
    parts = parts_as(batch, head, choices)
    if head is None or not _is_other_layout(batch, choices):
        return parts, False
    now = choices_of(batch)
    lay_out(batch, head, parts)
    is_other_text = (choices.encoding, choices.delimiter) != (now.encoding, now.delimiter)
    return parts, head.is_text and is_other_text


def _said(parts: Sequence[Part], number: int, choice: PartChoice) -> Mapping:
    if not 0 <= number < len(parts):
        raise UnableToStage(f"ไฟล์ไม่มีส่วนที่ {number + 1}")
    return mapping_of(
        parts[number],
        choice.columns,
        profile=choice.profile,
        one_is_problem=choice.one_is_problem,
        one_is_passed=choice.one_is_passed,
    )


def _as_said(part: Part, said: Mapping | None) -> Part:
    if said is None and part.mapping is not None:
        said = part.mapping
    return part if said is None else replace(part, guess=said, is_certain=True, questions=())


def _what_is_open(parts: Sequence[Part]) -> str:
    """Say what a person must still tell of the parts."""
    open_parts = [part for part in parts if not part.is_certain]
    questions = [question for part in open_parts for question in part.questions]
    names = " ".join(f"“{part.sheet}”" for part in open_parts if part.sheet)
    return f"ยังต้องจับคู่คอลัมน์{' ของแผ่นงาน ' + names if names else ''} " + " ".join(questions)


# ---- the way back ----------------------------------------------------------------------
def _start_again(batch: ImportBatch, parts: Sequence[Part], *, needs_count: bool) -> None:
    """Drop what was staged, in the caller's transaction, and let the file be read."""
    batch.issues.all().delete()
    batch.rows.all().delete()
    batch.chunks.all().delete()
    columns: dict[str, Any] = {
        "mapping": [part.guess.to_json() for part in parts],
        "layout": {name: each for name, each in batch.layout.items() if name != "new_areas"},
        "lines_counted": batch.lines_counted,
    }
    if needs_count:
        # Other characters or separators may make other lines: the whole is looked at again.
        [only] = parts
        batch.options["asked_mapping"] = dict(only.guess.columns)
        batch.options["asked_profile"] = only.guess.profile
        batch.options["asked_polarity"] = {
            "one_is_problem": only.guess.one_is_problem,
            "one_is_passed": only.guess.one_is_passed,
        }
        columns = {"mapping": None, "layout": {}, "lines_counted": None}
    if batch.state == State.AWAITING_APPROVAL:
        move(batch, to=State.STAGED)
    move(
        batch,
        to=State.UPLOADED,
        options=batch.options,
        scope_codes=_whole_scope(batch),
        rows_read=None,
        accepted=0,
        held=0,
        rejected=0,
        skipped=0,
        warned=0,
        effect={},
        error="",
        **columns,
    )


def _whole_scope(batch: ImportBatch) -> list[str]:
    """Return the uploader's areas: staging had narrowed them to those of the lines it saw."""
    return list(area_prefixes(batch.uploaded_by, Permission.IMPORT)) or list(batch.scope_codes)


def _note(
    batch: ImportBatch,
    parts: Sequence[Part],
    choices: Choices,
    *,
    by: User,
    at: datetime,
    decided: int,
    again: bool,
) -> None:
    names = [sheet["name"] for sheet in batch.layout.get("sheets", [])]
    record(
        event="import.mapped",
        subject=batch,
        area=batch.area_code,
        by=by,
        at=at,
        detail={
            "parts": [
                {
                    "profile": part.guess.profile,
                    "columns": dict(part.guess.columns),
                    "header_line": part.header_line,
                    "one_is_problem": part.guess.one_is_problem,
                    "one_is_passed": part.guess.one_is_passed,
                }
                for part in parts
            ],
            "sheets": [names.index(part.sheet) + 1 for part in parts if part.sheet in names],
            "encoding": choices.encoding,
            "delimiter": choices.delimiter,
            "hidden_rows": choices.hidden_rows,
            "merged": choices.merged,
            "read_again": again,
            "decisions_dropped": decided,
        },
    )
