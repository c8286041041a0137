import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts.models import Scope, User
from accounts.roles import Role
from audit.models import Event
from fieldwork.models import Assignment
from fieldwork.services import (
    UnableToAssign,
    assign_households,
    assign_villages,
    hand_over,
    progress_by_village,
    progress_by_worker,
    take_back,
)
from fieldwork.workflow import Ended
from households.models import Household, ProtectedAccess
from households.services import retract_verification
from households.workflow import Outcome, Stage
from tests.factories import (
    DISTRICT,
    SUBDISTRICT,
    VILLAGE,
    make_household,
    make_user,
)
from tests.fieldwork.cases import AT, DUE, LATER, TODAY, assigned, drawn, visited, waiting


def give(village: str, surveyor: User, by: User) -> int:
    return assign_villages(village_codes=[village], surveyor=surveyor, due_on=DUE, by=by, at=AT)


# ---- sharing out -------------------------------------------------------------------------
def test_a_village_is_given_whole(district: User, surveyor: User) -> None:
    rows = waiting(3)
    make_household(stage=Stage.VERIFIED_POOR)
    waiting(1, "30320102")

    assert give(VILLAGE, surveyor, district) == 3

    given = Assignment.objects.open()
    assert {row.household_id for row in given} == {row.pk for row in rows}
    assert {(row.surveyor, row.due_on, row.assigned_by) for row in given} == {
        (surveyor, DUE, district)
    }
    event = Event.objects.get(event="visits.assigned")
    assert (event.area, event.detail["households"]) == (VILLAGE, 3)


def test_what_came_later_is_given_without_what_was_given(district: User, surveyor: User) -> None:
    waiting(2)
    give(VILLAGE, surveyor, district)
    with pytest.raises(UnableToAssign, match="ไม่มีครัวเรือน"):
        give(VILLAGE, surveyor, district)
    waiting(1)
    assert give(VILLAGE, make_user(Role.SURVEYOR, SUBDISTRICT), district) == 1


def test_a_visit_ends_the_work_and_its_retraction_brings_it_back(
    district: User, surveyor: User
) -> None:
    row = assigned(waiting()[0], surveyor)

    verification = visited(row.household, surveyor, Outcome.NOT_FOUND)
    assert not Assignment.objects.open().exists()

    retract_verification(verification=verification, reason="ผิดบ้าน", by=district, at=LATER)
    assert Assignment.objects.open().get() == row


def test_a_household_is_given_again_to_another(district: User, surveyor: User) -> None:
    first = assigned(waiting()[0], surveyor)
    visited(first.household, surveyor, Outcome.NOT_FOUND)
    other = make_user(Role.SURVEYOR, SUBDISTRICT)

    assign_households(
        household_ids=[first.household_id], surveyor=other, due_on=DUE, by=district, at=LATER
    )

    first.refresh_from_db()
    assert (first.ended, first.ended_by) == (Ended.AGAIN, district)
    assert Assignment.objects.open().get().surveyor == other


def test_work_is_refused_where_it_cannot_be_done(
    district: User, surveyor: User, next_surveyor: User, outsider: User
) -> None:
    household = waiting()[0]
    for by, who, due, refusal in (
        (district, next_surveyor, DUE, UnableToAssign),
        (district, surveyor, TODAY - timedelta(days=1), UnableToAssign),
        (surveyor, surveyor, DUE, PermissionDenied),
        (outsider, surveyor, DUE, PermissionDenied),
    ):
        with pytest.raises(refusal):
            assign_villages(village_codes=[VILLAGE], surveyor=who, due_on=due, by=by, at=AT)
    with pytest.raises(UnableToAssign, match="ดูได้"):
        assign_households(
            household_ids=[household.pk], surveyor=surveyor, due_on=DUE, by=outsider, at=AT
        )
    assert not Assignment.objects.exists()


def test_a_protected_household_is_given_only_to_who_is_named(
    province: User, surveyor: User
) -> None:
    secret, plain = waiting(2)
    Household.objects.filter(pk=secret.pk).update(is_protected=True)
    ProtectedAccess.objects.create(
        household=secret, user=province, reason="คุ้มครอง", granted_at=AT, granted_by=province
    )

    assert give(VILLAGE, surveyor, province) == 1
    assert Assignment.objects.get().household == plain
    with pytest.raises(UnableToAssign, match="ครัวเรือนคุ้มครอง"):
        assign_households(
            household_ids=[secret.pk], surveyor=surveyor, due_on=DUE, by=province, at=AT
        )
    assigned(secret, province, province)
    with pytest.raises(UnableToAssign, match="ครัวเรือนคุ้มครอง"):
        hand_over(leaver=province, taker=surveyor, by=province, at=AT)
    assert Assignment.objects.standing().get(household=secret).surveyor == province


def test_who_has_left_is_not_visited(district: User, surveyor: User) -> None:
    gone = make_household(stage=Stage.EXITED)
    with pytest.raises(UnableToAssign, match="พ้นเป้าหมาย"):
        assign_households(
            household_ids=[gone.pk], surveyor=surveyor, due_on=DUE, by=district, at=AT
        )


