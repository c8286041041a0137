"""Log lines that tell what happened, and to nobody in particular."""

import logging
import re
from collections.abc import Iterator
from types import TracebackType

# Thirteen digits of an ID, eleven of a house, nine or ten of a phone; with hyphens or without.
_NUMBER_OF_SOMEBODY = re.compile(r"(?<![\w-])\+?\d(?:-?\d){8,13}(?![\w-])")
_ErrorInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


class PrivateFormatter(logging.Formatter):
    """Leaves out numbers that may be a person's, and the row that a database error quotes.

    PostgreSQL adds the whole row to an error ("DETAIL: Failing row contains …"), and an
    address typed by hand may hold an ID. Its own log must be kept terse by its settings.
    """

    def format(self, record: logging.LogRecord) -> str:
        return _NUMBER_OF_SOMEBODY.sub("[number]", super().format(record))

    def formatException(self, ei: _ErrorInfo) -> str:  # noqa: N802 - the name that logging calls
        text = super().formatException(ei)
        for error in _chain(ei[1]):
            headline = getattr(getattr(error, "diag", None), "message_primary", None)
            if headline:
                text = text.replace(str(error).strip(), headline)
        return text


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
