"""Taking back an import whose lines another one said once more."""

import pytest

from accounts.models import User
from households.models import Household, Member
from imports.apply.restoring import LATER_IMPORT
from imports.workflow import State
from tests.imports.batches import applied, people, state_of_register, undo

pytestmark = pytest.mark.django_db


def test_what_a_later_import_said_once_more_stays_and_goes_with_it(admin: User) -> None:
    empty = state_of_register()
    first = applied(people(8), admin)
    later = applied(people(9), admin)
    assert later.effect["unchanged"] == 8
    before = state_of_register()

    first = undo(first, admin)

    assert (first.state, first.effect["undone"]) == (State.UNDONE, 0)
    assert set(first.added.values_list("conflict", flat=True)) == {LATER_IMPORT}
    assert state_of_register() == before
    homes = set(later.rows.values_list("household_id", flat=True))
    people_ = set(later.rows.values_list("member_id", flat=True))
    assert homes == set(Household.objects.values_list("pk", flat=True))
    assert people_ == set(Member.objects.values_list("pk", flat=True))

    undo(later, admin)

    # The villages of the first stay: only an import that taught an area takes it back.
    assert state_of_register() | {"areas_area": ""} == empty | {"areas_area": ""}


def test_of_three_imports_that_say_the_same_the_last_one_undone_takes_it_out(admin: User) -> None:
    batches = [applied(people(size), admin) for size in (4, 5, 6)]

    for batch in batches[:2]:
        undo(batch, admin)
        assert Member.objects.count() == 6
    undo(batches[2], admin)

    assert not Member.objects.exists()
    assert not Household.objects.exists()


def test_an_import_that_is_taken_back_holds_nothing(admin: User) -> None:
    first = applied(people(8), admin)
    undo(applied(people(9), admin), admin)
    assert Member.objects.count() == 8

    undo(first, admin)

    assert not Member.objects.exists()
