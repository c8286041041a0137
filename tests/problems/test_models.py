"""Each rule that the database keeps for problems, on both sides."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from problems.models import IncomeThreshold, Indicator, IndicatorResult, IndicatorSet, Problem
from problems.rules import Dimension, ProblemCode
from problems.workflow import Origin, Resolution, Status
from tests.factories import make_household, make_member, make_user

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 20)


def refused(make: Any, constraint: str) -> bool:
    """Say whether the database refuses, and for the reason that the test names."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()
    return True


def make_set(**overrides: Any) -> IndicatorSet:
    fields = {
        "code": "form",
        "version": 1,
        "name": "แบบทดสอบ",
        "year_from": 2560,
        "year_to": 2564,
        "size": 31,
    }
    return IndicatorSet.objects.create(**(fields | overrides))


def make_indicator(indicator_set: IndicatorSet, **overrides: Any) -> Indicator:
    fields = {
        "indicator_set": indicator_set,
        "number": 1,
        "wording": "ทดสอบ",
        "section": 1,
        "unit": "household",
    }
    return Indicator.objects.create(**(fields | overrides))


def make_threshold(**overrides: Any) -> IncomeThreshold:
    fields = {"version": 1, "year_from": 2565, "amount_thb": 40000, "source": "ทดสอบ"}
    return IncomeThreshold.objects.create(**(fields | overrides))


def make_result(**overrides: Any) -> IndicatorResult:
    fields: dict[str, Any] = {"source": "tpmap", "year_be": 2567}
    if "member" not in overrides and "household" not in overrides:
        fields["household"] = make_household()
    return IndicatorResult.objects.create(**(fields | overrides))


def make_problem(by: User | None = None, **overrides: Any) -> Problem:
    fields: dict[str, Any] = {
        "dimension": Dimension.INCOME,
        "code": ProblemCode.INCOME_BELOW_LINE,
        "origin": Origin.FIELD,
        "opened_on": DAY,
    }
    if "household" not in overrides:
        fields["household"] = make_household()
    fields["opened_by"] = by or make_user()
    return Problem.objects.create(**(fields | overrides))


def test_a_form_is_there_once_per_version() -> None:
    make_set()
    make_set(version=2)
    assert refused(make_set, "indicatorset_code_and_version_once")


@pytest.mark.parametrize(("year_from", "year_to"), [(2564, 2560), (2017, 2021)])
def test_a_form_has_its_years_in_order_and_in_be(year_from: int, year_to: int) -> None:
    assert refused(
        lambda: make_set(year_from=year_from, year_to=year_to), "indicatorset_years_in_order"
    )


@pytest.mark.parametrize("size", [0, 64])
def test_a_form_fits_the_mask(size: int) -> None:
    assert refused(lambda: make_set(size=size), "indicatorset_size_fits_the_mask")


def test_an_indicator_number_is_there_once_in_its_set() -> None:
    one, other = make_set(), make_set(code="other")
    make_indicator(one)
    make_indicator(other)
    assert refused(lambda: make_indicator(one), "indicator_number_once_in_its_set")


def test_an_indicator_counts_exactly_with_a_dimension() -> None:
    form = make_set()
    make_indicator(form, dimension="health", counts_in_tpmap=True)
    name = "indicator_counts_exactly_with_a_dimension"
    assert refused(lambda: make_indicator(form, number=2, counts_in_tpmap=True), name)
    assert refused(lambda: make_indicator(form, number=2, dimension="health"), name)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"dimension": "luck", "counts_in_tpmap": True}, "indicator_dimension_is_known"),
        ({"age_min": 6, "age_max": 5}, "indicator_ages_in_order"),
        ({"number": 64}, "indicator_number_fits_the_mask"),
    ],
)
def test_an_indicator_is_well_formed(change: dict[str, Any], constraint: str) -> None:
    form = make_set()
    make_indicator(form, age_min=6, age_max=6, number=63)
    assert refused(lambda: make_indicator(form, **change), constraint)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({}, "incomethreshold_year_once_in_its_version"),
        ({"year_from": 2568, "year_to": 2567}, "incomethreshold_years_in_order"),
        ({"year_from": 2022}, "incomethreshold_years_in_order"),
        ({"year_from": 2568, "amount_thb": 0}, "incomethreshold_amount_above_zero"),
        ({"year_from": 2568, "source": ""}, "incomethreshold_source_is_named"),
    ],
)
def test_an_income_line_is_well_formed(change: dict[str, Any], constraint: str) -> None:
    make_threshold()
    make_threshold(version=2, year_to=2565)
    assert refused(lambda: make_threshold(**change), constraint)


