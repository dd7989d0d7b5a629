"""The pages whose choices somebody may keep under a name, and what each asks of its readers."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from lika.core.permissions import Permission


class Page(TextChoices):
    """A page whose address says what is chosen: the analysis, and the lists."""

    ANALYSIS = "analysis"
    HOUSEHOLDS = "households"
    SCREENINGS = "screenings"
    IMPORTS = "imports"
    OFFICIALS = "officials"


READ_WITH: Mapping[Page, Permission] = {
    Page.ANALYSIS: Permission.REGISTER_VIEW,
    Page.HOUSEHOLDS: Permission.REGISTER_VIEW,
    Page.SCREENINGS: Permission.SCREENING_VIEW,
    Page.IMPORTS: Permission.REGISTER_IMPORT,
    Page.OFFICIALS: Permission.ACCOUNTS_MANAGE,
}


class ReportState(TextChoices):
    """How far a report is that somebody asked for."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("being worked out")
    DONE = "done", _("worked out")
    FAILED = "failed", _("failed")
