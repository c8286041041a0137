"""Proposing agencies for many problems at once says what proposing one by one says."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from problems.rules import Dimension, ProblemCode
from referrals.services import propose_agencies, propose_agency
from tests.factories import SUBDISTRICT, make_agency, make_household, make_member
from tests.referrals.cases import TODAY, make_problem, make_rule

pytestmark = pytest.mark.django_db


def test_it_agrees_with_proposing_one_by_one(areas: None) -> None:
    from_age, small, exact = make_agency(), make_agency(), make_agency()
    make_rule()
    make_rule(from_age, age_from=50)
    make_rule(small, area_id=SUBDISTRICT)
    make_rule(exact, code=ProblemCode.NO_HOME)
    make_rule(dimension=Dimension.EDUCATION, age_to=14)
    problems = []
    for code in (ProblemCode.HOME_UNFIT, ProblemCode.NO_HOME, ProblemCode.OUT_OF_SCHOOL):
        for born in ("1970-01-01", "2015-01-01"):
            household = make_household(stage="verified_poor")
            make_member(household, birth_date="1960-01-01")
            young = make_member(household, birth_date=born)
            problems.append(make_problem(household, code, members=(young,)))
        problems.append(make_problem(code=code))
    problems.append(make_problem(make_household(area_id="31010101", stage="verified_poor")))

    together = propose_agencies(problems=problems, on=TODAY)

    one_by_one = {p.pk: propose_agency(problem=p, on=TODAY) for p in problems}
    assert together == one_by_one
    assert len({routing.agency for routing in one_by_one.values()}) > 3


def test_it_takes_five_queries_however_many_there_are(areas: None) -> None:
    make_rule(age_from=50)
    problems = [make_problem() for _ in range(4)]
    with CaptureQueriesContext(connection) as queries:
        propose_agencies(problems=problems, on=TODAY)
    assert len(queries) == 5
