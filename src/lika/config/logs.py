"""How a line of the log looks. Logs never carry personal data."""

import logging
from types import TracebackType

# PostgreSQL repeats the values of a row in these parts of an error.
_WITH_VALUES = ("DETAIL:", "CONTEXT:")


class DiscreetFormatter(logging.Formatter):
    """Writes tracebacks without the lines in which PostgreSQL repeats values."""

    def formatException(  # noqa: N802 - logging's name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        lines = super().formatException(ei).splitlines()
        return "\n".join(line for line in lines if not line.lstrip().startswith(_WITH_VALUES))
