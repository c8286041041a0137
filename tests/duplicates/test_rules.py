"""What happens where the survivor already has the like of a row, and what a merge refuses."""

from datetime import date
from typing import Any

import pytest

from accounts.models import User
from duplicates import services
from duplicates.models import Merge
from households.models import Household, Member, SourceListing
from households.services import protect_household
from households.workflow import Stage
from problems.models import Problem
from problems.rules import ProblemCode
from referrals.models import Referral
from referrals.workflow import Status
from slf.models import Assessment, Questionnaire
from slf.workflow import Period
from tests.duplicates.cases import AT, DAY
from tests.factories import make_household, make_member
from tests.referrals.cases import Cast, make_problem, make_referral
from tests.slf.cases import load_reference


def merge(survivor: Household, merged: Household, by: User, **more: Any) -> Merge:
    survivor.refresh_from_db()
    merged.refresh_from_db()
    fields: dict[str, Any] = {
        "versions": (survivor.version, merged.version),
        "choices": {},
        "pairs": [],
        "reason": "บ้านเดียวกัน",
    }
    return services.merge_households(
        survivor=survivor, merged=merged, by=by, at=AT, **(fields | more)
    )


def test_listings_of_one_year_fold_and_fill_what_was_not_said(district: User) -> None:
    one, other = make_household(), make_household()
    fields: dict[str, Any] = {"source": "tpmap", "year_be": 2567}
    kept = SourceListing.objects.create(household=one, is_mpi_poor=True, **fields)
    folded = SourceListing.objects.create(
        household=other, is_mpi_poor=False, has_welfare_card=True, **fields
    )
    merge(one, other, district)
    kept.refresh_from_db()
    folded.refresh_from_db()
    assert (kept.is_mpi_poor, kept.has_welfare_card) == (True, True)
    assert folded.household_id == other.pk


def test_assessments_of_one_round_are_numbered_by_their_day(district: User) -> None:
    load_reference()
    one, other = make_household(), make_household()
    made = [
        Assessment.objects.create(
            household=home,
            questionnaire=Questionnaire.objects.order_by("pk")[0],
            year_be=2567,
            period=Period.BEFORE,
            assessed_on=day,
            assessed_by=district,
            updated_at=AT,
        )
        for home, day in ((one, DAY), (other, date(2026, 1, 1)))
    ]
    merge(one, other, district)
    rows = one.assessments.order_by("round").values_list("pk", flat=True)
    assert list(rows) == [made[1].pk, made[0].pk]


def test_one_head_stays_and_a_folded_member_has_left(district: User) -> None:
    one, other = make_household(), make_household()
    head = make_member(one, is_head=True, citizen_id=None)
    twin = make_member(other, is_head=True)
    child = make_member(other)
    digits = twin.citizen_id
    pair = services.Pairing(survivor=head.pk, merged=twin.pk)
    merge(one, other, district, pairs=[pair])
    present = Member.objects.present().filter(household=one)
    assert {member.pk for member in present} == {head.pk, child.pk}
    assert [member.pk for member in present if member.is_head] == [head.pk]
    # The rule: a value beats none. The ID is sealed anew, to its new place.
    assert Member.objects.get(pk=head.pk).citizen_id == digits


def test_open_problems_of_one_dimension_fold_with_their_referrals(district: User) -> None:
    one = make_household(stage=Stage.VERIFIED_POOR)
    other = make_household(stage=Stage.VERIFIED_POOR)
    kept = make_problem(one, ProblemCode.HOME_UNFIT)
    folded = make_problem(other, ProblemCode.HOME_UNFIT)
    referral = make_referral(Status.SUBMITTED, problem=folded)
    merge(one, other, district)
    referral.refresh_from_db()
    assert (referral.household_id, referral.problem_id) == (one.pk, kept.pk)
    assert Problem.objects.get(pk=folded.pk).household_id == other.pk


