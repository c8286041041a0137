from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import Event
from forums import services
from forums.models import Forum
from forums.services import Stale, UnableToConvene, WrongState
from forums.workflow import Level
from tests.factories import DISTRICT, OTHER_PROVINCE, PROVINCE, SUBDISTRICT, make_agency
from tests.forums.cases import AT, COUNTS, DAY, TODAY, a_plan, make_forum, make_held

pytestmark = pytest.mark.django_db


def test_a_forum_is_planned_and_told(district: User) -> None:
    forum = services.plan_forum(plan=a_plan(title="  เวที   อำเภอ "), by=district, at=AT)
    assert (forum.title, forum.state, forum.planned_by) == ("เวที อำเภอ", "planned", district)
    event = Event.objects.get(event="forum.planned")
    assert (event.subject_id, event.area) == (str(forum.pk), DISTRICT)


def test_a_forum_belongs_to_an_area_one_manages(district: User, surveyor: User) -> None:
    for area, by in ((PROVINCE, district), ("3001", district), (DISTRICT, surveyor)):
        with pytest.raises(PermissionDenied):
            services.plan_forum(plan=a_plan(area_code=area), by=by, at=AT)
    assert not Forum.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": "  "}, "title"),
        ({"place": ""}, "place"),
        ({"organiser": " "}, "organiser"),
        ({"level": Level.PROVINCE}, "area"),
        ({"held_on": date(2569, 11, 20)}, "held_on"),
        ({"held_on": date(2016, 12, 31)}, "held_on"),
        ({"area_code": "303299"}, "area"),
    ],
)
def test_what_cannot_be_right_is_named(changed: dict[str, Any], field: str, district: User) -> None:
    with pytest.raises(UnableToConvene) as refused:
        services.plan_forum(plan=a_plan(**changed), by=district, at=AT)
    assert refused.value.field == field


def test_the_organiser_is_an_agency_of_the_province_or_words_not_both(district: User) -> None:
    agency = make_agency()
    forum = services.plan_forum(
        plan=a_plan(organiser_agency=agency, organiser=""), by=district, at=AT
    )
    assert forum.organiser_agency == agency
    for wrong in (
        {"organiser_agency": agency},
        {"organiser_agency": make_agency(area_id=OTHER_PROVINCE), "organiser": ""},
        {"organiser_agency": make_agency(is_active=False), "organiser": ""},
    ):
        with pytest.raises(UnableToConvene) as refused:
            services.plan_forum(plan=a_plan(**wrong), by=district, at=AT)
        assert refused.value.field == "organiser"


def test_a_university_talks_about_any_area(province: User) -> None:
    for area in (PROVINCE, DISTRICT, SUBDISTRICT):
        plan = a_plan(area_code=area, level=Level.UNIVERSITY)
        assert services.plan_forum(plan=plan, by=province, at=AT).area_id == area


def test_a_plan_is_changed_unless_somebody_was_first(district: User) -> None:
    forum = make_forum(by=district)
    plan = a_plan(held_on=TODAY + 7 * DAY, place="ศาลากลาง")
    changed = services.update_forum(forum=forum, plan=plan, by=district, at=AT, version=1)
    assert (changed.held_on, changed.place, changed.version) == (TODAY + 7 * DAY, "ศาลากลาง", 2)
    with pytest.raises(Stale):
        services.update_forum(forum=forum, plan=plan, by=district, at=AT, version=1)


def test_a_forum_with_an_agenda_does_not_leave_its_area(province: User) -> None:
    forum = make_forum(by=province)
    services.take_up(forum=forum, others=[services.NewItem(title="ถนน")], by=province, at=AT)
    with pytest.raises(UnableToConvene) as refused:
        services.update_forum(forum=forum, plan=a_plan(area_code="3001"), by=province, at=AT)
    assert refused.value.field == "area"
    wider = services.update_forum(forum=forum, plan=a_plan(area_code=PROVINCE), by=province, at=AT)
    assert wider.area_id == PROVINCE


def test_a_forum_is_cancelled_with_a_reason(district: User) -> None:
    forum = make_forum(by=district)
    with pytest.raises(UnableToConvene):
        services.cancel_forum(forum=forum, reason="  ", by=district, at=AT)
    cancelled = services.cancel_forum(forum=forum, reason="น้ำท่วม", by=district, at=AT)
    assert (cancelled.state, cancelled.cancelled_reason) == ("cancelled", "น้ำท่วม")
    assert Event.objects.get(event="forum.cancelled").reason == "น้ำท่วม"


def test_what_is_over_is_not_planned_again(district: User) -> None:
    cancelled = make_forum(by=district)
    services.cancel_forum(forum=cancelled, reason="น้ำท่วม", by=district, at=AT)
    for forum in (cancelled, make_held(by=district)):
        with pytest.raises(WrongState):
            services.cancel_forum(forum=forum, reason="น้ำท่วม", by=district, at=AT)
        with pytest.raises(WrongState):
            services.update_forum(forum=forum, plan=a_plan(), by=district, at=AT)
        with pytest.raises(WrongState):
            services.hold_forum(forum=forum, counts=COUNTS, by=district, at=AT)


def test_only_who_manages_the_whole_area_changes_a_forum(district: User) -> None:
    """The district's officer sees the province's forum and leaves it alone."""
    forum = make_forum(area_code=PROVINCE)
    assert Forum.objects.visible_to(district).get() == forum
    for act in (
        lambda: services.update_forum(forum=forum, plan=a_plan(), by=district, at=AT),
        lambda: services.cancel_forum(forum=forum, reason="x", by=district, at=AT),
        lambda: services.hold_forum(forum=forum, counts=COUNTS, by=district, at=AT),
        lambda: services.take_up(forum=forum, by=district, at=AT),
        lambda: services.suggestions(forum=forum, by=district, on=TODAY),
    ):
        with pytest.raises(PermissionDenied):
            act()
