"""What an analyst sees of a register, area by area: no small number, and one story everywhere."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from accounts.models import User
from areas.models import Area
from dashboards.figures import Freshness, Summary
from dashboards.queries import breakdown, summary
from dashboards.queries.hiding import EVERYTHING_SHOWN, TABLES, decide
from dashboards.queries.reading import Numbers, Overdue, Read
from dashboards.services import aggregate
from dashboards.suppression import Hidden
from tests.dashboards.acts import ACTS, Tambon, list_as_target
from tests.factories import make_household
from tests.referrals.cases import AT

pytestmark = pytest.mark.django_db
YEAR_BE = 2569
NAMES = sorted(ACTS)


@pytest.fixture
def register(areas: None) -> None:
    """A tambon after a long life, and villages with many households beside it."""
    tambon = Tambon()
    random = Random(7)
    for which in range(3):
        for name in ("verify", "assess", "open_problem", "draft", "move_on", "move_on", "help"):
            tambon.act(name, which, 1 if name in ("move_on", "help") else 0)
    for _ in range(40):
        tambon.act(random.choice(NAMES), random.randrange(6), random.randrange(60))
    for village, number in (("30320101", 9), ("30320201", 7), ("30320202", 2), ("30010101", 21)):
        for _ in range(number):
            list_as_target(make_household(area_id=village))
    aggregate(at=AT)


def numbers_in(value: Any) -> Iterator[int]:
    """Yield every count inside figures, however deep."""
    if is_dataclass(value) and not isinstance(value, Freshness | type):
        for each in fields(value):
            if each.name not in ("goal", "year_be", "forums", "oldest_overdue_days"):
                yield from numbers_in(getattr(value, each.name))
    elif isinstance(value, dict):
        for each in value.values():
            yield from numbers_in(each)
    elif type(value) is int:
        yield value


def areas_down_from(code: str) -> Iterator[Area]:
    yield from Area.objects.under([code]).order_by("code")


def seen_by(user: User, area: Area) -> Summary:
    return summary(area=area, year_be=YEAR_BE, user=user, at=AT)


def test_an_analyst_meets_no_small_number_anywhere(register: None, viewer: User) -> None:
    for area in areas_down_from("30"):
        found = seen_by(viewer, area)
        assert [n for n in numbers_in(found) if 0 < n < 5] == [], area
        for row in breakdown(area=area, year_be=YEAR_BE, user=viewer, at=AT):
            assert [n for n in numbers_in(row) if 0 < n < 5] == [], row.area


def test_there_is_something_to_hide_and_something_to_show(
    register: None, viewer: User, province: User
) -> None:
    tambon = Area.objects.get(pk="303201")
    assert any(0 < n < 5 for n in numbers_in(seen_by(province, tambon)))
    assert seen_by(viewer, tambon).suppressed
    assert seen_by(viewer, Area.objects.get(pk="3001")).households == 21


def test_the_row_of_an_area_and_its_own_page_say_the_same(register: None, viewer: User) -> None:
    for area in areas_down_from("30"):
        for row in breakdown(area=area, year_be=YEAR_BE, user=viewer, at=AT):
            if row.is_own:
                continue
            page = seen_by(viewer, Area.objects.get(pk=row.area))
            assert (
                row.households,
                row.targets,
                row.people_total,
                row.coverage,
                row.kpi_a,
                row.helped_households,
                row.baht,
                row.overdue,
                row.exits,
            ) == (
                page.households,
                page.targets.total,
                page.people_total,
                page.coverage,
                page.kpi.a,
                page.helped.households,
                page.helped.baht,
                page.referrals.overdue,
                page.exits["graduated"],
            ), row.area


def test_who_works_there_sees_everything(register: None, province: User) -> None:
    for area in areas_down_from("30"):
        assert seen_by(province, area).suppressed == frozenset()


def numbers(**measures: int) -> tuple[Numbers, Overdue]:
    made = Numbers()
    made.update({name.replace("__", "."): Decimal(value) for name, value in measures.items()})
    return made, Overdue()


def test_what_two_tables_share_is_hidden_in_both() -> None:
    """In the present year who left is both a stage and the sum of the reasons."""
    places = {
        (2, "30"): numbers(stage__exited=40, stage__listed=90, exit__moved=20, exit__graduated=20),
        (4, "3001"): numbers(stage__exited=3, stage__listed=50, exit__moved=3),
        (4, "3002"): numbers(stage__exited=7, stage__listed=30, exit__moved=7),
        (4, "3003"): numbers(
            stage__exited=30, stage__listed=10, exit__moved=10, exit__graduated=20
        ),
    }
    read = Read(numbers={place: found[0] for place, found in places.items()}, overdue={})
    _, districts = decide(read, ["30"], smallest=5)
    assert districts["3001"]["exits"] == Hidden(parts=True, total=True)
    hidden = {code for code, decision in districts.items() if decision["exits"].total}
    assert all(districts[code]["stages"].parts for code in hidden)
    assert len(hidden) == 2


def test_the_length_of_the_list_does_not_tell_who_is_not_on_it() -> None:
    village = numbers(stage__listed=21, tpmap__waiting=19)
    read = Read(numbers={(2, "30"): village[0]}, overdue={})
    (province,) = decide(read, ["30"], smallest=5)[0].values()
    assert province["errors"].parts
    assert not province["stages"].parts


def test_every_table_has_its_decision() -> None:
    assert EVERYTHING_SHOWN.keys() == TABLES.keys()
