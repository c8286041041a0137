"""Two people at once, on real connections: one wins, the other is told so, nothing is lost."""

import re
from functools import partial

import pytest

from accounts.models import User
from accounts.roles import Role
from duplicates import services
from duplicates.models import Merge
from duplicates.services import Pairing, UnableToMerge, UnableToUnmerge
from households.models import Household, Member, Verification
from households.services import (
    HouseholdChanges,
    MemberDraft,
    UnableToRegister,
    UnableToUpdateStale,
    UnableToVerify,
    add_member,
    record_verification,
    update_household,
)
from households.workflow import Outcome, Stage
from tests.duplicates.cases import AT, DAY
from tests.factories import DISTRICT, VILLAGE, make_household, make_member, make_user
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = range(4)
"""A race is tried some times, as it may be won in either order."""


def a_house(number: int) -> Household:
    household = make_household(stage=Stage.LISTED)
    for person in range(3):
        make_member(household, is_head=person == 0, last_name=f"บ้าน{number}")
    return household


def merge(survivor: Household, merged: Household, *, by: User) -> Merge:
    """Merge as seen when both were first shown; the heads are one person."""
    heads = [Member.objects.get(household=each, seq=1).pk for each in (survivor, merged)]
    return services.merge_households(
        survivor=survivor,
        merged=merged,
        versions=(survivor.version, merged.version),
        choices={},
        pairs=[Pairing(survivor=heads[0], merged=heads[1])],
        reason="บ้านเดียวกัน",
        by=by,
        at=AT,
    )


def living(household: Household) -> int:
    return Member.objects.present().filter(household=household).count()


def said(error: object) -> str:
    """Return what the loser was told: in Thai, and without what a database says."""
    assert isinstance(error, UnableToMerge | UnableToUnmerge), repr(error)
    assert not re.search("[A-Za-z]", str(error))
    return str(error)


def one_won(results: list[object]) -> tuple[int, str]:
    """Return who won, and what the other one was told."""
    (winner,) = [number for number, each in enumerate(results) if not isinstance(each, Exception)]
    return winner, said(results[1 - winner])


def test_of_two_who_merge_one_pair_one_wins_also_the_other_way_round() -> None:
    clerks = [make_user(Role.DISTRICT_OFFICER, DISTRICT) for _ in range(2)]
    for number in ROUNDS:
        one, other = a_house(1), a_house(2)
        two = (other, one) if number % 2 else (one, other)
        results = together(
            partial(merge, one, other, by=clerks[0]), partial(merge, *two, by=clerks[1])
        )
        winner, told = one_won(results)
        assert "รวมรายการนี้ไปแล้ว" in told
        (made,) = Merge.objects.filter(survivor__in=[one, other])
        assert made == results[winner]
        assert made.merged_by == clerks[winner]
        assert (living(made.survivor), living(made.merged)) == (5, 0)
        assert [made.survivor.merged_into_id, made.merged.merged_into_id] == [
            None,
            made.survivor_id,
        ]


def test_of_two_one_of_whom_takes_a_merge_back_one_wins() -> None:
    clerk = make_user(Role.DISTRICT_OFFICER, DISTRICT)
    for number in ROUNDS:
        one, other, third = a_house(1), a_house(2), a_house(3)
        made = merge(one, other, by=clerk)
        one.refresh_from_db()
        back = partial(services.unmerge, merge=made, reason="รวมผิด", by=clerk, at=AT)
        if number % 2:
            results = together(back, back)
            assert "แยกกลับไปแล้ว" in one_won(results)[1]
            assert (living(one), living(other)) == (3, 3)
            continue
        results = together(back, partial(merge, third, one, by=clerk))
        winner, _ = one_won(results)
        people = (living(one), living(other), living(third))
        assert people == ((3, 3, 3) if winner == 0 else (0, 0, 7))


def test_what_is_written_about_the_household_that_goes_is_kept_or_refused() -> None:
    clerk = make_user(Role.DISTRICT_OFFICER, DISTRICT)
    for number in ROUNDS:
        one, other = a_house(1), a_house(2)
        write = [edit, visit, join, edit][number % 4]
        merged, written = together(
            partial(merge, one, other, by=clerk), partial(write, other, by=clerk)
        )
        assert (living(one), living(other)) == people_after(merged, written)
        assert not Verification.objects.filter(
            household=other, household__merged_into__isnull=False
        ).exists()
        if isinstance(merged, Exception):
            assert "มีผู้แก้ไขข้อมูลนี้" in said(merged)
        if isinstance(written, Exception):
            assert isinstance(written, UnableToUpdateStale | UnableToVerify | UnableToRegister)
        if write is not join:
            # What was seen has changed for whoever comes second.
            assert isinstance(merged, Exception) is not isinstance(written, Exception)


def people_after(merged: object, written: object) -> tuple[int, int]:
    joined = int(isinstance(written, Member))
    return (3, 3 + joined) if isinstance(merged, Exception) else (5 + joined, 0)


def edit(household: Household, *, by: User) -> Household:
    changes = HouseholdChanges(
        area_code=VILLAGE,
        house_no="99/9",
        village_name="",
        soi="",
        road="",
        lat=None,
        lon=None,
        phone="",
    )
    return update_household(household=household, version=1, changes=changes, by=by, at=AT)


def visit(household: Household, *, by: User) -> Verification:
    return record_verification(
        household=household, outcome=Outcome.POOR, visited_on=DAY, by=by, at=AT
    )


def join(household: Household, *, by: User) -> Member:
    draft = MemberDraft(first_name="ใหม่", last_name="ทดสอบ", citizen_id=None, no_id_reason="บัตรหาย")
    return add_member(household=household, draft=draft, by=by, at=AT)
