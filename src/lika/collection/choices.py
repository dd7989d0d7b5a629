"""States of an import, the severity of what it finds, and the stages a person sees pass by."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Severity(TextChoices):
    """An error keeps its household out of the register; a warning asks somebody to look."""

    ERROR = "error", _("Error")
    WARNING = "warning", _("Warning")


class BatchState(TextChoices):
    """What became of an import.

    assigning (a file in the words of another system, while its columns are assigned) -> waiting -> running -> checked
    (a dry run) | refused (errors) | published | unchanged | failed; an import whose process died is interrupted. A
    checked or refused batch may be run again from its stored file.
    """

    ASSIGNING = "assigning", _("Its columns wait to be assigned")
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    CHECKED = "checked", _("Checked")
    REFUSED = "refused", _("Refused")
    PUBLISHED = "published", _("Published")
    UNCHANGED = "unchanged", _("Nothing new")
    INTERRUPTED = "interrupted", _("Interrupted")
    FAILED = "failed", _("Failed")
    DISCARDED = "discarded", _("Discarded")


class Stage(TextChoices):
    """The steps of an import, in order."""

    READING = "reading", _("Reading the workbook")
    CHECKING = "checking", _("Checking")
    PUBLISHING = "publishing", _("Writing to the register")
    DONE = "done", _("Done")


class ExportFormat(TextChoices):
    """The kinds of file in which the register leaves; each is taken back by the import."""

    XLSX = "xlsx", _("Workbook (XLSX)")
    CSV = "csv", _("CSV files in a ZIP")
    PARQUET = "parquet", _("Parquet files in a ZIP")


class ExportState(TextChoices):
    """What became of an export.

    With personal data: asked -> waiting (a second person agreed) | refused. Without: waiting at once. waiting ->
    running -> ready | failed; ready -> expired, when its file is removed.
    """

    ASKED = "asked", _("Waits for agreement")
    REFUSED = "refused", _("Refused")
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("No longer kept")


class ComparisonState(TextChoices):
    """How far a comparison is: waiting -> running -> ready | failed."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")


class Difference(TextChoices):
    """How a file of another system differs from the register."""

    VALUE = "value", _("Other value")
    ONLY_OURS = "ours", _("Only in the register")
    ONLY_THEIRS = "theirs", _("Only in the file")


# From these a batch may be started (again) as long as its file is kept.
STARTABLE = frozenset(
    {
        BatchState.ASSIGNING,
        BatchState.WAITING,
        BatchState.CHECKED,
        BatchState.REFUSED,
        BatchState.INTERRUPTED,
        BatchState.FAILED,
    }
)
