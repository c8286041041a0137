import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import Event
from forums import services
from forums.models import AgendaItem, Forum
from forums.services import NewItem, UnableToConvene, WrongState
from forums.workflow import ItemKind, Sector
from problems.rules import Dimension
from tests.factories import DISTRICT, PROVINCE, SUBDISTRICT
from tests.forums.cases import (
    AT,
    DAY,
    TODAY,
    make_case,
    make_forum,
    make_held,
    make_item,
    make_resolution,
)

pytestmark = pytest.mark.django_db


def titles(forum: Forum) -> list[str]:
    return [item.title for item in AgendaItem.objects.filter(forum=forum).for_agenda()]


# ---- suggestions ---------------------------------------------------------------------
def test_the_longest_overdue_is_offered_first(district: User) -> None:
    forum = make_forum(by=district)
    short, long_ = make_case(overdue=2), make_case(overdue=40)
    make_case(overdue=0)
    found = services.suggestions(forum=forum, by=district, on=TODAY)
    assert (found.overdue, found.overdue_count) == ([long_, short], 2)


def test_what_came_back_is_offered_apart(district: User) -> None:
    forum = make_forum(by=district)
    returned = make_case(status="returned", overdue=-5)
    rejected = make_case(status="rejected", overdue=4)
    found = services.suggestions(forum=forum, by=district, on=TODAY)
    assert (found.overdue, found.waiting) == ([rejected], [returned])


def test_only_cases_of_the_forums_area_are_offered(province: User) -> None:
    here = make_case()
    make_case(area="30010101")
    forum = make_forum(by=province)
    assert services.suggestions(forum=forum, by=province, on=TODAY).overdue == [here]


def test_what_is_on_the_agenda_is_not_offered_again(district: User) -> None:
    forum, case = make_forum(by=district), make_case()
    services.take_up(forum=forum, referrals=[case], by=district, at=AT)
    assert services.suggestions(forum=forum, by=district, on=TODAY).overdue == []


def test_a_case_that_comes_back_with_its_resolution_is_not_offered_twice(district: User) -> None:
    case = make_case()
    earlier = make_held(by=district)
    item = services.take_up(forum=earlier, referrals=[case], by=district, at=AT)[0]
    make_resolution(item)
    forum = make_forum(by=district, held_on=TODAY + DAY)
    assert services.suggestions(forum=forum, by=district, on=TODAY).overdue == []
    services.take_up(forum=forum, referrals=[case], by=district, at=AT)
    assert forum.items.filter(referral=case).exists()


def test_drafts_and_what_has_ended_are_not_offered(district: User) -> None:
    forum = make_forum(by=district)
    make_case(status="draft")
    make_case(status="closed", ended_at=AT, closing_reason="solved")
    assert services.suggestions(forum=forum, by=district, on=TODAY).overdue_count == 0


# ---- taking up -----------------------------------------------------------------------
def test_ticked_cases_come_on_the_agenda_once(district: User) -> None:
    forum, one, two = make_forum(by=district), make_case(), make_case()
    services.take_up(forum=forum, referrals=[one, two, one], by=district, at=AT)
    services.take_up(forum=forum, referrals=[two], by=district, at=AT)
    assert [item.referral for item in forum.items.for_agenda()] == [one, two]
    assert Event.objects.filter(event="forum.taken-up").count() == 1


def test_a_case_of_elsewhere_or_not_sent_is_refused(province: User) -> None:
    forum = make_forum(by=province)
    for case in (
        make_case(area="30010101"),
        make_case(status="draft"),
        make_case(status="closed", ended_at=AT, closing_reason="solved"),
    ):
        with pytest.raises(UnableToConvene) as refused:
            services.take_up(forum=forum, referrals=[case], by=province, at=AT)
        assert refused.value.field == "referrals"
    assert not forum.items.exists()


def test_other_things_are_written_in(district: User) -> None:
    forum = make_forum(by=district)
    new = NewItem(
        title="น้ำแล้ง", kind=ItemKind.PROBLEM_AREA, dimension=Dimension.LIVING, area_code=SUBDISTRICT
    )
    services.take_up(forum=forum, others=[new], by=district, at=AT)
    item = forum.items.get()
    assert (item.kind, item.dimension, item.area_id) == ("problem_area", "living", SUBDISTRICT)
    for wrong, field in (
        (NewItem(title=" "), "title"),
        (NewItem(title="ก", kind=ItemKind.REFERRAL), "kind"),
        (NewItem(title="ก", area_code="3001"), "area"),
    ):
        with pytest.raises(UnableToConvene) as refused:
            services.take_up(forum=forum, others=[wrong], by=district, at=AT)
        assert refused.value.field == field


def test_something_comes_up_at_the_sitting_itself(district: User) -> None:
    forum = make_held(by=district)
    services.take_up(forum=forum, others=[NewItem(title="ไฟป่า")], by=district, at=AT)
    assert titles(forum) == ["ไฟป่า"]


