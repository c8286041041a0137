"""Every bad upload and answer of the table: its status and code, and nothing left behind."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from imports.models import ImportBatch
from tests.imports.batches import csv_of, line, staged
from tests.imports.fixtures import FIXTURES
from tests.imports.fixtures.kinds import Request

pytestmark = pytest.mark.django_db

REQUESTS = [fixture for fixture in FIXTURES if isinstance(fixture, Request)]
_ONE_HELD = csv_of([line(0), line(5, {"รหัสบ้าน": ""})])


@pytest.fixture
def client(admin: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(admin)
    return client


@pytest.fixture
def batch(admin: User) -> Callable[..., ImportBatch]:
    """Return what stages a list: one line of it waits for a person."""

    def make(content: bytes = _ONE_HELD) -> ImportBatch:
        return staged(content, admin)

    return make


@pytest.mark.parametrize("fixture", REQUESTS, ids=[fixture.id for fixture in REQUESTS])
def test_a_bad_request_is_answered_as_the_table_says(
    fixture: Request, client: APIClient, batch: Callable[..., ImportBatch]
) -> None:
    assert fixture.send(client, batch) == fixture.expected
