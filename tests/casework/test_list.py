from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from households.models import SourceListing
from tests.factories import make_household, make_member


def get(client: Client, user: User, **query: Any) -> Any:
    client.force_login(user)
    return client.get("/households/", query)


def shown(response: Any) -> set[str]:
    return {household.house_no for household in response.context["households"]}


def test_it_shows_only_what_is_in_scope(client: Client, surveyor: User) -> None:
    make_household(house_no="own")
    make_household(house_no="other", area_id="30320201")
    assert shown(get(client, surveyor)) == {"own"}


@pytest.mark.parametrize("name", ["viewer", "agency_officer", "admin", "stranger"])
def test_who_has_no_right_gets_an_empty_list(
    name: str, client: Client, areas: None, request: pytest.FixtureRequest
) -> None:
    make_member(make_household(house_no="hidden"), first_name="ห้ามเห็น")
    response = get(client, request.getfixturevalue(name))
    assert response.status_code == 200
    assert shown(response) == set()
    assert "ห้ามเห็น" not in response.content.decode()


def test_it_narrows_by_area_stage_source_and_year(client: Client, officer: User) -> None:
    first = make_household(house_no="first")
    make_household(house_no="second", stage="verified_poor")
    third = make_household(house_no="third", area_id="30320201")
    SourceListing.objects.create(household=first, source="tpmap", year_be=2566)
    SourceListing.objects.create(household=third, source="tpmap", year_be=2565)
    SourceListing.objects.create(household=third, source="bmn", year_be=2566)

    assert shown(get(client, officer, area="303202")) == {"third"}
    assert shown(get(client, officer, stage="verified_poor")) == {"second"}
    assert shown(get(client, officer, source="tpmap")) == {"first", "third"}
    assert shown(get(client, officer, source="tpmap", year="2566")) == {"first"}
    assert shown(get(client, officer, year="2565")) == {"third"}


@pytest.mark.parametrize(
    "query", [{"area": "x"}, {"area": "31"}, {"stage": "unknown"}, {"year": "abc"}]
)
def test_a_filter_that_fits_nothing_shows_nothing(
    client: Client, officer: User, query: dict[str, str]
) -> None:
    make_household()
    response = get(client, officer, **query)
    assert response.status_code == 200
    assert shown(response) == set()


def test_a_cursor_that_was_not_made_here_is_refused(client: Client, officer: User) -> None:
    assert get(client, officer, cursor="nonsense").status_code == 400


def test_pages_go_forward_and_back_without_a_gap(
    client: Client, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casework.views.register.PAGE_SIZE", 2)
    for number in range(5):
        make_household(house_no=str(number), area_id=f"3032020{1 + number % 2}")
    seen: list[str] = []
    url = "/households/"
    client.force_login(officer)
    for _ in range(3):
        response = client.get(url)
        seen += [household.house_no for household in response.context["households"]]
        url = "/households/" + (response.context["next_url"] or "")
    assert sorted(seen) == ["0", "1", "2", "3", "4"]
    assert response.context["next_url"] is None
    back = client.get("/households/" + response.context["previous_url"])
    assert [household.house_no for household in back.context["households"]] == seen[2:4]


def test_the_address_leads_down_to_the_villages_of_the_own_area(
    client: Client, surveyor: User
) -> None:
    make_household()
    response = get(client, surveyor)
    assert str(response.context["area"]) == "ต.ช้างทอง"
    assert [area.pk for area in response.context["children"]] == ["30320101", "30320102"]
