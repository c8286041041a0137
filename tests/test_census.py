"""Every route and method against the table of rights (tests/rights.py)."""

import hashlib
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLResolver, path
from django.urls.resolvers import RegexPattern

from accounts.models import ApiToken, User
from accounts.roles import PERMISSIONS, Permission, Role
from households.models import AccessGrant
from referrals.models import Referral
from referrals.workflow import Status
from tests import things
from tests.census import METHODS, in_words, routes, undeclared
from tests.factories import (
    NEXT_SUBDISTRICT,
    OTHER_PROVINCE,
    PROVINCE,
    SUBDISTRICT,
    make_agency,
    make_household,
    make_member,
    make_scope,
    make_user,
)
from tests.rights import RIGHTS

FOUND = {route.name: route for route in routes()}
REFUSED = {401, 403, 404, 405}
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "rights.md"
NEVER = datetime(2999, 12, 31, tzinfo=UTC)


def cases(*kinds: str) -> list[Any]:
    """Return (name, method) of the table's lines of these kinds."""
    return [
        pytest.param(name, method, id=f"{method} {name}")
        for name, line in RIGHTS.items()
        if line.kind in kinds
        for method in line.needs
    ]


@pytest.fixture(autouse=True)
def _nothing_counted(db: None) -> None:
    cache.clear()


def client_of(user: User | None, *, program: bool, **options: Any) -> Client:
    """Return a client that calls as a person's browser does, or as their program."""
    client = Client(**options)
    if user is None:
        return client
    if not program:
        client.force_login(user)
        return client
    token = f"token-of-{user.pk}"
    digest = hashlib.sha256(token.encode()).hexdigest()
    ApiToken.objects.get_or_create(
        digest=digest, defaults={"user": user, "created_at": LONG_AGO, "expires_at": NEVER}
    )
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client


def call(
    method: str, name: str, user: User | None, arguments: dict[str, Any] | None = None
) -> HttpResponseBase:
    program = name.startswith("api:")
    client = client_of(user, program=program)
    address = FOUND[name].path(**(arguments or {}))
    if method == "GET":
        return _read_to_the_end(client.get(address))
    line = RIGHTS[name]
    if program and line.multipart and method == "POST":
        return client.post(address, line.body())
    if program:
        return client.generic(method, address, line.json(), content_type="application/json")
    if method == "POST":
        return client.post(address, line.body())
    return client.generic(method, address)


def _read_to_the_end(answer: HttpResponseBase) -> HttpResponseBase:
    """Take a download as a server would, so that its file is closed."""
    if not answer.streaming:
        return answer
    content: bytes = answer.getvalue()
    return HttpResponse(content, status=answer.status_code, headers=dict(answer.headers))


def somebody(role: Role, area: str = PROVINCE) -> User:
    return make_user(role, area)


def everything_elsewhere() -> User:
    """Return one who may everything, in another province."""
    user = make_user()
    for role in Role:
        make_scope(user, role, OTHER_PROVINCE)
    return user


# ---- the table and the code name the same routes -------------------------------------
def test_every_route_has_its_line() -> None:
    assert undeclared(RIGHTS, routes()) == set()


def test_every_line_has_its_route() -> None:
    assert RIGHTS.keys() - FOUND.keys() == set()


def test_a_new_route_without_a_line_is_found() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    resolver = URLResolver(RegexPattern(r"^/"), [path("new/", view, name="new"), path("b/", view)])
    assert undeclared(RIGHTS, routes(resolver)) == {"new", "(no name) b/"}


def test_the_page_about_rights_is_current() -> None:
    page = in_words(RIGHTS, routes())
    if os.environ.get("PPAOS_WRITE_DOCS") == "1":
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page, (
        "run: PPAOS_WRITE_DOCS=1 python3 manage.py test tests/test_census.py -k page_about"
    )


# ---- methods ---------------------------------------------------------------------------
@pytest.mark.parametrize("name", [name for name in RIGHTS if name in FOUND])
def test_a_method_without_a_line_is_refused(name: str) -> None:
    user = make_user()
    answers = {
        method: call(method, name, user).status_code
        for method in METHODS
        if method not in RIGHTS[name].needs
    }
    assert set(answers.values()) <= {405}, answers


@pytest.mark.parametrize(("name", "method"), cases("public", "own", "function", "thing"))
def test_a_method_with_a_line_is_there(name: str, method: str) -> None:
    assert call(method, name, make_user()).status_code != 405


