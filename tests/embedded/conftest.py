from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.embedded.installation import Installation, free_port


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    installation = Installation(data=tmp_path / "var", port=free_port())
    yield installation
    installation.end()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation that is up, for tests that do not end it."""
    installation = Installation(data=tmp_path_factory.mktemp("up") / "var", port=free_port())
    installation.up()
    yield installation
    installation.end()
