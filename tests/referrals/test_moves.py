"""The services do what the table of moves says, for whom it says, and nothing else."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from accounts.roles import Role
from areas.models import AreaChange
from audit.models import Event
from households.models import AccessGrant, Household
from referrals.models import Referral, ReferralEvent
from referrals.services import Taken, UnableToRefer, WrongState
from referrals.workflow import MOVE_OF, MOVES, Action, Actor, Fact, Move, Status
from tests.factories import DISTRICT, OTHER_PROVINCE, PROVINCE, SUBDISTRICT, make_scope, make_user
from tests.referrals.cases import AT, Cast, give_help, make_referral
from tests.referrals.moves import BLANK, SERVICES, make_move, mover_of

pytestmark = pytest.mark.django_db

ALLOWED = [(move, source) for move in MOVES for source in sorted(move.sources)]
FORBIDDEN = [(s, a) for s in Status for a in Action if s not in MOVE_OF[a].sources]
# Checking goes on at once: to closed here, as the problem is gone.
REACHED = {Action.CHECK: Status.CLOSED}


def named(value: Any) -> str:
    return value.action.value if isinstance(value, Move) else value.value


def everything() -> list[Any]:
    """Return all that a move could change."""
    rows = [model.objects.order_by("pk") for model in (Referral, Household, AccessGrant)]
    return [*map(list, (query.values() for query in rows))] + [
        model.objects.count() for model in (ReferralEvent, Event, AreaChange)
    ]


def ready(source: Status, action: Action, cast: Cast) -> Referral:
    referral = make_referral(source, cast=cast)
    if action is Action.REPORT_HELP and source in (Status.ACCEPTED, Status.IN_PROGRESS):
        give_help(referral, cast.officer)
    return referral


def test_every_move_has_its_service() -> None:
    assert SERVICES.keys() == set(Action) == {move.action for move in MOVES}


@pytest.mark.parametrize(("move", "source"), ALLOWED, ids=named)
def test_a_move_of_the_table_is_made_and_written_down(move: Move, source: Status) -> None:
    cast = Cast()
    referral = ready(source, move.action, cast)
    version, trail = referral.version, Event.objects.count()
    by = mover_of(move.action, cast)
    make_move(move.action, referral, by)

    held = referral.status
    referral.refresh_from_db()
    assert referral.status == held == REACHED.get(move.action, move.to)
    assert referral.version > version
    last = referral.events.filter(action=move.action.value).latest("pk")
    assert (last.from_status or None, last.to_status, last.by, last.at) == (
        Status.RECEIVED if move.action is Action.ACCEPT and source is Status.SUBMITTED else source,
        move.to,
        by,
        AT,
    )
    assert Event.objects.count() > trail
    assert AreaChange.objects.filter(area=referral.household.area_id).exists()


@pytest.mark.parametrize(("source", "action"), FORBIDDEN, ids=named)
def test_a_move_that_is_not_in_the_table_is_refused_and_changes_nothing(
    source: Status, action: Action
) -> None:
    cast = Cast()
    referral = make_referral(source, cast=cast)
    before = everything()
    with pytest.raises(WrongState, match=referral.number):
        make_move(action, referral, mover_of(action, cast))
    assert everything() == before


# ---- who -----------------------------------------------------------------------------------
def strangers_to(actor: Actor) -> Iterator[User]:
    """Yield people who may not make an actor's moves in the village, close as they come."""
    yield make_user()
    yield make_user(Role.ANALYST, PROVINCE)
    yield make_user(Role.PROVINCE_OFFICER, OTHER_PROVINCE)
    yield make_user(Role.SYSTEM_ADMIN, PROVINCE)
    yield make_user(Role.AGENCY_OFFICER, PROVINCE)
    if actor is not Actor.FIELD:
        yield make_user(Role.SURVEYOR, SUBDISTRICT)
    if actor is Actor.MANAGER:
        yield make_user(Role.TEAM_LEAD, SUBDISTRICT)
    if actor is Actor.AGENCY:
        yield make_user(Role.PROVINCE_OFFICER, PROVINCE)


@pytest.mark.parametrize(("move", "source"), ALLOWED, ids=named)
def test_nobody_else_may_make_a_move(move: Move, source: Status) -> None:
    cast = Cast()
    referral = ready(source, move.action, cast)
    people = list(strangers_to(move.actor))
    if move.actor is not Actor.AGENCY:
        people.append(cast.officer)
    before = everything()
    for person in people:
        with pytest.raises(PermissionDenied):
            make_move(move.action, referral, person)
    assert everything() == before


def test_the_agency_answers_only_where_its_officer_works() -> None:
    cast = Cast()
    elsewhere = make_user(Role.AGENCY_OFFICER, "3001", cast.agency)
    referral = make_referral(Status.SUBMITTED, cast=cast)
    with pytest.raises(PermissionDenied):
        make_move(Action.RECEIVE, referral, elsewhere)


