"""What is done with a referral is told in words, not in codes."""

import re

import pytest

from audit.models import Event
from casework.templatetags.stories import told
from referrals.services.moving import EVENTS
from referrals.workflow import Status
from tests.referrals.cases import make_referral


@pytest.mark.parametrize(
    "event", ["referral.created", *EVENTS.values(), "assistance.recorded", "assistance.retracted"]
)
def test_every_move_has_its_sentence(event: str) -> None:
    (line,) = told([Event(event=event, detail={})], {})
    assert not re.search("[a-z]", line["title"])


@pytest.mark.django_db
def test_the_story_names_the_number_and_the_kind_of_help() -> None:
    referral = make_referral(Status.HELPED)
    events = list(Event.objects.filter(subject_id=str(referral.household_id)).order_by("pk"))
    titles = [line["title"] for line in told(events, {})]
    assert f"ส่งต่อให้หน่วยงาน: {referral.number}" in titles
    assert "บันทึกความช่วยเหลือ: ซ่อม / สร้างบ้าน" in titles
