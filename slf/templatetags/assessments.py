"""How an assessment and a group are written on a page."""

from decimal import Decimal

from django import template

from slf.instrument import Capital, SubType
from slf.models import LivelihoodProfile

register = template.Library()


@register.filter
def sub_type_names(profile: LivelihoodProfile) -> list[str]:
    """Return the names of the sub-types, the primary one first."""
    return [SubType(code).label for code in profile.sub_types]


@register.filter
def capital_name(code: str) -> str:
    return Capital(code).label


@register.filter
def signed(points: Decimal) -> str:
    """Write a change on the scale of 100, as +3.3 or −3.3."""
    return f"{points:+.1f}".replace("-", "\N{MINUS SIGN}")


@register.filter
def item_score(text: str | None) -> str:
    """Write the stored score of one question: 2, or 1.67 where members are averaged."""
    if text is None:
        return "–"
    score = Decimal(text)
    return str(int(score)) if score == int(score) else f"{score:.2f}"
