import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.memory import peak_of, resident_of_tree
from benchmarks.report import Figure, faster, percentile, ratio, table


def figure(value: float, **goals: float | bool) -> Figure:
    return Figure("x", value, "×", "", **goals)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "verdict"), [(2.6, "NOT reached"), (2.5, "reached"), (1.8, "reached, then too")]
)
def test_a_small_figure_is_held_against_both_goals(value: float, verdict: str) -> None:
    assert figure(value, reach=2.5, then=1.8).verdict == verdict


@pytest.mark.parametrize(
    ("value", "verdict"), [(19.9, "NOT reached"), (20, "reached"), (50, "reached, then too")]
)
def test_where_more_is_better_the_goals_are_held_the_other_way(value: float, verdict: str) -> None:
    assert figure(value, reach=20, then=50, is_more_better=True).verdict == verdict


def test_a_figure_without_a_goal_has_no_verdict() -> None:
    assert figure(3).verdict == ""


def test_a_ratio_is_of_medians_not_of_means() -> None:
    assert ratio("x", [3, 100, 2], [1, 1.5, 50]).value == 2
    assert faster("x", [1, 2, 99], [60, 50, 40], reach=20, then=50).value == 25


def test_the_95th_percentile_leaves_a_twentieth_above() -> None:
    assert percentile([float(number) for number in range(1, 101)], 0.95) == 95
    assert percentile([7.0], 0.95) == 7


def test_the_table_tells_goals_and_verdict() -> None:
    last = table([figure(2.6, reach=2.5, then=1.8)]).splitlines()[-1]
    assert last == "| x | 2.60 × |  | ≤ 2.50 | ≤ 1.80 | NOT reached |"


def test_memory_is_that_of_a_process_and_its_children() -> None:
    child = "import subprocess, sys; x = bytearray(60_000_000); subprocess.run(['sleep', '0.4'])"
    peak = peak_of([sys.executable, "-c", child], folder=Path.cwd())
    assert peak.exit_code == 0
    assert peak.processes == 2
    assert 60 < peak.megabytes < 200


def test_a_process_that_is_gone_holds_nothing() -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    assert resident_of_tree(ended.pid) == (0, 1)
    assert resident_of_tree(os.getpid())[0] > 10_000_000
