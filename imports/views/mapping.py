"""The screen on which a person says how a file is read, and sees at once what comes of it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_POST

from imports import permissions, services
from imports.forms import MappingForm, ReadingForm
from imports.models import ImportBatch
from imports.normalise.cells import text_of
from imports.profiles import PROFILES, profiles_of
from imports.profiles.profile import Mapping
from imports.reading import UnableToRead
from imports.services.choices import Choices, choices_of
from imports.services.heads import Head, open_head, seen_as
from imports.services.layouts import sample_lines, tables_in
from imports.services.mapping import MAPPABLE, parts_as
from imports.services.masking import masked
from imports.services.parts import Part, parts_of
from imports.services.trying import try_mapping
from imports.views.finding import batch_or_404
from imports.views.shown_part import ShownPart
from imports.workflow import State
from ppaos.web.request import AuthenticatedHttpRequest

_SAMPLES, _LINES, _CELLS = 5, 20, 12
_UTF8, _BOM_BE = ("utf-8", "utf-8-sig"), b"\xfe\xff"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def mapping(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Ask which column of the file holds what, and how the file is read."""
    batch = batch_or_404(request, pk)
    permissions.check_can_manage(request.user, batch)
    if batch.state not in MAPPABLE:
        if request.method == "POST":
            messages.error(request, "อ่านไฟล์ใหม่ได้เฉพาะไฟล์ที่รอจับคู่ หรือตรวจแล้วและยังไม่นำเข้า")
        return redirect("imports:detail", batch.pk)
    screen = Screen(batch, request.POST if request.method == "POST" else None)
    if request.method == "POST" and screen.is_valid():
        try:
            services.read_as(
                batch=batch, parts=screen.said(), choices=screen.choices, by=request.user, at=now()
            )
        except (services.UnableToDecide, services.UnableToMove) as error:
            screen.problems.append(str(error))
        else:
            messages.success(request, "จับคู่คอลัมน์แล้ว ระบบกำลังอ่านไฟล์")
            return redirect("imports:detail", batch.pk)
    return _no_store(render(request, "imports/mapping.html", screen.context()))


