"""Two admins importing overlapping lists at the same moment, each with a connection of its own."""

import threading
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from accounts.roles import Role
from households.models import Household, Member, SourceListing
from imports import services
from imports.apply.others import OTHER_IMPORT, overlaps
from imports.apply.writing import open_image
from imports.models import ImportBatch
from imports.services.running import WORK, latest_job
from imports.workflow import State
from jobs.services import run
from tests.factories import make_scope, make_user
from tests.imports.batches import AT, apply, csv_of, line, people, staged, state_of_register, undo
from tests.proof import times

PEOPLE = times(240, full=8_000)
"""In each list; half of them stand in the other as well."""
CHUNK_LINES = times(20, full=200)


@pytest.fixture
def other(areas: None) -> User:
    user = make_user(Role.IMPORT_ADMIN, "30", username="other-admin")
    make_scope(user, Role.SYSTEM_ADMIN, "30")
    return user


def at_house(number: int, house_no: str) -> dict[str, Any]:
    return line(number, {"บ้านเลขที่": f"{number // 4 + 1}/{house_no}"})


def apply_at_once(batches: list[ImportBatch]) -> None:
    """Do the waiting jobs in threads that begin together."""
    together = threading.Barrier(len(batches))
    troubles: list[BaseException] = []

    def work_alone(batch: ImportBatch) -> None:
        try:
            job = latest_job(batch)
            assert job is not None
            together.wait()
            run(job_id=job.pk, work=WORK[job.kind])
        except BaseException as trouble:
            troubles.append(trouble)
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=work_alone, args=[batch]) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []


@pytest.mark.django_db(transaction=True)
def test_two_overlapping_imports_end_and_are_explained_to_both(
    admin: User, other: User, settings: Any
) -> None:
    settings.IMPORT_CHUNK_LINES = CHUNK_LINES
    half = PEOPLE // 2
    ours = [at_house(number, "1") for number in range(PEOPLE)]
    theirs = [at_house(number, "2") for number in range(half, PEOPLE + half)]
    batches = [staged(csv_of(ours), admin), staged(csv_of(list(reversed(theirs))), other)]
    for batch, user in zip(batches, (admin, other), strict=True):
        services.order_apply(batch=batch, by=user, at=AT)

    apply_at_once(batches)

    for batch in batches:
        batch.refresh_from_db()
        assert (batch.state, batch.error) == (State.APPLIED, "")
    everybody = PEOPLE + half
    assert (Household.objects.count(), Member.objects.count()) == (everybody // 4, everybody)
    assert SourceListing.objects.count() == everybody
    assert sum(batch.effect["members_created"] for batch in batches) == everybody
    shared = check_that_the_later_won(batches, half // 4)
    # Everybody of a household that both wrote is told so by the import that came second.
    said = [batch.rows.filter(codes__contains=[OTHER_IMPORT]).count() for batch in batches]
    assert sum(said) == 4 * shared
    assert [batch.warned for batch in batches] == said
    check_that_both_know(batches, shared)


def check_that_the_later_won(batches: list[ImportBatch], shared: int) -> int:
    """Of each shared house the number is the later import's, the earlier one in its image."""
    images = [
        (batch, change.pk_value, open_image(change))
        for batch in batches
        for change in batch.changes.filter(table="households_household")
    ]
    assert len(images) == shared
    house_nos = {str(pk): no for pk, no in Household.objects.values_list("pk", "house_no")}
    for batch, pk, image in images:
        mine, foreign = ("/1", "/2") if batch == batches[0] else ("/2", "/1")
        before, after = image["house_no"]
        assert (before[-2:], after[-2:], house_nos[pk]) == (foreign, mine, after)
    return shared


def check_that_both_know(batches: list[ImportBatch], shared: int) -> None:
    first, second = (overlaps(batch) for batch in batches)
    assert {each.batch for each in first} == {batches[1]}
    assert {each.batch for each in second} == {batches[0]}
    assert sum(each.households for each in first) == shared
    # What came first to the one came second to the other.
    assert {(each.households, each.was_first) for each in first} == {
        (each.households, not each.was_first) for each in second
    }


@pytest.mark.django_db
def test_a_line_overtaken_by_another_import_says_by_which(admin: User, other: User) -> None:
    mine = staged([at_house(number, "1") for number in range(8)], admin)
    theirs = staged([at_house(number, "2") for number in range(4, 12)], other, name="อีกไฟล์.csv")
    apply(theirs, other)
    mine = apply(mine, admin)

    told = {row.row: row for row in mine.rows.all()}
    assert [OTHER_IMPORT in told[row].codes for row in range(2, 10)] == [False] * 4 + [True] * 4
    notes = told[6].open_payload()["notes"]
    assert [(note[0], note[3]) for note in notes if note[0] == OTHER_IMPORT] == [
        (OTHER_IMPORT, f"อีกไฟล์.csv โดย {other.name or other.username}")
    ]
    assert [(o.batch, o.households, o.was_first, o.lines) for o in overlaps(mine)] == [
        (theirs, 1, True, 4)
    ]
    assert [(o.batch, o.households, o.was_first, o.lines) for o in overlaps(theirs)] == [
        (mine, 1, False, 0)
    ]


@pytest.mark.django_db
def test_an_import_that_was_there_before_the_comparison_is_no_surprise(
    admin: User, other: User
) -> None:
    apply(staged(people(8), other), other)
    mine = apply(staged([at_house(number, "1") for number in range(8)], admin), admin)

    assert not mine.rows.filter(codes__contains=[OTHER_IMPORT]).exists()
    assert mine.effect["households_updated"] == 2


@pytest.mark.django_db
@pytest.mark.parametrize("earlier_first", [True, False])
def test_two_overlapping_imports_are_undone_in_either_order(
    admin: User, other: User, earlier_first: bool
) -> None:
    apply(staged(people(4), admin), admin)
    before = state_of_register()
    first = apply(staged([at_house(number, "1") for number in range(8)], admin), admin)
    second = apply(staged([at_house(number, "2") for number in range(12)], other), other)

    order = [first, second] if earlier_first else [second, first]
    for batch in order:
        assert undo(batch, admin).state == State.UNDONE

    assert state_of_register() == before
