"""The five dimensions, checked against the published forms and the worked household."""

from decimal import Decimal

import pytest

from problems.rules import (
    CODES_BY_DIMENSION,
    DIMENSIONS,
    INCOME_THRESHOLDS_V1,
    SET_2560,
    SET_2565,
    Dimension,
    DimensionBits,
    HouseholdListing,
    InvalidIndicator,
    PackedResults,
    PersonPoverty,
    ProblemCode,
    UnknownIncomeThreshold,
    count_poverty,
    dimension_of,
    dimension_results,
    failed_by_person,
    failed_dimensions,
    income_line,
    intensity,
    is_mpi_poor,
    is_target_poor,
    merge,
    pack,
    pack_dimensions,
    passes_income,
    read_indicator,
    set_for_year,
    targeting_errors,
    unpack,
    unpack_dimensions,
)

NONE: frozenset[Dimension] = frozenset()
INCOME = frozenset({Dimension.INCOME})


def test_the_dimensions_keep_their_order() -> None:
    assert [dimension.value for dimension in DIMENSIONS] == [
        "health",
        "living",
        "education",
        "income",
        "accessibility",
    ]
    assert [dimension.bit for dimension in DIMENSIONS] == [1, 2, 4, 8, 16]
    assert Dimension.ACCESSIBILITY.label == "ด้านการเข้าถึงบริการภาครัฐ"


def test_every_problem_code_belongs_to_exactly_one_dimension() -> None:
    codes = [code for dimension in DIMENSIONS for code in CODES_BY_DIMENSION[dimension]]
    assert sorted(codes) == sorted(ProblemCode)
    assert dimension_of(ProblemCode.HOME_UNFIT) == Dimension.LIVING
    assert all(code.label for code in ProblemCode)


def test_the_form_of_2560_maps_seventeen_indicators() -> None:
    by_dimension: dict[Dimension, set[int]] = {dimension: set() for dimension in DIMENSIONS}
    for number, dimension in SET_2560.dimensions.items():
        by_dimension[dimension].add(number)
    assert by_dimension == {
        Dimension.HEALTH: {1, 4, 5, 7},
        Dimension.LIVING: {8, 9, 10, 11},
        Dimension.EDUCATION: {15, 16, 17, 19},
        Dimension.INCOME: {20, 21, 22},
        Dimension.ACCESSIBILITY: {27, 28},
    }
    assert [indicator.number for indicator in SET_2560.indicators] == list(range(1, 32))
    sections = [indicator.section for indicator in SET_2560.indicators]
    assert [sections.count(section) for section in range(1, 6)] == [7, 7, 5, 4, 8]


def test_the_form_of_2565_derives_no_dimension() -> None:
    assert len(SET_2565.indicators) == 38
    assert SET_2565.dimensions == {}
    assert "ยาเท่าที่จำเป็น" in SET_2565.indicators[7].wording
    all_failed = pack(dict.fromkeys(range(1, 39), False))
    assert failed_dimensions(all_failed, SET_2565.dimensions) == NONE


@pytest.mark.parametrize(
    ("year_be", "code"),
    [(2559, None), (2560, "bmn-2560"), (2564, "bmn-2560"), (2565, "bmn-2565"), (2570, None)],
)
def test_a_year_names_its_form(year_be: int, code: str | None) -> None:
    spec = set_for_year(year_be)
    assert (spec.code if spec else None) == code


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("0", False), ("-", None), ("", None), (" 1 ", True)]
)
def test_an_indicator_is_tri_state(text: str, value: bool | None) -> None:
    assert read_indicator(text) is value


def test_another_value_is_refused() -> None:
    with pytest.raises(InvalidIndicator, match="2"):
        read_indicator("2")


def test_masks_give_back_what_was_packed() -> None:
    results = {1: True, 2: None, 3: False, 22: False, 31: True, 38: False}
    packed = pack(results)
    assert packed == PackedResults(
        known_bits=1 | 1 << 2 | 1 << 21 | 1 << 30 | 1 << 37, passed_bits=1 | 1 << 30
    )
    unpacked = unpack(packed, size=38)
    assert {number: unpacked[number] for number in results} == results
    assert [number for number, value in unpacked.items() if value is not None] == [1, 3, 22, 31, 38]


@pytest.mark.parametrize("number", [0, -1, 64])
def test_an_indicator_that_no_form_has_is_refused(number: int) -> None:
    with pytest.raises(InvalidIndicator):
        pack({number: True})


def test_blank_and_not_concerned_are_neither_pass_nor_fail() -> None:
    packed = pack({number: read_indicator("-") for number in range(1, 32)})
    assert dimension_results(packed, SET_2560.dimensions) == DimensionBits(0, 0)


def test_one_failing_indicator_is_enough_for_its_dimension() -> None:
    packed = pack({8: True, 9: True, 10: False, 11: True, 27: True, 13: False})
    bits = dimension_results(packed, SET_2560.dimensions)
    assert unpack_dimensions(bits.failed) == {Dimension.LIVING}
    assert unpack_dimensions(bits.known) == {Dimension.LIVING, Dimension.ACCESSIBILITY}


def test_the_columns_of_a_list_are_packed_as_given() -> None:
    bits = pack_dimensions(
        {Dimension.HEALTH: True, Dimension.INCOME: False, Dimension.LIVING: None}
    )
    assert bits == DimensionBits(known=1 | 8, failed=1)
    assert merge([bits, DimensionBits(known=8, failed=8)]) == DimensionBits(known=9, failed=9)


