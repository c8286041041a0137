from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate
from rest_framework.test import APIClient

from accounts.models import User
from forums import services
from forums.models import Forum, Resolution
from ppaos.orm import uuid7
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
)

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], APIClient]


def new_forum(**overrides: Any) -> dict[str, Any]:
    return {
        "title": "เวทีแก้จนอำเภอ",
        "format": "working",
        "level": "district",
        "area": DISTRICT,
        "held_on": localdate().isoformat(),
        "starts_at": "09:30:00",
        "place": "ที่ว่าการอำเภอ",
        "organiser": "ศจพ.อ.",
        **overrides,
    }


def refusal(response: Any) -> tuple[int, str, list[str]]:
    body = response.json()
    return response.status_code, body["code"], sorted(body["fields"])


def test_a_program_takes_a_forum_from_plan_to_resolution(
    client_of: ClientOf, district: User
) -> None:
    client, case, agency = client_of(district), make_case(overdue=9), make_agency()
    made = client.post("/api/v1/forums/", new_forum(), format="json")
    assert made.status_code == 201, made.json()
    assert (made.json()["state"], made.json()["participants"]) == ("planned", None)
    base = f"/api/v1/forums/{made.json()['id']}/"

    added = client.post(
        f"{base}agenda/",
        {"referrals": [str(case.pk)], "items": [{"title": "น้ำแล้ง", "kind": "problem_area"}]},
        format="json",
    )
    assert added.status_code == 201
    assert len(added.json()["added"]) == 2
    held = client.post(
        f"{base}hold/",
        {"participants": {"state": 3, "people": 9}, "agencies": [str(agency.pk)]},
        format="json",
    )
    assert held.status_code == 200, held.json()
    assert held.json()["participants"] == {
        "state": 3,
        "private": 0,
        "civil_society": 0,
        "academic": 0,
        "people": 9,
    }
    item = held.json()["agenda"][0]
    assert (item["case"]["number"], item["is_open"]) == (case.number, True)

    resolved = client.post(
        f"{base}resolutions/",
        {
            "agenda_item": item["id"],
            "text": "ซ่อมหลังคา",
            "owner_agency": str(agency.pk),
            "due_on": localdate().isoformat(),
        },
        format="json",
    )
    assert resolved.status_code == 201, resolved.json()
    assert (resolved.json()["status"], resolved.json()["referral"]) == ("open", str(case.pk))
    pk = resolved.json()["id"]

    client.post(f"/api/v1/resolutions/{pk}/progress/", {"note": "เริ่มแล้ว"}, format="json")
    done = client.post(f"/api/v1/resolutions/{pk}/finish/", {}, format="json")
    assert (done.status_code, done.json()["status"]) == (200, "done")
    again = client.post(
        f"/api/v1/resolutions/{pk}/reopen/", {"reason": "ยังรั่ว", "version": 3}, format="json"
    )
    assert again.json()["status"] == "open"
    dropped = client.post(f"/api/v1/resolutions/{pk}/drop/", {"reason": "รื้อบ้าน"}, format="json")
    assert dropped.json()["dropped_reason"] == "รื้อบ้าน"
    read = client.get(base).json()
    assert read["agenda"][0]["resolutions"][0]["status"] == "dropped"
    assert read["agenda"][0]["outcome"] == "resolved"
    assert client.get(f"/api/v1/resolutions/{pk}/").json() == dropped.json()


def test_the_same_request_again_plans_one_forum(client_of: ClientOf, district: User) -> None:
    client = client_of(district)
    for _ in range(2):
        response = client.post(
            "/api/v1/forums/", new_forum(), format="json", headers={"Idempotency-Key": "k1"}
        )
        assert response.status_code == 201
    assert Forum.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"title": ""}, ["title"]),
        ({"area": "30320101"}, ["area"]),
        ({"level": "province"}, ["area"]),
        ({"organiser": ""}, ["organiser"]),
        ({"held_on": "2569-01-01"}, ["held_on"]),
        ({"organiser_agency": str(uuid7())}, ["organiser_agency"]),
    ],
)
def test_what_is_wrong_with_a_plan_is_named(
    changed: dict[str, Any], fields: list[str], client_of: ClientOf, district: User
) -> None:
    response = client_of(district).post("/api/v1/forums/", new_forum(**changed), format="json")
    assert refusal(response) == (400, "invalid", fields)
    assert not Forum.objects.exists()


def test_a_forum_of_another_area_is_not_planned(client_of: ClientOf, district: User) -> None:
    response = client_of(district).post(
        "/api/v1/forums/", new_forum(area=PROVINCE, level="province"), format="json"
    )
    assert refusal(response) == (403, "not_allowed", [])


def test_states_and_races_are_told_apart(client_of: ClientOf, district: User) -> None:
    client = client_of(district)
    early = make_forum(by=district, held_on=localdate() + timedelta(days=3))
    hold = {"participants": {"state": 1}}
    url = f"/api/v1/forums/{early.pk}/hold/"
    assert refusal(client.post(url, hold, format="json")) == (409, "invalid_state", [])
    held = make_held(by=district)
    url = f"/api/v1/forums/{held.pk}/hold/"
    assert refusal(client.post(url, hold, format="json")) == (409, "invalid_state", [])
    resolution = make_resolution(make_item(held))
    url = f"/api/v1/resolutions/{resolution.pk}/progress/"
    late = {"note": "ก", "version": 9}
    assert refusal(client.post(url, late, format="json")) == (409, "stale", [])
    url = f"/api/v1/resolutions/{resolution.pk}/reopen/"
    assert refusal(client.post(url, {"reason": "ก"}, format="json"))[:2] == (409, "invalid_state")


