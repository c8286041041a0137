"""A list is imported, households are visited, missed ones added, and assessed."""

import tempfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial
from io import StringIO
from pathlib import Path
from random import Random

from django.core.management import call_command
from django.utils.timezone import localdate, make_aware

from accounts.models import User
from areas.models import Area, Level
from demo.services.answers import invent_answers
from households.models import Exit, Household
from households.services import (
    HouseholdDraft,
    MemberDraft,
    approve_exit,
    as_name,
    record_verification,
    register_household,
    search_households,
)
from households.workflow import ExitState, Outcome, Stage
from imports.models import ImportBatch
from imports.services import (
    apply_work,
    confirm_area,
    new_areas,
    order_apply,
    stage_work,
    upload,
)
from imports.workflow import State
from jobs.models import Job
from jobs.services import run
from ppaos.lib import citizen_id
from ppaos.lib.buddhist_era import to_be_year
from ppaos.orm import uuid7
from slf.services import people_of, record_assessment
from slf.workflow import Period

SURVEYED = "303201"
"""ต.ช้างทอง, the subdistrict of the demo surveyor; elsewhere the district's officer visits."""

YEAR_BE = 2568
DIRTY = 0.03
WAITING, WAITING_DIRTY = 40, 0.15
# Shares of the listed households; in the surveyor's own subdistrict more is left to do.
VISITED, VISITED_BY_SURVEYOR = 0.66, 0.45
ASSESSED = 0.6
ADDED = 9
EXITS_APPROVED = 0.5
_VERDICTS = (
    (Outcome.POOR, 72, ""),
    (Outcome.NOT_POOR, 13, "มีรายได้ประจำและบ้านมั่นคง สูงกว่าเกณฑ์ชัดเจน"),
    (Outcome.NOT_FOUND, 6, "ไปสองครั้งไม่พบใคร เพื่อนบ้านว่าไปทำงานต่างจังหวัด"),
    (Outcome.MOVED, 4, "ย้ายไปอยู่กับญาติต่างจังหวัด บ้านปิด"),
    (Outcome.DECEASED, 2, "อยู่คนเดียวและเสียชีวิตแล้ว ผู้ใหญ่บ้านยืนยัน"),
    (Outcome.REFUSED, 3, "ไม่สะดวกให้ข้อมูล"),
)
_GIVEN_NAMES = ("สมพร", "บุญช่วย", "ทองดี", "สายชล", "คำนึง", "จำปี", "ประยูร", "ละมัย", "วันดี")


class UnableToLoad(Exception):
    """The demo province cannot be made here. The message is for the operator."""


def import_list(admin: User, *, households: int, seed: int, at: datetime) -> None:
    """Import an invented TPMAP list of about so many households, as its person would then."""
    batch = _upload("ตัวอย่าง", admin, households=households, dirty=DIRTY, seed=seed, at=at)
    while waiting := new_areas(batch):
        for area in waiting:
            if area.parent is not None:
                confirm_area(batch=batch, code=area.code, by=admin, at=at)
        batch.refresh_from_db()
    order_apply(batch=batch, by=admin, at=at)
    _work(batch, apply_work, at=at)
    if batch.state != State.APPLIED:
        raise UnableToLoad(f"นำเข้าบัญชีตัวอย่างไม่สำเร็จ ({batch.state}): {batch.error}")


def leave_list_waiting(admin: User, *, seed: int, at: datetime) -> None:
    """Stage a faulty list, for somebody to look at and to decide."""
    _upload("เพิ่มเติม", admin, households=WAITING, dirty=WAITING_DIRTY, seed=seed, at=at)


def _upload(
    name: str, admin: User, *, households: int, dirty: float, seed: int, at: datetime
) -> ImportBatch:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"tpmap-เฉลิมพระเกียรติ-{name}.xlsx"
        call_command(
            "make_sample",
            str(path),
            kind="tpmap",
            households=households,
            year=YEAR_BE,
            dirty=dirty,
            seed=seed,
            verbosity=0,
            stdout=StringIO(),
        )
        with path.open("rb") as stream:
            batch = upload(
                stream=stream,
                name=path.name,
                source="tpmap",
                year_be=YEAR_BE,
                by=admin,
                at=at,
                comment="ข้อมูลตัวอย่าง บุคคลสมมุติทั้งหมด",
            )
    _work(batch, stage_work, at=at)
    return batch


def _work(batch: ImportBatch, work: Callable[..., None], *, at: datetime) -> None:
    """Do here what was ordered, as a worker would have done then."""
    job = Job.objects.filter(subject_id=batch.pk).latest("created_at", "pk")
    run(job_id=job.pk, work=partial(work, clock=lambda: at))
    batch.refresh_from_db()


