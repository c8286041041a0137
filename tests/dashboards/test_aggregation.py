"""The cells after any acts are what a full recount gives, whoever writes at the same time."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils.timezone import localdate
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from areas.models import Area, AreaChange
from areas.services import mark_changed
from dashboards import tasks
from dashboards.models import DashboardCell, DashboardRun
from dashboards.services import (
    aggregate,
    aggregating,
    check_and_mend,
    compare,
    count_cells,
    rebuild,
)
from tests.dashboards.acts import A_WHOLE_LIFE, ACTS, PLACES, Tambon, list_as_target
from tests.factories import make_area_tree, make_household
from tests.imports.batches import applied, people, undo
from tests.proof import times
from tests.referrals.cases import AT

NEXT_YEAR = datetime(2027, 1, 4, 3, tzinfo=UTC)
NAMES = sorted(ACTS)


def cells() -> dict[tuple[str, int, str], Any]:
    rows = DashboardCell.objects.values_list("area_code", "year_be", "measure", "value")
    return {(area, year, measure): value for area, year, measure, value in rows}


def recounted() -> dict[tuple[str, int, str], Any]:
    return count_cells([""], on=localdate(AT))


acts = st.lists(
    st.tuples(st.sampled_from(NAMES), st.integers(0, 5), st.integers(0, 59)),
    min_size=5,
    max_size=20,
)


@pytest.mark.django_db
@settings(max_examples=times(8, full=400), deadline=None)
@given(acts=acts)
def test_after_any_acts_the_cells_are_what_a_full_recount_gives(
    acts: list[tuple[str, int, int]],
) -> None:
    with transaction.atomic():
        tambon = Tambon()
        for act in acts:
            tambon.act(*act)
            aggregate(at=AT)
            assert compare(at=AT) == [], act
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_whole_life_does_every_act_and_loses_no_change() -> None:
    """Without this the property could hold by never getting anywhere."""
    tambon = Tambon()
    for act in A_WHOLE_LIFE:
        tambon.act(*act)
        aggregate(at=AT)
        assert compare(at=AT) == [], act
    assert tambon.done == set(NAMES)
    assert not AreaChange.objects.exists()
    assert cells() == recounted()
    assert {year for _, year, _ in cells()} == {2568, 2569}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("module", "act"),
    [
        ("problems.services", "open_problem"),
        ("households.services.registering", "add_member"),
        ("households.services.updating", "go_away"),
    ],
)
def test_a_change_that_is_not_told_is_found(
    module: str, act: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tambon = Tambon()
    tambon.act("verify", 0, 0)
    tambon.act("open_problem", 0, 1)
    aggregate(at=AT)
    monkeypatch.setattr(f"{module}.mark_changed", lambda **_: None)

    tambon.act(act, 0, 2)
    aggregate(at=AT)

    lost = compare(at=AT)
    assert lost != []
    assert {difference.area_code for difference in lost} == {"30320101"}
    with pytest.raises(CommandError, match="พื้นที่ 30320101 ปี 256"):
        call_command("rebuild_dashboards", check=True)
    assert check_and_mend(at=AT) == lost
    assert DashboardRun.objects.get().differences == len(lost)
    assert "figures differed from a full recount" in caplog.text
    assert compare(at=AT) == []


@pytest.mark.django_db
def test_a_list_is_counted_and_its_undoing_too(admin: User) -> None:
    """Undoing deletes villages that only the list knew, and with them what waits there."""
    batch = applied(people(60), admin)
    aggregate(at=AT)
    assert compare(at=AT) == []
    villages = {area for area, *_ in cells() if len(area) == 8}
    assert villages

    undo(batch, admin)
    assert Area.objects.filter(pk__in=villages).count() < len(villages)

    aggregate(at=AT)
    assert (cells(), compare(at=AT)) == ({}, [])


# ---- what an aggregation does, step by step ------------------------------------------------
@pytest.mark.django_db
def test_an_aggregation_takes_what_waits_and_counts_only_there() -> None:
    make_area_tree()
    for place in PLACES:
        list_as_target(make_household(area_id=place))
    assert aggregate(at=AT) == 3
    assert aggregate(at=AT) == 0
    DashboardCell.objects.filter(area_code="30320102").delete()
    list_as_target(make_household(area_id="30320101"))

    assert aggregate(at=AT) == 1

    counted = DashboardCell.objects.filter(measure="stage.listed", year_be=2569)
    assert dict(counted.values_list("area_code", "value")) == {"30320101": 2, "303201": 1}


@pytest.mark.django_db
def test_a_change_in_an_area_counts_all_inside_it() -> None:
    make_area_tree()
    list_as_target(make_household(area_id="30320101"))
    aggregate(at=AT)
    DashboardCell.objects.all().delete()
    mark_changed(area_codes=["3032"])
    aggregate(at=AT)
    assert cells() == recounted() != {}


@pytest.mark.django_db
def test_in_a_new_year_everything_is_counted_for_it() -> None:
    make_area_tree()
    list_as_target(make_household())
    aggregate(at=AT)
    assert compare(at=NEXT_YEAR) == [], "a new year is no fault of the cells"

    aggregate(at=NEXT_YEAR)

    counted = DashboardCell.objects.filter(measure="stage.listed")
    assert set(counted.values_list("year_be", flat=True)) == {2568, 2569, 2570}
    assert DashboardRun.objects.get().through_year_be == 2570


@pytest.mark.django_db
def test_rebuilding_counts_everything_and_leaves_nothing_waiting(
    capsys: pytest.CaptureFixture[str],
) -> None:
    make_area_tree()
    list_as_target(make_household())
    call_command("rebuild_dashboards")
    assert not AreaChange.objects.exists()
    call_command("rebuild_dashboards", check=True)
    assert "ตรงกับการนับใหม่ทุกช่อง" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_worker_keeps_the_cells_by_the_clock() -> None:
    make_area_tree()
    list_as_target(make_household())
    planned = {line["task"] for line in django_settings.CELERY_BEAT_SCHEDULE.values()}
    assert {tasks.aggregate.name, tasks.recount.name} <= planned

    tasks.aggregate()
    assert not AreaChange.objects.exists()
    DashboardCell.objects.all().delete()
    tasks.recount()

    run = DashboardRun.objects.get()
    assert run.differences > 0
    assert run.checked_at is not None
    assert DashboardCell.objects.exists()


@pytest.mark.django_db
def test_what_waits_is_not_called_a_difference() -> None:
    make_area_tree()
    list_as_target(make_household())
    rebuild(at=AT)
    list_as_target(make_household())
    assert compare(at=AT) == []
    AreaChange.objects.all().delete()
    assert compare(at=AT) != []


# ---- with real transactions, in several connections ------------------------------------------
def elsewhere(work: Callable[[], object]) -> threading.Thread:
    """Run in a thread with a connection of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_a_change_made_while_counting_waits_for_the_next_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_area_tree()
    house = make_household()
    list_as_target(house)
    forget = aggregating._forget

    def slowly(changes: dict[int, str]) -> None:
        # All is counted; another person now adds a household of the same village.
        elsewhere(lambda: list_as_target(make_household())).join()
        forget(changes)

    monkeypatch.setattr(aggregating, "_forget", slowly)
    assert aggregate(at=AT) == 1
    monkeypatch.undo()

    assert DashboardCell.objects.get(measure="stage.listed", year_be=2569).value == 1
    assert AreaChange.objects.count() == 1
    assert aggregate(at=AT) == 1
    assert DashboardCell.objects.get(measure="stage.listed", year_be=2569).value == 2