def test_a_draft_is_called_off_by_its_maker_and_what_was_sent_by_the_office() -> None:
    cast = Cast()
    referral = make_referral(Status.DRAFT, cast=cast)
    Referral.objects.filter(pk=referral.pk).update(created_by=cast.surveyor)
    referral.refresh_from_db()
    make_move(Action.CANCEL, referral, cast.surveyor)
    assert referral.status == Status.CANCELLED

    sent = make_referral(Status.SUBMITTED)
    Referral.objects.filter(pk=sent.pk).update(created_by=cast.surveyor)
    with pytest.raises(PermissionDenied):
        make_move(Action.CANCEL, sent, cast.surveyor)


def test_who_reported_the_help_cannot_check_it_even_holding_both_roles() -> None:
    cast = Cast()
    referral = make_referral(Status.HELPED, cast=cast)
    both = cast.officer
    both.scopes.create(
        role=Role.DISTRICT_OFFICER,
        area_id=DISTRICT,
        valid_until=both.scopes.get().valid_until,
    )
    both = User.objects.get(pk=both.pk)
    with pytest.raises(PermissionDenied, match="ตนเอง"):
        make_move(Action.CHECK, referral, both)
    make_move(Action.CHECK, referral, cast.surveyor)
    assert referral.checked_by == cast.surveyor


def test_a_colleague_of_the_reporter_cannot_check_either() -> None:
    cast = Cast()
    referral = make_referral(Status.HELPED, cast=cast)
    officer = make_user(Role.AGENCY_OFFICER, PROVINCE, cast.agency)
    make_scope(officer, Role.SURVEYOR, DISTRICT)
    with pytest.raises(PermissionDenied, match="หน่วยงานตนเอง"):
        make_move(Action.CHECK, referral, User.objects.get(pk=officer.pk))
    assert referral.status == Status.HELPED


# ---- with what -----------------------------------------------------------------------------
NEEDED = [(move, fact) for move in MOVES for fact in move.needs]


@pytest.mark.parametrize(("move", "fact"), NEEDED, ids=named)
def test_a_move_without_what_it_needs_is_refused_beside_the_field(move: Move, fact: Fact) -> None:
    cast = Cast()
    source = min(move.sources, key=list(Status).index)
    referral = make_referral(source, cast=cast)
    if move.action is Action.REPORT_HELP and fact is not Fact.ASSISTANCE:
        give_help(referral, cast.officer)
    if move.action is Action.SUBMIT:
        Referral.objects.filter(pk=referral.pk).update(agency=None)
        referral.refresh_from_db()
    before = everything()
    with pytest.raises(UnableToRefer) as refusal:
        make_move(move.action, referral, mover_of(move.action, cast), **BLANK[fact])
    assert refusal.value.field == fact.value
    assert everything() == before


def test_help_that_was_taken_back_is_no_assistance_to_report() -> None:
    cast = Cast()
    referral = make_referral(Status.ACCEPTED, cast=cast)
    given = give_help(referral, cast.officer)
    given.retracted_at, given.retracted_by, given.retracted_reason = AT, cast.officer, "ผิดบ้าน"
    given.save()
    with pytest.raises(UnableToRefer) as refusal:
        make_move(Action.REPORT_HELP, referral, cast.officer)
    assert refusal.value.field == "assistance"


def test_an_expected_day_that_has_passed_is_refused() -> None:
    cast = Cast()
    referral = make_referral(Status.SUBMITTED, cast=cast)
    with pytest.raises(UnableToRefer) as refusal:
        make_move(
            Action.ACCEPT,
            referral,
            cast.officer,
            expected_date=AT.date() - timedelta(days=1),
        )
    assert refusal.value.field == "expected_date"


# ---- somebody was first --------------------------------------------------------------------
def test_a_page_that_is_older_than_the_referral_loses_and_says_who_won() -> None:
    cast = Cast()
    seen = make_referral(Status.SUBMITTED, cast=cast)
    first = make_user(Role.AGENCY_OFFICER, PROVINCE, cast.agency, name="มาก่อน ทดสอบ")
    make_move(Action.RECEIVE, Referral.objects.get(pk=seen.pk), first)

    before = everything()
    with pytest.raises(Taken) as refusal:
        make_move(Action.ACCEPT, seen, cast.officer)
    assert "มาก่อน ทดสอบ" in str(refusal.value)
    assert "หน่วยงานรับเรื่อง" in str(refusal.value)
    fresh = Referral.objects.get(pk=seen.pk)
    with pytest.raises(Taken):
        make_move(Action.ACCEPT, fresh, cast.officer, version=seen.version)
    assert everything() == before


def test_pressing_twice_says_that_it_was_oneself() -> None:
    cast = Cast()
    referral = make_referral(Status.SUBMITTED, cast=cast)
    version = referral.version
    make_move(Action.RECEIVE, referral, cast.officer, version=version)
    with pytest.raises(Taken, match=r"^ท่าน"):
        make_move(Action.RECEIVE, referral, cast.officer, version=version)
