"""Which tests share a process when the suite runs in two, and which of them begin.

Whatever needs the running product stays together: it is started once, not in each process.
Everything else goes by file, since what a file shares is dear to start. What waits for
processes and browsers begins, so that nobody waits for it alone at the end; then the longest
files, so that the short ones fill the last gaps.
"""

import os
from collections import Counter

import pytest

PRODUCT = "product"
SLOW = ("faults", "browser", "checks")


def group_of(item: pytest.Item) -> str:
    """Return the name of what an item is to share a process with."""
    needs = getattr(item, "fixturenames", ())
    return PRODUCT if PRODUCT in needs else item.nodeid.split("::", 1)[0]


def pytest_itemcollected(item: pytest.Item) -> None:
    item.add_marker(pytest.mark.xdist_group(group_of(item)))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the items in the order in which a run in several processes hands them out."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        items[:] = in_order(items)


def in_order(items: list[pytest.Item]) -> list[pytest.Item]:
    """Sort by how dear the group is; what is equally dear stays in its order."""
    groups = [group_of(item) for item in items]
    sizes = Counter(groups)
    slow = {
        group
        for group, item in zip(groups, items, strict=True)
        if any(item.get_closest_marker(name) for name in SLOW)
    }

    def dearness(pair: tuple[str, pytest.Item]) -> tuple[bool, bool, int, str]:
        group, _ = pair
        return group != PRODUCT, group not in slow, -sizes[group], group

    return [item for _, item in sorted(zip(groups, items, strict=True), key=dearness)]