def test_what_cannot_be_is_named_by_its_field(client_of: ClientOf, district: User) -> None:
    client, forum = client_of(district), make_forum(by=district)
    base = f"/api/v1/forums/{forum.pk}/"
    items: list[tuple[dict[str, Any], str]] = [
        ({"referrals": [str(uuid7())]}, "referrals"),
        ({"referrals": [str(make_case(status="draft").pk)]}, "referrals"),
        ({"resolutions": [str(uuid7())]}, "resolutions"),
        ({"items": [{"title": "ก", "area": "31"}]}, "items"),
    ]
    for body, field in items:
        response = client.post(f"{base}agenda/", body, format="json")
        assert refusal(response) == (400, "invalid", [field])
    minutes: list[tuple[dict[str, Any], str]] = [
        ({"participants": {}}, "participants"),
        ({"participants": {"state": -1}}, "participants.state"),
        ({"participants": {"state": 1}, "agencies": [str(uuid7())]}, "agencies"),
        (
            {
                "participants": {"state": 1},
                "agencies": [str(make_agency(area_id=OTHER_PROVINCE).pk)],
            },
            "agencies",
        ),
    ]
    for body, field in minutes:
        response = client.post(f"{base}hold/", body, format="json")
        assert refusal(response) == (400, "invalid", [field])
    held = make_held(by=district)
    item = make_item(held)
    body = {"agenda_item": str(item.pk), "text": "ก", "due_on": "2026-11-30"}
    url = f"/api/v1/forums/{held.pk}/resolutions/"
    assert refusal(client.post(url, body, format="json")) == (400, "invalid", ["owner"])
    body |= {"owner": "นายอำเภอ", "due_on": "2020-01-01"}
    assert refusal(client.post(url, body, format="json")) == (400, "invalid", ["due_on"])
    body |= {"agenda_item": str(make_item(forum).pk), "due_on": "2026-11-30"}
    assert refusal(client.post(url, body, format="json")) == (400, "invalid", ["agenda_item"])


def test_resolutions_are_listed_by_state_and_owner(client_of: ClientOf, district: User) -> None:
    agency = make_agency()
    item = make_item(make_held(by=district, held_on=TODAY - 40 * DAY, at=AT))
    late = make_resolution(item, due_on=TODAY - 30 * DAY, owner_agency=agency)
    on_time = make_resolution(item, due_on=localdate() + DAY)
    done = make_resolution(item)
    services.finish_resolution(resolution=done, by=district, at=AT)
    client = client_of(district)

    def listed(query: str) -> list[str]:
        return [row["id"] for row in client.get(f"/api/v1/resolutions/{query}").json()["results"]]

    def ids(*rows: Resolution) -> list[str]:
        return [str(row.pk) for row in rows]

    assert listed("") == ids(done, on_time, late)
    assert listed("?status=done") == ids(done)
    assert listed("?overdue=true") == ids(late)
    assert listed("?overdue=false") == ids(done, on_time)
    assert listed(f"?agency={agency.pk}") == ids(late)
    assert listed("?area=303201") == []
    assert refusal(client.get("/api/v1/resolutions/?status=x"))[0] == 400


def test_forums_are_listed_with_the_latest_first(client_of: ClientOf, district: User) -> None:
    old, new = make_forum(held_on=TODAY - DAY), make_forum(held_on=TODAY)
    make_forum(area_code="3001")
    page = client_of(district).get("/api/v1/forums/?page_size=1").json()
    assert [row["id"] for row in page["results"]] == [str(new.pk)]
    page = client_of(district).get(page["next"]).json()
    assert [row["id"] for row in page["results"]] == [str(old.pk)]
    assert page["next"] is None


def test_a_case_of_elsewhere_is_told_without_words(
    client_of: ClientOf, province: User, district: User
) -> None:
    case = make_case(area="30010101")
    forum = make_held(by=province, area_code=PROVINCE)
    item = services.take_up(forum=forum, referrals=[case], by=province, at=AT)[0]
    resolution = make_resolution(item, text="ซ่อมหลังคา")
    read = client_of(district).get(f"/api/v1/forums/{forum.pk}/")
    told = read.json()["agenda"][0]
    assert (told["is_open"], told["title"], told["case"], told["note"]) == (False, None, None, None)
    assert (told["resolutions"][0]["text"], told["resolutions"][0]["referral"]) == (None, None)
    assert case.number not in read.content.decode()
    alone = client_of(district).get(f"/api/v1/resolutions/{resolution.pk}/")
    assert alone.json()["text"] is None
    mine = client_of(province).get(f"/api/v1/forums/{forum.pk}/").json()["agenda"][0]
    assert mine["case"]["number"] == case.number
    assert mine["resolutions"][0]["text"] == "ซ่อมหลังคา"


def test_agencies_and_surveyors_have_no_forums(
    client_of: ClientOf, surveyor: User, agency_officer: User
) -> None:
    forum = make_forum()
    for who in (surveyor, agency_officer):
        client = client_of(who)
        assert refusal(client.get("/api/v1/forums/"))[0] == 403
        assert refusal(client.get("/api/v1/resolutions/"))[0] == 403
        assert refusal(client.post("/api/v1/forums/", {}, format="json"))[0] == 403
        assert refusal(client.get(f"/api/v1/forums/{forum.pk}/"))[0] == 404
