from collections.abc import Callable

from rest_framework.test import APIClient

from accounts.models import User
from households.workflow import Stage
from tests.factories import make_household

ClientOf = Callable[[User], APIClient]


def test_programs_make_plans_and_are_told_of_newer_ones(
    client_of: ClientOf, officer: User, areas: None
) -> None:
    household = make_household(stage=Stage.VERIFIED_POOR)
    client = client_of(officer)
    url = f"/api/v1/households/{household.pk}/plans/"
    body = {
        "number": 0,
        "way_out": "ปลูกผักขาย",
        "support": "household",
        "ways": ["inputs"],
        "step": "1",
        "agreed_on": "2026-11-18",
    }
    made = client.post(url, body, format="json")
    assert (made.status_code, made.json()["number"]) == (201, 1)
    late = client.post(url, body, format="json")
    assert (late.status_code, late.json()["code"]) == (409, "stale")
    wrong = client.post(url, body | {"number": 1, "ways": []}, format="json")
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["ways"])
    assert [row["way_out"] for row in client.get(url).json()["results"]] == ["ปลูกผักขาย"]
