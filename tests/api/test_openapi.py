"""What the OpenAPI document promises, tried from outside with generated calls."""

import hashlib
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    response_schema_conformance,
    status_code_conformance,
)

from accounts.models import ApiToken, User
from accounts.roles import Role
from imports.models import ImportBatch
from imports.services import upload
from referrals.workflow import MOVES
from slf.services import load_reference_data
from tests import things
from tests.factories import PROVINCE, make_agency, make_household, make_member, make_scope
from tests.forums.cases import make_forum, make_held, make_resolution
from tests.referrals.cases import Cast, make_problem, make_referral

pytestmark = pytest.mark.django_db
TOKEN = "token-of-the-generated-calls"
CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]
GENERATED = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def closing(environ: Any, start_response: Any) -> list[bytes]:
    """Answer as a real server does: read the body to its end and close it."""
    response = get_wsgi_application()(environ, start_response)
    try:
        return list(response)
    finally:
        response.close()


@pytest.fixture
def open_connection() -> Iterator[None]:
    """Keep the test's own connection through real requests, as Django's test client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def api_schema(db: None, open_connection: None, areas: None, province: User) -> Any:
    """The document as served, with a caller who may do nearly everything."""
    load_reference_data()
    make_scope(province, Role.IMPORT_ADMIN, PROVINCE)
    ApiToken.objects.create(
        user=province,
        digest=hashlib.sha256(TOKEN.encode()).hexdigest(),
        created_at=datetime(2026, 11, 20, tzinfo=UTC),
        expires_at=datetime(2999, 1, 1, tzinfo=UTC),
    )
    return schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", closing)


@pytest.fixture
def present(api_schema: Any, province: User) -> dict[str, str]:
    """Rows that are there, by the address they answer at; a longer address goes before."""
    household = make_household()
    make_member(household, is_head=True)
    batch = upload(
        stream=io.BytesIO("รหัสบ้าน,ชื่อ\n30320000001,สมใจ\n".encode()),
        name="list.csv",
        source="tpmap",
        year_be=2568,
        by=User.objects.get(pk=province.pk),
        at=datetime(2026, 11, 20, tzinfo=UTC),
    )
    agency = make_agency()
    make_scope(province, Role.AGENCY_OFFICER, PROVINCE, agency)
    cast = Cast(agency=agency)
    return {
        "/api/v1/households/{id}": str(household.pk),
        "/api/v1/imports/{id}": str(batch.pk),
        "/api/v1/exits/{id}": str(things.an_exit()["pk"]),
        "/api/v1/referrals/{id}": str(make_referral(cast=cast).pk),
        "/api/v1/forums/{id}": str(make_held().pk),
        "/api/v1/forums/{id}/hold/": str(make_forum().pk),
        "/api/v1/resolutions/{id}": str(make_resolution().pk),
    } | {
        # Each action has one that stands where it may be done.
        f"/api/v1/referrals/{{id}}/{move.action}/": str(
            make_referral(min(move.sources), cast=cast).pk
        )
        for move in MOVES
    }


def test_no_call_breaks_a_promise(
    api_schema: Any, present: dict[str, str], subtests: pytest.Subtests
) -> None:
    tried = 0
    for found in api_schema.get_all_operations():
        operation = found.ok()

        @GENERATED
        @given(case=operation.as_strategy())
        def try_it(case: Any) -> None:
            _call(case, present)

        with subtests.test(operation=operation.label):
            try_it()
        tried += 1
    assert tried > 25


def _call(case: Any, present: dict[str, str]) -> None:
    """Make the call; half of those that name an id go to a row that is there."""
    is_even = hashlib.sha256(repr(case.body).encode()).digest()[0] % 2 == 0
    for prefix, pk in present.items():
        if is_even and case.path.startswith(prefix):
            case.path_parameters["id"] = pk
    if is_even and case.path == "/api/v1/referrals/" and isinstance(case.body, dict):
        problem = make_problem()
        case.body |= {"household": str(problem.household_id), "problem": str(problem.pk)}
    response = case.call(headers={"Authorization": f"Bearer {TOKEN}"})
    case.validate_response(response, checks=CHECKS)


@pytest.fixture
def document(client: Client) -> Any:
    return client.get("/api/v1/schema/?format=json").json()


def test_the_document_is_valid_openapi(document: Any) -> None:
    validate_schema(document)  # type: ignore[no-untyped-call]
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert len(operations) > 25
    for operation in operations:
        assert {"401", "403", "404"} <= set(operation["responses"]), operation["operationId"]


def test_the_docs_page_loads_nothing_from_elsewhere(client: Client) -> None:
    page = client.get("/api/v1/docs/").content.decode()
    script = client.get("/api/v1/docs/?script=").content.decode()
    assert "<style" not in page
    assert "https://" not in page + script
    assert "/api/v1/schema/" in script


def test_without_a_token_every_operation_is_closed(client: Client, document: Any) -> None:
    unknown = "0190b5d6-0000-7000-8000-000000000000"
    for path, operations in document["paths"].items():
        if path == "/api/v1/token/":
            continue
        url = path.replace("{id}", unknown).replace("{row}", "1").replace("{source}", "tpmap")
        url = url.replace("{code}", "PD-27")
        for method in operations:
            assert getattr(client, method)(url).status_code == 401, (method, url)
    assert not ImportBatch.objects.exists()
