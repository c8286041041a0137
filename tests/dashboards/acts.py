"""What people do in a tambon, one act after another: each changes something that is counted."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from accounts.roles import Role
from areas.services import mark_changed
from households import services as households
from households.models import Exit, Household, Member, SourceListing, Verification
from households.services.drafts import HouseholdDraft, MemberDraft, UnableToRegister
from households.services.updating import HouseholdChanges
from households.workflow import (
    Consent,
    ExitReason,
    ExitState,
    LeftReason,
    Outcome,
    Residence,
)
from problems.models import Problem
from problems.rules import ProblemCode
from problems.workflow import Origin, Resolution
from problems.workflow import Status as ProblemStatus
from referrals import services as referrals
from referrals.models import Assistance, Referral
from referrals.services.graduating import propose_graduation, propose_leaving
from referrals.workflow import AssistanceKind, Result, Status, moves_from
from slf import services as slf
from slf.instrument import Group
from slf.models import Assessment
from slf.workflow import Period
from tests.factories import DISTRICT, make_household, make_member, make_user
from tests.referrals.cases import AT, TODAY, Cast
from tests.referrals.moves import facts_of, mover_of
from tests.slf.cases import Case, load_reference

YEARS = (2568, 2569)
PLACES = ("30320101", "30320102", "303201")
REFUSALS = (
    PermissionDenied,
    UnableToRegister,
    households.UnableToExit,
    households.UnableToRetract,
    households.UnableToUpdate,
    households.UnableToVerify,
    referrals.UnableToGraduate,
    referrals.UnableToRefer,
    slf.UnableToAssess,
    slf.UnableToOpenProblem,
    slf.UnableToOverrideGroup,
    slf.UnableToReopenProblem,
    slf.UnableToResolveProblem,
)

CODES = (
    ProblemCode.HOME_UNFIT,
    ProblemCode.CHRONICALLY_ILL,
    ProblemCode.NO_SCHOOL_MONEY,
    ProblemCode.NO_WORK,
    ProblemCode.NO_ID_CARD,
)


def list_as_target(household: Household, *, year_be: int = 2568, **flags: Any) -> None:
    """Put a household on the TPMAP list, as an import does."""
    SourceListing.objects.create(household=household, source="tpmap", year_be=year_be, **flags)
    mark_changed(area_codes=[household.area_id], year_be=year_be)


@dataclass
class Tambon:
    """Some households, and the people who work with them. `flavour` chooses the details."""

    cast: Cast = field(default_factory=Cast)
    officer: User = field(default_factory=lambda: make_user(Role.DISTRICT_OFFICER, DISTRICT))
    approver: User = field(default_factory=lambda: make_user(Role.PROVINCE_OFFICER))
    cases: list[Case] = field(default_factory=list)
    done: set[str] = field(default_factory=set)
    clock: datetime = AT

    def __post_init__(self) -> None:
        load_reference()
        for place, card in zip(PLACES, (True, None, False), strict=True):
            household = make_household(area_id=place)
            members = {
                name: make_member(household, birth_date=born, is_head=name == "M1")
                for name, born in (
                    ("M1", date(1974, 1, 1)),
                    ("M2", date(1978, 1, 1)),
                    ("M3", date(2016, 1, 1)),
                    ("M4", date(1951, 1, 1)),
                )
            }
            self.cases.append(Case(household, members))
            list_as_target(household, member=members["M1"], is_mpi_poor=True, has_welfare_card=card)

    def act(self, name: str, which: int, flavour: int) -> None:
        """Do one thing; a refusal changes nothing."""
        case = self.cases[which % len(self.cases)]
        case.household.refresh_from_db()
        # Later verdicts must be told apart from earlier ones.
        self.clock += timedelta(seconds=1)
        try:
            with transaction.atomic():
                done = ACTS[name](self, case, flavour)
        except REFUSALS:
            return
        if done is not False:
            self.done.add(name)

    # ---- visits and exits --------------------------------------------------------------
    def verify(self, case: Case, flavour: int) -> Any:
        outcomes = (Outcome.POOR, Outcome.NOT_POOR, Outcome.POOR, *Outcome)
        return households.record_verification(
            household=case.household,
            outcome=outcomes[flavour % len(outcomes)],
            visited_on=TODAY,
            reason="เยี่ยมแล้ว",
            by=self.officer,
            at=self.clock,
        )

    def retract(self, case: Case, flavour: int) -> Any:
        standing = Verification.objects.filter(household=case.household, retracted_at=None)
        found = standing.order_by("-recorded_at", "-pk").first()
        return found is not None and households.retract_verification(
            verification=found, reason="ผิดบ้าน", by=self.officer, at=self.clock
        )

    def propose(self, case: Case, flavour: int) -> Any:
        if flavour % 3 == 0:
            return propose_graduation(
                household=case.household, by=self.officer, at=self.clock, note="ครบเกณฑ์"
            )
        return propose_leaving(
            household=case.household,
            reason=(ExitReason.MOVED, ExitReason.DUPLICATE)[flavour % 2],
            note="แจ้งโดยผู้ใหญ่บ้าน",
            by=self.officer,
            at=self.clock,
        )

    def approve(self, case: Case, flavour: int) -> Any:
        found = self._exit(case, ExitState.PROPOSED)
        return found is not None and households.approve_exit(
            proposal=found, by=self.approver, at=self.clock
        )

    def reject(self, case: Case, flavour: int) -> Any:
        found = self._exit(case, ExitState.PROPOSED)
        return found is not None and households.reject_exit(
            proposal=found, by=self.officer, at=self.clock, reason="ยังเป็นเป้าหมาย"
        )

    def revoke(self, case: Case, flavour: int) -> Any:
        found = self._exit(case, ExitState.APPROVED)
        return found is not None and households.revoke_exit(
            proposal=found, reason="กลับมาลำบาก", by=self.officer, at=self.clock
        )

    def _exit(self, case: Case, state: ExitState) -> Exit | None:
        return Exit.objects.filter(household=case.household, state=state).first()

    # ---- people and places ----------------------------------------------------------------
    def add_on(self, case: Case, flavour: int) -> Any:
        if len(self.cases) > 5:
            return False
        household = households.register_household(
            draft=HouseholdDraft(
                area_code=PLACES[flavour % 3],
                house_no=str(flavour),
                consent=Consent.GIVEN,
                consent_date=TODAY,
                members=(_newborn(is_head=True),),
            ),
            reason="พบในพื้นที่",
            by=self.officer,
            at=self.clock,
        )
        self.cases.append(Case(household, {}))
        return True

    def add_member(self, case: Case, flavour: int) -> Any:
        return households.add_member(
            household=case.household, draft=_newborn(), by=self.officer, at=self.clock
        )

    def leave(self, case: Case, flavour: int) -> Any:
        staying = Member.objects.filter(household=case.household, left_on=None, is_head=False)
        member = staying.order_by("seq").last()
        return member is not None and households.member_left(
            member=member,
            left_on=TODAY,
            reason=LeftReason.MOVED,
            by=self.officer,
            at=self.clock,
        )

    def go_away(self, case: Case, flavour: int) -> Any:
        """Note that a member does not live where they are registered, or does again."""
        member = Member.objects.filter(household=case.household, left_on=None).last()
        if member is None:
            return False
        residence = (Residence.LISTED_NOT_LIVING, Residence.LISTED_AND_LIVING)[flavour % 2]
        return households.update_member(
            member=member,
            version=member.version,
            draft=MemberDraft(
                first_name=member.first_name,
                last_name=member.last_name,
                title=member.title,
                citizen_id=member.citizen_id,
                no_id_reason=member.no_id_reason,
                birth_date=member.birth_date,
                sex=member.sex,
                residence=residence,
                is_head=member.is_head,
            ),
            by=self.officer,
            at=self.clock,
        )

    def move(self, case: Case, flavour: int) -> Any:
        house = case.household
        return households.update_household(
            household=house,
            version=house.version,
            changes=HouseholdChanges(
                area_code=PLACES[flavour % 3],
                house_no=house.house_no,
                village_name=house.village_name,
                soi=house.soi,
                road=house.road,
                lat=house.lat,
                lon=house.lon,
                phone="",
            ),
            by=self.officer,
            at=self.clock,
        )

    # ---- problems and assessments --------------------------------------------------------------
    def open_problem(self, case: Case, flavour: int) -> Any:
        members = [case.members["M1"]] if flavour % 3 == 0 and case.members else []
        return slf.open_problem(
            household=case.household,
            code=CODES[flavour % len(CODES)],
            origin=Origin.FIELD,
            opened_on=date(2025, 12, 1) if flavour % 2 else TODAY,
            by=self.officer,
            at=self.clock,
            members=members,
        )

    def resolve(self, case: Case, flavour: int) -> Any:
        found = self._problem(case, ProblemStatus.OPEN, flavour)
        return found is not None and slf.resolve_problem(
            problem=found,
            resolution=(Resolution.SOLVED, Resolution.MISTAKEN)[flavour % 3 == 0],
            resolved_on=max(found.opened_on, date(2025, 12, 20)) if flavour % 2 else TODAY,
            by=self.officer,
            at=self.clock,
            reason="ดูแล้ว",
        )

    def open_again(self, case: Case, flavour: int) -> Any:
        found = self._problem(case, ProblemStatus.RESOLVED, flavour)
        return found is not None and slf.reopen_problem(
            problem=found, by=self.officer, at=self.clock, reason="กลับมาอีก"
        )

    def _problem(self, case: Case, status: ProblemStatus, flavour: int) -> Problem | None:
        found = list(Problem.objects.filter(household=case.household, status=status).order_by("pk"))
        return found[flavour % len(found)] if found else None

    def assess(self, case: Case, flavour: int) -> Any:
        if not case.members:
            return False
        answers = case.answers() | {"P2": 1 + flavour % 4, "P6": 1 + flavour % 3}
        return slf.record_assessment(
            household=case.household,
            year_be=YEARS[flavour % 2],
            round=1,
            period=(Period.BEFORE, Period.AFTER)[flavour % 3 == 0],
            answers=answers,
            amounts=case.amounts(),
            by=self.officer,
            at=self.clock,
        )

    def correct(self, case: Case, flavour: int) -> Any:
        found = Assessment.objects.filter(household=case.household).order_by("pk").last()
        return found is not None and slf.save_answers(
            assessment=found,
            version=found.version,
            answers={"P2": 1 + flavour % 4, "S1": 1 + flavour % 4},
            by=self.officer,
            at=self.clock,
            reason="แก้คำตอบ",
        )

    def override(self, case: Case, flavour: int) -> Any:
        if flavour % 3 == 0:
            return slf.clear_override(household=case.household, by=self.officer, at=self.clock)
        return slf.override_group(
            household=case.household,
            group=(Group.LOWER20, Group.UPPER20)[flavour % 2],
            note="ที่ประชุมเห็นชอบ",
            by=self.officer,
            at=self.clock,
        )

    # ---- referrals -------------------------------------------------------------------------------
    def draft(self, case: Case, flavour: int) -> Any:
        found = self._problem(case, ProblemStatus.OPEN, flavour)
        return found is not None and referrals.create_referral(
            problem=found, agency=self.cast.agency, by=self.officer, at=self.clock
        )

    def move_on(self, case: Case, flavour: int) -> Any:
        """Make one of the moves that the referral's status allows, mostly the first."""
        found = self._referral(case, flavour)
        if found is None:
            return False
        actions = [move.action for move in moves_from(Status(found.status))]
        if not actions:
            return False
        action = actions[0] if flavour % 3 else actions[flavour % len(actions)]
        facts = facts_of(action, found)
        if "problem_remains" in facts:
            facts["problem_remains"] = flavour % 2 == 0
        service = getattr(
            referrals, {"return": "return_referral"}.get(action.value, action.name.lower())
        )
        service(referral=found, by=mover_of(action, self.cast), at=self.clock, **facts)
        return True

    def help(self, case: Case, flavour: int) -> Any:
        found = self._referral(case, flavour)
        return found is not None and referrals.record_assistance(
            referral=found,
            kind=list(AssistanceKind)[flavour % len(AssistanceKind)],
            amount_thb=Decimal(flavour * 100),
            helped_on=date(2025, 12, 15) if flavour % 4 == 0 else TODAY,
            people=flavour % 3 or None,
            by=self.cast.officer,
            at=self.clock,
        )

    def report(self, case: Case, flavour: int) -> Any:
        found = self._referral(case, flavour)
        return found is not None and (
            referrals.report_help(
                referral=found, result=Result.SOLVED, by=self.cast.officer, at=self.clock
            )
            or True
        )

    def take_back_help(self, case: Case, flavour: int) -> Any:
        given = Assistance.objects.standing().filter(household=case.household)
        found = given.order_by("pk").last()
        return found is not None and referrals.retract_assistance(
            assistance=found, reason="บันทึกผิด", by=self.cast.officer, at=self.clock
        )

    def _referral(self, case: Case, flavour: int) -> Referral | None:
        found = list(Referral.objects.filter(household=case.household).order_by("pk"))
        return found[flavour % len(found)] if found else None


