from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models import User
from areas.models import AreaChange
from audit.models import Event
from households.models import Exit, Household, Verification
from households.services import (
    UnableToRetract,
    UnableToVerify,
    approve_exit,
    record_verification,
    reject_exit,
    retract_verification,
)
from households.workflow import (
    EXIT_PROPOSED_BY,
    STAGE_AFTER,
    TRANSITIONS,
    ExitState,
    Outcome,
    Stage,
)
from tests.factories import NEXT_SUBDISTRICT, make_household

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)


def verify(household: Household, by: User, outcome: Outcome, **overrides: object) -> Verification:
    fields = {"visited_on": TODAY, "reason": "เยี่ยมแล้ว", "at": AT} | overrides
    return record_verification(household=household, outcome=outcome, by=by, **fields)  # type: ignore[arg-type]


def state_of(household: Household) -> tuple[str, date]:
    household.refresh_from_db()
    return household.stage, household.stage_date


@pytest.mark.parametrize(
    ("outcome", "stage", "exit_reason"),
    [
        (Outcome.POOR, Stage.VERIFIED_POOR, None),
        (Outcome.NOT_POOR, Stage.VERIFIED_NOT_POOR, "not_poor"),
        (Outcome.NOT_FOUND, Stage.LISTED, None),
        (Outcome.MOVED, Stage.EXIT_PROPOSED, "moved"),
        (Outcome.DECEASED, Stage.EXIT_PROPOSED, "deceased"),
        (Outcome.REFUSED, Stage.LISTED, None),
    ],
)
def test_a_verdict_moves_the_household(
    surveyor: User, outcome: Outcome, stage: Stage, exit_reason: str | None
) -> None:
    household = make_household()

    verification = verify(household, surveyor, outcome)

    assert state_of(household)[0] == stage
    assert list(household.exits.values_list("reason", flat=True)) == (
        [exit_reason] if exit_reason else []
    )
    event = Event.objects.get(event="household.verified")
    assert event.subject_id == str(household.pk)
    assert event.detail == {
        "verification": str(verification.pk),
        "outcome": outcome.value,
        "visited_on": "2026-11-20",
    }
    assert AreaChange.objects.filter(area_id=household.area_id).exists()


def test_the_day_of_the_visit_is_the_day_of_the_stage(surveyor: User) -> None:
    household = make_household()
    verify(household, surveyor, Outcome.POOR, visited_on=date(2026, 11, 12))
    assert state_of(household) == ("verified_poor", date(2026, 11, 12))


def test_a_visit_tomorrow_is_refused(surveyor: User) -> None:
    household = make_household()
    with pytest.raises(UnableToVerify, match="อนาคต"):
        verify(household, surveyor, Outcome.POOR, visited_on=TODAY + timedelta(days=1))
    assert not Verification.objects.exists()


def test_the_day_is_counted_in_thailand(surveyor: User) -> None:
    # 18:00 UTC on the 19th is already the 20th in Bangkok.
    at = datetime(2026, 11, 19, 18, 0, tzinfo=UTC)
    assert verify(make_household(), surveyor, Outcome.POOR, at=at).visited_on == TODAY


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.POOR])
def test_a_verdict_other_than_poor_needs_a_reason(surveyor: User, outcome: Outcome) -> None:
    with pytest.raises(UnableToVerify, match="เหตุผล") as refusal:
        verify(make_household(), surveyor, outcome, reason="  ")
    assert refusal.value.field == "reason"


def test_an_older_visit_cannot_replace_a_newer_one(surveyor: User) -> None:
    household = make_household()
    verify(household, surveyor, Outcome.POOR, visited_on=date(2026, 11, 12))
    with pytest.raises(UnableToVerify, match=r"12 พ\.ย\. 2569"):
        verify(household, surveyor, Outcome.NOT_POOR, visited_on=date(2026, 11, 11))


def test_who_has_no_right_in_the_area_is_refused(next_surveyor: User, viewer: User) -> None:
    household = make_household()
    for person in (next_surveyor, viewer):
        with pytest.raises(PermissionDenied):
            verify(household, person, Outcome.POOR)
    verify(make_household(area_id=NEXT_SUBDISTRICT), next_surveyor, Outcome.POOR)


def test_a_household_that_left_is_not_verified(surveyor: User) -> None:
    with pytest.raises(UnableToVerify, match="พ้นเป้าหมาย"):
        verify(make_household(stage="exited"), surveyor, Outcome.POOR)


def test_a_household_in_help_that_is_still_poor_stays_in_help(surveyor: User) -> None:
    household = make_household(stage="in_help")
    verify(household, surveyor, Outcome.POOR)
    assert state_of(household) == ("in_help", date(2026, 11, 1))


def test_a_newer_verdict_withdraws_the_proposal_of_an_older(surveyor: User) -> None:
    household = make_household()
    verify(household, surveyor, Outcome.NOT_POOR)
    verify(household, surveyor, Outcome.MOVED)
    assert list(household.exits.order_by("proposed_at", "pk").values_list("reason", "state")) == [
        ("not_poor", "withdrawn"),
        ("moved", "proposed"),
    ]


def test_a_retraction_restores_stage_and_day_and_keeps_the_history(surveyor: User) -> None:
    household = make_household()
    verification = verify(household, surveyor, Outcome.NOT_POOR)

    retract_verification(verification=verification, reason="กดผิดบ้าน", by=surveyor, at=AT)

    assert state_of(household) == ("listed", date(2026, 11, 1))
    assert household.exits.get().state == ExitState.WITHDRAWN
    verification.refresh_from_db()
    assert (verification.outcome, verification.retracted_reason) == ("not_poor", "กดผิดบ้าน")
    assert Event.objects.filter(event="verification.retracted").count() == 1


