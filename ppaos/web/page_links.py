"""Addresses of the neighbouring pages of a list, for components/pager.html."""

from typing import Any

from django.http import HttpRequest

from ppaos.web.paging import KeysetPage


def page_links(request: HttpRequest, page: KeysetPage[Any]) -> dict[str, str]:
    """Return `next_url` and `previous_url`, "" where there is no such page; the filters stay."""
    return {
        "next_url": _address(request, page.next_cursor),
        "previous_url": _address(request, page.previous_cursor),
    }


def _address(request: HttpRequest, cursor: str | None) -> str:
    if cursor is None:
        return ""
    query = request.GET.copy()
    query["cursor"] = cursor
    return f"?{query.urlencode()}"
