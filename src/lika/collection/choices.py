"""States of an import, the severity of what it finds, and the stages a person sees pass by."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Severity(TextChoices):
    """An error keeps its household out of the register; a warning asks somebody to look."""

    ERROR = "error", _("Error")
    WARNING = "warning", _("Warning")


class BatchState(TextChoices):
    """What became of an import.

    waiting -> running -> checked (a dry run) | refused (errors) | published | unchanged | failed; an import whose
    process died is interrupted. A checked or refused batch may be run again from its stored file.
    """

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


# From these a batch may be started (again) as long as its file is kept.
STARTABLE = frozenset(
    {BatchState.WAITING, BatchState.CHECKED, BatchState.REFUSED, BatchState.INTERRUPTED, BatchState.FAILED}
)
