"""Thai dictionary order as an expression of the database, whatever collations it has."""

from typing import Any

from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Collate, Concat


def thai_order(column: str) -> Func:
    """Return what sorts a column as `thai_text.sort_key` does; immutable.

    A vowel written before its consonant counts after it; tone marks and silencers only
    decide between words that are otherwise equal.
    """
    plain = _replaced(F(column), "[็-๎ .()-]", "")
    turned = _replaced(plain, "([เแโใไ])([ก-ฮ])", r"\2\1")
    whole = Concat(turned, Value(" "), F(column), output_field=TextField())
    return Collate(whole, "C")


def _replaced(expression: Any, pattern: str, replacement: str) -> Func:
    return Func(
        expression,
        Value(pattern),
        Value(replacement),
        Value("g"),
        function="regexp_replace",
        output_field=TextField(),
    )
