"""One household that stands in every room: on lists, boards, agendas and in a file.

`fill` puts it there, `addresses` are those where a room shows it, by the name of their
route: where one is right for all (a list, a board), and where it needs to be told what.
"""

import io
import zipfile
from typing import Any
from urllib.parse import urlencode

from django.http.response import HttpResponseBase

from accounts.roles import Role
from duplicates.models import Candidate
from duplicates.workflow import Clue, Kind
from forums import services as forums
from forums.models import Resolution
from households.models import Household, Member, SourceListing
from households.services import propose_exit
from households.workflow import ExitReason, Stage
from imports.models import ImportBatch, ImportRow, RowIssue, seal_payload
from imports.workflow import Action, Decision, Verdict
from tests import things
from tests.factories import DISTRICT, PROVINCE, VILLAGE, make_agency, make_member, make_user
from tests.fieldwork.cases import assigned
from tests.forums.cases import make_case, make_held
from tests.rights import RIGHTS

YEAR_BE = 2569
_LINE = 2


def fill(household: Household, mark: str) -> dict[str, dict[str, Any]]:
    """Put the household into every room; return the arguments of routes that show one thing."""
    surveyor = make_user(Role.SURVEYOR, household.area_id[:6])
    assigned(household, surveyor)
    for source in ("tpmap", "thaiqm"):
        SourceListing.objects.create(household=household, source=source, year_be=YEAR_BE)
    _pair(household, mark)
    propose_exit(household=household, reason=ExitReason.MOVED, note="", by=surveyor, at=things.AT)
    # The printed list of a village is of those who wait for their visit.
    Household.objects.filter(pk=household.pk).update(stage=Stage.LISTED)
    forum, resolution = _sitting(household, mark)
    batch = _file(household, mark)
    of_import = {name for name, line in RIGHTS.items() if line.maker is things.an_import}
    return {
        "fieldwork:village": {"code": VILLAGE},
        "fieldwork:village-print": {"code": VILLAGE},
        "fieldwork:worker": {"pk": surveyor.pk},
        "forums:detail": {"pk": forum.pk},
        "forums:print": {"pk": forum.pk},
        "forums:agenda": {"pk": forum.pk},
        "api:forum": {"pk": forum.pk},
        "forums:resolution": {"pk": resolution.pk},
        "api:resolution": {"pk": resolution.pk},
        **{name: {"pk": batch.pk} for name in of_import if "GET" in RIGHTS[name].needs},
        "imports:row": {"pk": batch.pk, "number": _LINE + 1},
    }


def _pair(household: Household, mark: str) -> None:
    """Give it somebody who may be somebody of a household that everybody sees."""
    one = make_member(household, citizen_id=None, first_name=mark, last_name="ซ้ำ")
    two = make_member(citizen_id=None, first_name="นกขุนทอง", last_name="ซ้ำ")
    first, second = sorted((one, two), key=lambda member: member.pk)
    Candidate.objects.create(
        kind=Kind.PERSON,
        one=first.pk,
        other=second.pk,
        score=88,
        clues=[Clue.SAME_NAME.value],
        mark_one=b"1",
        mark_other=b"2",
        found_at=things.AT,
    )


def _sitting(household: Household, mark: str) -> tuple[Any, Resolution]:
    """Put its case on an agenda, with what was resolved about it."""
    forum, by = make_held(), make_user(Role.PROVINCE_OFFICER, PROVINCE)
    (item,) = forums.take_up(
        forum=forum, referrals=[make_case(household=household)], by=by, at=things.AT
    )
    resolution = forums.record_resolution(
        agenda_item=item,
        text=f"ไปดูบ้าน {mark}",
        owner_agency=make_agency(area_id=DISTRICT),
        due_on=things.AT.date(),
        by=by,
        at=things.AT,
    )
    return forum, resolution


def _file(household: Household, mark: str) -> ImportBatch:
    """Say that a file brought it, and that another line of it waits, both with its address."""
    batch = ImportBatch.objects.get(pk=things.an_import()["pk"])
    member = Member.objects.filter(household=household, is_head=True).get()
    batch.rows.all().delete()
    for row, verdict, decision in (
        (_LINE, Verdict.ACCEPTED, ""),
        (_LINE + 1, Verdict.HELD, ""),
    ):
        values = {"first_name": mark, "house_no": household.house_no}
        payload = {
            "raw": [mark],
            "normalised": values,
            "notes": [["H_POSSIBLE_DUP", "first_name", mark, mark]],
        }
        is_in = verdict is Verdict.ACCEPTED
        ImportRow.objects.create(
            batch=batch,
            row=row,
            verdict=verdict,
            codes=[] if is_in else ["H_POSSIBLE_DUP"],
            payload=seal_payload(payload, batch_id=batch.pk, row=row),
            action=Action.CHANGED if is_in else "",
            household=household,
            member=member,
            is_applied=is_in,
            decision=Decision(decision) if decision else "",
        )
        RowIssue.objects.create(
            batch=batch, row=row, column="first_name", code="H_POSSIBLE_DUP", severity="hold"
        )
    return batch


def addresses(shown: dict[str, dict[str, Any]]) -> list[tuple[str, dict[str, Any], str]]:
    """Return (route, arguments, question) of every list and board, and of what `fill` gave."""
    lists: list[tuple[str, dict[str, Any], str]] = [
        (name, {}, "")
        for name, line in RIGHTS.items()
        if line.kind in {"own", "function"} and "GET" in line.needs
    ]
    here: dict[str, Any] = {"area": PROVINCE, "year": YEAR_BE, "a": "tpmap", "b": "thaiqm"}
    told: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
        *(("reconciliation:rows", {}, here | {"show": show}) for show in ("on", "both")),
        ("reconciliation:rows", {}, here | {"show": "exactly", "list": ["tpmap", "thaiqm"]}),
        ("quality:violations", {}, {"rule": "no-id", "area": PROVINCE}),
        ("api:quality-violations", {}, {"rule": "no-id", "area": PROVINCE}),
        ("dashboards:dashboard", {}, {"area": VILLAGE}),
        ("casework:households", {}, {"area": VILLAGE}),
        ("fieldwork:coverage", {}, {"area": VILLAGE}),
        ("imports:rows", shown["imports:rows"], {"verdict": "held"}),
    ]
    return [
        *lists,
        *((name, arguments, "") for name, arguments in shown.items()),
        *((name, given, f"?{urlencode(query, doseq=True)}") for name, given, query in told),
    ]


def texts_of(answer: HttpResponseBase) -> str:
    """Return what stands in an answer; of a workbook, in all its parts."""
    content: bytes = answer.getvalue()
    if not content.startswith(b"PK"):
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
