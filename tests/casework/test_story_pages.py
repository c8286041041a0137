from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from audit.services import record
from casework.querysets import NOT_TOLD, STORY_BEGINNINGS, StoryKind, story_of
from casework.templatetags.stories import _SENTENCES
from households.models import Household
from tests.factories import make_household

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def household(areas: None) -> Household:
    return make_household()


def happen(household: Household, by: User, *events: str, at: datetime = AT) -> None:
    for number, event in enumerate(events):
        record(event=event, subject=household, by=by, at=at + timedelta(minutes=number))


def test_every_event_is_of_exactly_one_kind(household: Household, surveyor: User) -> None:
    happen(household, surveyor, *_SENTENCES, "something.new")
    every = set(story_of(household).values_list("pk", flat=True))
    kinds = [set(story_of(household, kind=k).values_list("pk", flat=True)) for k in StoryKind]
    assert all(kinds)
    assert sum(map(len, kinds)) == len(every)
    assert set.union(*kinds) == every


def test_every_kind_begins_with_an_event_that_there_is() -> None:
    told = [*_SENTENCES]
    unknown = {
        start
        for starts in STORY_BEGINNINGS.values()
        for start in starts
        if not any(event.startswith(start) for event in told)
    }
    # Rooms that tell of visits and of looking again after an exit.
    assert unknown <= {"visit.", "relapse."}


def test_it_goes_on_part_after_part_and_misses_nothing(
    client: Client, surveyor: User, household: Household
) -> None:
    happen(household, surveyor, *(["household.updated"] * 30), *(["member.added"] * 25))
    client.force_login(surveyor)
    url = f"/households/{household.pk}/story/"
    first = client.get(url)
    second = client.get(f"{url}{first.context['next_url']}", headers={"hx-request": "true"})
    third = client.get(f"{url}{second.context['next_url']}", headers={"hx-request": "true"})
    shown = [event.pk for part in (first, second, third) for event in part.context["events"]]
    assert shown == list(story_of(household).values_list("pk", flat=True))
    assert third.context["next_url"] == ""
    assert "<html" in first.content.decode()
    assert "<html" not in second.content.decode()


def test_a_kind_stays_when_it_goes_on(client: Client, surveyor: User, household: Household) -> None:
    happen(household, surveyor, *(["plan.made", "member.added"] * 30))
    client.force_login(surveyor)
    page = client.get(f"/households/{household.pk}/story/?kind=assessment")
    assert {event.event for event in page.context["events"]} == {"plan.made"}
    assert "kind=assessment" in page.context["next_url"]


def test_being_looked_at_is_not_told(client: Client, surveyor: User, household: Household) -> None:
    happen(household, surveyor, *NOT_TOLD)
    assert not story_of(household).exists()


def test_it_is_hidden_from_others(
    client: Client, next_surveyor: User, household: Household
) -> None:
    client.force_login(next_surveyor)
    assert client.get(f"/households/{household.pk}/story/").status_code == 404


def test_what_happened_to_a_merged_household_is_told_and_marked(
    client: Client, surveyor: User, household: Household
) -> None:
    gone, stranger = make_household(), make_household()
    happen(gone, surveyor, "member.added")
    happen(stranger, surveyor, "member.left")
    happen(household, surveyor, "plan.made", at=AT + timedelta(days=1))
    Household.objects.filter(pk=gone.pk).update(stage="exited", merged_into=household)
    client.force_login(surveyor)
    page = client.get(f"/households/{household.pk}/story/")
    told = [(event.event, event.is_of_merged) for event in page.context["events"]]
    assert told == [("plan.made", False), ("member.added", True)]
    assert page.content.decode().count("จากแฟ้มที่รวมเข้ามา") == 1
