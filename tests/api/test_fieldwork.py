from collections.abc import Callable

from rest_framework.test import APIClient

from accounts.models import User
from households.models import Household, SourceListing
from households.workflow import Outcome, Source
from tests.factories import SUBDISTRICT, VILLAGE
from tests.fieldwork.cases import DUE, visited, waiting

ClientOf = Callable[[User], APIClient]


def test_a_program_shares_out_and_reads_work(
    client_of: ClientOf, district: User, surveyor: User
) -> None:
    waiting(2)
    office = client_of(district)
    sent = {"surveyor": str(surveyor.pk), "due_on": DUE.isoformat(), "villages": [VILLAGE]}

    made = office.post("/api/v1/assignments/", sent, format="json")
    assert (made.status_code, made.json()) == (201, {"assigned": 2})
    again = office.post("/api/v1/assignments/", sent, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "invalid_state")
    both = sent | {"households": [str(Household.objects.all()[0].pk)]}
    assert office.post("/api/v1/assignments/", both, format="json").status_code == 400

    rows = office.get(f"/api/v1/assignments/?area={SUBDISTRICT}&open=true").json()["results"]
    assert {row["surveyor"] for row in rows} == {str(surveyor.pk)}
    assert len(client_of(surveyor).get("/api/v1/work-list/").json()["results"]) == 2
    assert office.get("/api/v1/work-list/").json()["results"] == []


def test_coverage_is_told_with_its_errors(client_of: ClientOf, district: User) -> None:
    for household, outcome in zip(waiting(2), (Outcome.POOR, Outcome.NOT_POOR), strict=True):
        SourceListing.objects.create(household=household, source=Source.TPMAP, year_be=2567)
        visited(household, district, outcome)
    client = client_of(district)

    found = client.get("/api/v1/coverage/?area=3032").json()

    assert found["year_be"] == 2567
    assert found["total"]["tpmap"]["coverage"] == "1.0000"
    assert found["total"]["inclusion_error"] == "0.5000"
    assert found["total"]["exclusion_error"] == "0.0000"
    assert [row["area"] for row in found["areas"]] == [SUBDISTRICT]
    assert client.get("/api/v1/coverage/?area=31").status_code == 403