def worker_of(household: Household, accounts: dict[str, User]) -> User:
    """Return who visits this household."""
    return accounts["surveyor" if household.area_id.startswith(SURVEYED) else "district"]


def visit(accounts: dict[str, User], random: Random, *, began: datetime, at: datetime) -> int:
    """Verify most of the listed households, on days between the two; return how many."""
    days = (at - began).days - 1
    visited = 0
    outcomes = [outcome for outcome, _, _ in _VERDICTS]
    weights = [weight for _, weight, _ in _VERDICTS]
    reasons = {outcome: reason for outcome, _, reason in _VERDICTS}
    for household in Household.objects.filter(stage=Stage.LISTED).order_by("area_id", "pk"):
        by = worker_of(household, accounts)
        share = VISITED_BY_SURVEYOR if by is accounts["surveyor"] else VISITED
        if random.random() >= share:
            continue
        outcome = random.choices(outcomes, weights)[0]
        moment = began + timedelta(days=random.randrange(days), hours=random.randrange(8))
        record_verification(
            household=household,
            outcome=outcome,
            visited_on=localdate(moment),
            reason=reasons[outcome],
            by=by,
            at=moment,
        )
        visited += 1
    return visited


def add_missed(surveyor: User, random: Random, *, at: datetime) -> int:
    """Add households that are on no list; return how many."""
    villages = list(Area.objects.children_of(SURVEYED).filter(level=Level.VILLAGE).order_by("code"))
    places = [village.pk for village in villages] or [SURVEYED]
    for number in range(ADDED):
        search_id = uuid7()
        name = _GIVEN_NAMES[number % len(_GIVEN_NAMES)]
        search_households(
            wanted=as_name(f"{name} ตกหล่นสมมุติ"), by=surveyor, at=at, search_id=search_id
        )
        household = register_household(
            draft=_missed(
                places[number % len(places)], name, number, on=localdate(at), random=random
            ),
            by=surveyor,
            at=at,
            search_id=search_id,
        )
        if number % 3:
            record_verification(
                household=household,
                outcome=Outcome.POOR,
                visited_on=localdate(at),
                by=surveyor,
                at=at,
            )
    return ADDED


def _missed(area_code: str, name: str, number: int, *, on: date, random: Random) -> HouseholdDraft:
    head = MemberDraft(
        title=random.choice(("นาย", "นาง")),
        first_name=name,
        last_name="ตกหล่นสมมุติ",
        citizen_id=citizen_id.generate(9_000_000 + number, first=5) if number % 3 else None,
        no_id_reason="" if number % 3 else "บัตรหายหรือจำเลขไม่ได้",
        birth_year=random.randrange(1945, 1990),
        is_head=True,
    )
    child = MemberDraft(
        title="เด็กหญิง",
        first_name="น้ำใส",
        last_name="ตกหล่นสมมุติ",
        citizen_id=citizen_id.generate(9_100_000 + number, first=1),
        birth_date=date(2015, 1 + number % 12, 5),
        sex="female",
        relation="หลาน",
    )
    return HouseholdDraft(
        area_code=area_code,
        house_no=f"{200 + number}/{1 + number % 4}",
        consent_date=on,
        members=(head, child),
    )


def assess(accounts: dict[str, User], random: Random, *, at: datetime) -> int:
    """Assess a good half of those found poor, some days after the visit; return how many."""
    assessed = 0
    poor = Household.objects.filter(stage=Stage.VERIFIED_POOR)
    for household in poor.order_by("area_id", "pk"):
        if random.random() >= ASSESSED:
            continue
        later = timedelta(days=random.randrange(6), hours=random.randrange(6))
        moment = min(noon_of(household.stage_date) + later, at)
        on = localdate(moment)
        answers, amounts = invent_answers(people_of(household, on=on), random)
        record_assessment(
            household=household,
            year_be=to_be_year(on.year),
            round=1,
            period=Period.BEFORE,
            answers=answers,
            amounts=amounts,
            assessed_on=on,
            by=worker_of(household, accounts),
            at=moment,
        )
        assessed += 1
    return assessed


def noon_of(day: date) -> datetime:
    return make_aware(datetime.combine(day, time(12)))


def decide_exits(approver: User, random: Random, *, at: datetime) -> None:
    """Approve some of the exits that visits proposed; the others wait."""
    waiting = Exit.objects.filter(state=ExitState.PROPOSED).select_related("household")
    for proposal in waiting.order_by("household__area_id", "pk"):
        if random.random() < EXITS_APPROVED:
            approve_exit(proposal=proposal, by=approver, at=at)
