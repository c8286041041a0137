"""Two people at once, on real connections: one wins, and no number is given twice."""

import itertools
from datetime import date
from functools import partial

import pytest
from django.db import transaction

from accounts.roles import Role
from problems.models import Problem
from referrals import services
from referrals.models import Referral
from referrals.services.numbering import next_number
from referrals.workflow import Action, Status, Urgency
from tests.factories import PROVINCE, make_user
from tests.referrals.cases import AT, EXPECTED, Cast, make_problem, make_referral
from tests.referrals.moves import make_move
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def rounds() -> range:
    """A race is tried some times, as it may be won in either order."""
    return range(5)


def test_of_two_officers_who_answer_at_once_exactly_one_wins(rounds: range) -> None:
    cast = Cast()
    second = make_user(Role.AGENCY_OFFICER, PROVINCE, cast.agency)
    for _ in rounds:
        referral = make_referral(Status.SUBMITTED, cast=cast)
        seen = [Referral.objects.get(pk=referral.pk) for _ in range(2)]

        def accept(mine: Referral = seen[0]) -> None:
            services.accept(referral=mine, expected_date=EXPECTED, by=cast.officer, at=AT)

        def reject(mine: Referral = seen[1]) -> None:
            services.reject(referral=mine, reason="ไม่ใช่ภารกิจ", by=second, at=AT)

        results = together(accept, reject)
        assert sorted(type(result).__name__ for result in results) == ["NoneType", "Taken"]
        referral.refresh_from_db()
        won = Status.ACCEPTED if results[0] is None else Status.REJECTED
        assert referral.status == won
        lost = next(result for result in results if result is not None)
        assert str(cast.officer if won is Status.ACCEPTED else second) in str(lost)


def test_of_two_who_send_the_same_problem_to_one_agency_one_is_refused(rounds: range) -> None:
    cast = Cast()
    for _ in rounds:
        problem = make_problem()

        def send(mine: Problem = problem) -> Referral:
            return services.refer_problem(
                problem=Problem.objects.get(pk=mine.pk), agency=cast.agency, by=cast.district, at=AT
            )

        results = together(send, send)
        assert sorted(type(result).__name__ for result in results) == ["Referral", "UnableToRefer"]
        assert problem.referrals.count() == 1


def test_the_agency_starts_while_the_office_calls_off(rounds: range) -> None:
    cast = Cast()
    for _ in rounds:
        referral = make_referral(Status.ACCEPTED, cast=cast)
        seen = [Referral.objects.get(pk=referral.pk) for _ in range(2)]
        results = together(
            partial(make_move, Action.START, seen[0], cast.officer),
            partial(make_move, Action.CANCEL, seen[1], cast.district),
        )
        assert sorted(type(result).__name__ for result in results) == ["NoneType", "Taken"]
        steps = list(referral.events.order_by("pk").values_list("from_status", "to_status"))
        assert all(a[1] == b[0] for a, b in itertools.pairwise(steps))


def test_numbers_given_at_once_are_all_different_and_without_a_gap() -> None:
    def several() -> list[str]:
        found = []
        for _ in range(10):
            with transaction.atomic():
                found.append(next_number(province_code="30", on=date(2026, 11, 20)))
        return found

    numbers = sorted(number for batch in together(*[several] * 4) for number in batch)
    assert numbers == [f"RF-2569-30-{n:06d}" for n in range(1, 41)]


def test_each_province_and_year_counts_from_one() -> None:
    with transaction.atomic():
        first = next_number(province_code="30", on=date(2026, 12, 31))
        other = next_number(province_code="31", on=date(2026, 12, 31))
        later = next_number(province_code="30", on=date(2027, 1, 1))
    assert (first, other, later) == (
        "RF-2569-30-000001",
        "RF-2569-31-000001",
        "RF-2570-30-000001",
    )


def test_a_number_that_was_not_used_is_given_again() -> None:
    with transaction.atomic():
        unused = next_number(province_code="30", on=date(2026, 11, 20))
        transaction.set_rollback(True)
    with transaction.atomic():
        assert next_number(province_code="30", on=date(2026, 11, 20)) == unused


def test_of_two_who_set_working_days_at_once_one_is_told_or_comes_second() -> None:
    province = make_user(Role.PROVINCE_OFFICER, PROVINCE)

    def set_days(days: int) -> int:
        return services.set_sla_terms(
            days={(Status.SUBMITTED, Urgency.NORMAL): days}, by=province, at=AT
        )

    results = together(partial(set_days, 3), partial(set_days, 4))
    versions = sorted(result for result in results if isinstance(result, int))
    refused = [result for result in results if not isinstance(result, int)]
    assert versions in ([1], [1, 2])
    assert all(isinstance(error, services.Taken) for error in refused)
    assert len(versions) + len(refused) == 2