@require_POST
@login_required
def mapping_preview(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Show what the first lines would become under other choices. Nothing is written."""
    batch = batch_or_404(request, pk)
    permissions.check_can_manage(request.user, batch)
    if batch.state not in MAPPABLE:
        return redirect("imports:detail", batch.pk)
    screen = Screen(batch, request.POST)
    is_fragment = request.headers.get("HX-Request") == "true"
    template = "imports/_mapping_body.html" if is_fragment else "imports/mapping.html"
    return _no_store(render(request, template, screen.context()))


def _no_store(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


# ---- the whole -------------------------------------------------------------------------
class Screen:
    """What was chosen so far, and what the file is under these choices.

    `data` is what was sent. Choices about columns count only if they were made for the
    very headers that the other choices lead to; otherwise the columns are proposed anew.
    """

    def __init__(self, batch: ImportBatch, data: QueryDict | None) -> None:
        self.batch = batch
        self.problems: list[str] = []
        self.head = open_head(batch)
        self.settled = parts_of(batch)
        self.reading = self._reading_form(data)
        self.choices = self._choices()
        self.parts = self._parts()
        self.is_as_shown = data is not None and data.get("read_as") in (None, self.read_as)
        if not self.reading.errors:
            # What is shown are the header lines of the sheets that are chosen now.
            self.reading = self._reading_form(None, self.parts)
        self.shown = [self._shown(part, data if self.is_as_shown else None) for part in self.parts]

    @property
    def read_as(self) -> str:
        """Name the headers that the columns were chosen for."""
        told = [(part.sheet, part.header_line, part.headers) for part in self.parts]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]

    def is_valid(self) -> bool:
        if not self.is_as_shown:
            self.problems.append("เปลี่ยนวิธีอ่านแล้ว คอลัมน์จึงเปลี่ยนไป ตรวจการจับคู่ด้านล่าง แล้วกดอีกครั้ง")
        return not (self.problems or self.reading.errors) and all(
            each.form.is_valid() for each in self.shown
        )

    def said(self) -> dict[int, services.PartChoice]:
        return {
            each.part.number: services.PartChoice(
                columns=each.chosen.columns,
                profile=each.chosen.profile,
                one_is_problem=each.chosen.one_is_problem,
                one_is_passed=each.chosen.one_is_passed,
            )
            for each in self.shown
        }

    def context(self) -> dict[str, Any]:
        return {
            "batch": self.batch,
            "form": self.reading,
            "problems": self.problems,
            "parts": self.shown,
            "read_as": self.read_as,
            "lines": self._lines(),
            "is_text": self.head is not None and self.head.is_text,
            "hidden_sheets": self._left_sheets(hidden=True),
            "other_sheets": self._left_sheets(hidden=False),
            "hidden_columns": self._hidden_columns(),
            "compared": services.compared_with_last_year(self.batch, self.parts),
            "decided": self.batch.rows.exclude(decision="").count(),
            "is_staged": self.batch.state != State.NEEDS_MAPPING,
        }

    # ---- how the file is read --------------------------------------------------------
    def _reading_form(
        self, data: QueryDict | None, parts: Sequence[Part] | None = None
    ) -> ReadingForm:
        """Return the form as it was sent, or as it stands for these parts."""
        head = self.head
        sheets = head.sheets if head else ()
        names = [sheet.name for sheet in sheets]
        chosen = choices_of(self.batch) if parts is None else self.choices
        taken = [part.name for part in (self.settled if parts is None else parts)]
        joins = any(profile.joins_sheets for profile in profiles_of(self.batch.source))
        shown = names if parts is None else [name for name in taken if name in names]
        return ReadingForm(
            data if data is not None and _has_reading(data) else None,
            initial={
                "sheet": taken if joins else next(iter(taken), ""),
                "encoding": chosen.encoding or _plain_encoding(head),
                "delimiter": chosen.delimiter or (head.delimiter if head else ""),
                "hidden_rows": chosen.hidden_rows,
                "merged": chosen.merged,
                **{
                    f"header_line-{names.index(part.name)}": part.header_line
                    for part in parts or ()
                    if part.name in names
                },
            },
            sheets=[(sheet.name, _label(sheet)) for sheet in sheets],
            joins_sheets=joins,
            header_lines=[(names.index(name), name if len(shown) > 1 else "") for name in shown],
            is_text=head is not None and head.is_text,
            hidden_rows=sum(sheet.hidden_rows for sheet in sheets if sheet.name in taken),
        )

    def _choices(self) -> Choices:
        """Return what was chosen; what was found and left as it is stays open."""
        now_chosen = choices_of(self.batch)
        if self.head is None or not self.reading.is_bound or not self.reading.is_valid():
            return now_chosen
        said = self.reading.cleaned_data
        taken = tuple(part.name for part in self.settled)
        sheets = now_chosen.sheets
        if "sheet" in said:
            posted = said["sheet"] if isinstance(said["sheet"], list) else [said["sheet"]]
            order = [sheet.name for sheet in self.head.sheets]
            sheets = tuple(sorted(posted, key=order.index))
        lines = self._said_lines(said, sheets or taken)
        if lines and any(taken):
            sheets = sheets or taken
        chosen = replace(
            now_chosen,
            sheets=sheets,
            header_lines=lines,
            hidden_rows=said.get("hidden_rows") or now_chosen.hidden_rows,
            merged=said.get("merged") or now_chosen.merged,
        )
        return self._text_choices(chosen, said)

    def _text_choices(self, chosen: Choices, said: dict[str, Any]) -> Choices:
        if "encoding" not in said or self.head is None:
            return chosen
        encoding, delimiter = said["encoding"], said["delimiter"]
        return replace(
            chosen,
            encoding="" if encoding == _plain_encoding(self.head) else encoding,
            delimiter="" if delimiter == self.head.delimiter else delimiter,
        )

    def _said_lines(self, said: dict[str, Any], sheets: Sequence[str]) -> dict[str, int]:
        """Return the header lines of these sheets that are not where they would be found."""
        assert self.head is not None
        names = [sheet.name for sheet in self.head.sheets]
        lines = {
            name: said[f"header_line-{names.index(name)}"]
            for name in sheets
            if name in names and said.get(f"header_line-{names.index(name)}")
        }
        plain = Choices(sheets=tuple(name for name in sheets if name))
        found = {
            table.sheet or "": table.header_line
            for table in tables_in(self.head, plain, self.batch.source)
        }
        return {name: line for name, line in lines.items() if found.get(name) != line}

    def _parts(self) -> list[Part]:
        try:
            return parts_as(self.batch, self.head, self.choices)
        except (services.UnableToStage, UnableToRead) as error:
            self.problems.append(str(error))
            self.choices = choices_of(self.batch)
            return self.settled

    def _lines(self) -> list[tuple[int, list[str], bool]]:
        """Return the first lines of the first part's sheet: its number, its cells, if a header."""
        part = next(iter(self.parts), None)
        seen = self._seen()
        sheet = seen.sheet(part.sheet) if seen and part else None
        if sheet is None or part is None:
            return []
        first = part.header_line - part.header_rows
        return [
            (
                line,
                [masked(text_of(cell)) for cell in cells[:_CELLS]],
                first < line <= part.header_line,
            )
            for line, cells in sheet.head[:_LINES]
        ]

    def _seen(self) -> Head | None:
        if self.head is None:
            return None
        try:
            return seen_as(
                self.head, encoding=self.choices.encoding, delimiter=self.choices.delimiter
            )
        except UnableToRead:
            return self.head

    def _left_sheets(self, *, hidden: bool) -> list[str]:
        """Return the sheets that are not read as it stands."""
        taken = {part.sheet for part in self.parts}
        if self.head is None or self.head.is_text:
            return []
        return [
            sheet.name
            for sheet in self.head.sheets
            if sheet.hidden is hidden and sheet.name not in taken
        ]

    def _hidden_columns(self) -> list[str]:
        """Return the headers of columns that the file hides."""
        found = []
        for part in self.parts:
            sheet = self.head.sheet(part.sheet) if self.head else None
            for index in sheet.hidden_columns if sheet else ():
                if index < len(part.headers):
                    found.append(part.headers[index])
        return found

    # ---- which column holds what -----------------------------------------------------
    def _shown(self, part: Part, data: QueryDict | None) -> ShownPart:
        start = part.mapping or part.guess
        profiles = profiles_of(self.batch.source)
        form = MappingForm(
            data,
            prefix=f"part-{part.number}" if part.number else None,
            profiles=profiles,
            headers=part.headers,
            initial={
                **{f"column-{index}": name for name, index in start.columns.items()},
                "profile": start.profile,
                "one_is_problem": "1" if start.one_is_problem else "0",
                "one_is_passed": "1" if start.one_is_passed else "0",
            },
        )
        chosen = self._chosen(part, form, start)
        seen = self._seen()
        lines = sample_lines(seen, part, _SAMPLES) if seen else []
        samples = [[text_of(cell) for cell in cells] for _, cells in lines]
        tried = try_mapping(self.batch, part, chosen, lines, at=now())
        return ShownPart(part, form, chosen, samples, tried)

    def _chosen(self, part: Part, form: MappingForm, start: Mapping) -> Mapping:
        """Return the mapping as chosen so far; columns that the profile lacks are left out."""
        if not form.is_bound:
            return start
        form.full_clean()
        said = form.cleaned_data
        key = said.get("profile") or start.profile
        accepts = PROFILES[key].accepts
        for name, index in form.columns().items():
            if name not in accepts:
                form.add_error(f"column-{index}", f"“{PROFILES[key].label}” ไม่มีคอลัมน์นี้")
        return Mapping(
            profile=key,
            headers=part.guess.headers,
            columns={name: index for name, index in form.columns().items() if name in accepts},
            one_is_problem=said.get("one_is_problem") is not False,
            one_is_passed=said.get("one_is_passed") is not False,
        )


def _has_reading(data: QueryDict) -> bool:
    """Say whether the choices about reading were sent too; a program may send columns only."""
    return any(name.startswith(("header_line-", "sheet", "encoding", "merged")) for name in data)


def _plain_encoding(head: Head | None) -> str:
    """Return what was found, in the words of the choice."""
    if head is None or head.encoding in _UTF8:
        return "utf-8"
    if head.encoding == "utf-16":
        return "utf-16-be" if head.start.startswith(_BOM_BE) else "utf-16-le"
    return head.encoding


def _label(sheet: Any) -> str:
    about = (
        f"{sheet.name} ({sheet.rows:,} แถว {sheet.columns:,} คอลัมน์)"
        if sheet.rows
        else f"{sheet.name} (ว่าง)"
    )
    return f"{about} · ซ่อนอยู่" if sheet.hidden else about