def test_a_verdict_is_taken_back_once(surveyor: User) -> None:
    verification = verify(make_household(), surveyor, Outcome.POOR)
    retract_verification(verification=verification, reason="ผิด", by=surveyor, at=AT)
    with pytest.raises(UnableToRetract, match="ไปแล้ว"):
        retract_verification(verification=verification, reason="ผิด", by=surveyor, at=AT)


def test_a_retraction_needs_a_reason(surveyor: User) -> None:
    verification = verify(make_household(), surveyor, Outcome.POOR)
    with pytest.raises(UnableToRetract, match="เหตุผล"):
        retract_verification(verification=verification, reason=" ", by=surveyor, at=AT)


def test_one_takes_back_ones_own_for_seven_days_and_an_officer_always(
    surveyor: User, officer: User, next_surveyor: User
) -> None:
    verification = verify(make_household(), surveyor, Outcome.POOR)
    late = AT + timedelta(days=7, seconds=1)
    for person, when in ((surveyor, late), (next_surveyor, AT)):
        with pytest.raises(PermissionDenied):
            retract_verification(verification=verification, reason="ผิด", by=person, at=when)
    retract_verification(verification=verification, reason="ผิด", by=officer, at=late)


def test_a_surveyor_does_not_take_back_what_another_recorded(surveyor: User, officer: User) -> None:
    verification = verify(make_household(), officer, Outcome.POOR)
    with pytest.raises(PermissionDenied, match="หัวหน้าทีม"):
        retract_verification(verification=verification, reason="ผิด", by=surveyor, at=AT)


def test_taking_back_the_newer_verdict_brings_the_older_proposal_back(surveyor: User) -> None:
    household = make_household()
    verify(household, surveyor, Outcome.NOT_POOR, visited_on=date(2026, 11, 10))
    newer = verify(household, surveyor, Outcome.POOR)

    retract_verification(verification=newer, reason="ผิดบ้าน", by=surveyor, at=AT)

    assert state_of(household) == ("verified_not_poor", date(2026, 11, 10))
    assert household.exits.filter(state=ExitState.PROPOSED).get().reason == "not_poor"


def test_taking_back_the_older_first_and_then_the_newer_leads_to_the_start(surveyor: User) -> None:
    household = make_household()
    older = verify(household, surveyor, Outcome.POOR, visited_on=date(2026, 11, 10))
    newer = verify(household, surveyor, Outcome.NOT_POOR, at=AT + timedelta(minutes=1))

    later = AT + timedelta(minutes=2)
    retract_verification(verification=older, reason="ผิด", by=surveyor, at=later)
    assert state_of(household)[0] == "verified_not_poor"
    newer.refresh_from_db()
    retract_verification(verification=newer, reason="ผิด", by=surveyor, at=later)
    assert state_of(household) == ("listed", date(2026, 11, 1))


def test_a_verdict_whose_exit_was_approved_stands(surveyor: User, officer: User) -> None:
    household = make_household()
    verification = verify(household, surveyor, Outcome.NOT_POOR)
    approve_exit(proposal=household.exits.get(), by=officer, at=AT)
    assert state_of(household) == ("exited", TODAY)
    with pytest.raises(UnableToRetract, match="อนุมัติ"):
        retract_verification(verification=verification, reason="ผิด", by=officer, at=AT)


def test_a_rejected_exit_puts_the_household_back(surveyor: User, officer: User) -> None:
    household = make_household()
    verify(household, surveyor, Outcome.MOVED)
    reject_exit(proposal=household.exits.get(), by=officer, at=AT, reason="ยังอยู่จริง")
    assert state_of(household) == ("listed", date(2026, 11, 1))


def test_a_surveyor_does_not_decide_an_exit(surveyor: User) -> None:
    household = make_household()
    verify(household, surveyor, Outcome.NOT_POOR)
    with pytest.raises(PermissionDenied):
        approve_exit(proposal=household.exits.get(), by=surveyor, at=AT)


def test_the_database_refuses_a_retraction_without_a_person(surveyor: User) -> None:
    verification = verify(make_household(), surveyor, Outcome.POOR)
    with pytest.raises(IntegrityError, match="retraction_all_or_none"), transaction.atomic():
        Verification.objects.filter(pk=verification.pk).update(retracted_at=AT)


def test_the_database_refuses_a_decided_exit_without_a_person(surveyor: User) -> None:
    household = make_household()
    verify(household, surveyor, Outcome.NOT_POOR)
    with pytest.raises(IntegrityError, match="decided_exactly"), transaction.atomic():
        Exit.objects.update(state=ExitState.APPROVED)


def test_the_database_refuses_a_second_standing_exit(surveyor: User) -> None:
    household = make_household()
    verify(household, surveyor, Outcome.NOT_POOR)
    other = household.exits.get()
    with pytest.raises(IntegrityError, match="one_standing"), transaction.atomic():
        Exit.objects.create(
            household=household,
            reason="moved",
            stage_before="listed",
            stage_date_before=TODAY,
            proposed_at=AT,
            proposed_by=other.proposed_by,
        )


def test_every_stage_has_its_moves_and_every_verdict_its_effect() -> None:
    assert set(TRANSITIONS) == set(Stage)
    assert set(STAGE_AFTER) == set(Outcome)
    assert all(STAGE_AFTER[outcome] is not None for outcome in EXIT_PROPOSED_BY)
