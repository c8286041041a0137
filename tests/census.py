"""Finds every route of a URL resolver, and how to call it."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, UUIDConverter

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
