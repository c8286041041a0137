from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import Event
from forums import services
from forums.models import Resolution, ResolutionEvent
from forums.services import Stale, UnableToConvene, WrongState
from tests.factories import DISTRICT, OTHER_PROVINCE, PROVINCE, make_agency
from tests.forums.cases import (
    AT,
    DAY,
    TODAY,
    make_case,
    make_forum,
    make_held,
    make_item,
    make_resolution,
    officer_of,
)

pytestmark = pytest.mark.django_db
Move = Callable[..., Resolution]
MOVES: list[tuple[Move, dict[str, str]]] = [
    (services.progress_resolution, {"note": "ประชุมช่างแล้ว"}),
    (services.finish_resolution, {}),
    (services.drop_resolution, {"reason": "ไม่มีงบ"}),
    (services.reopen_resolution, {"reason": "ยังไม่เสร็จจริง"}),
]


def test_a_resolution_names_its_owner_and_its_day(district: User) -> None:
    agency, item = make_agency(), make_item(make_held(by=district))
    resolution = services.record_resolution(
        agenda_item=item,
        text="ซ่อมบ้าน 3 หลัง",
        owner_agency=agency,
        due_on=TODAY + DAY,
        by=district,
        at=AT,
    )
    assert (resolution.status, resolution.number, resolution.owner_agency) == ("open", 1, agency)
    event = Event.objects.get(event="resolution.recorded")
    assert (event.subject_id, event.area) == (str(resolution.pk), DISTRICT)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"text": "  "}, "text"),
        ({"due_on": TODAY - DAY}, "due_on"),
        ({"due_on": TODAY + 6 * 366 * DAY}, "due_on"),
        ({"owner": "นายอำเภอ"}, "owner"),
    ],
)
def test_what_a_resolution_lacks_is_named(changed: dict[str, Any], field: str, areas: None) -> None:
    item = make_item(make_held())
    with pytest.raises(UnableToConvene) as refused:
        make_resolution(item, **changed)
    assert refused.value.field == field


def test_an_agency_of_another_province_owns_nothing_here(areas: None) -> None:
    item = make_item(make_held())
    with pytest.raises(UnableToConvene) as refused:
        make_resolution(item, owner_agency=make_agency(area_id=OTHER_PROVINCE))
    assert refused.value.field == "owner"


def test_nothing_is_resolved_before_the_sitting(areas: None) -> None:
    with pytest.raises(WrongState):
        make_resolution(make_item(make_forum()))


def test_it_goes_on_and_is_done(district: User) -> None:
    resolution = make_resolution()
    services.progress_resolution(resolution=resolution, note="เริ่มแล้ว", by=district, at=AT)
    services.finish_resolution(resolution=resolution, by=district, at=AT + DAY)
    resolution.refresh_from_db()
    assert (resolution.status, resolution.ended_by) == ("done", district)
    moves = ResolutionEvent.objects.story_of(resolution)
    assert [move.action for move in moves] == ["finish", "progress", "record"]
    assert [move.note for move in moves] == [None, "เริ่มแล้ว", None]


def test_it_is_dropped_and_taken_up_again(district: User) -> None:
    resolution = make_resolution()
    services.drop_resolution(resolution=resolution, reason="ไม่มีงบ", by=district, at=AT)
    resolution.refresh_from_db()
    assert (resolution.status, resolution.dropped_reason) == ("dropped", "ไม่มีงบ")
    services.reopen_resolution(resolution=resolution, reason="ได้งบแล้ว", by=district, at=AT)
    resolution.refresh_from_db()
    assert (resolution.status, resolution.ended_at, resolution.dropped_reason) == ("open", None, "")


@pytest.mark.parametrize(("move", "words"), [row for row in MOVES if row[1]])
def test_words_that_are_needed_are_asked_for(
    move: Move, words: dict[str, str], district: User
) -> None:
    resolution = make_resolution()
    if move is services.reopen_resolution:
        services.finish_resolution(resolution=resolution, by=district, at=AT)
    with pytest.raises(UnableToConvene):
        move(resolution=resolution, by=district, at=AT, **dict.fromkeys(words, "  "))
    move(resolution=resolution, by=district, at=AT, **words)


@pytest.mark.parametrize(("move", "words"), MOVES)
def test_a_move_that_the_table_does_not_have_is_refused(
    move: Move, words: dict[str, str], district: User
) -> None:
    resolution = make_resolution()
    if move is not services.reopen_resolution:
        services.finish_resolution(resolution=resolution, by=district, at=AT)
    with pytest.raises(WrongState):
        move(resolution=resolution, by=district, at=AT, **words)


@pytest.mark.parametrize(("move", "words"), MOVES)
def test_of_two_who_decide_at_once_the_second_is_told(
    move: Move, words: dict[str, str], district: User
) -> None:
    resolution = make_resolution()
    services.progress_resolution(resolution=resolution, note="ก", by=district, at=AT, version=1)
    with pytest.raises(Stale):
        move(resolution=resolution, by=district, at=AT, version=1, **words)


@pytest.mark.parametrize(("move", "words"), MOVES)
def test_a_resolution_is_moved_by_who_manages_its_forum(
    move: Move, words: dict[str, str], district: User, surveyor: User
) -> None:
    resolution = make_resolution(make_item(make_held(area_code=PROVINCE)))
    for by in (district, surveyor):
        with pytest.raises(PermissionDenied):
            move(resolution=resolution, by=by, at=AT, **words)
    with pytest.raises(PermissionDenied):
        make_resolution(resolution.agenda_item, by=district)


# ---- on the referral ---------------------------------------------------------------------
def case_and_resolution(owner: Any) -> tuple[Any, Resolution]:
    case = make_case()
    by = officer_of(DISTRICT)
    item = services.take_up(forum=make_held(by=by), referrals=[case], by=by, at=AT)[0]
    return case, make_resolution(item, owner_agency=owner)


def test_a_case_shows_what_was_resolved_about_it(
    surveyor: User, django_assert_num_queries: Any
) -> None:
    case, resolution = case_and_resolution(make_agency())
    services.resolutions_of(referral=case, by=surveyor)
    with django_assert_num_queries(1):
        found = services.resolutions_of(referral=case, by=surveyor)
        assert [(row.text, str(row.owner_agency), row.forum.title) for row in found] == [
            (resolution.text, str(resolution.owner_agency), resolution.forum.title)
        ]


def test_what_is_resolved_on_a_carried_item_is_about_the_same_case(district: User) -> None:
    case, first = case_and_resolution(make_agency())
    later = make_held(by=district, held_on=TODAY + DAY, at=AT + DAY)
    second = make_resolution(later.items.get(resolution=first))
    assert services.resolutions_of(referral=case, by=district) == [second, first]


def test_an_agency_reads_what_it_has_to_carry_out_and_nothing_else(agency_officer: User) -> None:
    agency = agency_officer.scopes.get().agency
    case, own = case_and_resolution(agency)
    make_resolution(own.agenda_item)
    assert services.resolutions_of(referral=case, by=agency_officer) == [own]


def test_who_has_nothing_to_do_with_the_case_reads_nothing(
    outsider: User, next_surveyor: User, viewer: User
) -> None:
    case, _ = case_and_resolution(make_agency())
    for who in (outsider, next_surveyor, viewer):
        assert services.resolutions_of(referral=case, by=who) == []
