"""What every test may ask for."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import override_settings

from tests.people import (
    admin,
    agency,
    agency_officer,
    areas,
    district,
    next_surveyor,
    officer,
    outsider,
    province,
    reader,
    stranger,
    surveyor,
    viewer,
)

__all__ = [
    "admin",
    "agency",
    "agency_officer",
    "areas",
    "district",
    "next_surveyor",
    "officer",
    "outsider",
    "province",
    "reader",
    "stranger",
    "surveyor",
    "viewer",
]


@pytest.fixture(scope="session", autouse=True)
def plain_static_files() -> Iterator[None]:
    """Name static files as they are: the manifest is made by `up`, and proved there."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash passwords cheaply: Argon2 is slow on purpose."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield
