"""The number of queries of each page is fixed, however many rows there are."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from accounts.models import User
from casework.services import store_query
from households.models import Household, SourceListing
from households.services import record_verification
from households.workflow import Outcome
from referrals.workflow import Status
from tests.factories import make_household, make_member
from tests.referrals.cases import make_referral

BUDGETS: dict[str, int] = json.loads((Path(__file__).parent / "query_counts.json").read_text())


def fill(count: int, by: User) -> Household:
    """Make `count` households of every kind, with three members each; return the last."""
    household = make_household()
    for number in range(count):
        for outcome in (Outcome.POOR, Outcome.NOT_POOR, None):
            household = make_household(area_id=f"3032010{1 + number % 2}")
            for _ in range(3):
                member = make_member(household, first_name="สมใจ")
                SourceListing.objects.create(
                    household=household, member=member, source="tpmap", year_be=2566
                )
            if outcome is not None:
                record_verification(
                    household=household,
                    outcome=outcome,
                    visited_on=date(2026, 11, 1),
                    reason="เยี่ยมแล้ว",
                    by=by,
                    at=now(),
                )
        make_referral(Status.HELPED)
    return household


def today(household: Household, by: User) -> str:
    return "/"


def household_list(household: Household, by: User) -> str:
    return "/households/"


def search_results(household: Household, by: User) -> str:
    return f"/households/?query={store_query(text='สมใจ', by=by, at=now()).pk}"


def case_file(household: Household, by: User) -> str:
    for _ in range(3):
        make_member(household)
        for outcome in (Outcome.POOR, Outcome.NOT_POOR):
            record_verification(
                household=household,
                outcome=outcome,
                visited_on=date(2026, 11, 1),
                reason="เยี่ยมแล้ว",
                by=by,
                at=now(),
            )
    return f"/households/{household.pk}/"


@pytest.mark.parametrize("page", [today, household_list, search_results, case_file])
@pytest.mark.parametrize("count", [1, 4])
def test_it_takes_a_fixed_number_of_queries(
    page: Callable[[Household, User], str], count: int, client: Client, officer: User
) -> None:
    url = page(fill(count, officer), officer)
    client.force_login(officer)
    client.get(url)  # the first request also writes that the file was read
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response: Any = client.get(url)
    assert response.status_code == 200
    assert len(queries) == BUDGETS[page.__name__], [query["sql"][:200] for query in queries]
