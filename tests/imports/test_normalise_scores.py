"""The five capitals: 1.00 to 4.00, nothing else, and 0 or blank for "not assessed"."""

from typing import Any

import pytest

from imports.normalise.values import capital_reader

READ = capital_reader("cap_human")

SCORES: dict[Any, str | None] = {
    "1": "1.00", "4": "4.00", "1.00": "1.00", 2.5: "2.50", "3.25": "3.25", "2.555": "2.56",
    7 / 3: "2.33", "๒.๕": "2.50", "1.004": "1.00", "": None, "-": None, "0": None, "0.00": None,
    0.0: None, None: None, "N/A": None, "ไม่มี": None,
}  # fmt: skip


@pytest.mark.parametrize(("cell", "score"), SCORES.items(), ids=map(str, SCORES))
def test_a_score_is_kept_with_two_decimals(cell: Any, score: str | None) -> None:
    value, found = READ(cell)

    assert value == score
    assert [item.code for item in found] == (["F_DIGITS"] if cell == "๒.๕" else [])


@pytest.mark.parametrize(
    "cell", ["5", "0.5", "0.99", "4.01", "10", "-1", "2,5", "2.5/4", "สอง", "2.5.0", True, 1e-5]
)
def test_what_is_no_score_is_refused(cell: Any) -> None:
    value, found = READ(cell)

    assert value is None
    assert [item.code for item in found] == ["E_CAP_RANGE"]
