import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from rest_framework.test import APIClient

from accounts.models import ApiToken, User

NEVER = datetime(2999, 12, 31, tzinfo=UTC)


@pytest.fixture
def client_of(db: None) -> Callable[[User], APIClient]:
    """Return a client that sends a person's token with every request."""

    def make(user: User) -> APIClient:
        token = f"token-of-{user.username}"
        ApiToken.objects.get_or_create(
            user=user,
            digest=hashlib.sha256(token.encode()).hexdigest(),
            defaults={"created_at": datetime(2026, 11, 20, tzinfo=UTC), "expires_at": NEVER},
        )
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return client

    return make
