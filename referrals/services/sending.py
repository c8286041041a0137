"""From a problem to an agency: drafting, sending, and sending on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import Agency, User
from areas.services import mark_changed
from audit.services import record
from households.models import Household
from households.workflow import Stage
from problems.models import Problem
from problems.workflow import Status as ProblemStatus
from referrals import permissions
from referrals.models import Referral, ReferralEvent
from referrals.services import grants
from referrals.services.errors import UnableToRefer
from referrals.services.moving import hand_back, hold, save, settle_help, step
from referrals.services.numbering import next_number
from referrals.services.routing import propose_agency
from referrals.workflow import Action, Fact, Status, Urgency

HELPED_STAGES = frozenset({Stage.VERIFIED_POOR, Stage.IN_HELP})
CHOSEN_BY_HAND = "ผู้ส่งเลือกหน่วยงานเอง"

# What another agency's answer had left behind; a new asking starts without it.
_ASKED_ANEW = {
    "received_at": None,
    "accepted_at": None,
    "expected_date": None,
    "helped_at": None,
    "reported_by": None,
    "result": "",
    "checked_at": None,
    "checked_by": None,
    "problem_remains": None,
}


@dataclass(frozen=True, slots=True)
class ManyResult:
    """What became of sending many at once: each is sent, or refused with the reason."""

    sent: list[Referral]
    refused: list[tuple[Problem, str]]


def check_can_be_helped(household: Household, problem: Problem) -> None:
    """Raise UnableToRefer unless the household was found poor and the problem is open."""
    stage = Stage(household.stage)
    if stage not in HELPED_STAGES:
        raise UnableToRefer(_NOT_NOW.get(stage, f"ครัวเรือนอยู่ในสถานะ “{stage.label}” จึงส่งต่อไม่ได้"))
    if problem.status != ProblemStatus.OPEN:
        raise UnableToRefer("ปัญหานี้ปิดไปแล้ว หากยังมีอยู่ให้เปิดปัญหาอีกครั้งก่อน", field="problem")


_NOT_NOW = {
    Stage.LISTED: "ครัวเรือนนี้ยังไม่ได้สอบทาน ให้เยี่ยมบ้านและบันทึกผลสอบทานก่อนส่งต่อ",
    Stage.EXIT_PROPOSED: "มีข้อเสนอให้ครัวเรือนนี้พ้นเป้าหมาย ให้ตัดสินข้อเสนอนั้นก่อนส่งต่อ",
    Stage.EXITED: "ครัวเรือนนี้พ้นเป้าหมายแล้ว ให้เปิดแฟ้มคืนก่อนส่งต่อ",
}


@transaction.atomic
def create_referral(
    *,
    problem: Problem,
    by: User,
    at: datetime,
    agency: Agency | None = None,
    urgency: Urgency = Urgency.NORMAL,
    need: str = "",
) -> Referral:
    """Draft a referral of an open problem; without an agency, to the one the rules propose.

    Raises PermissionDenied, and UnableToRefer if the household or the problem is not
    such, the agency does not answer for the place, or it has the same problem already.
    """
    permissions.check_can_draft(by, problem.household)
    return _draft(problem=problem, by=by, at=at, agency=agency, urgency=urgency, need=need)


def _draft(
    *,
    problem: Problem,
    by: User,
    at: datetime,
    agency: Agency | None,
    urgency: Urgency,
    need: str,
    transferred_from: Referral | None = None,
) -> Referral:
    current = (
        Problem.objects.select_for_update(of=("self",))
        .select_related("household")
        .get(pk=problem.pk)
    )
    household = current.household
    check_can_be_helped(household, current)
    routing = propose_agency(problem=current, on=localdate(at))
    chosen, reason = routing.agency, routing.reason
    if agency is not None and agency != routing.agency:
        chosen, reason = agency, CHOSEN_BY_HAND
    if chosen is not None:
        _check_answers_here(chosen, household)
    referral = Referral(
        number=next_number(province_code=household.area_id[:2], on=localdate(at)),
        household=household,
        problem=current,
        agency=chosen,
        urgency=urgency,
        need=need.strip() or None,
        routing_reason=reason,
        transferred_from=transferred_from,
        created_at=at,
        created_by=by,
        moved_at=at,
    )
    save(referral)
    ReferralEvent.objects.create(
        referral=referral, action="create", to_status=Status.DRAFT, at=at, by=by, agency=chosen
    )
    record(
        event="referral.created",
        subject=household,
        by=by,
        at=at,
        area=household.area_id,
        detail={
            "referral": str(referral.pk),
            "number": referral.number,
            "problem": str(current.pk),
            "agency": str(referral.agency_id or ""),
        },
    )
    mark_changed(area_codes=[household.area_id])
    return referral


def _check_answers_here(agency: Agency, household: Household) -> None:
    if not agency.is_active:
        raise UnableToRefer(f"{agency} เลิกรับเรื่องแล้ว เลือกหน่วยงานอื่น", field="agency")
    if not household.area_id.startswith(agency.area_id):
        raise UnableToRefer(f"{agency} ไม่ได้รับผิดชอบพื้นที่ของครัวเรือนนี้ เลือกหน่วยงานอื่น", field="agency")


@transaction.atomic
def submit(
    *,
    referral: Referral,
    by: User,
    at: datetime,
    agency: Agency | None = None,
    note: str = "",
    version: int | None = None,
) -> None:
    """Send a draft, or again what came back; `agency` asks another than before.

    What an agency rejected goes to another one. From now on the agency sees the
    household. Raises PermissionDenied, Taken, WrongState, and UnableToRefer as
    `create_referral`.
    """
    addressed = agency if agency is not None else referral.agency
    current = hold(
        referral=referral,
        action=Action.SUBMIT,
        by=by,
        version=version,
        facts={Fact.AGENCY: addressed},
    )
    assert addressed is not None, "the table of moves asks for the agency"
    check_can_be_helped(current.household, current.problem)
    _check_answers_here(addressed, current.household)
    before = current.status
    columns: dict[str, object] = {**_ASKED_ANEW, "submitted_at": at}
    if current.agency_id != addressed.pk:
        grants.end_now(current, at=at)
        columns |= {"agency": addressed, "routing_reason": _reason(current, addressed, at)}
    elif before == Status.REJECTED:
        raise UnableToRefer(f"{addressed} ปฏิเสธเรื่องนี้แล้ว เลือกหน่วยงานอื่น", field="agency")
    step(current, action=Action.SUBMIT, by=by, at=at, note=note, columns=columns)
    grants.begin(current, at=at)
    hand_back(current, to=referral, action=Action.SUBMIT, before=before, by=by, at=at)


def _reason(referral: Referral, agency: Agency, at: datetime) -> str:
    routing = propose_agency(problem=referral.problem, on=localdate(at))
    return routing.reason if routing.agency == agency else CHOSEN_BY_HAND


@transaction.atomic
def refer_problem(
    *,
    problem: Problem,
    by: User,
    at: datetime,
    agency: Agency | None = None,
    urgency: Urgency = Urgency.NORMAL,
    need: str = "",
) -> Referral:
    """Draft and send at once; without an agency, to the one the rules propose.

    Raises PermissionDenied, and UnableToRefer as `create_referral`, also if no rule fits.
    """
    permissions.check_can_send(by, problem.household)
    referral = _draft(problem=problem, by=by, at=at, agency=agency, urgency=urgency, need=need)
    if referral.agency is None:
        raise UnableToRefer(referral.routing_reason, field="agency")
    submit(referral=referral, by=by, at=at)
    return referral


def refer_many(
    *, problems: Iterable[Problem], by: User, at: datetime, urgency: Urgency = Urgency.NORMAL
) -> ManyResult:
    """Send many problems, each to the agency the rules propose; one refused stops no other.

    Raises PermissionDenied for one who may send nowhere.
    """
    permissions.check_can_send_somewhere(by)
    result = ManyResult(sent=[], refused=[])
    for problem in problems:
        try:
            sent = refer_problem(problem=problem, by=by, at=at, urgency=urgency)
        except (UnableToRefer, PermissionDenied) as error:
            result.refused.append((problem, str(error)))
        else:
            result.sent.append(sent)
    return result


@transaction.atomic
def transfer(
    *,
    referral: Referral,
    agency: Agency | None,
    reason: str,
    by: User,
    at: datetime,
    version: int | None = None,
) -> Referral:
    """Cancel a referral and send a new one, linked to it, to another agency.

    The old agency no longer sees the household. Returns the new one. Raises
    PermissionDenied, Taken, WrongState, and UnableToRefer as `create_referral`.
    """
    current = hold(
        referral=referral,
        action=Action.TRANSFER,
        by=by,
        version=version,
        facts={Fact.AGENCY: agency, Fact.REASON: reason},
    )
    if agency is not None and current.agency_id == agency.pk:
        raise UnableToRefer(f"เรื่องนี้อยู่ที่ {agency} แล้ว เลือกหน่วยงานอื่น", field="agency")
    before = current.status
    step(current, action=Action.TRANSFER, by=by, at=at, note=reason, columns={"ended_at": at})
    grants.end_now(current, at=at)
    settle_help(current, by=by, at=at)
    successor = _draft(
        problem=current.problem,
        by=by,
        at=at,
        agency=agency,
        urgency=Urgency(current.urgency),
        need=current.need or "",
        transferred_from=current,
    )
    submit(referral=successor, by=by, at=at)
    hand_back(current, to=referral, action=Action.TRANSFER, before=before, by=by, at=at)
    return successor