# ---- who is not signed in ----------------------------------------------------------------
@pytest.mark.parametrize(("name", "method"), cases("own", "function", "thing"))
def test_nobody_enters_without_signing_in(name: str, method: str) -> None:
    answer = call(method, name, None)
    if name.startswith("api:"):
        assert answer.status_code == 401
    else:
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    "name", [name for name, line in RIGHTS.items() if "POST" in line.needs and line.has_csrf(name)]
)
def test_a_form_without_the_token_is_refused(name: str) -> None:
    client = client_of(make_user(), program=False, enforce_csrf_checks=True)
    answer = client.post(FOUND[name].path())
    assert answer.status_code == 403
    assert "403_csrf.html" in [template.name for template in answer.templates]


# ---- who is signed in, and not of this place -----------------------------------------------
@pytest.mark.parametrize(("name", "method"), cases("function"))
def test_a_stranger_is_refused_at_functions(name: str, method: str) -> None:
    status = call(method, name, make_user()).status_code
    assert (status == 403) == bool(RIGHTS[name].needs[method]), status


@pytest.mark.parametrize(("name", "method"), cases("own"))
def test_what_is_ones_own_is_open_to_everybody(name: str, method: str) -> None:
    status = call(method, name, make_user()).status_code
    if status == 404:
        assert RIGHTS[name].may_be_absent
    else:
        assert status not in REFUSED | {500}


@pytest.mark.parametrize(("name", "method"), cases("thing"))
def test_things_of_another_place_are_not_there(name: str, method: str, areas: None) -> None:
    maker = RIGHTS[name].maker
    assert maker is not None
    arguments = maker()
    people = {
        "without scopes": make_user(),
        "surveyor of the next subdistrict": somebody(Role.SURVEYOR, NEXT_SUBDISTRICT),
        "officer of another agency": make_user(Role.AGENCY_OFFICER, PROVINCE, make_agency()),
        "of another province": everything_elsewhere(),
    }
    answers = {who: call(method, name, user, arguments) for who, user in people.items()}
    assert {who: answer.status_code for who, answer in answers.items()} == dict.fromkeys(
        people, 404
    )


def test_no_page_or_list_shows_what_is_of_another_place(areas: None) -> None:
    user = make_user(Role.SURVEYOR, SUBDISTRICT, username="canary-user", name="คนอื่น นกขมิ้น")
    agency = make_agency(area_id=SUBDISTRICT, short_name="สนง. นกขมิ้น")
    household = make_household(house_no="99/นกขมิ้น")
    member = make_member(household, first_name="นกขมิ้น", last_name="เหลืองอ่อน")
    made = things.a_household_and_exit()
    marks = {
        "นกขมิ้น",
        "canary-user",
        *(str(row.pk) for row in (user, agency, household, member)),
        *(str(pk) for pk in made.values()),
    }
    elsewhere = {
        "without scopes": make_user(),
        "surveyor of the next subdistrict": somebody(Role.SURVEYOR, NEXT_SUBDISTRICT),
        "of another province": everything_elsewhere(),
    }
    pages = [
        name
        for name, line in RIGHTS.items()
        if line.kind in {"own", "function"} and "GET" in line.needs
    ]
    shown = {
        (who, name, mark)
        for who, reader in elsewhere.items()
        for name in pages
        for mark in found_in(call("GET", name, reader), marks)
    }
    assert shown == set()
    # The marks would be found: they stand on the list of somebody of this place.
    assert found_in(call("GET", "casework:households", somebody(Role.PROVINCE_OFFICER)), marks)


def found_in(answer: HttpResponseBase, marks: set[str]) -> set[str]:
    text = answer.getvalue().decode(errors="replace")
    return {mark for mark in marks if mark in text}


def asked(arguments: dict[str, Any]) -> User:
    """Return an officer of the agency that a referral was sent to."""
    referral = Referral.objects.get(pk=arguments["pk"])
    return make_user(Role.AGENCY_OFFICER, PROVINCE, referral.agency or make_agency())


