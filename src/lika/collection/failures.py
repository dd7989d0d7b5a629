"""What ended an import, in words: the batch keeps the code, its page says the rest."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


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
    "COL-006": Failure(_("Somebody else is importing the same villages."), _("Wait for the end of that import.")),
}