Act = Callable[[Tambon, Case, int], Any]

ACTS: dict[str, Act] = {
    act.__name__: act
    for act in (
        Tambon.verify,
        Tambon.retract,
        Tambon.propose,
        Tambon.approve,
        Tambon.reject,
        Tambon.revoke,
        Tambon.add_on,
        Tambon.add_member,
        Tambon.leave,
        Tambon.go_away,
        Tambon.move,
        Tambon.open_problem,
        Tambon.resolve,
        Tambon.open_again,
        Tambon.assess,
        Tambon.correct,
        Tambon.override,
        Tambon.draft,
        Tambon.move_on,
        Tambon.help,
        Tambon.report,
        Tambon.take_back_help,
    )
}


A_WHOLE_LIFE: tuple[tuple[str, int, int], ...] = (
    # Found poor, assessed, referred, helped, checked.
    ("verify", 0, 0),
    ("assess", 0, 1),
    ("correct", 0, 2),
    ("override", 0, 1),
    ("override", 0, 3),
    ("open_problem", 0, 0),
    ("draft", 0, 0),
    *[("move_on", 0, 1)] * 3,
    ("help", 0, 1),
    ("help", 0, 5),
    ("take_back_help", 0, 0),
    ("report", 0, 0),
    ("move_on", 0, 1),
    ("open_again", 0, 0),
    ("resolve", 0, 1),
    ("assess", 0, 3),
    # Found not poor, kept, found so again, gone, taken back.
    ("verify", 1, 1),
    ("reject", 1, 0),
    ("retract", 1, 0),
    ("verify", 1, 1),
    ("approve", 1, 0),
    ("revoke", 1, 0),
    # People come, leave, live elsewhere; the house turns out to stand in another village.
    ("add_member", 2, 0),
    ("go_away", 2, 0),
    ("leave", 2, 0),
    ("move", 2, 1),
    ("add_on", 2, 0),
    ("verify", 3, 0),
    ("propose", 3, 1),
    ("approve", 3, 0),
)
"""Every act at least once, in an order in which each is allowed."""


def _newborn(*, is_head: bool = False) -> MemberDraft:
    return MemberDraft(
        first_name="สมมติ",
        last_name="เพิ่มใหม่",
        no_id_reason="ยังไม่แจ้งเกิด",
        birth_year=2024,
        sex="female",
        is_head=is_head,
    )