def test_a_result_is_of_a_household_or_a_member() -> None:
    member = make_member()
    make_result(member=member)
    make_result(household=member.household)
    name = "indicatorresult_of_a_household_or_a_member"
    assert refused(lambda: make_result(household=None, member=None), name)
    assert refused(lambda: make_result(household=member.household, member=member), name)


def test_a_result_is_there_once_per_subject_source_and_year() -> None:
    member = make_member()
    make_result(member=member)
    make_result(member=member, year_be=2566)
    make_result(member=member, source="bmn")
    assert refused(lambda: make_result(member=member), "indicatorresult_member_once_a_year")

    household = member.household
    make_result(household=household)
    assert refused(
        lambda: make_result(household=household), "indicatorresult_household_once_a_year"
    )


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"known_bits": 1, "passed_bits": 2}, "passed_only_where_known"),
        ({"known_bits": -1}, "passed_only_where_known"),
        ({"dimension_known_bits": 1, "dimension_failed_bits": 2}, "failed_only_where_known"),
        ({"dimension_known_bits": 32}, "failed_only_where_known"),
        ({"year_be": 2024}, "indicatorresult_year_is_be"),
    ],
)
def test_masks_are_possible(change: dict[str, Any], constraint: str) -> None:
    form = make_set()
    make_result(
        indicator_set=form,
        known_bits=3 | 1 << 62,
        passed_bits=2,
        dimension_known_bits=31,
        dimension_failed_bits=31,
    )
    assert refused(lambda: make_result(indicator_set=form, **change), constraint)


def test_indicator_bits_need_their_form() -> None:
    make_result(dimension_known_bits=1, dimension_failed_bits=1)
    assert refused(
        lambda: make_result(known_bits=1, passed_bits=1), "indicatorresult_indicators_need_a_set"
    )


def test_one_problem_is_open_per_household_and_dimension() -> None:
    first = make_problem()
    make_problem(household=first.household, dimension=Dimension.HEALTH, code=ProblemCode.BEDRIDDEN)
    make_problem(
        first.opened_by,
        household=first.household,
        status=Status.RESOLVED,
        resolved_on=DAY,
        resolved_by=first.opened_by,
        resolution=Resolution.SOLVED,
    )
    assert refused(
        lambda: make_problem(household=first.household),
        "problem_one_open_per_household_and_dimension",
    )


def test_a_problem_has_a_resolution_exactly_when_resolved() -> None:
    user = make_user()
    whole = {"resolved_on": DAY, "resolved_by": user, "resolution": Resolution.SOLVED}
    assert make_problem(user, status=Status.RESOLVED, **whole).pk
    name = "problem_resolution_exactly_when_resolved"
    for missing in whole:
        part = {key: value for key, value in whole.items() if key != missing}
        assert refused(lambda part=part: make_problem(user, status=Status.RESOLVED, **part), name)
        one = {missing: whole[missing]}
        assert refused(lambda one=one: make_problem(user, **one), name)
    assert refused(lambda: make_problem(user, status="lost", **whole), name)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"code": ProblemCode.BEDRIDDEN}, "problem_code_fits_its_dimension"),
        ({"dimension": "luck"}, "problem_code_fits_its_dimension"),
        ({"origin": "dream"}, "problem_origin_is_known"),
    ],
)
def test_a_problem_is_well_formed(change: dict[str, Any], constraint: str) -> None:
    assert refused(lambda: make_problem(**change), constraint)


def test_a_problem_is_not_resolved_before_it_was_found() -> None:
    user = make_user()
    resolved = {
        "status": Status.RESOLVED,
        "resolved_by": user,
        "resolution": Resolution.MISTAKEN,
    }
    make_problem(user, **resolved, resolved_on=DAY)
    assert refused(
        lambda: make_problem(user, **resolved, resolved_on=date(2026, 11, 19)),
        "problem_resolved_on_not_before_opened",
    )


def test_a_member_is_named_once_in_a_problem() -> None:
    problem, member = make_problem(), make_member()
    problem.named.create(member=member)
    assert refused(lambda: problem.named.create(member=member), "problemmember_once_per_problem")
    assert list(problem.members.all()) == [member]