def test_a_cancelled_forum_takes_nothing_up(district: User) -> None:
    forum = make_forum(by=district)
    services.cancel_forum(forum=forum, reason="น้ำท่วม", by=district, at=AT)
    with pytest.raises(WrongState):
        services.take_up(forum=forum, others=[NewItem(title="ไฟป่า")], by=district, at=AT)


# ---- order ---------------------------------------------------------------------------
def test_items_change_places_and_stop_at_the_ends(district: User) -> None:
    forum = make_forum(by=district)
    for title in ("ก", "ข", "ค"):
        make_item(forum, title)
    middle = forum.items.get(title="ข")
    services.move_item(item=middle, up=True, by=district, at=AT)
    assert titles(forum) == ["ข", "ก", "ค"]
    services.move_item(item=middle, up=True, by=district, at=AT)
    assert titles(forum) == ["ข", "ก", "ค"]
    services.move_item(item=forum.items.get(title="ก"), up=False, by=district, at=AT)
    assert titles(forum) == ["ข", "ค", "ก"]


def test_an_item_is_taken_off_while_planned_only(district: User) -> None:
    forum = make_forum(by=district)
    item = make_item(forum)
    services.remove_item(item=item, by=district, at=AT)
    assert titles(forum) == []
    held = make_held(by=district)
    item = make_item(held)
    with pytest.raises(WrongState):
        services.remove_item(item=item, by=district, at=AT)
    with pytest.raises(WrongState):
        services.move_item(item=item, up=True, by=district, at=AT)


def test_a_resolution_that_is_not_done_stays_on_the_agenda(district: User) -> None:
    resolution = make_resolution()
    forum = make_forum(by=district, held_on=TODAY + DAY)
    item = forum.items.get(resolution=resolution)
    with pytest.raises(UnableToConvene):
        services.remove_item(item=item, by=district, at=AT)
    services.finish_resolution(resolution=resolution, by=district, at=AT)
    item = forum.items.select_related("resolution").get()
    services.remove_item(item=item, by=district, at=AT)
    assert titles(forum) == []


def test_only_who_manages_the_area_orders_an_agenda(district: User) -> None:
    item = make_item(make_forum(area_code=PROVINCE))
    with pytest.raises(PermissionDenied):
        services.move_item(item=item, up=True, by=district, at=AT)
    with pytest.raises(PermissionDenied):
        services.remove_item(item=item, by=district, at=AT)


# ---- what comes back --------------------------------------------------------------------
def test_a_resolution_comes_back_until_it_is_done(district: User) -> None:
    """Three sittings in a row: carried to the second and the third, done, gone from the fourth."""
    resolution = make_resolution(make_item(make_held(by=district)))
    for week in (1, 2):
        forum = make_forum(by=district, held_on=TODAY + 7 * week * DAY)
        assert [item.resolution for item in forum.items.for_agenda()] == [resolution]
        services.hold_forum(forum=forum, counts=_some(), by=district, at=AT + 7 * week * DAY)
    services.finish_resolution(resolution=resolution, by=district, at=AT + 15 * DAY)
    fourth = make_forum(by=district, held_on=TODAY + 21 * DAY)
    assert titles(fourth) == []
    services.reopen_resolution(resolution=resolution, reason="ยังไม่จริง", by=district, at=AT)
    services.hold_forum(forum=fourth, counts=_some(), by=district, at=AT + 21 * DAY)
    assert [item.resolution for item in fourth.items.for_agenda()] == [resolution]


def test_what_was_resolved_meanwhile_joins_when_the_forum_is_held(district: User) -> None:
    earlier = make_held(by=district)
    planned = make_forum(by=district, held_on=TODAY + DAY)
    resolution = make_resolution(make_item(earlier))
    assert titles(planned) == []
    assert services.suggestions(forum=planned, by=district, on=TODAY).resolutions == [resolution]
    services.hold_forum(forum=planned, counts=_some(), by=district, at=AT + DAY)
    assert [item.resolution for item in planned.items.all()] == [resolution]


def test_resolutions_go_up_to_the_wider_area_and_not_down_or_aside(province: User) -> None:
    resolution = make_resolution(make_item(make_held(by=province)))
    for area, carried in ((PROVINCE, 1), (DISTRICT, 1), (SUBDISTRICT, 0), ("3001", 0)):
        forum = make_forum(by=province, area_code=area, held_on=TODAY + DAY)
        assert forum.items.filter(resolution=resolution).count() == carried, area


def test_a_forum_of_before_takes_nothing_from_after(district: User) -> None:
    make_resolution(make_item(make_held(by=district)))
    assert titles(make_forum(by=district, held_on=TODAY - DAY)) == []


def test_a_resolution_of_elsewhere_is_refused(province: User) -> None:
    resolution = make_resolution(make_item(make_held(by=province, area_code="3001")))
    forum = make_forum(by=province, held_on=TODAY + DAY)
    with pytest.raises(UnableToConvene) as refused:
        services.take_up(forum=forum, resolutions=[resolution], by=province, at=AT)
    assert refused.value.field == "resolutions"


def _some() -> dict[Sector, int]:
    return {Sector.STATE: 1}
