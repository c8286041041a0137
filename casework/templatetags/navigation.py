"""The bars of every page: only what this person may open."""

from typing import Any, NamedTuple

from django import template
from django.http import HttpRequest
from django.template import Context

from accounts.models import User
from accounts.permissions import has_anywhere
from accounts.roles import Permission

register = template.Library()


class Entry(NamedTuple):
    """A place in the bars; `needs` lists rights of which one is enough, () for everybody."""

    path: str
    label: str
    short_label: str
    icon: str
    needs: tuple[Permission, ...]


# The paths are a contract (ARCHITECTURE.md, Pages), so they are written out.
ENTRIES = (
    Entry("/", "งานของฉันวันนี้", "วันนี้", "today", ()),
    Entry("/households/", "ครัวเรือน", "ครัวเรือน", "household", (Permission.HOUSEHOLD_SEARCH,)),
    Entry(
        "/referrals/",
        "ส่งต่อ",
        "ส่งต่อ",
        "refer",
        (Permission.REFERRAL_READ, Permission.REFERRAL_ANSWER),
    ),
    Entry("/forums/", "เวที", "เวที", "people", (Permission.FORUM_READ,)),
    Entry("/dashboards/", "ภาพรวม", "ภาพรวม", "overview", (Permission.DASHBOARD_READ,)),
    Entry("/quality/", "คุณภาพข้อมูล", "คุณภาพ", "shield", (Permission.HOUSEHOLD_READ,)),
    Entry("/imports/", "นำเข้า", "นำเข้า", "import", (Permission.IMPORT, Permission.IMPORT_APPROVE)),
    Entry(
        "/settings/",
        "ตั้งค่า",
        "ตั้งค่า",
        "settings",
        (
            Permission.SETTINGS_CHANGE,
            Permission.USERS_MANAGE,
            Permission.AUDIT_READ,
            Permission.ROUTING_CHANGE,
        ),
    ),
)
ACCOUNT = Entry("/account/", "บัญชีของฉัน", "บัญชี", "person", ())
SEATS = 5
"""How many places fit beside each other at the bottom of a phone, as wide as a thumb."""


def entries_for(user: User) -> list[Entry]:
    return [
        entry
        for entry in ENTRIES
        if not entry.needs or any(has_anywhere(user, right) for right in entry.needs)
    ]


@register.inclusion_tag("components/navigation_top.html", takes_context=True)
def top_navigation(context: Context) -> dict[str, Any]:
    return _bars(context)


@register.inclusion_tag("components/navigation_bottom.html", takes_context=True)
def bottom_navigation(context: Context) -> dict[str, Any]:
    return _bars(context)


@register.inclusion_tag("components/demo_banner.html", takes_context=True)
def demo_banner(context: Context) -> dict[str, bool]:
    """Say that the data is invented, to everybody, until `clear_demo` has run."""
    user = context.get("user")
    shown = isinstance(user, User) and user.is_demo
    return {"shown": shown or _has_demo_data()}


def _has_demo_data() -> bool:
    return bool(User.objects.filter(is_demo=True).exists())


def _bars(context: Context) -> dict[str, Any]:
    request: HttpRequest | None = context.get("request")
    user = context.get("user")
    signed_in = isinstance(user, User)
    entries = entries_for(user) if isinstance(user, User) else []
    seated, folded = _seats([*entries, ACCOUNT])
    return {
        "person": user if signed_in else None,
        "entries": entries,
        "seated": seated,
        "folded": folded,
        "account": ACCOUNT,
        "current": _current(request.path) if request else "",
        "csrf_token": context.get("csrf_token"),
    }


def _seats(entries: list[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Return what stands in the bar of a phone, and what is folded behind its last seat."""
    if len(entries) <= SEATS:
        return entries, []
    return entries[: SEATS - 1], entries[SEATS - 1 :]


def _current(path: str) -> str:
    """Return the path of the entry whose part of the site this is, "" if none."""
    for entry in (*ENTRIES[1:], ACCOUNT):
        if path.startswith(entry.path):
            return entry.path
    return "/" if path == "/" else ""
