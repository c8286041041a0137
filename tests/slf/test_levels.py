"""Bands, the 0–100 scale, and before against after."""

from decimal import Decimal

import pytest

from slf.instrument import LEVEL_BANDS_V1, Band, Capital
from slf.scoring import (
    Change,
    InvalidScore,
    compare,
    from_scale_100,
    level_of,
    overall_mean,
    shown,
    to_scale_100,
)


@pytest.mark.parametrize(
    ("score", "level"),
    [
        ("1.00", 1),
        ("1.74", 1),
        ("1.744", 1),
        ("1.745", 2),
        ("1.75", 2),
        ("2.49", 2),
        ("2.495", 3),
        ("2.50", 3),
        ("3.24", 3),
        ("3.245", 4),
        ("3.25", 4),
        ("4.00", 4),
        ("0", None),
    ],
)
def test_a_score_is_rounded_and_then_banded(score: str, level: int | None) -> None:
    assert level_of(Decimal(score), LEVEL_BANDS_V1) == level


def test_no_score_has_no_level() -> None:
    assert level_of(None, LEVEL_BANDS_V1) is None


@pytest.mark.parametrize("score", ["0.99", "0.999", "4.001", "5", "-1"])
def test_a_score_outside_the_scale_is_refused(score: str) -> None:
    with pytest.raises(InvalidScore):
        level_of(Decimal(score), LEVEL_BANDS_V1)


def test_other_bands_give_other_levels() -> None:
    halves = (Band(1, Decimal(1), "ล่าง"), Band(2, Decimal("2.5"), "บน"))
    assert [level_of(Decimal(score), halves) for score in ("2.49", "2.50")] == [1, 2]


@pytest.mark.parametrize(
    ("capitals", "overall", "level"),
    [
        # Published area means: Surin outside municipalities; Chaloem Phra Kiat, Korat.
        (("2.27", "2.89", "1.54", "1.00", "1.75"), "1.89", 2),
        (("2.01", "2.87", "2.03", "2.54", "2.23"), "2.34", 2),
    ],
)
def test_published_area_means_give_their_level(
    capitals: tuple[str, ...], overall: str, level: int
) -> None:
    mean = overall_mean(Decimal(capital) for capital in capitals)
    assert mean is not None
    assert shown(mean) == Decimal(overall)
    assert level_of(mean, LEVEL_BANDS_V1) == level


def test_the_overall_mean_needs_all_five() -> None:
    assert overall_mean([Decimal(2), Decimal(2), Decimal(2), Decimal(2), None]) is None
    assert overall_mean([Decimal(2)] * 4) is None


@pytest.mark.parametrize(("score", "value"), [("1", "0"), ("2.5", "50"), ("4", "100")])
def test_the_scale_of_100_goes_both_ways(score: str, value: str) -> None:
    assert to_scale_100(Decimal(score)) == Decimal(value)
    assert from_scale_100(Decimal(value)) == Decimal(score)


@pytest.mark.parametrize(
    ("after", "change"),
    [
        ("2.061", Change.BETTER),
        ("2.06", Change.SAME),  # exactly +2.0 of 100
        ("2.00", Change.SAME),
        ("1.94", Change.SAME),  # exactly −2.0 of 100
        ("1.939", Change.WORSE),
    ],
)
def test_a_change_counts_beyond_two_points(after: str, change: Change) -> None:
    comparison = compare(
        before={Capital.HUMAN: Decimal("2.00"), Capital.SOCIAL: None},
        after={Capital.HUMAN: Decimal(after), Capital.SOCIAL: Decimal(3)},
        level_before=2,
        level_after=3,
    )
    assert comparison.changes == {Capital.HUMAN: change}
    assert comparison.mobility == 1


@pytest.mark.parametrize(
    ("before", "after", "mobility"), [(4, 1, -3), (1, 4, 3), (None, 2, None), (2, None, None)]
)
def test_mobility_is_the_difference_of_levels(
    before: int | None, after: int | None, mobility: int | None
) -> None:
    comparison = compare(before={}, after={}, level_before=before, level_after=after)
    assert comparison.mobility == mobility