@pytest.mark.django_db(transaction=True)
def test_two_aggregations_at_once_are_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_area_tree()
    list_as_target(make_household())
    second: list[int] = []
    forget = aggregating._forget

    def meanwhile(changes: dict[int, str]) -> None:
        elsewhere(lambda: second.append(aggregate(at=AT))).join()
        forget(changes)

    monkeypatch.setattr(aggregating, "_forget", meanwhile)
    assert aggregate(at=AT) == 1
    assert second == [0]
    assert cells() == recounted()


@pytest.mark.django_db(transaction=True)
def test_writers_and_aggregations_together_lose_nothing() -> None:
    make_area_tree()
    stop = threading.Event()

    def write() -> None:
        for number in range(12):
            with transaction.atomic():
                list_as_target(make_household(area_id=PLACES[number % 3]))

    def keep_counting() -> None:
        while not stop.is_set():
            aggregate(at=AT)

    counters = [elsewhere(keep_counting) for _ in range(2)]
    writers = [elsewhere(write) for _ in range(2)]
    for writer in writers:
        writer.join()
    stop.set()
    for counter in counters:
        counter.join()
    while aggregate(at=AT):
        pass
    assert cells() == recounted()
    total = sum(cells()[area, 2569, "stage.listed"] for area in PLACES)
    assert total == 24
