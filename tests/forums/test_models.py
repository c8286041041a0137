"""The database refuses what cannot be, whatever code runs."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.models import User
from forums.models import AgendaItem, Forum, Resolution, ResolutionEvent
from forums.workflow import ItemKind
from tests.factories import make_agency
from tests.forums.cases import (
    AT,
    make_case,
    make_forum,
    make_held,
    make_item,
    make_resolution,
)

pytestmark = pytest.mark.django_db
NO_COUNTS = {
    "count_state": None,
    "count_private": None,
    "count_civil_society": None,
    "count_academic": None,
    "count_people": None,
}


def refused(rows: Any, constraint: str, **columns: Any) -> bool:
    try:
        with transaction.atomic():
            rows.update(**columns)
            connection.check_constraints()
    except IntegrityError as error:
        return constraint in str(error)
    return False


@pytest.mark.parametrize(
    "changed",
    [
        {"state": "held"},
        {"state": "cancelled"},
        {"state": "else"},
        {"count_state": 3},
        {"held_at": AT},
        {"cancelled_reason": "น้ำท่วม"},
    ],
)
def test_a_planned_forum_has_no_result(changed: dict[str, Any], areas: None) -> None:
    forum = make_forum()
    rows = Forum.objects.filter(pk=forum.pk)
    assert refused(rows, "forum_columns_fit_its_state", **changed)


@pytest.mark.parametrize(
    "changed",
    [{"count_people": None}, {"held_by": None}, {"held_at": None}, {"cancelled_at": AT}],
)
def test_a_held_forum_says_who_and_how_many(changed: dict[str, Any], areas: None) -> None:
    rows = Forum.objects.filter(pk=make_held().pk)
    assert refused(rows, "forum_columns_fit_its_state", **changed)


def test_a_cancelled_forum_has_a_reason(district: User) -> None:
    forum = make_forum()
    rows = Forum.objects.filter(pk=forum.pk)
    whole = {"state": "cancelled", "cancelled_at": AT, "cancelled_by": district}
    assert refused(rows, "forum_columns_fit_its_state", **whole)
    rows.update(**whole, cancelled_reason="น้ำท่วม")
    assert refused(rows, "forum_columns_fit_its_state", cancelled_by=None)


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"level": "province"}, "forum_level_fits_area"),
        ({"level": "village"}, "forum_level_fits_area"),
        ({"area_id": "303201"}, "forum_level_fits_area"),
        ({"organiser": ""}, "forum_one_organiser"),
        ({"format": "party"}, "forum_format_is_known"),
        ({"title": ""}, "forum_has_a_title"),
    ],
)
def test_a_forum_is_what_it_says(changed: dict[str, Any], constraint: str, areas: None) -> None:
    rows = Forum.objects.filter(pk=make_forum().pk)
    assert refused(rows, constraint, **changed)


def test_an_organiser_is_not_two(areas: None) -> None:
    rows = Forum.objects.filter(pk=make_forum().pk)
    assert refused(rows, "forum_one_organiser", organiser_agency=make_agency())


def test_an_item_is_about_what_its_kind_says(areas: None) -> None:
    item = make_item(make_held())
    rows = AgendaItem.objects.filter(pk=item.pk)
    name = "agendaitem_is_about_what_its_kind_says"
    assert refused(rows, name, kind=ItemKind.REFERRAL.value)
    assert refused(rows, name, kind=ItemKind.RESOLUTION.value)
    assert refused(rows, name, referral=make_case())
    assert refused(rows, name, kind="else")


@pytest.mark.parametrize(
    ("column", "constraint"),
    [
        ("position", "agendaitem_one_at_a_place"),
        ("referral", "agendaitem_referral_once"),
    ],
)
def test_nothing_is_twice_on_an_agenda(column: str, constraint: str, areas: None) -> None:
    forum = make_forum()
    first, second = make_item(forum), make_item(forum, "สอง")
    AgendaItem.objects.filter(pk=first.pk).update(kind="referral", referral=make_case())
    first.refresh_from_db()
    rows = AgendaItem.objects.filter(pk=second.pk)
    value = getattr(first, column)
    kind = {"kind": "referral"} if column == "referral" else {}
    assert refused(rows, constraint, **{column: value}, **kind)


@pytest.mark.parametrize(
    "changed",
    [
        {"status": "done"},
        {"status": "dropped"},
        {"status": "else"},
        {"ended_at": AT},
        {"dropped_reason": "ไม่มีงบ"},
    ],
)
def test_an_open_resolution_has_no_end(changed: dict[str, Any], areas: None) -> None:
    rows = Resolution.objects.filter(pk=make_resolution().pk)
    assert refused(rows, "resolution_columns_fit_its_status", **changed)


def test_a_dropped_resolution_has_a_reason_and_a_done_one_none(district: User) -> None:
    rows = Resolution.objects.filter(pk=make_resolution().pk)
    end = {"ended_at": AT, "ended_by": district}
    assert refused(rows, "resolution_columns_fit_its_status", status="dropped", **end)
    rows.update(status="dropped", dropped_reason="ไม่มีงบ", **end)
    assert refused(rows, "resolution_columns_fit_its_status", status="done")
    rows.update(status="done", dropped_reason="")
    assert refused(rows, "resolution_columns_fit_its_status", ended_by=None)


def test_a_resolution_has_one_owner(areas: None) -> None:
    rows = Resolution.objects.filter(pk=make_resolution().pk)
    assert refused(rows, "resolution_one_owner", owner="นายอำเภอ")
    assert refused(rows, "resolution_one_owner", owner_agency=None)


def test_a_number_is_given_once_in_a_forum(areas: None) -> None:
    item = make_item(make_held())
    first, second = make_resolution(item), make_resolution(item)
    assert (first.number, second.number) == (1, 2)
    rows = Resolution.objects.filter(pk=second.pk)
    assert refused(rows, "resolution_number_once", number=1)


def test_a_move_of_a_resolution_is_never_rewritten(areas: None) -> None:
    event = ResolutionEvent.objects.get(resolution=make_resolution())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ResolutionEvent.objects.filter(pk=event.pk).update(to_status="done")


def test_what_is_said_is_sealed(areas: None) -> None:
    resolution = make_resolution(text="ซ่อมหลังคาให้เสร็จ")
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM forums_resolution WHERE id = %s", [resolution.pk])
        stored = bytes(cursor.fetchone()[0])
    assert "ซ่อมหลังคา".encode() not in stored
    assert Resolution.objects.get(pk=resolution.pk).text == "ซ่อมหลังคาให้เสร็จ"
