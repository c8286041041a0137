"""What an officer of an agency hears of a household, held against a list, word for word."""

import re
import uuid
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.http.response import HttpResponseBase
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from forums.models import Forum
from households.models import Exit, Household
from referrals.models import Referral
from tests.api.conftest import client_of as client_of
from tests.census import Route, routes
from tests.referrals.planted import Planted, plant
from tests.rights import RIGHTS

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], APIClient]
LINK = re.compile(r"""(?:href|src|action)=["'](/[^"'#]*)""")
KINDS: dict[str, type[models.Model]] = {
    "exits": Exit,
    "forums": Forum,
    "households": Household,
    "referrals": Referral,
}
"""What an address begins with, and what its key is of."""


@pytest.fixture
def planted(areas: None) -> Planted:
    return plant()


def whole(answer: HttpResponseBase) -> str:
    """Return the body as somebody reads it, with nothing escaped; empty if there is none."""
    if answer.status_code != 200:
        return ""
    text = answer.getvalue().decode(errors="replace")
    return unescape(text)


def parts_of(owner: models.Model) -> set[uuid.UUID]:
    """Return the keys of all that hangs on a row, and of what hangs on that."""
    found: set[uuid.UUID] = set()
    for relation in owner._meta.related_objects:
        part = relation.related_model
        assert isinstance(part, type)
        if not isinstance(part._meta.pk, models.UUIDField):
            continue
        for row in part._base_manager.filter(**{relation.field.name: owner.pk}):
            found.add(row.pk)
            if part._meta.model_name == "assistance":
                found |= parts_of(row)
    return found


def addresses(route: Route) -> Iterator[str]:
    """Return the route's addresses of all that is there of its kind, and of its parts."""
    first, *rest = route.arguments or [""]
    kind = KINDS.get(route.pattern.removeprefix("/api/v1").split("/")[1])
    if kind is None or not isinstance(route.arguments.get(first), uuid.UUID):
        yield route.path()
        return
    for row in kind._base_manager.all():
        if rest and isinstance(route.arguments[rest[0]], uuid.UUID):
            yield from (route.path(**{first: row.pk, rest[0]: part}) for part in parts_of(row))
        else:
            yield route.path(**{first: row.pk})


def everywhere() -> list[str]:
    return [
        address
        for route in routes()
        if (line := RIGHTS.get(route.name)) and line.kind != "public" and "GET" in line.needs
        for address in addresses(route)
    ]


def where(*names: str) -> list[str]:
    return [address for route in routes() if route.name in names for address in addresses(route)]


def crawl(
    user: User, program: APIClient, waiting: list[str], *, follow: bool = False
) -> tuple[str, set[str]]:
    """Read the addresses, and where they lead; return what was said, and where."""
    browser = Client()
    browser.force_login(user)
    said: list[str] = []
    read: set[str] = set()
    seen = set(waiting)
    while waiting:
        address = waiting.pop()
        client = program if address.startswith("/api/") else browser
        text = whole(client.get(address))
        if not text:
            continue
        read.add(address)
        said.append(text)
        if not follow:
            continue
        links = {link for link in LINK.findall(text) if not link.startswith(("/static/", "//"))}
        links = {link for link in links if "logout" not in link}
        waiting += sorted(links - seen)
        seen |= links
    return "\n".join(said), read


def test_an_agency_hears_what_its_referrals_say_and_no_more(
    planted: Planted, client_of: ClientOf
) -> None:
    officer = planted.asked.officer
    said, read = crawl(officer, client_of(officer), everywhere(), follow=True)
    assert len(planted.words) > 60
    assert planted.heard_in(said) == planted.allowed
    own = Referral.objects.visible_to(officer)
    for referral in own:
        assert f"/referrals/{referral.pk}/" in read
        assert f"/api/v1/referrals/{referral.pk}/" in read
    assert len(own) == 2
    assert not any("/households/" in address and uuid_in(address) for address in read)


def uuid_in(address: str) -> bool:
    return re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", address) is not None


def test_the_office_of_the_place_reads_it_all(planted: Planted, client_of: ClientOf) -> None:
    """The words can be heard: the silence above is not that of a page which says nothing."""
    register = [f"{address}?kind=register" for address in where("casework:story")]
    said, _ = crawl(planted.office, client_of(planted.office), where(*PAGES) + register)
    unheard = planted.words.keys() - planted.heard_in(said)
    # IDs are shown masked; the others no page of ours shows to anybody yet.
    assert {name for name in unheard if not name.startswith("whole ID")} <= NEVER_SHOWN


NEVER_SHOWN = {"income", "savings"}
PAGES = (
    *(
        "casework:case-file",
        "casework:story",
        "api:household",
        "api:household-problems",
        "households:member-edit",
    ),
    *("casework:referral", "api:referral", "forums:detail", "api:forum"),
    *("referrals:exit", "slf:result"),
)


HOLES: dict[str, Any] = {
    "households.querysets.HouseholdQuerySet.visible_to": lambda self, user: self,
    "referrals.querysets.ReferralQuerySet.visible_to": lambda self, user: self,
    "referrals.querysets.agency_ids": lambda user: _every_agency(),
}


def test_a_hole_in_any_wall_would_be_heard(
    planted: Planted, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = planted.asked.officer
    for wall, hole in HOLES.items():
        with monkeypatch.context() as patch:
            patch.setattr(wall, hole)
            said, _ = crawl(officer, client_of(officer), where(*PAGES))
        assert planted.heard_in(said) - planted.allowed, wall


def _every_agency() -> tuple[str, ...]:
    agencies = apps.get_model("accounts", "Agency").objects.all()
    return tuple(str(pk) for pk in agencies.values_list("pk", flat=True))