def test_work_is_taken_back_once(district: User, surveyor: User) -> None:
    row = assigned(waiting()[0], surveyor)
    take_back(assignment=row, by=district, at=LATER)
    assert not Assignment.objects.open().exists()
    with pytest.raises(UnableToAssign):
        take_back(assignment=row, by=district, at=LATER)
    with pytest.raises(PermissionDenied):
        take_back(assignment=row, by=surveyor, at=LATER)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_give_one_village_one_wins() -> None:
    waiting(3)
    officers = [make_user(Role.DISTRICT_OFFICER, DISTRICT) for _ in range(2)]
    surveyors = [make_user(Role.SURVEYOR, SUBDISTRICT) for _ in range(2)]
    start = threading.Barrier(2)
    outcomes: list[int] = []

    def act(number: int) -> None:
        try:
            start.wait(timeout=20)
            outcomes.append(give(VILLAGE, surveyors[number], officers[number]))
        except UnableToAssign:
            outcomes.append(0)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == [0, 3]
    assert Assignment.objects.standing().values("surveyor").distinct().count() == 1


# ---- handing over ------------------------------------------------------------------------
def test_all_open_work_is_handed_over(district: User, surveyor: User) -> None:
    done, *rest = waiting(3)
    rows = [assigned(household, surveyor) for household in (done, *rest)]
    visited(done, surveyor)
    check = drawn(visited(waiting()[0], district), checker=surveyor)
    taker = make_user(Role.SURVEYOR, SUBDISTRICT)

    assert hand_over(leaver=surveyor, taker=taker, by=district, at=LATER) == 3

    taken = Assignment.objects.open().filter(surveyor=taker)
    assert {row.household_id for row in taken} == {row.pk for row in rest}
    assert {row.taken_over_from for row in taken} == set(rows[1:])
    assert {row.due_on for row in taken} == {DUE}
    check.refresh_from_db()
    assert check.checker == taker
    event = Event.objects.get(event="visits.handed-over")
    assert event.subject_id == str(surveyor.pk)
    assert (event.detail["households"], event.detail["second_visits"]) == (2, 1)
    with pytest.raises(UnableToAssign, match="ไม่มีงานค้าง"):
        hand_over(leaver=surveyor, taker=taker, by=district, at=LATER)


def test_nobody_takes_over_the_check_of_an_own_visit(district: User, surveyor: User) -> None:
    taker = make_user(Role.SURVEYOR, SUBDISTRICT)
    check = drawn(visited(waiting()[0], taker), checker=surveyor)

    hand_over(leaver=surveyor, taker=taker, by=district, at=LATER)

    check.refresh_from_db()
    assert (check.checker, check.due_on) == (None, None)


def test_work_is_handed_over_only_to_who_may_do_it(
    district: User, surveyor: User, next_surveyor: User, outsider: User
) -> None:
    assigned(waiting()[0], surveyor)
    for taker, by, refusal in (
        (next_surveyor, district, UnableToAssign),
        (surveyor, district, UnableToAssign),
        (make_user(Role.SURVEYOR, SUBDISTRICT), outsider, UnableToAssign),
        (make_user(Role.SURVEYOR, SUBDISTRICT), surveyor, PermissionDenied),
    ):
        with pytest.raises(refusal):
            hand_over(leaver=surveyor, taker=taker, by=by, at=LATER)
    assert Assignment.objects.open().get().surveyor == surveyor


def test_work_whose_owner_is_gone_is_seen(district: User, surveyor: User) -> None:
    assigned(waiting()[0], surveyor)
    assert not Assignment.objects.open().unowned(on=TODAY).exists()

    Scope.objects.filter(user=surveyor).update(valid_until=date(2026, 11, 19))
    assert Assignment.objects.open().unowned(on=TODAY).count() == 1

    Scope.objects.filter(user=surveyor).update(valid_until=date(2999, 1, 1))
    User.objects.filter(pk=surveyor.pk).update(is_active=False)
    assert Assignment.objects.open().unowned(on=TODAY).count() == 1


def test_a_household_that_moved_away_is_unowned_work(surveyor: User) -> None:
    row = assigned(waiting()[0], surveyor)
    Household.objects.filter(pk=row.household_id).update(area_id="30320201")
    assert Assignment.objects.open().unowned(on=TODAY).get() == row


# ---- counting ----------------------------------------------------------------------------
def test_progress_is_counted_by_hand(district: User, surveyor: User) -> None:
    rows = waiting(4)
    for household in rows[:3]:
        assigned(household, surveyor)
    visited(rows[0], surveyor)
    Assignment.objects.filter(household=rows[1]).update(due_on=date(2026, 11, 1))
    seen = Household.objects.visible_to(district)
    work = Assignment.objects.visible_to(district)

    (village,) = progress_by_village(households=seen, assignments=work, today=TODAY)
    assert (village.code, village.waiting, village.unassigned) == (VILLAGE, 3, 1)
    assert (village.open, village.late, village.done, village.assigned) == (2, 1, 1, 3)

    User.objects.filter(pk=surveyor.pk).update(is_active=False)
    (worker,) = progress_by_worker(assignments=work, today=TODAY)
    assert (worker.surveyor, worker.open, worker.late, worker.done) == (surveyor, 2, 1, 1)
    assert worker.unowned == 2


def test_work_is_seen_where_the_household_is(
    surveyor: User, next_surveyor: User, outsider: User
) -> None:
    row = assigned(waiting()[0], surveyor)
    assert Assignment.objects.visible_to(surveyor).get() == row
    for other in (next_surveyor, outsider):
        assert not Assignment.objects.visible_to(other).exists()
