from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from audit.models import Event
from households.models import Household, Member, Verification
from households.services import searching
from households.workflow import Stage
from ppaos.lib import citizen_id
from ppaos.orm import uuid7
from tests.factories import make_household, make_member

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], APIClient]


def new_household(**overrides: Any) -> dict[str, Any]:
    person = {
        "citizen_id": citizen_id.generate(900_001),
        "title": "นาง",
        "first_name": "สมใจ",
        "last_name": "ทดสอบดี",
        "birth_date": "1970-05-01",
        "sex": "female",
        "is_head": True,
    }
    return {
        "house_code": None,
        "house_no": "12/3",
        "moo": 1,
        "subdistrict_code": "303201",
        "consent": "given",
        "consent_date": "2026-11-01",
        "members": [person],
        "reason": "สำรวจพบในพื้นที่",
        **overrides,
    }


def test_a_missed_household_is_registered_and_read(client_of: ClientOf, surveyor: User) -> None:
    client = client_of(surveyor)
    response = client.post("/api/v1/households/", new_household(phone="0812345678"), format="json")
    assert response.status_code == 201, response.json()
    body = response.json()
    assert (body["area"], body["moo"], body["stage"]) == ("30320101", 1, "listed")
    assert body["temporary_code"].startswith("TMP-303201-")
    assert body["phone"] == "0812345678"
    assert body["listings"][0]["source"] == "add_on"
    assert body["members"][0]["citizen_id"] == citizen_id.mask(citizen_id.generate(900_001))

    again = client.get(f"/api/v1/households/{body['id']}/").json()
    assert again == body
    assert Event.objects.filter(event="household.read", subject_id=body["id"]).count() == 1


def test_what_is_wrong_is_named_by_its_path(client_of: ClientOf, surveyor: User) -> None:
    bad = new_household()
    bad["members"][0]["citizen_id"] = "1234567890123"
    bad["house_code"] = "12"
    response = client_of(surveyor).post("/api/v1/households/", bad, format="json")
    assert response.status_code == 400
    assert set(response.json()["fields"]) == {"members.0.citizen_id", "house_code"}
    assert not Household.objects.exists()


def test_rules_of_the_service_come_back_in_the_same_shape(
    client_of: ClientOf, surveyor: User
) -> None:
    response = client_of(surveyor).post(
        "/api/v1/households/", new_household(consent="refused"), format="json"
    )
    assert (response.status_code, list(response.json()["fields"])) == (400, ["consent"])


def test_nothing_is_added_outside_ones_area(client_of: ClientOf, surveyor: User) -> None:
    response = client_of(surveyor).post(
        "/api/v1/households/", new_household(subdistrict_code="303202"), format="json"
    )
    assert (response.status_code, response.json()["code"]) == (403, "not_allowed")


def test_a_repeated_post_adds_one_household(client_of: ClientOf, surveyor: User) -> None:
    client, key = client_of(surveyor), {"Idempotency-Key": "one"}
    first = client.post("/api/v1/households/", new_household(), format="json", headers=key)
    second = client.post("/api/v1/households/", new_household(), format="json", headers=key)
    assert first.json()["id"] == second.json()["id"]
    assert Household.objects.count() == 1


@pytest.mark.parametrize(
    "who", ["next_surveyor", "outsider", "stranger", "reader", "agency_officer"]
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "households/{pk}/"),
        ("patch", "households/{pk}/"),
        ("post", "households/{pk}/verifications/"),
        ("post", "households/{pk}/exits/"),
    ],
)
def test_out_of_scope_does_not_exist(
    client_of: ClientOf,
    request: pytest.FixtureRequest,
    areas: None,
    who: str,
    method: str,
    path: str,
) -> None:
    household = make_household()
    client = client_of(request.getfixturevalue(who))

    foreign = getattr(client, method)(f"/api/v1/{path.format(pk=household.pk)}", {}, format="json")
    unknown = getattr(client, method)(f"/api/v1/{path.format(pk=uuid7())}", {}, format="json")

    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content


def test_a_verdict_is_recorded_and_moves_the_household(client_of: ClientOf, surveyor: User) -> None:
    household = make_household()
    response = client_of(surveyor).post(
        f"/api/v1/households/{household.pk}/verifications/",
        {"outcome": "not_poor", "visited_on": "2026-11-10", "reason": "มีรถยนต์ใหม่"},
        format="json",
    )
    assert response.status_code == 201
    assert response.json()["reason"] == "มีรถยนต์ใหม่"
    household.refresh_from_db()
    assert household.stage == Stage.VERIFIED_NOT_POOR


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"outcome": "rich", "visited_on": "2026-11-10"}, "outcome"),
        ({"outcome": "poor", "visited_on": "10/11/2569"}, "visited_on"),
        ({"outcome": "not_poor", "visited_on": "2026-11-10"}, "reason"),
        ({"outcome": "poor", "visited_on": "2999-01-01"}, "visited_on"),
    ],
)
def test_a_verdict_that_cannot_be_right_is_refused(
    client_of: ClientOf, surveyor: User, body: dict[str, str], field: str
) -> None:
    household = make_household()
    response = client_of(surveyor).post(
        f"/api/v1/households/{household.pk}/verifications/", body, format="json"
    )
    assert (response.status_code, list(response.json()["fields"])) == (400, [field])
    assert not Verification.objects.exists()