@pytest.mark.parametrize(
    ("year_be", "amount", "is_confirmed"),
    [
        (2549, 20000, True),
        (2550, 23000, False),
        (2554, 23000, False),
        (2555, 30000, False),
        (2559, 30000, False),
        (2560, 38000, True),
        (2564, 38000, True),
        (2565, 40000, True),
        (2567, 40000, True),
        (2568, 40000, False),
        (2569, 40000, False),
    ],
)
def test_the_income_line_follows_the_survey_year(
    year_be: int, amount: int, is_confirmed: bool
) -> None:
    line = income_line(year_be, INCOME_THRESHOLDS_V1)
    assert (line.amount_thb, line.is_confirmed) == (Decimal(amount), is_confirmed)


def test_a_year_without_a_line_is_refused() -> None:
    with pytest.raises(UnknownIncomeThreshold, match="2548"):
        income_line(2548, INCOME_THRESHOLDS_V1)


@pytest.mark.parametrize(
    ("income", "residents", "passes"),
    [
        ("96000", 4, False),
        ("160000", 4, True),
        ("159999.99", 4, False),
        ("0", 1, False),
        ("1", 0, None),
    ],
)
def test_income_is_compared_per_resident(income: str, residents: int, passes: bool | None) -> None:
    assert (
        passes_income(
            household_thb_per_year=Decimal(income), residents=residents, line_thb=Decimal(40000)
        )
        is passes
    )


def test_the_worked_household_is_poor_in_income_only() -> None:
    # Four residents, 96,000 baht a year, line 40,000; only the first holds a card.
    packed = pack(dict.fromkeys(range(1, 32), True) | {22: False})
    failed = failed_dimensions(packed, SET_2560.dimensions)
    assert failed == INCOME

    persons = failed_by_person(
        household_failed=failed, residents_failed=dict.fromkeys(["M1", "M2", "M3", "M4"], NONE)
    )
    counts = count_poverty(
        PersonPoverty(person, "H", dimensions, has_welfare_card=person == "M1")
        for person, dimensions in persons.items()
    )

    assert (counts.poor_people, counts.poor_households) == (4, 1)
    assert (counts.target_people, counts.target_households) == (1, 1)
    assert counts.dimensions[Dimension.INCOME].people == 4
    assert counts.dimensions[Dimension.INCOME].targets == 1
    assert counts.dimensions[Dimension.INCOME].households == 1
    for dimension in set(DIMENSIONS) - INCOME:
        count = counts.dimensions[dimension]
        assert (count.people, count.targets, count.households) == (0, 0, 0)


def test_a_household_indicator_can_be_kept_from_counting_everyone() -> None:
    persons = failed_by_person(
        household_failed=INCOME,
        residents_failed={"a": frozenset({Dimension.HEALTH}), "b": NONE},
        household_counts_everyone=False,
    )
    assert persons == {"a": frozenset({Dimension.HEALTH}), "b": NONE}


def test_people_are_counted_once_though_in_several_dimensions_and_lists() -> None:
    both = frozenset({Dimension.HEALTH, Dimension.INCOME})
    counts = count_poverty(
        [
            PersonPoverty("a", "h1", both, has_welfare_card=True),
            PersonPoverty("a", "h1", both, has_welfare_card=True),
            PersonPoverty("b", "h1", INCOME, has_welfare_card=None),
            PersonPoverty("c", "h2", NONE, has_welfare_card=True),
        ]
    )
    assert (counts.poor_people, counts.poor_households, counts.target_people) == (2, 1, 1)
    assert sum(count.people for count in counts.dimensions.values()) == 3


@pytest.mark.parametrize(
    ("failed", "card", "target"),
    [
        (NONE, True, False),
        (NONE, None, False),
        (INCOME, True, True),
        (INCOME, False, False),
        (INCOME, None, None),
    ],
)
def test_a_target_is_poor_and_holds_the_card(
    failed: frozenset[Dimension], card: bool | None, target: bool | None
) -> None:
    assert is_target_poor(failed, has_welfare_card=card) is target
    assert is_mpi_poor(failed) is bool(failed)


def test_intensity_is_the_share_of_dimensions() -> None:
    assert intensity(INCOME) == Decimal("0.2")
    assert intensity(DIMENSIONS) == 1
    assert intensity(NONE) == 0


def test_targeting_errors_count_what_was_verified() -> None:
    errors = targeting_errors(
        [
            HouseholdListing("listed, poor", on_tpmap=True, verified_poor=True),
            HouseholdListing("listed, poor too", on_tpmap=True, verified_poor=True),
            HouseholdListing("listed, poor three", on_tpmap=True, verified_poor=True),
            HouseholdListing("leak", on_tpmap=True, verified_poor=False),
            HouseholdListing("missed", on_tpmap=False, verified_poor=True),
            HouseholdListing("fine", on_tpmap=False, verified_poor=False),
            HouseholdListing("not visited", on_tpmap=True, verified_poor=None),
        ]
    )
    assert (errors.listed_not_poor, errors.listed_verified) == (1, 4)
    assert (errors.poor_not_listed, errors.verified_poor) == (1, 4)
    assert errors.inclusion_ratio == Decimal("0.25")
    assert errors.exclusion_ratio == Decimal("0.25")


def test_an_error_of_nothing_is_unknown_rather_than_zero() -> None:
    errors = targeting_errors([HouseholdListing("a", on_tpmap=True, verified_poor=None)])
    assert errors.inclusion_ratio is None
    assert errors.exclusion_ratio is None
