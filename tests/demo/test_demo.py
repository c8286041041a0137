from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from accounts.models import User
from areas.models import Area
from audit.models import Event
from demo.services import UnableToClear, UnableToLoad, clear_demo, load_demo
from duplicates.models import Candidate
from forums.models import Forum
from households.models import Exit, Household, HouseholdMove, Member, MemberMove
from households.services import record_verification
from households.workflow import Outcome
from imports.models import ImportBatch
from quality.models import QualityCell
from referrals.models import Referral, ReferralEvent
from slf.models import Assessment
from tests.factories import make_household

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
PASSWORD = "kham-pan-tua-yang-thang-mot"


@pytest.fixture
def reference(areas: None) -> None:
    call_command("load_reference", verbosity=0)


@pytest.mark.django_db
def test_the_demo_province_is_made_and_taken_away(reference: None) -> None:
    areas_before = set(Area.objects.values_list("pk", flat=True))

    made = load_demo(password=PASSWORD, at=AT, households=40)

    assert made.households > 40
    assert Household.objects.count() == made.households
    assert {"listed", "verified_poor"} <= set(Household.objects.values_list("stage", flat=True))
    assert Assessment.objects.complete().filter(period="before").count() == made.assessed > 0
    assert Referral.objects.count() == made.referrals > 0
    assert Referral.objects.filter(status="closed", problem__status="resolved").exists()
    assert sorted(Forum.objects.values_list("state", flat=True)) == ["held", "planned"]
    assert not ReferralEvent.objects.filter(at__gt=AT).exists()
    assert ImportBatch.objects.filter(state="staged", held__gt=0).exists()
    assert Member.objects.filter(citizen_id__isnull=True).exists()
    assert Household.objects.filter(listings__source="add_on").count() == made.added
    ids = [member.citizen_id for member in Member.objects.filter(citizen_id__isnull=False)]
    assert {digits[1:5] for digits in ids if digits} == {"9999"}
    surveyor = User.objects.get(username="surveyor")
    seen = Household.objects.visible_to(surveyor)
    assert seen.exists()
    assert not seen.exclude(subdistrict_code="303201").exists()
    # One that only named people find, one that moved, one that waits to be taken in, one that
    # parted, and a child that was born.
    hidden = Household.objects.get(is_protected=True)
    assert seen.filter(pk=hidden.pk).exists()
    district = User.objects.get(username="district")
    assert not Household.objects.visible_to(district).filter(pk=hidden.pk).exists()
    assert sorted(HouseholdMove.objects.values_list("state", flat=True)) == ["asked", "done"]
    assert HouseholdMove.objects.coming_to(district).count() == 1
    assert MemberMove.objects.filter(is_split=True).count() == 1
    assert Event.objects.filter(event="member.born").count() == 1
    # The board of data quality tells something from the first moment on.
    assert QualityCell.objects.exists()
    # A household that was written down twice, seen by the district.
    pair = Candidate.objects.visible_to(district).open().get(kind="household")
    assert Household.objects.get(pk=pair.other).stage == "listed"
    with pytest.raises(UnableToLoad):
        load_demo(password=PASSWORD, at=AT)

    events = Event.objects.count()
    gone = clear_demo(at=AT)

    assert gone.households == made.households
    for model in (Household, Member, Exit, Assessment, Referral, ReferralEvent, Forum):
        assert not model._base_manager.exists()
    assert not User.objects.filter(is_demo=True).exists()
    assert not User.objects.filter(username="surveyor").exists()
    assert set(Area.objects.values_list("pk", flat=True)) == areas_before
    assert Event.objects.count() > events
    with pytest.raises(UnableToClear):
        clear_demo(at=AT)


@pytest.mark.django_db
def test_work_of_a_real_person_is_never_cleared(reference: None, surveyor: User) -> None:
    User.objects.create(username="demo", name="ตัวอย่าง", is_demo=True)
    household = make_household()
    record_verification(
        household=household, outcome=Outcome.POOR, visited_on=AT.date(), by=surveyor, at=AT
    )
    with pytest.raises(UnableToClear, match="บัญชีจริง"):
        clear_demo(at=AT)
    assert Household.objects.exists()