def test_a_change_needs_the_present_version(client_of: ClientOf, surveyor: User) -> None:
    household = make_household()
    client, url = client_of(surveyor), f"/api/v1/households/{household.pk}/"

    changed = client.patch(url, {"version": 1, "house_no": "99/1"}, format="json")
    assert (changed.status_code, changed.json()["house_no"], changed.json()["version"]) == (
        200,
        "99/1",
        2,
    )
    late = client.patch(url, {"version": 1, "house_no": "5"}, format="json")
    assert (late.status_code, late.json()["code"]) == (409, "stale")
    assert client.patch(url, {"house_no": "5"}, format="json").json()["fields"].keys() == {
        "version"
    }
    # An answer about consent is kept with who gave it, which a change of an address is not.
    consent = {"version": 2, "consent": "given", "consent_date": "2026-11-01"}
    refused = client.patch(url, consent, format="json")
    assert (refused.status_code, refused.json()["fields"].keys()) == (
        400,
        {"consent", "consent_date"},
    )
    household.refresh_from_db()
    assert household.consent == "not_asked"


def test_an_exit_is_proposed_by_one_and_approved_by_another(
    client_of: ClientOf, surveyor: User, district: User
) -> None:
    household = make_household()
    proposal = client_of(surveyor).post(
        f"/api/v1/households/{household.pk}/exits/", {"reason": "moved"}, format="json"
    )
    assert proposal.status_code == 201
    url = f"/api/v1/exits/{proposal.json()['id']}/approve/"

    assert client_of(surveyor).post(url).status_code == 403
    assert client_of(district).post(url).json()["state"] == "approved"
    late = client_of(district).post(url)
    assert (late.status_code, late.json()["code"]) == (409, "taken")
    household.refresh_from_db()
    assert household.stage == Stage.EXITED


class TestFinding:
    """Lists and search."""

    @pytest.fixture
    def household(self, areas: None) -> Household:
        household = make_household(house_code="30320000015")
        make_member(
            household, first_name="สมศรี", last_name="ตัวอย่างงาม", citizen_id=citizen_id.generate(7)
        )
        make_household(area_id="30010101")
        return household

    def found(self, client: APIClient, **query: Any) -> list[str]:
        response = client.post("/api/v1/households/search/", query, format="json")
        assert response.status_code == 200, response.json()
        return [row["id"] for row in response.json()["results"]]

    def test_by_part_of_a_name_by_code_and_by_id(
        self, client_of: ClientOf, province: User, household: Household
    ) -> None:
        client = client_of(province)
        for query in (
            {"q": "ตัวอย่าง"},
            {"name": "นาง สมศรี"},
            {"house_code": "3032-000001-5"},
            {"citizen_id": citizen_id.display(citizen_id.generate(7))},
            {"q": citizen_id.generate(7)},
        ):
            assert self.found(client, **query) == [str(household.pk)], query

    def test_nothing_is_found_out_of_scope(
        self, client_of: ClientOf, next_surveyor: User, household: Household
    ) -> None:
        assert self.found(client_of(next_surveyor), q=citizen_id.generate(7)) == []

    def test_who_may_not_search_is_told(
        self, client_of: ClientOf, reader: User, household: Household
    ) -> None:
        response = client_of(reader).post(
            "/api/v1/households/search/", {"q": "สมศรี"}, format="json"
        )
        assert response.status_code == 403

    def test_a_list_is_narrowed_and_leaves_an_event(
        self, client_of: ClientOf, province: User, household: Household
    ) -> None:
        client = client_of(province)
        everyone = client.get("/api/v1/households/").json()["results"]
        assert len(everyone) == 2
        for query in ({"area": "303201"}, {"house_code": "30320000015"}, {"area": "3032"}):
            rows = client.get("/api/v1/households/", query).json()["results"]
            assert [row["id"] for row in rows] == [str(household.pk)], query
        assert client.get("/api/v1/households/", {"stage": "exited"}).json()["results"] == []
        assert Event.objects.filter(event="households.listed", actor_id=province.pk).exists()

    def test_no_full_id_is_ever_in_an_answer(
        self, client_of: ClientOf, province: User, household: Household
    ) -> None:
        client = client_of(province)
        for response in (
            client.get("/api/v1/households/"),
            client.get(f"/api/v1/households/{household.pk}/"),
        ):
            assert citizen_id.generate(7) not in response.content.decode()
        assert Member.objects.get(first_name="สมศรี").citizen_id == citizen_id.generate(7)

    @pytest.mark.parametrize(
        "query", [{}, {"q": "ก", "name": "ข"}, {"q": "ก"}, {"citizen_id": "1"}]
    )
    def test_a_search_for_nothing_in_particular_is_refused(
        self, client_of: ClientOf, province: User, query: dict[str, str]
    ) -> None:
        response = client_of(province).post("/api/v1/households/search/", query, format="json")
        assert response.status_code == 400


def test_a_child_with_a_number_that_cannot_be_is_refused(
    client_of: ClientOf, surveyor: User
) -> None:
    household = make_household()
    mother = make_member(household, is_head=True, birth_year=1990)
    right = citizen_id.generate(900_009)
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    child = {"parent": mother.pk, "first_name": "ใหม่", "birth_date": "2026-11-01"}
    address, client = f"/api/v1/households/{household.pk}/births/", client_of(surveyor)

    refused = client.post(address, child | {"citizen_id": wrong}, format="json")
    assert refused.status_code == 400
    assert "citizen_id" in refused.json()["fields"]
    assert client.post(address, child | {"citizen_id": right}, format="json").status_code == 201


def test_a_program_that_tries_out_ids_is_told_when_to_come_back(
    client_of: ClientOf, surveyor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_SEARCHED", 1)
    wanted = {"citizen_id": citizen_id.generate(900_778)}
    answers = [
        client_of(surveyor).post("/api/v1/households/search/", wanted, format="json")
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[1].headers["Retry-After"] == "3600"
