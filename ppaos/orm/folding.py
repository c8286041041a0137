"""The search key of a name as an expression of the database, from the same steps as in Python."""

import re

from django.db.models import F, Func, Value

from ppaos.lib.thai_names import SAME_SOUND, STEPS


def folded_name(column: str) -> Func:
    """Return what `thai_names.fold` makes of a column of name keys; immutable."""
    kept = {letter: into for letter, into in SAME_SOUND.items() if into is not None}
    dropped = [letter for letter, into in SAME_SOUND.items() if into is None]
    expression = Func(
        F(column),
        Value("".join(map(chr, [*kept, *dropped]))),
        Value("".join(map(chr, kept.values()))),
        function="translate",
    )
    for pattern, replacement in STEPS:
        what = (Value(pattern.pattern), Value(replacement))
        if re.escape(pattern.pattern) == pattern.pattern:
            # Plain text: much quicker than a regular expression, and people come in by thousands.
            expression = Func(expression, *what, function="replace")
        else:
            expression = Func(expression, *what, Value("g"), function="regexp_replace")
    return expression
