"""Until when somebody is in time: working days, by status and urgency, past holidays."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import Event
from referrals import services
from referrals.models import Holiday, Referral, SlaTerm
from referrals.services import DEFAULT_DAYS, UnableToRefer
from referrals.services.due import last_day
from referrals.workflow import TIMED, Action, Status, Urgency
from tests.referrals.cases import AT, TODAY, Cast, make_referral
from tests.referrals.moves import make_move

pytestmark = pytest.mark.django_db

# 20 November 2026 is a Friday.
IN_3, IN_5, IN_7 = date(2026, 11, 25), date(2026, 11, 27), date(2026, 12, 1)
IN_14 = date(2026, 12, 10)


def due(status: Status, urgency: Urgency = Urgency.NORMAL) -> date | None:
    return last_day(status=status, urgency=urgency, since=TODAY)


def test_the_defaults_cover_exactly_what_is_timed() -> None:
    assert DEFAULT_DAYS.keys() == TIMED
    assert all(days.keys() == set(Urgency) for days in DEFAULT_DAYS.values())


def test_weekends_do_not_count_and_urgency_shortens_the_help() -> None:
    assert due(Status.SUBMITTED) == IN_7
    assert due(Status.ACCEPTED, Urgency.URGENT) == IN_14
    assert due(Status.ACCEPTED, Urgency.MOST_URGENT) == IN_3
    assert due(Status.CLOSED) is None


def test_a_holiday_gives_a_day_more() -> None:
    Holiday.objects.create(date=date(2026, 11, 23), name="วันหยุดพิเศษ")
    Holiday.objects.create(date=date(2026, 11, 22), name="ตรงกับวันอาทิตย์")
    assert due(Status.ACCEPTED, Urgency.MOST_URGENT) == date(2026, 11, 26)


def test_the_days_run_in_thai_time() -> None:
    just_after_midnight = datetime(2026, 11, 19, 17, 30, tzinfo=UTC)
    referral = make_referral(Status.DRAFT)
    services.submit(referral=referral, by=Cast().district, at=just_after_midnight)
    assert referral.due_on == IN_7


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.DRAFT, None),
        (Status.SUBMITTED, IN_7),
        (Status.RECEIVED, IN_7),
        (Status.RETURNED, IN_7),
        (Status.REJECTED, IN_7),
        (Status.ACCEPTED, IN_14),
        (Status.IN_PROGRESS, IN_14),
        (Status.HELPED, date(2027, 1, 1)),
        (Status.CLOSED, None),
        (Status.CANCELLED, None),
    ],
)
def test_each_status_has_its_day(status: Status, expected: date | None) -> None:
    assert make_referral(status, urgency=Urgency.URGENT).due_on == expected


def test_beginning_the_work_gives_no_more_time_but_a_failed_check_does() -> None:
    cast = Cast()
    referral = make_referral(Status.ACCEPTED, cast=cast, urgency=Urgency.URGENT)
    later = datetime(2026, 12, 8, 3, 0, tzinfo=UTC)
    make_move(Action.START, referral, cast.officer, at=later)
    assert referral.due_on == IN_14

    helped = make_referral(Status.HELPED, cast=cast, urgency=Urgency.MOST_URGENT)
    make_move(Action.CHECK, helped, cast.surveyor, problem_remains=True, at=later)
    assert helped.due_on == date(2026, 12, 11)


def test_overdue_is_from_the_day_after() -> None:
    make_referral(Status.SUBMITTED)
    assert not Referral.objects.overdue(on=IN_7).exists()
    assert Referral.objects.overdue(on=date(2026, 12, 2)).exists()


# ---- as staff set it --------------------------------------------------------------------------
def test_a_new_version_changes_what_it_names_and_keeps_the_rest(province: User) -> None:
    services.load_reference_data(at=AT)
    version = services.set_sla_terms(
        days={(Status.SUBMITTED, Urgency.NORMAL): 3}, by=province, at=AT
    )
    assert version == 2
    assert due(Status.SUBMITTED) == IN_3
    assert due(Status.SUBMITTED, Urgency.URGENT) == IN_7
    assert SlaTerm.objects.filter(version=1, status="submitted", days=7).count() == 3
    assert Event.objects.get(event="sla.changed").detail == {"version": 2, "changed": 1}


def test_a_day_that_was_set_stays_when_the_terms_change(province: User) -> None:
    referral = make_referral(Status.SUBMITTED)
    services.set_sla_terms(days={(Status.SUBMITTED, Urgency.NORMAL): 1}, by=province, at=AT)
    referral.refresh_from_db()
    assert referral.due_on == IN_7


@pytest.mark.parametrize(
    ("status", "days"), [(Status.DRAFT, 3), (Status.SUBMITTED, 0), (Status.SUBMITTED, 366)]
)
def test_impossible_terms_are_refused(province: User, status: Status, days: int) -> None:
    with pytest.raises(UnableToRefer):
        services.set_sla_terms(days={(status, Urgency.NORMAL): days}, by=province, at=AT)
    assert not SlaTerm.objects.exists()


def test_holidays_are_added_named_anew_and_removed(province: User) -> None:
    day = date(2026, 12, 7)
    assert services.add_holidays(holidays=[(day, "ชดเชย")], by=province, at=AT) == 1
    assert services.add_holidays(holidays=[(day, "ชดเชยวันพ่อ")], by=province, at=AT) == 0
    assert Holiday.objects.get().name == "ชดเชยวันพ่อ"
    with pytest.raises(UnableToRefer):
        services.add_holidays(holidays=[(date(2026, 12, 8), " ")], by=province, at=AT)
    services.remove_holiday(holiday=Holiday.objects.get(), by=province, at=AT)
    assert not Holiday.objects.exists()


def test_the_district_does_not_set_terms_or_holidays(district: User) -> None:
    with pytest.raises(PermissionDenied):
        services.set_sla_terms(days={}, by=district, at=AT)
    with pytest.raises(PermissionDenied):
        services.add_holidays(holidays=[(TODAY, "x")], by=district, at=AT)
    holiday = Holiday.objects.create(date=TODAY, name="x")
    with pytest.raises(PermissionDenied):
        services.remove_holiday(holiday=holiday, by=district, at=AT)


def test_reference_data_is_loaded_once_and_never_over_what_staff_set(province: User) -> None:
    services.load_reference_data(at=AT)
    assert SlaTerm.objects.count() == len(TIMED) * len(Urgency)
    services.set_sla_terms(days={(Status.HELPED, Urgency.NORMAL): 5}, by=province, at=AT)
    assert services.load_reference_data(at=AT) == 0
    assert due(Status.HELPED) == IN_5
