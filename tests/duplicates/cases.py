"""Pairs of households with something in every table that hangs on a household or a member."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.apps import apps
from django.db import connection, models

from accounts.models import Agency, User
from fieldwork.models import Assignment
from files.models import Purpose
from files.services import store
from households.models import (
    AccessGrant,
    Exit,
    Household,
    Member,
    SourceListing,
    Verification,
)
from households.workflow import ExitReason, ExitState, Outcome, Source, Stage
from imports.models import ImportBatch, ImportRow
from plans.models import HouseholdPlan
from plans.workflow import Step, Support, Way
from ppaos.lib import citizen_id
from problems.models import IndicatorResult, Problem, ProblemMember
from problems.rules import CODES_BY_DIMENSION
from problems.workflow import Origin, Resolution
from problems.workflow import Status as ProblemStatus
from referrals.models import Assistance, AssistancePhoto, Referral
from referrals.workflow import AssistanceKind
from slf.instrument import Group, Rule
from slf.models import Assessment, ListedCapitals, LivelihoodProfile, Questionnaire
from slf.workflow import Period
from tests.factories import VILLAGE, make_household, make_member

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)
SOURCES = (Source.TPMAP, Source.BMN, Source.THAIQM)
YEARS = (2566, 2567)
STAGES = (Stage.LISTED, Stage.VERIFIED_POOR, Stage.VERIFIED_NOT_POOR, Stage.IN_HELP)
FIRST_NAMES = ("สมมติ", "ประเสริฐ", "วรรณา", "บุญมี", "จันทร์เพ็ญ")


class Maker:
    """Makes households at random, always the same for the same seed."""

    def __init__(self, seed: int, *, by: User, agency: Agency, batch: ImportBatch) -> None:
        self.random = Random(seed)
        self.by = by
        self.agency = agency
        self.batch = batch
        self.number = seed * 1000

    def next(self) -> int:
        self.number += 1
        return self.number

    def pick(self, *values: Any) -> Any:
        return self.random.choice(values)

    def some(self, share: float = 0.5) -> bool:
        return self.random.random() < share

    def household(self) -> Household:
        stage = self.pick(*STAGES)
        has_code = self.some(0.7)
        household = make_household(
            area_id=self.pick(VILLAGE, "30320102", "31010101"),
            house_code=f"3{self.next():010d}" if has_code else None,
            temporary_code=None if has_code else f"TMP-303201-{self.next()}",
            village_name=self.pick("", "บ้านทดสอบ"),
            road=self.pick("", "มิตรภาพ"),
            lat=Decimal("15.123456") if has_code else None,
            lon=Decimal("102.123456") if has_code else None,
            phone=self.pick(None, "0812345678", "0898765432"),
            consent=self.pick("not_asked"),
            stage=stage,
            stage_date=DAY - timedelta(days=self.random.randrange(90)),
        )
        self._people(household)
        self._lists(household)
        self._visits(household)
        assessment = self._assessments(household)
        self._needs(household, assessment)
        self._work(household)
        return household

    def _work(self, household: Household) -> None:
        for number in range(1, self.random.randrange(1, 4)):
            HouseholdPlan.objects.filter(household=household, superseded_at=None).update(
                superseded_at=AT
            )
            HouseholdPlan.objects.create(
                household=household,
                number=number,
                way_out="ปลูกผักขาย",
                support=Support.HOUSEHOLD,
                ways=[Way.FUND.value],
                step=Step.EARNING,
                agreed_on=DAY,
                made_at=AT,
                made_by=self.by,
            )
        if self.some():
            Assignment.objects.create(
                household=household,
                surveyor=self.by,
                due_on=DAY,
                assigned_at=AT,
                assigned_by=self.by,
            )

    def _people(self, household: Household) -> None:
        for position in range(self.random.randrange(1, 5)):
            has_left = position > 0 and self.some(0.2)
            make_member(
                household,
                seq=position + 1,
                is_head=position == 0 and self.some(0.9),
                citizen_id=citizen_id.generate(self.next()) if self.some(0.7) else None,
                no_id_reason=self.pick("", "บัตรหาย"),
                first_name=self.pick(*FIRST_NAMES),
                last_name=f"ทดสอบ{self.next()}",
                title=self.pick("", "นาย", "นาง"),
                birth_date=self.pick(None, date(1970, 1, 1), date(1999, 2, 3)),
                birth_year=self.pick(None, 1970),
                sex=self.pick("", "male", "female"),
                relation=self.pick("", "บุตร"),
                left_on=DAY if has_left else None,
                left_reason="deceased" if has_left else "",
            )

    def _lists(self, household: Household) -> None:
        members = list(household.members.all())
        for source in SOURCES:
            for year in YEARS:
                for who in (None, *members):
                    if self.some(0.3):
                        SourceListing.objects.create(
                            household=household,
                            member=who,
                            source=source,
                            year_be=year,
                            is_mpi_poor=self.pick(None, True, False),
                            has_welfare_card=self.pick(None, True),
                            bmn_year_be=self.pick(None, 2565),
                        )
                    if self.some(0.2):
                        IndicatorResult.objects.create(
                            household=None if who else household,
                            member=who,
                            source=source,
                            year_be=year,
                            dimension_known_bits=31,
                            dimension_failed_bits=self.random.randrange(32),
                        )
                if self.some(0.3):
                    ListedCapitals.objects.create(
                        household=household, source=source, year_be=year, human=Decimal("2.50")
                    )
        for member in members:
            ImportRow.objects.create(
                batch=self.batch,
                row=self.next(),
                verdict="accepted",
                payload=b"",
                household=household,
                member=member,
                chosen_member=member if self.some(0.2) else None,
                row_hash=b"x" * 32,
                raw_hash=b"x" * 32,
            )

    def _visits(self, household: Household) -> None:
        for _ in range(self.random.randrange(3)):
            Verification.objects.create(
                household=household,
                outcome=self.pick(Outcome.POOR, Outcome.REFUSED),
                visited_on=DAY,
                reason=self.pick(None, "เหตุผลที่ปิดผนึก"),
                stage_before=Stage.LISTED,
                stage_date_before=DAY,
                recorded_at=AT,
                recorded_by=self.by,
            )
        if self.some(0.3):
            Exit.objects.create(
                household=household,
                reason=ExitReason.MOVED,
                state=ExitState.REJECTED,
                stage_before=Stage.LISTED,
                stage_date_before=DAY,
                proposed_at=AT,
                proposed_by=self.by,
                decided_at=AT,
                decided_by=self.by,
                decided_reason="ยังอยู่",
            )
        if self.some():
            AccessGrant.objects.create(
                household=household, agency=self.agency, valid_from=AT, reason="เรื่องส่งต่อ"
            )

    def _assessments(self, household: Household) -> Assessment | None:
        made = None
        form = Questionnaire.objects.order_by("pk").first()
        assert form is not None
        for year in YEARS:
            for period in (Period.BEFORE, Period.AFTER):
                for number in range(1, self.random.randrange(1, 4)):
                    made = Assessment.objects.create(
                        household=household,
                        questionnaire=form,
                        year_be=year,
                        round=number,
                        period=period,
                        assessed_on=DAY - timedelta(days=self.random.randrange(300)),
                        assessed_by=self.by,
                        answers={"a1": 2},
                        updated_at=AT,
                    )
        for is_past in (True, False):
            if made is not None and self.some():
                LivelihoodProfile.objects.create(
                    household=household,
                    assessment=made,
                    group=next(iter(Group)),
                    rule_group=next(iter(Group)),
                    rule=next(iter(Rule)),
                    rule_version=1,
                    decided_at=AT,
                    superseded_at=AT if is_past else None,
                )
        return made

    def _needs(self, household: Household, assessment: Assessment | None) -> None:
        members = list(household.members.all())
        for dimension, codes in CODES_BY_DIMENSION.items():
            for is_open in (True, False):
                if not self.some(0.5):
                    continue
                problem = Problem.objects.create(
                    household=household,
                    dimension=dimension.value,
                    code=sorted(codes)[0].value,
                    status=ProblemStatus.OPEN if is_open else ProblemStatus.RESOLVED,
                    origin=Origin.FIELD,
                    need_text=self.pick(None, "ต้องการหลังคา"),
                    opened_on=DAY,
                    opened_by=self.by,
                    resolved_on=None if is_open else DAY,
                    resolved_by=None if is_open else self.by,
                    resolution=None if is_open else Resolution.SOLVED,
                )
                if members and self.some():
                    ProblemMember.objects.create(problem=problem, member=self.pick(*members))
                if self.some(0.4):
                    self._referral(problem)

    def _referral(self, problem: Problem) -> None:
        referral = Referral.objects.create(
            number=f"RF-{self.next()}",
            household=problem.household,
            problem=problem,
            need="ขอซ่อมบ้าน",
            created_at=AT,
            created_by=self.by,
            moved_at=AT,
        )
        helped = Assistance.objects.create(
            household=problem.household,
            referral=self.pick(referral, None),
            dimension=problem.dimension,
            agency=self.agency,
            kind=AssistanceKind.HOUSE_REPAIR,
            amount_thb=Decimal("2500.50"),
            helped_on=DAY,
            recorded_at=AT,
            recorded_by=self.by,
        )
        if self.some(0.3):
            AssistancePhoto.objects.create(assistance=helped, file=photo(self.by))


def photo(by: User) -> Any:
    return store(
        stream=io.BytesIO(b"not really a picture"),
        name="บ้าน.jpg",
        purpose=Purpose.PHOTO,
        content_type="image/jpeg",
        by=by,
        at=AT,
    )


def make_batch(by: User) -> ImportBatch:
    """Make an import of which only the lines' pointers matter."""
    file = store(
        stream=io.BytesIO(b"invented"),
        name="list.csv",
        purpose=Purpose.IMPORT,
        content_type="text/csv",
        by=by,
        at=AT,
    )
    return ImportBatch.objects.create(
        source="tpmap",
        year_be=2567,
        file=file,
        sha256="0" * 64,
        scope_codes=["30"],
        uploaded_by=by,
        uploaded_at=AT,
    )


# ---- the whole state -----------------------------------------------------------------
UNCOUNTED = ("version", "updated_at")
_OWN = {"duplicates", "areas", "audit", "accounts", "files"}


def tables() -> Iterator[type[models.Model]]:
    """Yield every table that relates to Household or Member, at any distance."""
    reached: set[type[models.Model]] = {Household, Member}
    grown = True
    everything = apps.get_models(include_auto_created=True)
    while grown:
        found = {
            model
            for model in everything
            if any(field.related_model in reached for field in model._meta.concrete_fields)
        }
        grown = not found <= reached
        reached |= found
    yield from sorted(
        (model for model in reached if model._meta.app_label not in _OWN),
        key=lambda model: model._meta.db_table,
    )


State = dict[str, dict[str, str]]


def state() -> State:
    """Return table → key → row, as PostgreSQL writes it, without what only counts changes."""
    found: State = {}
    with connection.cursor() as cursor:
        for model in tables():
            name = model._meta.db_table
            cursor.execute(
                f"SELECT t.id::text, (to_jsonb(t) - %s::text[])::text FROM {name} t",
                [list(UNCOUNTED)],
            )
            found[name] = dict(cursor.fetchall())
    return found
