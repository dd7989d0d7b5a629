"""How a line of the log looks. Logs never carry personal data."""

import logging
import traceback
from types import TracebackType

from django.db import Error

_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class DiscreetFormatter(logging.Formatter):
    """Writes errors of the database by class, SQLSTATE and frames alone: PostgreSQL's own words repeat values."""

    def formatException(self, ei: _Raised) -> str:  # noqa: N802 - logging's name
        lines: list[str] = []
        if ei[1] is not None:
            for error in _chain(ei[1]):
                lines += _told(error)
        return "".join(lines).rstrip("\n")


def _chain(error: BaseException) -> list[BaseException]:
    """The error and those behind it, the first cause first."""
    found: list[BaseException] = []
    behind: BaseException | None = error
    while behind is not None and behind not in found:
        found.insert(0, behind)
        behind = behind.__cause__ or (None if behind.__suppress_context__ else behind.__context__)
    return found


def _told(error: BaseException) -> list[str]:
    frames = traceback.format_tb(error.__traceback__)
    if not _is_of_database(error):
        return ["Traceback (most recent call last):\n", *frames, *traceback.format_exception_only(error)]
    cause = error.__cause__ or error
    state = getattr(cause, "sqlstate", None) or getattr(error, "sqlstate", None) or "-"
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    return ["Traceback (most recent call last):\n", *frames, f"{kind}: SQLSTATE {state}\n"]


def _is_of_database(error: BaseException) -> bool:
    """Errors of Django's database layer and of the driver under it."""
    return isinstance(error, Error) or type(error).__module__.partition(".")[0] == "psycopg"