@pytest.mark.parametrize(
    ("name", "method"),
    [case for case in cases("thing") if RIGHTS[case.values[0]].by_agency],
)
def test_referrals_are_open_to_the_agency_asked_and_only_under_its_grant(
    name: str, method: str, areas: None
) -> None:
    line = RIGHTS[name]
    assert line.maker is not None
    arguments = line.maker()
    was_sent = Referral.objects.get(pk=arguments["pk"]).status != Status.DRAFT
    officer = asked(arguments)
    status = call(method, name, officer, arguments).status_code
    if not was_sent:
        assert status == 404
    elif holds(Role.AGENCY_OFFICER, line.needs[method]):
        assert status not in REFUSED | {500}
    else:
        assert status == 403
    AccessGrant.objects.update(valid_until=LONG_AGO)
    assert call(method, name, officer, arguments).status_code == 404


def test_a_referral_opens_no_case_file_to_the_agency(areas: None) -> None:
    arguments = things.a_referral()()
    officer = asked(arguments)
    assert call("GET", "api:referral", officer, arguments).status_code == 200
    household = {"pk": Referral.objects.get(pk=arguments["pk"]).household_id}
    seen = {
        (name, method): call(method, name, officer, household).status_code
        for name, line in RIGHTS.items()
        if line.kind == "thing"
        and line.see == (Permission.HOUSEHOLD_READ,)
        and FOUND[name].arguments.keys() == {"pk"}
        for method in line.needs
    }
    assert len(seen) > 15
    assert set(seen.values()) == {404}, seen


# ---- roles -------------------------------------------------------------------------------
def one_of_each(*rights: tuple[Permission, ...]) -> list[Role]:
    """Return a role for each way of holding or not holding these sets of rights."""
    found: dict[tuple[bool, ...], Role] = {}
    for role in Role:
        found.setdefault(tuple(holds(role, right) for right in rights), role)
    return list(found.values())


def holds(role: Role, needs: tuple[Permission, ...]) -> bool:
    return not needs or bool(PERMISSIONS[role] & set(needs))


@pytest.mark.parametrize(("name", "method"), cases("function"))
def test_functions_are_open_to_the_roles_that_hold_the_right(
    name: str, method: str, areas: None
) -> None:
    needs = RIGHTS[name].needs[method]
    for role in one_of_each(needs):
        status = call(method, name, somebody(role)).status_code
        if holds(role, needs):
            assert status not in REFUSED | {500}, role
        else:
            assert status == 403, role


@pytest.mark.parametrize(("name", "method"), cases("thing"))
def test_things_are_open_to_the_roles_that_hold_the_right(
    name: str, method: str, areas: None
) -> None:
    line = RIGHTS[name]
    needs = line.needs[method]
    assert line.maker is not None
    arguments: dict[str, Any] = {}
    for role in one_of_each(line.see or (), needs):
        # An action may use its object up, so each role gets its own.
        arguments = line.maker() if method != "GET" or not arguments else arguments
        status = call(method, name, somebody(role), arguments).status_code
        if line.see is None or not holds(role, line.see):
            assert status == 404, role
        elif not holds(role, needs):
            assert status == 403, role
        else:
            allowed = {404} if line.may_be_absent else set()
            assert status not in (REFUSED | {500}) - allowed, role


# ---- the admin site -------------------------------------------------------------------------
def test_the_admin_site_has_reference_data_users_and_scopes_only() -> None:
    assert {model._meta.label for model in admin.site._registry} == {
        "accounts.Agency",
        "accounts.Scope",
        "accounts.User",
        "areas.Area",
        "problems.IncomeThreshold",
        "problems.Indicator",
        "problems.IndicatorSet",
        "referrals.ExitRule",
        "slf.Item",
        "slf.LevelBand",
        "slf.Questionnaire",
    }


@pytest.mark.parametrize(
    "pattern",
    [
        route.pattern
        for route in routes()
        if route.is_admin
        and "log" not in route.pattern
        # Hidden by our redirect, "admin-password-change".
        and route.pattern != "/admin/password_change/"
    ],
)
def test_the_admin_site_is_closed_to_all_who_set_nothing_up(pattern: str, areas: None) -> None:
    address = re.sub(r"<[^>]+>|\(.*\)", "7", pattern)
    answer = Client().get(address)
    assert answer.status_code in {302, 405}
    if answer.status_code == 302:
        assert answer.headers["Location"].startswith("/admin/login/")
    for user in (make_user(), somebody(Role.PROVINCE_OFFICER), somebody(Role.IMPORT_ADMIN)):
        answer = client_of(user, program=False).get(address, follow=True)
        assert answer.status_code in {403, 404, 405}, user
