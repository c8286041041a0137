"""The register's list: its cells, and the fields that narrow it."""

from collections.abc import Sequence
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from casework.filters import NAMES, Column, HouseholdFilter, Line
from households.models import Household

register = template.Library()


@register.filter
def cells(line: Line, columns: Sequence[Column]) -> SafeString:
    return format_html_join("", "{}", ((column.cell(line),) for column in columns))


@register.simple_tag
def filter_fields(narrowed: HouseholdFilter) -> SafeString:
    """Draw the fields of the filters as they are set; the same for everybody."""
    return _drawn(tuple((name, narrowed.data.get(name, "")) for name in NAMES))


@lru_cache(maxsize=200)
def _drawn(chosen: tuple[tuple[str, str], ...]) -> SafeString:
    """Kept, since eight fields take as long to draw as the rest of the page."""
    form = HouseholdFilter(dict(chosen), queryset=Household.objects.none()).form
    return SafeString(render_to_string("casework/_filter_fields.html", {"form": form}))
