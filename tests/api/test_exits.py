from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from households.workflow import Stage
from referrals.services import propose_graduation
from tests.referrals.cases import make_problem
from tests.referrals.test_graduating import risen
from tests.slf.cases import load_reference

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
ClientOf = Callable[[User], APIClient]


@pytest.fixture(autouse=True)
def _reference(areas: None) -> None:
    load_reference()


def test_graduation_is_proposed_by_the_rule_only(client_of: ClientOf, surveyor: User) -> None:
    held_back = risen()
    make_problem(held_back)

    refused = client_of(surveyor).post(
        f"/api/v1/households/{held_back.pk}/exits/", {"reason": "graduated"}, format="json"
    )

    assert (refused.status_code, refused.json()["code"]) == (409, "invalid_state")
    assert "ไม่มีปัญหา" in refused.json()["message"]
    assert not held_back.exits.exists()


def test_an_exit_is_proposed_approved_and_revoked(
    client_of: ClientOf, surveyor: User, district: User
) -> None:
    household = risen()
    made = client_of(surveyor).post(
        f"/api/v1/households/{household.pk}/exits/", {"reason": "graduated"}, format="json"
    )
    assert made.status_code == 201
    assert made.json()["evidence"]["rule_version"] == 1
    address = f"/api/v1/exits/{made.json()['id']}/"
    decider = client_of(district)

    listed = decider.get("/api/v1/exits/?state=proposed&area=3032").json()["results"]
    assert [row["id"] for row in listed] == [made.json()["id"]]
    assert decider.get("/api/v1/exits/?state=approved").json()["results"] == []
    assert decider.post(f"{address}approve/").json()["state"] == "approved"
    taken = decider.post(f"{address}approve/")
    assert (taken.status_code, taken.json()["code"]) == (409, "taken")

    assert decider.post(f"{address}revoke/", {}, format="json").status_code == 400
    revoked = decider.post(f"{address}revoke/", {"reason": "ตกงาน"}, format="json").json()
    assert (revoked["state"], revoked["relapse_check_on"]) == ("revoked", None)
    assert decider.get(address).json()["evidence"]["after"]["overall"] == "2.60"
    household.refresh_from_db()
    assert household.stage == Stage.IN_HELP


def test_only_the_proposer_withdraws(client_of: ClientOf, surveyor: User, district: User) -> None:
    proposal = propose_graduation(household=risen(), by=surveyor, at=AT)
    address = f"/api/v1/exits/{proposal.pk}/withdraw/"

    assert client_of(district).post(address).status_code == 404
    assert client_of(surveyor).post(address).json()["state"] == "withdrawn"


def test_an_exit_of_another_place_is_not_there(
    client_of: ClientOf, surveyor: User, outsider: User, agency_officer: User
) -> None:
    proposal = propose_graduation(household=risen(), by=surveyor, at=AT)

    for nobody in (outsider, agency_officer):
        caller = client_of(nobody)
        assert caller.get(f"/api/v1/exits/{proposal.pk}/").status_code == 404
        assert caller.post(f"/api/v1/exits/{proposal.pk}/approve/").status_code == 404
    assert client_of(outsider).get("/api/v1/exits/").json()["results"] == []
    assert client_of(agency_officer).get("/api/v1/exits/").status_code == 403
