"""A line that only repeats one of an earlier import: kept once, and read as any other."""

from datetime import date, timedelta

import pytest

from accounts.models import User
from households.models import Household, Member, SourceListing
from imports import services
from imports.apply.untouched import still_same
from imports.models import HouseholdTouch, ImportBatch
from tests.imports.batches import applied, apply, people, staged

pytestmark = pytest.mark.django_db


def payloads(batch: ImportBatch) -> list[dict[str, object]]:
    return [row.open_payload() for row in batch.rows.order_by("row")]


@pytest.fixture
def twice(admin: User) -> tuple[ImportBatch, ImportBatch]:
    """The same list applied, and staged again; the last household is read like any other."""
    first = applied(people(12), admin)
    return first, staged(people(12), admin, reimport_reason="อีกครั้ง")


def test_its_values_stand_in_the_earlier_line_and_read_the_same(
    twice: tuple[ImportBatch, ImportBatch],
) -> None:
    first, again = twice

    assert again.rows.filter(payload=b"", kept_in=first.pk).count() == 8
    assert payloads(again) == payloads(first)


def test_a_third_list_refers_to_the_line_that_has_the_values(
    twice: tuple[ImportBatch, ImportBatch], admin: User
) -> None:
    first, again = twice
    apply(again, admin)
    third = staged(people(12), admin, reimport_reason="ครั้งที่สาม")

    assert set(third.rows.values_list("kept_in", flat=True)) == {first.pk, None}
    assert payloads(third) == payloads(first)


def test_a_page_of_them_is_read_with_one_more_query(
    twice: tuple[ImportBatch, ImportBatch], django_assert_num_queries: object
) -> None:
    _, again = twice
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert all(payload["raw"] for payload in payloads(again))


def keep(batch: ImportBatch, until: date) -> None:
    batch.file.purge_on = until
    batch.file.save()


def test_purging_the_earlier_file_hands_the_values_on(
    twice: tuple[ImportBatch, ImportBatch], admin: User
) -> None:
    first, again = twice
    before = payloads(again)
    due = first.file.purge_on
    assert due is not None
    keep(again, due + timedelta(days=1))
    services.purge_due(on=due)

    assert all(not payload["raw"] for payload in payloads(first))
    assert payloads(again) == before
    apply(again, admin)
    third = staged(people(12), admin, reimport_reason="ครั้งที่สาม")
    keep(third, due + timedelta(days=2))
    assert payloads(third) == before
    services.purge_due(on=due + timedelta(days=1))
    assert all(not payload["raw"] for payload in payloads(again))
    assert payloads(third) == before


# ---- who worked on a household since ---------------------------------------------------
def same(batch: ImportBatch) -> set[str]:
    homes = Household.objects.order_by("pk").values_list("pk", flat=True)
    return {home for _, home in still_same((str(batch.pk), str(home)) for home in homes)}


def test_an_import_touches_nothing_that_it_adds(admin: User) -> None:
    batch = applied(people(12), admin)

    assert not HouseholdTouch.objects.exists()
    assert len(same(batch)) == 3


@pytest.mark.parametrize("act", ["update", "insert", "delete"])
def test_whoever_changes_a_row_of_the_household_is_noted(act: str, admin: User) -> None:
    batch = applied(people(12), admin)
    person = Member.objects.order_by("first_name", "last_name").first()
    assert person is not None
    home = person.household_id
    if act == "update":
        Member.objects.filter(pk=person.pk).update(relation="บุตรบุญธรรม")
    elif act == "insert":
        Member.objects.create(household_id=home, first_name="ใหม่", last_name="มาอยู่", seq=99)
    else:
        SourceListing.objects.filter(member=person).delete()

    assert list(HouseholdTouch.objects.values_list("household_key", flat=True)) == [home]
    assert str(home) not in same(batch)
    assert len(same(batch)) == 2


def test_what_was_touched_but_stands_as_it_was_is_still_the_same(admin: User) -> None:
    batch = applied(people(12), admin)
    home = Household.objects.order_by("house_code").first()
    assert home is not None
    Member.objects.filter(household=home).update(version=1)

    assert HouseholdTouch.objects.filter(household_key=home.pk).count() == 1
    assert len(same(batch)) == 3
