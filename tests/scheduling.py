"""Which tests share a process when the suite runs in several, and which of them begin.

Whatever needs the running product stays together, so that it is started twice and not in each
process: for what strikes it, and for the stories, which search it from end to end.
Everything else goes by file, since what a file shares is dear to start. What waits for
processes and browsers begins, so that nobody waits for it alone at the end; then the longest
files, so that the short ones fill the last gaps.
"""

import os
from collections import Counter
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

PRODUCT = {
    "tests/faults/": "product that is struck",
    "tests/journeys/": "product of stories",
    "tests/canary/": "product of stories",
}
"""The folders whose tests need the running product, and with whom they share it."""
SLOW = ("faults", "browser", "checks")


def group_of(nodeid: str) -> str:
    """Return the name of what a test is to share a process with."""
    shared = (group for folder, group in PRODUCT.items() if nodeid.startswith(folder))
    return next(shared, nodeid.split("::", 1)[0])


# xdist tells no types.
class ByGroup(LoadScopeScheduling):  # type: ignore[misc]
    """Hands out whole groups, in the order of the collection (--no-loadscope-reorder)."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByGroup:
    return ByGroup(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the items in the order in which a run in several processes hands them out."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        items[:] = in_order(items)


def in_order(items: list[pytest.Item]) -> list[pytest.Item]:
    """Sort by how dear the group is; what is of one group stays in its order."""
    sizes = Counter(group_of(item.nodeid) for item in items)
    slow = {
        group_of(item.nodeid)
        for item in items
        if any(item.get_closest_marker(name) for name in SLOW)
    }

    def dearness(item: pytest.Item) -> tuple[bool, bool, int, str]:
        group = group_of(item.nodeid)
        return group not in PRODUCT.values(), group not in slow, -sizes[group], group

    return sorted(items, key=dearness)
