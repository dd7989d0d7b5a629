"""What ended an import, in words: the batch keeps the code, its page says the rest."""

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import DatabaseError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from psycopg import errors

from lika.core.errors import UserError

# No space, no quota, no larger file allowed.
_FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


@dataclass(frozen=True)
class Failure:
    """The message and the remedy of a code."""

    message: str | Promise
    remedy: str | Promise


FAILURES: Mapping[str, Failure] = {
    "COL-001": Failure(
        _("This is neither an XLSX workbook nor a CSV or Parquet file."), _("Save it as .xlsx in the spreadsheet.")
    ),
    "COL-004": Failure(_("The workbook has no rows in the sheets that are asked for."), _("Use the template.")),
    "COL-005": Failure(_("The workbook is no longer kept."), _("Upload it again.")),
    "COL-058": Failure(
        _("No sheet of the file can be read by the profile."),
        _("Choose the profile of the system that the file comes from."),
    ),
    "COL-006": Failure(_("Somebody else is importing the same villages."), _("Wait for the end of that import.")),
    "COL-025": Failure(
        _("The disk is full; nothing was written to the register."),
        _("Ask whoever runs the server to free space, then start again."),
    ),
}


@contextmanager
def told_of_full_disk() -> Iterator[None]:
    """Raise COL-025 where this machine or the database has no space left."""
    try:
        yield
    except (OSError, DatabaseError) as error:
        full = error.errno in _FULL if isinstance(error, OSError) else isinstance(error.__cause__, errors.DiskFull)
        if not full:
            raise
        failure = FAILURES["COL-025"]
        raise UserError("COL-025", failure.message, remedy=failure.remedy) from error
