"""Finds every route of a URL resolver, and how to call it."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, UUIDConverter

from accounts.roles import PERMISSIONS, Permission, Role

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Route:
    """One address: its name with namespaces, its shape, and arguments that fit it."""

    name: str
    pattern: str
    arguments: dict[str, Any]

    @property
    def is_admin(self) -> bool:
        return self.name.startswith("admin:")

    def path(self, **arguments: Any) -> str:
        return reverse(self.name, kwargs=self.arguments | arguments)


def routes(resolver: URLResolver | None = None) -> list[Route]:
    """Return every route, in the order of the resolver."""
    return list(_walk(resolver or get_resolver(), "", "", {}))


def _walk(
    resolver: URLResolver, prefix: str, namespace: str, arguments: dict[str, Any]
) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        found = arguments | _fitting(entry)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, pattern, inner, found)
        else:
            name = f"{namespace}{entry.name or f'(no name) {pattern}'}"
            yield Route(name=name, pattern=_plain(pattern), arguments=found)


def _fitting(entry: URLPattern | URLResolver) -> dict[str, Any]:
    return {name: _value(kind) for name, kind in entry.pattern.converters.items()}


def _value(converter: Any) -> Any:
    if isinstance(converter, UUIDConverter):
        return uuid.UUID(int=7)
    return 7 if isinstance(converter, IntConverter) else "7"


def _plain(pattern: str) -> str:
    return "/" + re.sub(r"[\^$]|\\Z", "", pattern)


def undeclared(table: dict[str, Any], found: list[Route]) -> set[str]:
    """Return the names of routes without a line in the table."""
    return {route.name for route in found if not route.is_admin} - table.keys()


def in_words(table: dict[str, Any], found: list[Route]) -> str:
    """Return the table of rights as a page, for people: who may call which address."""
    lines = [
        "# Who may call what",
        "",
        "Made from tests/rights.py, which tests/test_census.py holds against the code.",
        "What somebody may not see is not there for them (404); what they see and may not do",
        "is refused with the reason (403). Nobody enters without signing in (a redirect, in the",
        "API 401), but where it says everybody. `/admin/` is open to who sets things up. An",
        "agency's officer opens no case file: only the referrals to it where they answer for it.",
        "",
        "| address | method | who |",
        "|---|---|---|",
    ]
    for route in sorted(found, key=lambda route: route.pattern):
        line = table.get(route.name)
        if line is None:
            continue
        for method, needs in sorted(line.needs.items()):
            address = route.pattern.replace("|", "\\|")
            lines.append(f"| `{address}` | {method} | {_who(line, needs)} |")
    return "\n".join(lines) + "\n"


def _who(line: Any, needs: tuple[Permission, ...]) -> str:
    if line.kind == "public":
        return "everybody"
    if line.see is None:
        return "its owner"
    rights = [right for right in (line.see, needs) if right]
    if not rights:
        return "who is signed in"
    roles = [role for role in Role if all(PERMISSIONS[role] & set(right) for right in rights)]
    named = ", ".join(role.label for role in roles)
    if line.kind != "thing":
        return named
    who = [f"{named}; in their area"] if named else []
    if line.by_agency and (not needs or Permission.REFERRAL_ANSWER in needs):
        who.append("the agency asked")
    return "; ".join(who)
