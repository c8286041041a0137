"""Who begins, and who shares a process, when the suite runs in several."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from tests.scheduling import PRODUCT, group_of, in_order


@dataclass
class Planned:
    """As much of an item as is asked for."""

    nodeid: str
    marks: tuple[str, ...] = ()

    def get_closest_marker(self, name: str) -> str | None:
        return name if name in self.marks else None


def names(items: list[Planned]) -> list[str]:
    ordered: Any = in_order(cast("list[pytest.Item]", items))
    return [item.nodeid for item in ordered]


def test_what_needs_the_product_shares_a_process_whatever_its_file() -> None:
    stories = group_of("tests/journeys/test_one.py::test_a")
    assert group_of("tests/canary/test_other.py::test_b[x::y]") == stories
    struck = group_of("tests/faults/test_one.py::test_a")
    assert group_of("tests/faults/test_other.py::test_b[x::y]") == struck != stories
    assert group_of("tests/plans/test_other.py::test_c[x::y]") == "tests/plans/test_other.py"


def test_only_those_folders_start_the_product() -> None:
    root = Path(__file__).parents[1]
    using = {
        path.relative_to(root).as_posix()
        for path in root.glob("tests/**/test_*.py")
        if re.search(r"^from tests\.journeys\.product import", path.read_text(), re.MULTILINE)
    }
    assert using
    assert {name for name in using if not name.startswith(tuple(PRODUCT))} == set()


def test_the_product_begins_then_the_slow_then_the_long_and_the_short_fill_the_gaps() -> None:
    short = Planned("tests/short.py::test_s")
    long = [Planned(f"tests/long.py::test_{n}") for n in (2, 1, 3)]
    slow = Planned("tests/slow.py::test_w", marks=("browser",))
    beside = Planned("tests/slow.py::test_v")
    story = Planned("tests/journeys/story.py::test_p")

    assert names([short, *long, beside, slow, story]) == [
        story.nodeid,
        beside.nodeid,
        slow.nodeid,
        *(item.nodeid for item in long),
        short.nodeid,
    ]
