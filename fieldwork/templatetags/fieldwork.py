"""How shares of field work are written."""

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def of_hundred(share: Decimal | None) -> str:
    """Write a share of 1 as percent with two decimals; nothing to share is a dash, not zero."""
    return "–" if share is None else f"{share * 100:.2f}"
