"""A number on a page: with the list behind it, hidden, or not known."""

from collections.abc import Callable
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dashboards.views.telling import Figure, Kind
from ppaos.web.templatetags import thai

register = template.Library()

HIDDEN = "ซ่อน"
WHY_HIDDEN = "ซ่อนตัวเลขน้อยเพื่อไม่ให้ระบุตัวบุคคลได้"
UNKNOWN = "ยังไม่มีข้อมูล"

_WRITTEN: dict[Kind, Callable[[Any], str]] = {
    Kind.COUNT: thai.thousands,
    Kind.PERCENT: thai.percent,
    Kind.BAHT: thai.baht,
    Kind.SCORE: thai.score,
    Kind.CHANGE: thai.change,
}


def written(figure: Figure) -> str:
    """Return the number as text; what is hidden or not known in words."""
    if figure.is_hidden:
        return HIDDEN
    if figure.value is None:
        return UNKNOWN
    return _WRITTEN[figure.kind](figure.value)


@register.simple_tag(name="figure")
def draw(figure: Figure) -> SafeString:
    """Draw a number; a link if there is a list behind it."""
    text = written(figure)
    if figure.is_hidden:
        return format_html('<span class="hidden-number" title="{}">{}</span>', WHY_HIDDEN, text)
    if figure.value is None:
        return format_html(
            '<span class="no-number" title="{}"><span aria-hidden="true">–</span>'
            '<span class="visually-hidden">{}</span></span>',
            text,
            text,
        )
    if figure.url:
        return format_html('<a class="number" href="{}">{}</a>', figure.url, text)
    return format_html('<span class="number">{}</span>', text)
