import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import Event
from forums import services
from forums.models import Forum
from forums.services import UnableToConvene, WrongState
from forums.workflow import ItemOutcome, Sector
from tests.factories import OTHER_PROVINCE, PROVINCE, make_agency
from tests.forums.cases import (
    AT,
    COUNTS,
    DAY,
    TODAY,
    make_forum,
    make_held,
    make_item,
    make_resolution,
)

pytestmark = pytest.mark.django_db


def test_a_forum_is_held_with_its_counts(district: User) -> None:
    forum, agency = make_forum(by=district), make_agency()
    services.hold_forum(
        forum=forum,
        counts={Sector.STATE: 5, Sector.PEOPLE: 30},
        agencies=[agency],
        summary=" คุยเรื่องบ้าน ",
        by=district,
        at=AT,
    )
    held = Forum.objects.get()
    assert (held.state, held.held_at, held.held_by) == ("held", AT, district)
    assert (held.people, held.count_private, held.summary) == (35, 0, "คุยเรื่องบ้าน")
    assert list(held.agencies.all()) == [agency]
    assert Event.objects.get(event="forum.held").detail == {"people": 35, "carried": 0}


def test_a_forum_is_not_held_before_its_day(district: User) -> None:
    forum = make_forum(by=district, held_on=TODAY + DAY)
    with pytest.raises(UnableToConvene) as refused:
        services.hold_forum(forum=forum, counts=COUNTS, by=district, at=AT)
    assert refused.value.field == "held_on"
    assert "21 พ.ย. 2569" in str(refused.value)
    services.hold_forum(forum=forum, counts=COUNTS, by=district, at=AT + DAY)


@pytest.mark.parametrize(
    ("counts", "field"),
    [
        ({}, "count_state"),
        ({Sector.STATE: -1, Sector.PEOPLE: 9}, "count_state"),
        ({Sector.PEOPLE: 10_001}, "count_people"),
    ],
)
def test_counts_that_cannot_be_are_refused(
    counts: dict[Sector, int], field: str, district: User
) -> None:
    forum = make_forum(by=district)
    with pytest.raises(UnableToConvene) as refused:
        services.hold_forum(forum=forum, counts=counts, by=district, at=AT)
    assert refused.value.field == field
    assert Forum.objects.get().state == "planned"


def test_agencies_present_are_of_the_province(district: User) -> None:
    forum = make_forum(by=district)
    with pytest.raises(UnableToConvene) as refused:
        services.hold_forum(
            forum=forum,
            counts=COUNTS,
            agencies=[make_agency(area_id=OTHER_PROVINCE)],
            by=district,
            at=AT,
        )
    assert refused.value.field == "agencies"


def test_minutes_are_corrected_after_the_sitting_only(district: User) -> None:
    forum = make_held(by=district)
    services.amend_minutes(
        forum=forum, counts={Sector.PEOPLE: 7}, summary="แก้แล้ว", by=district, at=AT
    )
    forum.refresh_from_db()
    assert (forum.people, forum.summary) == (7, "แก้แล้ว")
    with pytest.raises(WrongState):
        services.amend_minutes(forum=make_forum(by=district), counts=COUNTS, by=district, at=AT)


def test_what_was_said_of_an_item_is_written_down(district: User) -> None:
    item = make_item(make_held(by=district))
    services.discuss_item(
        item=item, outcome=ItemOutcome.NOTED, note="รับทราบทุกฝ่าย", by=district, at=AT
    )
    item.refresh_from_db()
    assert (item.outcome, item.note) == ("noted", "รับทราบทุกฝ่าย")


def test_an_outcome_fits_the_resolutions(district: User) -> None:
    item = make_item(make_held(by=district))
    with pytest.raises(UnableToConvene):
        services.discuss_item(item=item, outcome=ItemOutcome.RESOLVED, note="", by=district, at=AT)
    make_resolution(item)
    item.refresh_from_db()
    assert item.outcome == "resolved"
    with pytest.raises(UnableToConvene):
        services.discuss_item(item=item, outcome=ItemOutcome.NOTED, note="", by=district, at=AT)


def test_nothing_is_said_before_the_sitting(district: User) -> None:
    item = make_item(make_forum(by=district))
    with pytest.raises(WrongState):
        services.discuss_item(item=item, outcome=None, note="ก", by=district, at=AT)


def test_minutes_are_written_by_who_manages_the_area(district: User) -> None:
    forum = make_held(area_code=PROVINCE)
    item = make_item(forum)
    for act in (
        lambda: services.amend_minutes(forum=forum, counts=COUNTS, by=district, at=AT),
        lambda: services.discuss_item(item=item, outcome=None, note="", by=district, at=AT),
    ):
        with pytest.raises(PermissionDenied):
            act()
