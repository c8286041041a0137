"""What a move does beside the referral: the household, its problem, and who may look."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings

from households.models import AccessGrant
from households.workflow import Stage
from problems.rules import ProblemCode
from problems.workflow import Resolution
from problems.workflow import Status as ProblemStatus
from referrals import services
from referrals.models import Referral
from referrals.services import UnableToRefer, WrongState
from referrals.workflow import Action, ClosingReason, Status, Urgency
from slf.services import resolve_problem
from tests.factories import make_agency, make_household
from tests.referrals.cases import (
    AT,
    TODAY,
    Cast,
    give_help,
    make_problem,
    make_referral,
    make_rule,
)
from tests.referrals.moves import make_move

pytestmark = pytest.mark.django_db


def stage_of(referral: Referral) -> str:
    referral.household.refresh_from_db()
    return referral.household.stage


# ---- what can be sent -----------------------------------------------------------------------
@pytest.mark.parametrize(
    "stage", [Stage.LISTED, Stage.VERIFIED_NOT_POOR, Stage.EXIT_PROPOSED, Stage.EXITED]
)
def test_only_a_household_found_poor_can_be_referred(stage: Stage) -> None:
    cast, problem = Cast(), make_problem()
    type(problem.household).objects.filter(pk=problem.household_id).update(stage=stage)
    with pytest.raises(UnableToRefer):
        services.create_referral(problem=problem, agency=cast.agency, by=cast.district, at=AT)
    assert not Referral.objects.exists()


def test_a_draft_is_not_sent_once_its_problem_is_closed() -> None:
    cast = Cast()
    draft = make_referral(Status.DRAFT, cast=cast)
    resolve_problem(
        problem=draft.problem,
        resolution=Resolution.SOLVED,
        resolved_on=TODAY,
        by=cast.district,
        at=AT,
    )
    with pytest.raises(UnableToRefer) as refusal:
        services.submit(referral=draft, by=cast.district, at=AT)
    assert refusal.value.field == "problem"


@pytest.mark.parametrize("wrong", [{"is_active": False}, {"area_id": "31"}, {"area_id": "3001"}])
def test_an_agency_that_does_not_answer_for_the_place_is_refused(wrong: dict[str, object]) -> None:
    cast, problem = Cast(), make_problem()
    with pytest.raises(UnableToRefer) as refusal:
        services.refer_problem(
            problem=problem, agency=make_agency(**wrong), by=cast.district, at=AT
        )
    assert refusal.value.field == "agency"


def test_the_same_problem_goes_to_two_agencies_but_not_twice_to_one() -> None:
    cast, problem = Cast(), make_problem()
    make_referral(Status.SUBMITTED, cast=cast, problem=problem)
    make_referral(Status.SUBMITTED, problem=problem)
    with pytest.raises(UnableToRefer) as refusal:
        make_referral(Status.SUBMITTED, cast=cast, problem=problem)
    assert refusal.value.field == "agency"
    assert str(cast.agency) in str(refusal.value)


def test_without_an_agency_the_rule_proposes_one_and_its_reason_is_kept() -> None:
    cast = Cast()
    make_rule(cast.agency)
    referral = services.refer_problem(problem=make_problem(), by=cast.district, at=AT)
    assert referral.agency == cast.agency
    assert str(cast.agency) in referral.routing_reason

    by_hand = services.refer_problem(
        problem=make_problem(), agency=make_agency(), by=cast.district, at=AT
    )
    assert by_hand.routing_reason == "ผู้ส่งเลือกหน่วยงานเอง"


def test_where_no_rule_fits_a_draft_waits_for_an_agency_and_nothing_is_sent() -> None:
    cast, problem = Cast(), make_problem()
    with pytest.raises(UnableToRefer, match="ยังไม่มีเกณฑ์") as refusal:
        services.refer_problem(problem=problem, by=cast.district, at=AT)
    assert refusal.value.field == "agency"
    assert not Referral.objects.exists()
    draft = services.create_referral(problem=problem, by=cast.surveyor, at=AT)
    assert (draft.agency, draft.status) == (None, Status.DRAFT)
    services.submit(referral=draft, agency=cast.agency, by=cast.district, at=AT)
    assert draft.agency == cast.agency


def test_of_many_each_is_sent_or_refused_with_its_reason() -> None:
    cast = Cast()
    make_rule(cast.agency)
    good = [make_problem(), make_problem(code=ProblemCode.NO_HOME)]
    elsewhere = make_problem(make_household(stage=Stage.VERIFIED_POOR, area_id="30010101"))
    no_rule = make_problem(code=ProblemCode.CHRONICALLY_ILL)
    result = services.refer_many(
        problems=[good[0], elsewhere, no_rule, good[1]],
        by=cast.district,
        at=AT,
        urgency=Urgency.URGENT,
    )
    assert [referral.problem for referral in result.sent] == good
    assert {referral.urgency for referral in result.sent} == {Urgency.URGENT}
    refused = dict(result.refused)
    assert "ไม่มีสิทธิ" in refused[elsewhere]
    assert "ยังไม่มีเกณฑ์" in refused[no_rule]
    assert Referral.objects.count() == 2


# ---- the household and its problem ----------------------------------------------------------
def test_the_household_is_in_help_from_the_first_acceptance() -> None:
    assert stage_of(make_referral(Status.RECEIVED)) == Stage.VERIFIED_POOR
    assert stage_of(make_referral(Status.ACCEPTED)) == Stage.IN_HELP


@pytest.mark.parametrize(
    ("status", "action"),
    [
        (Status.ACCEPTED, Action.CANCEL),
        (Status.IN_PROGRESS, Action.REJECT),
        (Status.IN_PROGRESS, Action.RETURN),
    ],
)
def test_help_ends_when_nobody_helps_any_more(status: Status, action: Action) -> None:
    cast = Cast()
    by = cast.district if action is Action.CANCEL else cast.officer
    alone = make_referral(status, cast=cast)
    make_move(action, alone, by)
    assert stage_of(alone) == Stage.VERIFIED_POOR

    one_of_two = make_referral(status, cast=cast)
    make_referral(Status.ACCEPTED, problem=one_of_two.problem)
    make_move(action, one_of_two, by)
    assert stage_of(one_of_two) == Stage.IN_HELP, "another agency helps"

    after_help = make_referral(status, cast=cast)
    give_help(after_help, cast.officer)
    make_move(action, after_help, by)
    assert stage_of(after_help) == Stage.IN_HELP, "it was helped"


def test_taking_back_the_only_help_of_a_cancelled_case_ends_help() -> None:
    cast = Cast()
    referral = make_referral(Status.IN_PROGRESS, cast=cast)
    given = give_help(referral, cast.officer)
    make_move(Action.CANCEL, referral, cast.district)
    services.retract_assistance(assistance=given, reason="บันทึกผิดบ้าน", by=cast.district, at=AT)
    assert stage_of(referral) == Stage.VERIFIED_POOR


@pytest.mark.parametrize("reason", list(ClosingReason))
def test_closing_resolves_the_problem_only_for_reasons_that_say_so(reason: ClosingReason) -> None:
    cast = Cast()
    referral = make_referral(Status.REJECTED, cast=cast)
    services.close(referral=referral, closing_reason=reason, by=cast.district, at=AT)
    referral.problem.refresh_from_db()
    is_gone = reason in {ClosingReason.SOLVED, ClosingReason.SELF_SOLVED}
    assert referral.problem.status == (ProblemStatus.RESOLVED if is_gone else ProblemStatus.OPEN)
    assert (referral.closing_reason, referral.ended_at) == (reason, AT)


def test_reopening_opens_the_problem_again_that_the_end_had_resolved() -> None:
    cast = Cast()
    referral = make_referral(Status.CLOSED, cast=cast)
    services.reopen(referral=referral, reason="หลังคารั่วอีก", by=cast.district, at=AT)
    referral.problem.refresh_from_db()
    assert referral.problem.status == ProblemStatus.OPEN
    assert (referral.status, referral.closing_reason, referral.ended_at) == (
        Status.IN_PROGRESS,
        "",
        None,
    )
    assert stage_of(referral) == Stage.IN_HELP


def test_what_no_agency_had_taken_on_is_not_reopened() -> None:
    cast = Cast()
    referral = make_referral(Status.REJECTED, cast=cast)
    make_move(Action.CLOSE, referral, cast.district)
    with pytest.raises(WrongState, match="ไม่เคยมีหน่วยงาน"):
        make_move(Action.REOPEN, referral, cast.district)


def test_a_household_that_left_the_targets_is_not_helped_again_by_reopening() -> None:
    cast = Cast()
    referral = make_referral(Status.CLOSED, cast=cast)
    type(referral.household).objects.filter(pk=referral.household_id).update(stage=Stage.EXITED)
    with pytest.raises(UnableToRefer, match="พ้นเป้าหมาย"):
        make_move(Action.REOPEN, referral, cast.district)
    referral.problem.refresh_from_db()
    assert referral.problem.status == ProblemStatus.RESOLVED, "nothing was half done"


def test_a_check_brings_back_a_problem_that_somebody_had_closed_meanwhile() -> None:
    cast = Cast()
    for remains, after in ((True, ProblemStatus.OPEN), (False, ProblemStatus.RESOLVED)):
        referral = make_referral(Status.HELPED, cast=cast)
        resolve_problem(
            problem=referral.problem,
            resolution=Resolution.SOLVED,
            resolved_on=TODAY,
            by=cast.district,
            at=AT,
        )
        make_move(Action.CHECK, referral, cast.surveyor, problem_remains=remains)
        referral.problem.refresh_from_db()
        assert referral.problem.status == after


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"checked_on": TODAY + timedelta(days=1)}, "checked_on"),
        ({"checked_on": TODAY - timedelta(days=1)}, "checked_on"),
        ({"satisfaction": 0}, "satisfaction"),
        ({"satisfaction": 6}, "satisfaction"),
    ],
)
def test_a_check_that_cannot_be_is_refused(wrong: dict[str, object], field: str) -> None:
    cast = Cast()
    referral = make_referral(Status.HELPED, cast=cast)
    with pytest.raises(UnableToRefer) as refusal:
        make_move(Action.CHECK, referral, cast.surveyor, **wrong)
    assert refusal.value.field == field
    assert not referral.checks.exists()


# ---- another agency -------------------------------------------------------------------------
def test_a_transfer_ends_the_old_one_and_links_the_new_one_to_it() -> None:
    cast, other = Cast(), Cast()
    old = make_referral(Status.ACCEPTED, cast=cast, urgency=Urgency.URGENT)
    new = services.transfer(
        referral=old, agency=other.agency, reason="อยู่นอกเขต", by=cast.district, at=AT
    )
    assert (old.status, new.status) == (Status.CANCELLED, Status.SUBMITTED)
    assert (new.transferred_from, new.agency) == (old, other.agency)
    assert (new.problem, new.urgency) == (old.problem, Urgency.URGENT)
    assert stage_of(old) == Stage.VERIFIED_POOR, "until the new agency takes it on"
    assert seen_by(cast) == set()
    assert seen_by(other) == {new.pk}
    with pytest.raises(UnableToRefer):
        make_move(Action.TRANSFER, new, cast.district, agency=other.agency)


def test_what_an_agency_rejected_goes_to_another_one_only() -> None:
    cast, other = Cast(), Cast()
    referral = make_referral(Status.REJECTED, cast=cast)
    for same in (None, cast.agency):
        with pytest.raises(UnableToRefer, match="ปฏิเสธ") as refusal:
            services.submit(referral=referral, agency=same, by=cast.district, at=AT)
        assert refusal.value.field == "agency"
    services.submit(referral=referral, agency=other.agency, by=cast.district, at=AT)
    assert (referral.status, referral.agency) == (Status.SUBMITTED, other.agency)


def test_asking_anew_begins_without_the_earlier_answer() -> None:
    cast = Cast()
    referral = make_referral(Status.HELPED, cast=cast)
    make_move(Action.CHECK, referral, cast.surveyor, problem_remains=True)
    make_move(Action.RETURN, referral, cast.officer)
    services.submit(referral=referral, by=cast.district, at=AT)
    referral.refresh_from_db()
    assert {
        referral.received_at,
        referral.accepted_at,
        referral.expected_date,
        referral.helped_at,
        referral.reported_by,
        referral.checked_by,
    } == {None}
    assert referral.checks.count() == 1, "what was found then stays on record"


# ---- who may look ---------------------------------------------------------------------------
def seen_by(cast: Cast) -> set[object]:
    return set(Referral.objects.visible_to(cast.officer).values_list("pk", flat=True))


def grants_of(referral: Referral) -> list[tuple[object, object, object]]:
    return list(
        AccessGrant.objects.filter(household=referral.household)
        .order_by("valid_from", "pk")
        .values_list("agency", "valid_until", "reason")
    )


def test_the_agency_sees_it_from_the_sending_until_some_days_after_the_end() -> None:
    cast = Cast()
    referral = make_referral(Status.DRAFT, cast=cast)
    assert grants_of(referral) == []
    assert seen_by(cast) == set()
    services.submit(referral=referral, by=cast.district, at=AT)
    mine = (cast.agency.pk, None, referral.number)
    assert grants_of(referral) == [mine]
    assert seen_by(cast) == {referral.pk}
    make_move(Action.ACCEPT, referral, cast.officer)
    give_help(referral, cast.officer)
    make_move(Action.REPORT_HELP, referral, cast.officer)
    make_move(Action.CHECK, referral, cast.surveyor)
    until = AT + timedelta(days=settings.REFERRAL_GRANT_DAYS)
    assert grants_of(referral) == [(cast.agency.pk, until, referral.number)]
    make_move(Action.REOPEN, referral, cast.district)
    assert grants_of(referral) == [mine]


def test_some_days_after_the_end_the_agency_sees_it_no_more() -> None:
    cast = Cast()
    referral = make_referral(Status.CLOSED, cast=cast)
    last = AT + timedelta(days=settings.REFERRAL_GRANT_DAYS)
    with time_machine.travel(last - timedelta(seconds=1), tick=False):
        assert seen_by(cast) == {referral.pk}
    with time_machine.travel(last, tick=False):
        assert seen_by(cast) == set()


def test_a_grant_that_ran_out_long_ago_is_given_anew_on_reopening() -> None:
    cast = Cast()
    referral = make_referral(Status.CLOSED, cast=cast)
    late = AT + timedelta(days=settings.REFERRAL_GRANT_DAYS + 1)
    make_move(Action.REOPEN, referral, cast.district, at=late)
    assert [until for _, until, _ in grants_of(referral)] == [
        AT + timedelta(days=settings.REFERRAL_GRANT_DAYS),
        None,
    ]


def test_a_returned_case_stays_in_sight_and_is_not_granted_twice() -> None:
    cast = Cast()
    referral = make_referral(Status.RETURNED, cast=cast)
    assert seen_by(cast) == {referral.pk}
    services.submit(referral=referral, by=cast.district, at=AT)
    assert len(grants_of(referral)) == 1


@pytest.mark.parametrize("how", ["cancel", "another agency"])
def test_an_agency_that_has_no_more_to_do_with_it_sees_nothing_at_once(how: str) -> None:
    cast, other = Cast(), Cast()
    kept = make_referral(Status.SUBMITTED, cast=cast)
    referral = make_referral(Status.RETURNED, cast=cast)
    if how == "cancel":
        make_move(Action.CANCEL, referral, cast.district)
    else:
        services.submit(referral=referral, agency=other.agency, by=cast.district, at=AT)
        assert seen_by(other) == {referral.pk}
    assert seen_by(cast) == {kept.pk}
    assert (cast.agency.pk, AT, referral.number) in grants_of(referral)
