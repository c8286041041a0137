from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.product import Product
from tests.journeys.visit import Visit


@pytest.fixture
def visit(chromium: Browser, product: Product) -> Iterator[Callable[..., Visit]]:
    """Open a browser window; all of them are closed at the end."""
    opened: list[Visit] = []

    def open_window(**options: bool) -> Visit:
        opened.append(Visit(chromium, product, **options))
        return opened[-1]

    yield open_window
    for each in opened:
        each.close()
