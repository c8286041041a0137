"""What a summary and a breakdown say when little is known, how current, and at what cost."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from areas.models import Area
from dashboards.figures import BeforeAfter, CapitalFigures, Share, deviation_of, mean_of, percent_of
from dashboards.queries import breakdown, freshness, summary, years
from dashboards.services import aggregate
from households.models import SourceListing
from tests.dashboards.acts import Tambon, list_as_target
from tests.factories import make_area_tree, make_household
from tests.referrals.cases import AT, make_referral

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)
YEAR_BE = 2569


def area(code: str) -> Area:
    return Area.objects.get(pk=code)


def test_nothing_known_is_nothing_said(province: User) -> None:
    found = summary(area=area("30"), year_be=YEAR_BE, user=province, at=AT)
    assert (found.households, found.people_total, found.assessed) == (0, 0, 0)
    assert set(found.capitals.values()) == {
        CapitalFigures(mean=None, sd=None, n=0, change_from_last_year=None)
    }
    assert found.change == BeforeAfter(n=0, before=None, after=None, improved=0)
    shares = (found.kpi.a, found.kpi.b, found.errors.inclusion, found.errors.exclusion)
    assert {share.percent for share in (*shares, found.coverage)} == {None}
    assert found.referrals.oldest_overdue_days is None
    assert found.suppressed == frozenset()
    assert years() == []


def test_a_household_without_a_list_is_no_one_s_target(province: User) -> None:
    house = make_household()
    list_as_target(make_household())
    aggregate(at=AT)
    found = summary(area=area("30"), year_be=YEAR_BE, user=province, at=AT)
    assert found.households == 1
    assert not house.listings.exists()


def test_a_list_named_for_next_year_counts_from_now(province: User) -> None:
    list_as_target(make_household(), year_be=2570)
    aggregate(at=AT)
    assert summary(area=area("30"), year_be=YEAR_BE, user=province, at=AT).households == 1


@pytest.mark.parametrize(
    ("lines", "is_target"),
    [
        ([(2567, True, True)], True),
        ([(2567, True, False)], False),
        ([(2567, False, True)], False),
        ([(2567, None, None)], True),
        ([(2567, True, None)], True),
        ([(2566, True, True), (2567, True, False)], False),
        ([(2566, True, False), (2567, True, True)], True),
    ],
)
def test_the_newest_list_says_who_is_a_target(
    lines: list[tuple[int, bool | None, bool | None]], is_target: bool, province: User
) -> None:
    house = make_household()
    for year_be, poor, card in lines:
        list_as_target(house, year_be=year_be, is_mpi_poor=poor, has_welfare_card=card)
    aggregate(at=AT)
    found = summary(area=area("30"), year_be=YEAR_BE, user=province, at=AT)
    assert found.targets.listed == int(is_target)


def test_the_change_from_last_year_is_between_two_means(province: User) -> None:
    tambon = Tambon()
    tambon.act("verify", 0, 0)
    for flavour in (4, 7):  # 2568 before, 2569 before; another answer about the house
        tambon.act("assess", 0, flavour)
    aggregate(at=AT)
    found = summary(area=area("303201"), year_be=YEAR_BE, user=province, at=AT)
    before = summary(area=area("303201"), year_be=YEAR_BE - 1, user=province, at=AT)
    now, then = found.capitals["physical"], before.capitals["physical"]
    assert now.mean is not None
    assert then.mean is not None
    assert now.change_from_last_year == now.mean - then.mean != 0
    assert then.change_from_last_year is None


# ---- how current ---------------------------------------------------------------------------
def test_figures_are_of_now_while_nothing_waits(province: User) -> None:
    assert freshness(at=AT).as_of is None
    list_as_target(make_household())
    assert (freshness(at=AT).as_of, freshness(at=AT).waiting) == (None, 1)
    aggregate(at=AT)
    assert (freshness(at=LATER).as_of, freshness(at=LATER).waiting) == (LATER, 0)
    list_as_target(make_household())
    assert (freshness(at=LATER).as_of, freshness(at=LATER).waiting) == (AT, 1)


def test_last_year_s_cells_are_not_of_now() -> None:
    make_area_tree()
    list_as_target(make_household())
    aggregate(at=AT)
    assert freshness(at=datetime(2027, 1, 1, 3, tzinfo=UTC)).as_of == AT


# ---- who, and at what cost --------------------------------------------------------------------
def test_the_area_is_one_s_own_unless_named(district: User) -> None:
    assert summary(year_be=YEAR_BE, user=district, at=AT).area == "3032"
    assert [row.area for row in breakdown(year_be=YEAR_BE, user=district, at=AT)] == [
        "303201",
        "303202",
        "303203",
        "303204",
        "303205",
    ]


@pytest.mark.parametrize("question", [summary, breakdown])
def test_outside_one_s_area_and_without_the_right_there_is_nothing(
    question: Any, district: User, surveyor: User, outsider: User, stranger: User
) -> None:
    for user in (surveyor, outsider, stranger):
        with pytest.raises(PermissionDenied):
            question(area=area("3032"), year_be=YEAR_BE, user=user, at=AT)
    with pytest.raises(PermissionDenied):
        question(area=area("30"), year_be=YEAR_BE, user=district, at=AT)


def queries_of(question: Any, **arguments: Any) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        question(year_be=YEAR_BE, at=AT, **arguments)
    return len(captured)


@pytest.mark.parametrize(("question", "number"), [(summary, 7), (breakdown, 3)])
def test_the_number_of_queries_is_fixed(
    question: Any, number: int, province: User, viewer: User
) -> None:
    places = [area(code) for code in ("30", "3032", "303201")]
    for user in (province, viewer):
        summary(area=places[0], year_be=YEAR_BE, user=user, at=AT)  # reads the scopes
    empty = [queries_of(question, area=places[0], user=province)]
    for place in ("30320101", "30320102", "30320201", "30010101"):
        list_as_target(make_household(area_id=place))
    make_referral()
    aggregate(at=AT)
    full = [
        queries_of(question, area=place, user=user)
        for place in places
        for user in (province, viewer)
    ]
    assert {*empty, *full} == {number}


def test_a_village_has_nothing_inside(province: User) -> None:
    assert breakdown(area=area("30320101"), year_be=YEAR_BE, user=province, at=AT) == []


# ---- what is computed from sums -----------------------------------------------------------------
def test_means_and_deviations_are_those_of_the_textbook() -> None:
    scores = [Decimal(text) for text in ("2.00", "4.00", "4.00", "4.00", "5.00", "5.00")]
    total, squares = sum(scores, Decimal(0)), sum((s * s for s in scores), Decimal(0))
    assert mean_of(total, 6) == Decimal("4.00")
    # Deviations −2, 0, 0, 0, 1, 1: squares 6 over 5.
    assert deviation_of(total, squares, 6) == Decimal("1.10")
    assert deviation_of(Decimal("2.61"), Decimal("6.8121"), 1) is None
    assert mean_of(Decimal(0), 0) is None


def test_a_share_of_nothing_is_not_zero() -> None:
    assert percent_of(0, 0) is None
    assert percent_of(None, 5) is None
    assert percent_of(0, 5) == 0
    assert str(Share(2, 3).percent) == "66.7"


def test_old_years_are_not_kept(province: User) -> None:
    make_area_tree()
    house = make_household()
    SourceListing.objects.create(household=house, source="tpmap", year_be=2550)
    list_as_target(house, year_be=2551)
    aggregate(at=AT)
    assert years() == [2569, 2568, 2567, 2566, 2565]
    assert date(2026, 11, 20).year + 543 == years()[0]
