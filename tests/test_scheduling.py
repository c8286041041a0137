"""Who begins, and who shares a process, when the suite runs in two."""

from dataclasses import dataclass
from typing import Any, cast

import pytest

from tests.scheduling import group_of, in_order


@dataclass
class Planned:
    """As much of an item as is asked for."""

    nodeid: str
    fixturenames: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()

    def get_closest_marker(self, name: str) -> str | None:
        return name if name in self.marks else None


def names(items: list[Planned]) -> list[str]:
    ordered: Any = in_order(cast("list[pytest.Item]", items))
    return [item.nodeid for item in ordered]


def test_what_needs_the_product_shares_a_process_whatever_its_file() -> None:
    one: Any = Planned("tests/a/test_one.py::test_a", ("visit", "product"))
    other: Any = Planned("tests/b/test_other.py::test_b[x::y@z]", ("product",))
    alone: Any = Planned("tests/b/test_other.py::test_c[x::y@z]")

    assert group_of(one) == group_of(other)
    assert group_of(alone) == "tests/b/test_other.py"


def test_the_product_begins_then_the_slow_then_the_long_and_the_short_fill_the_gaps() -> None:
    short = Planned("tests/short.py::test_s")
    long = [Planned(f"tests/long.py::test_{n}") for n in (2, 1, 3)]
    slow = Planned("tests/slow.py::test_w", marks=("browser",))
    beside = Planned("tests/slow.py::test_v")
    story = Planned("tests/story.py::test_p", ("product",), ("browser",))

    assert names([short, *long, beside, slow, story]) == [
        story.nodeid,
        beside.nodeid,
        slow.nodeid,
        *(item.nodeid for item in long),
        short.nodeid,
    ]


def test_this_run_is_grouped(request: pytest.FixtureRequest) -> None:
    marks = {mark.args[0] for mark in request.node.iter_markers("xdist_group")}
    assert marks == {"tests/test_scheduling.py"}
