"""Every number of the board against households counted by hand."""

import pytest

from accounts.models import User
from areas.models import AreaFigure
from households.models import Household, SourceListing
from reconciliation import figures, queries
from reconciliation.figures import Change, Count
from reconciliation.queries import Wanted, households_of
from tests.factories import DISTRICT, make_member
from tests.reconciliation.scene import AT, BESIDE, ONE, TWO, YEAR, set_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def homes(areas: None) -> dict[int, Household]:
    return set_scene()


def numbers(homes: dict[int, Household], wanted: Wanted) -> set[int]:
    found = set(households_of(wanted).values_list("pk", flat=True))
    return {number for number, household in homes.items() if household.pk in found}


def wish(show: str, **more: object) -> Wanted:
    fields: dict[str, object] = {"area": DISTRICT, "year_be": YEAR, "a": "tpmap", "b": "thaiqm"}
    return Wanted(show=show, **(fields | more))  # type: ignore[arg-type]


def test_two_lists_are_held_against_each_other(homes: dict[int, Household]) -> None:
    found = figures.pair(queries.signatures(DISTRICT, YEAR), "tpmap", "thaiqm")
    assert found.both == Count(4, 8)
    assert found.only_a == Count(3, 3)
    assert found.only_b == Count(3, 6)
    assert found.conflicting == Count(3, 3)


def test_the_rows_of_each_number_are_those_written_down(homes: dict[int, Household]) -> None:
    assert numbers(homes, wish("on")) == {1, 2, 3, 4, 5, 6, 7}
    assert numbers(homes, wish("both")) == {1, 2, 3, 4}
    assert numbers(homes, wish("only-a")) == {5, 6, 7}
    assert numbers(homes, wish("only-b")) == {8, 9, 10}
    assert numbers(homes, wish("conflict")) == {4, 7, 10}
    assert numbers(homes, wish("field")) == {11}
    assert numbers(homes, wish("exactly", lists=("vulnerable",))) == {12}


def test_the_field_is_a_list_too(homes: dict[int, Household]) -> None:
    found = figures.pair(queries.signatures(DISTRICT, YEAR), "tpmap", figures.FIELD)
    assert (found.both.households, found.only_a.households, found.only_b.households) == (1, 6, 2)
    assert numbers(homes, wish("only-b", b=figures.FIELD)) == {10, 11}


def test_villages_add_up_to_the_district(homes: dict[int, Household]) -> None:
    signs = queries.signatures(DISTRICT, YEAR, digits=8)
    by_village = {
        code: figures.pair([one for one in signs if one.area == code], "tpmap", "thaiqm")
        for code in (ONE, TWO, BESIDE)
    }
    assert [by_village[code].both.households for code in (ONE, TWO, BESIDE)] == [4, 0, 0]
    assert [by_village[code].only_a.households for code in (ONE, TWO, BESIDE)] == [2, 1, 0]
    assert [by_village[code].only_b.households for code in (ONE, TWO, BESIDE)] == [0, 3, 0]


def test_every_combination_of_lists_opens_its_rows(homes: dict[int, Household]) -> None:
    found = figures.overlaps(queries.signatures(DISTRICT, YEAR))
    assert {lists: counted.households for lists, counted in found} == {
        ("tpmap", "thaiqm"): 4,
        ("tpmap",): 2,
        ("thaiqm",): 2,
        ("tpmap", "ppaos"): 1,
        ("thaiqm", "ppaos"): 1,
        ("add_on", "ppaos"): 1,
        ("vulnerable",): 1,
    }
    for lists, counted in found:
        assert len(numbers(homes, wish("exactly", lists=lists))) == counted.households


def test_each_number_is_the_number_of_its_rows_for_every_pair(
    homes: dict[int, Household],
) -> None:
    """Also where the lists say what they please of poverty, card and registration."""
    flags = (None, True, False)
    for position, household in enumerate(homes.values()):
        rows = SourceListing.objects.filter(household=household)
        for turn, row in enumerate(rows.order_by("pk")):
            row.has_welfare_card = flags[(position + turn) % 3]
            row.is_registered = flags[(position * 2 + turn) % 3]
            row.save()
    # A person's own line beside the household's: one yes makes the household's a yes.
    member = make_member(homes[10])
    SourceListing.objects.create(
        household=homes[10], member=member, source="thaiqm", year_be=YEAR, is_mpi_poor=True
    )
    signs = queries.signatures(DISTRICT, YEAR)
    lists = figures.lists_there(signs)
    assert len(lists) == 5
    for found in figures.pairs(signs, lists):
        counted = {
            "both": found.both,
            "only-a": found.only_a,
            "only-b": found.only_b,
            "conflict": found.conflicting,
        }
        for show, number in counted.items():
            rows_there = numbers(homes, wish(show, a=found.a, b=found.b))
            assert len(rows_there) == number.households, (found.a, found.b, show)


def test_lists_are_counted_in_households_and_in_named_persons(
    homes: dict[int, Household],
) -> None:
    for member in homes[1].members.all():
        SourceListing.objects.create(
            household=homes[1], member=member, source="tpmap", year_be=YEAR
        )
    found = {
        (one.code, one.year_be): (one.households, one.named)
        for one in queries.list_figures(DISTRICT)
    }
    assert found == {
        ("add_on", 2569): (1, 0),
        ("tpmap", 2566): (7, 2),
        ("thaiqm", 2566): (7, 0),
        ("vulnerable", 2566): (1, 0),
        ("tpmap", 2565): (3, 0),
        ("tpmap", 2564): (2, 0),
    }


def test_years_of_a_list_are_compared(homes: dict[int, Household]) -> None:
    found = queries.changes(DISTRICT, YEAR, against=2565)
    tpmap = next(one for one in found if one.code == "tpmap")
    assert tpmap == Change("tpmap", before=3, now=7, stayed=2, new=4, again=1, gone=1)
    assert numbers(homes, wish("stayed", against=2565)) == {1, 2}
    assert numbers(homes, wish("new", against=2565)) == {4, 5, 6, 7}
    assert numbers(homes, wish("again", against=2565)) == {3}
    assert numbers(homes, wish("gone", against=2565)) == {14}
    assert numbers(homes, wish("before", against=2565)) == {1, 2, 14}


def test_published_figures_stand_beside_what_the_register_holds(
    homes: dict[int, Household], officer: User
) -> None:
    for measure, value in (("poor_households", 9), ("ผู้สูงอายุ", 12)):
        AreaFigure.objects.create(
            area_id=DISTRICT,
            source="area_figures",
            year_be=YEAR,
            measure=measure,
            value=value,
            recorded_at=AT,
        )
    poor, unknown = queries.published(DISTRICT, YEAR)
    assert (poor.value, poor.held, poor.difference) == (9, 7, -2)
    assert (unknown.label, unknown.held, unknown.difference) == ("ผู้สูงอายุ", None, None)