def test_two_live_referrals_of_one_problem_to_one_agency_refuse_the_merge(district: User) -> None:
    cast = Cast()
    homes = [make_household(stage=Stage.VERIFIED_POOR) for _ in range(2)]
    made = [
        make_referral(Status.SUBMITTED, cast=cast, problem=make_problem(home)) for home in homes
    ]
    with pytest.raises(services.UnableToMerge, match=made[1].number):
        merge(homes[0], homes[1], district)
    assert Merge.objects.count() == 0
    assert Referral.objects.get(pk=made[1].pk).household_id == homes[1].pk


def test_a_row_made_since_that_ties_both_keeps_the_merge(district: User) -> None:
    one = make_household(stage=Stage.VERIFIED_POOR)
    other = make_household(stage=Stage.VERIFIED_POOR)
    problem = make_problem(other)
    done = merge(one, other, district)
    problem.refresh_from_db()
    make_referral(Status.DRAFT, problem=problem)
    with pytest.raises(services.UnableToUnmerge) as refused:
        services.unmerge(merge=done, reason="รวมผิด", by=district, at=AT)
    assert refused.value.reasons == ["เรื่องส่งต่อ: มีรายการใหม่ที่ผูกกับข้อมูลของทั้งสองราย"]
    assert Household.objects.get(pk=other.pk).merged_into_id == one.pk


def test_what_was_only_added_to_the_survivor_stays_with_it(district: User) -> None:
    one, other = make_household(), make_household()
    done = merge(one, other, district)
    added = make_member(one)
    services.unmerge(merge=done, reason="รวมผิด", by=district, at=AT)
    added.refresh_from_db()
    assert added.household_id == one.pk
    assert Household.objects.get(pk=other.pk).merged_into_id is None


@pytest.mark.parametrize("who", ["survivor", "merged"])
def test_a_waiting_exit_is_decided_first(district: User, who: str) -> None:
    homes = {"survivor": make_household(), "merged": make_household()}
    Household.objects.filter(pk=homes[who].pk).update(stage=Stage.EXIT_PROPOSED)
    with pytest.raises(services.UnableToMerge, match="ข้อเสนอให้พ้นเป้าหมาย"):
        merge(homes["survivor"], homes["merged"], district)


def test_the_further_stage_is_that_of_the_one_household(district: User) -> None:
    one, other = make_household(), make_household(stage=Stage.VERIFIED_POOR)
    merge(one, other, district)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.stage, other.stage) == (Stage.VERIFIED_POOR, Stage.EXITED)


def test_two_rows_of_one_person_in_one_household_become_one(district: User) -> None:
    home = make_household()
    one = make_member(home, citizen_id=None)
    other = make_member(home, is_head=True)
    done = services.merge_members(
        survivor=one,
        merged=other,
        versions=(1, 1),
        choices={},
        reason="จดสองครั้ง",
        by=district,
        at=AT,
    )
    (left,) = Member.objects.present().filter(household=home)
    assert (left.pk, left.is_head, left.citizen_id) == (one.pk, True, other.citizen_id)
    services.unmerge(merge=done, reason="คนละคน", by=district, at=AT)
    assert Member.objects.present().filter(household=home).count() == 2
    assert Member.objects.get(pk=other.pk).is_head


def test_what_is_parted_again_is_hidden_as_the_survivor_is_by_now(
    district: User, province: User
) -> None:
    one, other = make_household(), make_household()
    make_member(one, is_head=True)
    make_member(other, is_head=True)
    made = merge(one, other, district)
    protect_household(household=one, reason="มีผู้ตามหา", by=province, at=AT)
    made.refresh_from_db()
    services.unmerge(merge=made, reason="คนละบ้าน", by=province, at=AT)
    both = Household.objects.filter(pk__in=[one.pk, other.pk])
    assert list(both.values_list("is_protected", flat=True)) == [True, True]
    assert not both.visible_to(district).exists()
    assert both.visible_to(province).count() == 2
