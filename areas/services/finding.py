"""Which area a code or a name means today, also one from before a change."""

from areas.models import Area, Level
from ppaos.lib.thai_text import area_key, clean, to_ascii_digits

MOST_FOUND = 8
_MOST_CHANGES = 10
"""Changes after each other that are followed; there have never been so many."""


def former_codes() -> dict[str, str]:
    """Return every code that another one took the place of, with the one of today."""
    direct: dict[str, str] = dict(
        Area.objects.filter(successor__isnull=False).values_list("pk", "successor_id")
    )
    return {code: _follow(code, direct) for code in direct}


def present_code(code: str) -> str:
    """Return the code that stands for this one today; itself if nothing replaced it."""
    return former_codes().get(code, code)


def _follow(code: str, direct: dict[str, str]) -> str:
    for _ in range(_MOST_CHANGES):
        if code not in direct:
            break
        code = direct[code]
    return code


def subdistricts_named(text: str) -> list[Area]:
    """Return the subdistricts that a typed code or name can mean, today's; at most eight.

    A code of 6 or 8 digits may be a former one. A name is the subdistrict's, perhaps with
    district and province after it, and may be a former name of any of them.
    """
    typed = clean(to_ascii_digits(text))
    rows = Area.objects.filter(level=Level.SUBDISTRICT).select_related("parent__parent")
    if typed.isdigit():
        return list(rows.in_force().filter(pk=present_code(typed)[:6]))
    words = [word for word in typed.replace(",", " ").split(" ") if word]
    if not words:
        return []
    first, *others = words
    found = [
        area
        for area in rows.in_force().order_by("code")
        if _is_called(area, first) and all(_is_inside(area, word) for word in others)
    ]
    return found[:MOST_FOUND]


def _is_called(area: Area, word: str) -> bool:
    key = area_key(word, area.level)
    return bool(key) and key in {area_key(name, area.level) for name in (area.name, *area.aliases)}


def _is_inside(area: Area, word: str) -> bool:
    above = area.parent
    while above is not None:
        if _is_called(above, word):
            return True
        above = above.parent
    return False
