"""What every test may ask for."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings

from ppaos.embedded.migrated import NAME
from tests.browsers import chromium, find_chromium
from tests.journeys.product import product
from tests.migrated import wait_for_migrated
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
from tests.scheduling import pytest_collection_modifyitems, pytest_xdist_make_scheduler
from tests.windows import window

__all__ = [
    "admin",
    "agency",
    "agency_officer",
    "areas",
    "chromium",
    "district",
    "next_surveyor",
    "officer",
    "outsider",
    "product",
    "province",
    "pytest_collection_modifyitems",
    "pytest_xdist_make_scheduler",
    "reader",
    "stranger",
    "surveyor",
    "viewer",
    "window",
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


@pytest.fixture(scope="session", autouse=True)
def database_that_can_be_emptied() -> Iterator[None]:
    """Empty the tables after a test with real transactions, though the trail refuses TRUNCATE."""
    operations = type(connection.ops)
    flush = operations.sql_flush

    def flush_past_the_trail(self: Any, *args: Any, **kwargs: Any) -> list[str]:
        switch = "ALTER TABLE audit_event {} TRIGGER audit_event_no_truncate"
        return [switch.format("DISABLE"), *flush(self, *args, **kwargs), switch.format("ENABLE")]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "sql_flush", flush_past_the_trail)
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Copy the tables from the database that has them all, if the run's servers are its own."""
    if wait_for_migrated():
        connection.settings_dict["TEST"]["TEMPLATE"] = NAME


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """End what still talks to the test database before it is dropped.

    The live server's threads keep their connections open, as real servers do.
    """
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


NO_BROWSER = "no chromium on this machine"


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave browser tests out without chromium, unless PPAOS_REQUIRE_BROWSER=1 forbids it."""
    if item.get_closest_marker("browser") is None or find_chromium():
        return
    if os.environ.get("PPAOS_REQUIRE_BROWSER") == "1":
        pytest.fail(NO_BROWSER, pytrace=False)
    pytest.skip(NO_BROWSER)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    count = sum(NO_BROWSER in str(report.longrepr) for report in skipped)
    if count:
        terminalreporter.write_line(f"{count} browser tests were left out: {NO_BROWSER}")
