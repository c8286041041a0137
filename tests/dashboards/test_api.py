"""GET /api/v1/dashboards/summary/: the contract, who may ask, and what small numbers become."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils.timezone import now
from rest_framework.test import APIClient

from accounts.models import User
from accounts.roles import Role
from areas.services import mark_changed
from dashboards.services import aggregate
from households.workflow import Stage
from tests.api.conftest import client_of
from tests.dashboards.acts import list_as_target
from tests.factories import OTHER_PROVINCE, SUBDISTRICT, make_household, make_scope, make_user

__all__ = ["client_of"]
pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/dashboards/summary/"
ClientOf = Callable[[User], APIClient]
VILLAGES = ("30320101", "30320102", "30320201")


@pytest.fixture
def district_of_many(areas: None) -> None:
    """Village 1: 9 listed and 2 found poor; village 2: 8 and 7; village 3: 30 listed."""
    for village, listed, poor in zip(VILLAGES, (9, 8, 30), (2, 7, 0), strict=True):
        for stage, number in ((Stage.LISTED, listed), (Stage.VERIFIED_POOR, poor)):
            for _ in range(number):
                list_as_target(make_household(area_id=village, stage=stage), year_be=2567)
    mark_changed(area_codes=VILLAGES)
    aggregate(at=now())


def ask(client: APIClient, **query: Any) -> dict[str, Any]:
    answer = client.get(ADDRESS, query)
    assert answer.status_code == 200, answer.json()
    found: dict[str, Any] = answer.json()
    return found


def test_the_answer_has_the_agreed_form(
    client_of: ClientOf, district: User, district_of_many: None
) -> None:
    found = ask(client_of(district), area="3032")
    assert found["as_of"] is not None
    assert found["area"] == "3032"
    assert found["households"] == {
        "total": 56,
        "listed": 47,
        "verified_poor": 9,
        "verified_not_poor": 0,
        "in_help": 0,
        "exit_proposed": 0,
        "exited": 0,
    }
    assert set(found["dimensions"]) == {"health", "living", "education", "income", "accessibility"}
    assert {"households", "people", "targets"} <= set(found["dimensions"]["health"])
    assert found["capitals"]["human"] == {
        "mean": None,
        "sd": None,
        "n": 0,
        "change_from_last_year": None,
    }
    assert found["kpi"]["a"] == {"numerator": 0, "denominator": 0, "percent": None}
    assert found["coverage"] == {"numerator": 0, "denominator": 56, "percent": "0.0"}
    assert found["errors"]["exclusion"]["percent"] is None
    assert found["helped"]["baht"] == "0.00"
    assert found["suppressed"] == []
    assert {"levels", "referrals", "groups", "exits", "targets", "people_total"} <= set(found)


def test_without_parameters_it_is_one_s_own_area_and_this_year(
    client_of: ClientOf, district: User
) -> None:
    found = ask(client_of(district))
    assert (found["area"], found["year_be"]) == ("3032", now().year + 543)


def test_who_may_open_the_files_sees_small_numbers(
    client_of: ClientOf, district: User, district_of_many: None
) -> None:
    found = ask(client_of(district), area=VILLAGES[0])
    assert (found["households"]["verified_poor"], found["suppressed"]) == (2, [])


def test_an_analyst_sees_null_and_the_name_of_what_is_hidden(
    client_of: ClientOf, viewer: User, district_of_many: None
) -> None:
    client = client_of(viewer)
    assert ask(client, area="3032")["households"]["verified_poor"] == 9
    small = ask(client, area=VILLAGES[0])
    assert small["households"]["verified_poor"] is None
    assert small["households"]["listed"] is None
    assert small["households"]["total"] == 11
    assert "households.verified_poor" in small["suppressed"]
    # Village 2 has no small number; shown, it would tell that of village 1.
    beside = ask(client, area=VILLAGES[1])
    assert beside["households"]["verified_poor"] is None
    assert beside["households"]["total"] == 15
    # The other tambon adds up by itself.
    assert ask(client, area=VILLAGES[2])["households"]["listed"] == 30


def test_every_hidden_number_is_named_and_every_name_is_hidden(
    client_of: ClientOf, viewer: User, district_of_many: None
) -> None:
    found = ask(client_of(viewer), area=VILLAGES[0])
    for key in found["suppressed"]:
        value: Any = found
        for name in key.split("."):
            value = value[name]
        if isinstance(value, dict):
            assert set(value.values()) == {None}, key
        else:
            assert value is None, key
    assert not any(0 < number < 5 for number in _counts(found))


def _counts(value: Any) -> list[int]:
    if isinstance(value, dict):
        return [
            number
            for key, each in value.items()
            if key not in ("year_be", "goal")
            for number in _counts(each)
        ]
    return [value] if type(value) is int else []


def test_staff_outside_their_own_area_see_as_an_analyst_does(
    client_of: ClientOf, district_of_many: None
) -> None:
    lead = make_user(Role.TEAM_LEAD, "303202", username="lead")
    make_scope(lead, Role.ANALYST, "30")
    assert ask(client_of(lead), area=VILLAGES[0])["households"]["verified_poor"] is None
    assert ask(client_of(lead), area="303202")["suppressed"] == []


@pytest.mark.parametrize("code", ["31", "30", "303299", "30320199"])
def test_elsewhere_there_is_nothing(code: str, client_of: ClientOf, district: User) -> None:
    assert client_of(district).get(ADDRESS, {"area": code}).status_code == 404


def test_who_sees_no_figures_is_refused(client_of: ClientOf, surveyor: User) -> None:
    assert client_of(surveyor).get(ADDRESS).status_code == 403
    importer = make_user(Role.IMPORT_ADMIN, OTHER_PROVINCE, username="importer")
    assert client_of(importer).get(ADDRESS, {"area": SUBDISTRICT}).status_code == 403


@pytest.mark.parametrize(
    ("query", "field"),
    [({"area": "3"}, "area"), ({"area": "ก"}, "area"), ({"year_be": "2026"}, "year_be")],
)
def test_what_cannot_be_is_refused_by_name(
    query: dict[str, str], field: str, client_of: ClientOf, district: User
) -> None:
    answer = client_of(district).get(ADDRESS, query)
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]
