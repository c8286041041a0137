"""What an expert would check by hand: drawing, agreement, coverage and errors."""

from decimal import Decimal

import pytest

from fieldwork.coverage import GroupCount, Share, Tally, of_areas, total
from fieldwork.workflow import agreement, draw, how_many, share_for

KEYS = [f"visit-{number}" for number in range(40)]


# ---- drawing -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("visits", "percent", "drawn"),
    [(0, 5, 0), (1, 5, 1), (20, 5, 1), (21, 5, 2), (40, 10, 4), (7, 100, 7), (40, 0, 0)],
)
def test_the_share_is_rounded_up_to_one_at_least(visits: int, percent: int, drawn: int) -> None:
    assert how_many(visits, percent=percent) == drawn


def test_the_seed_alone_decides() -> None:
    first = draw(KEYS, seed="a", count=5)
    assert draw(reversed(KEYS), seed="a", count=5) == first
    assert draw(KEYS, seed="b", count=5) != first
    assert len(set(first)) == 5
    assert set(first) <= set(KEYS)


def test_the_share_of_a_surveyor_goes_before_that_of_an_area() -> None:
    shares = [("3032", None, 10), ("30", "somchai", 50), ("30", None, 7), ("3032", None, 99)]
    assert share_for("3032", "somying", shares, otherwise=5) == 10
    assert share_for("3032", "somchai", shares, otherwise=5) == 50
    assert share_for("3001", "somying", shares, otherwise=5) == 7
    assert share_for("3101", "somchai", shares, otherwise=5) == 5


# ---- agreement ---------------------------------------------------------------------------
def test_agreement_is_counted_by_hand() -> None:
    # 20 pairs: 12 poor twice, 4 not poor twice, 3 poor then not poor, 1 the other way.
    pairs = [("poor", "poor")] * 12 + [("not_poor", "not_poor")] * 4
    pairs += [("poor", "not_poor")] * 3 + [("not_poor", "poor")]
    found = agreement(pairs)
    # Observed 16/20; by chance (15·13 + 5·7)/400 = 0.575; kappa = 0.225/0.425.
    assert (found.compared, found.agreed, found.rate) == (20, 16, Decimal("0.8000"))
    assert found.kappa == Decimal("0.5294")


def test_where_chance_agrees_always_there_is_no_kappa() -> None:
    assert agreement([("poor", "poor")] * 3).kappa is None
    assert agreement([("poor", "poor")] * 3).rate == 1
    assert agreement([]).rate is None


# ---- coverage and errors -----------------------------------------------------------------
def row(number: int, outcome: str | None, *, lists: str, code: str = "303201") -> Tally:
    return Tally(code, "t" in lists, "m" in lists, "v" in lists, outcome, number)


BY_HAND = [
    row(50, "poor", lists="t"),
    row(20, "not_poor", lists="t"),
    row(5, "moved", lists="t"),
    row(3, "not_found", lists="tv"),
    row(22, None, lists="t"),
    row(10, "poor", lists="m"),
    row(2, "not_poor", lists="m"),
    row(4, "poor", lists="v"),
    row(1, "poor", lists=""),
    row(5, "poor", lists="tm"),
]


def test_coverage_and_errors_are_counted_by_hand() -> None:
    (area,) = of_areas(BY_HAND)
    # Listed: 50 + 20 + 5 + 3 + 22 + 5 (on both, so not missed) = 105, of them 75 judged and
    # 5 moved, which settles it too: 80.
    assert area.tpmap == GroupCount(households=105, visited=83, settled=80, poor=55, not_poor=20)
    assert area.tpmap.coverage == Decimal("0.7619")
    assert area.inclusion_error == Decimal("0.2667")  # 20 / 75
    # Poor and not listed: 10 + 4 + 1 = 15 of 70 found poor.
    assert area.poor_outside == 15
    assert area.exclusion_error == Decimal("0.2143")
    assert area.missed == GroupCount(households=12, visited=12, settled=12, poor=10, not_poor=2)
    assert area.vulnerable == GroupCount(households=7, visited=7, settled=4, poor=4, not_poor=0)
    assert area.everyone.households == 122


def test_nothing_is_not_zero() -> None:
    (area,) = of_areas([row(9, None, lists="t")])
    assert area.tpmap.coverage == 0
    assert area.inclusion_error is None
    assert area.exclusion_error is None
    assert Share(0, 0).fraction is None


def test_areas_add_up_to_the_one_above() -> None:
    both = of_areas([*BY_HAND, row(25, "not_poor", lists="t", code="303202")])
    assert [area.code for area in both] == ["303201", "303202"]
    whole = total(both, code="3032")
    assert whole.inclusion_error == Decimal("0.4500")  # 45 / 100
    assert whole.exclusion_error == both[0].exclusion_error
