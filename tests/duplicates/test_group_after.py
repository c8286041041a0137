"""Two that became one have one livelihood group, and the answers speak of who stays."""

import pytest

from accounts.models import User
from duplicates import services
from duplicates.models import Merge
from duplicates.services import Pairing, UnableToUnmerge
from households.models import Household, Member
from slf import services as slf
from slf.instrument import Group
from slf.models import Assessment, LivelihoodProfile
from tests import things
from tests.duplicates.cases import AT, state
from tests.factories import make_household, make_member

AFTER = AT.replace(hour=9)
LATER = AT.replace(hour=10)


@pytest.fixture
def assessed(areas: None) -> Household:
    return Household.objects.get(pk=things.a_complete_assessment()["pk"])


def merge(survivor: Household, merged: Household, *, by: User) -> Merge:
    """Merge, and let the heads be one person."""
    survivor.refresh_from_db()
    merged.refresh_from_db()
    heads = [Member.objects.get(household=each, is_head=True).pk for each in (survivor, merged)]
    return services.merge_households(
        survivor=survivor,
        merged=merged,
        versions=(survivor.version, merged.version),
        choices={},
        pairs=[Pairing(survivor=heads[0], merged=heads[1])],
        reason="บ้านเดียวกัน",
        by=by,
        at=AFTER,
    )


def current(household: Household) -> LivelihoodProfile:
    return LivelihoodProfile.objects.current().get(household=household)


def a_bare_house() -> Household:
    household = make_household()
    make_member(household, is_head=True)
    return household


def test_the_answers_name_who_stays_and_can_be_read(assessed: Household, district: User) -> None:
    survivor = a_bare_house()
    head = Member.objects.get(household=survivor)
    gone = Member.objects.get(household=assessed, is_head=True)
    made = Assessment.objects.get(household=assessed)
    assert str(gone.pk) in str(made.answers)
    merge(survivor, assessed, by=district)
    made.refresh_from_db()
    assert made.household_id == survivor.pk
    assert str(gone.pk) not in str(made.answers)
    assert str(head.pk) in str(made.answers)
    # Reads the answers, and refuses those that name nobody of the household.
    assert slf.progress_of(made).answered == slf.progress_of(made).asked


def test_two_who_were_one_person_change_the_group_and_parting_brings_it_back(
    assessed: Household, district: User
) -> None:
    was = current(assessed)
    one, other = Member.objects.filter(household=assessed).order_by("seq")[:2]
    before = state()
    made = services.merge_members(
        survivor=one,
        merged=other,
        versions=(one.version, other.version),
        choices={},
        reason="คนเดียวกัน",
        by=district,
        at=AFTER,
    )
    now = current(assessed)
    # One less is counted among those who can work.
    assert now.pk != was.pk
    assert now.reasons[0] != was.reasons[0]
    services.unmerge(merge=made, reason="รวมผิด", by=district, at=LATER)
    assert state() == before
    assert current(assessed).pk == was.pk


def test_a_group_that_changed_since_is_computed_again_when_parted(
    assessed: Household, district: User
) -> None:
    merged = a_bare_house()
    made = merge(assessed, merged, by=district)
    LivelihoodProfile.objects.filter(pk=current(assessed).pk).update(superseded_at=AFTER)
    slf.regroup(household=assessed, by=district, at=AFTER)
    services.unmerge(merge=made, reason="รวมผิด", by=district, at=LATER)
    assert current(assessed).decided_at == LATER
    assert not LivelihoodProfile.objects.filter(household=assessed, decided_at=AFTER).exists()


def test_a_group_that_a_person_set_since_is_not_lost(assessed: Household, district: User) -> None:
    made = merge(assessed, a_bare_house(), by=district)
    slf.override_group(
        household=assessed,
        group=next(group for group in Group if group != current(assessed).group),
        note="ดูจากการเยี่ยม",
        by=district,
        at=LATER,
    )
    with pytest.raises(UnableToUnmerge) as refused:
        services.unmerge(merge=made, reason="รวมผิด", by=district, at=LATER)
    assert "มีผู้กำหนดเอง" in refused.value.reasons[0]
