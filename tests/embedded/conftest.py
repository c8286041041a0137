from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.embedded.installation import Installation, free_port


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    installation = Installation(data=tmp_path / "var", port=free_port())
    yield installation
    installation.end()
