"""Imports: what file, by whom, how far, with what result."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lika.collection.choices import BatchState, ComparisonState, ExportFormat, ExportState, Stage
from lika.collection.rounds.models import BroughtWorkbook, Entry, FieldRemark, Round, Step, Submission
from lika.core.ids import uuid7
from lika.core.privacy import Privacy
from lika.core.processes import lock_key

__all__ = ["BroughtWorkbook", "Entry", "Export", "FieldRemark", "ImportBatch", "Round", "Step", "Submission"]


class ImportBatch(models.Model):
    """One workbook on its way into the register.

    `findings` is the stored report (`findings.Finding.as_json`): places and codes, never values. `villages` are those
    that a running import has taken for itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file_name = models.CharField(_("file"), max_length=200)
    file_sha256 = models.CharField(max_length=64)
    file_bytes = models.BigIntegerField()
    by_name = models.CharField(_("by"), max_length=150)
    official_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, choices=BatchState, default=BatchState.WAITING)
    stage = models.CharField(max_length=12, choices=Stage, blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    dry_run = models.BooleanField(default=False)
    good_rows = models.BooleanField(default=False)
    data_year = models.PositiveSmallIntegerField(null=True)
    profile = models.CharField(max_length=80, blank=True, help_text="NAME@VERSION of the profile; empty: the form.")
    villages = ArrayField(models.BigIntegerField(), default=list)
    rows = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    errors = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    finding_counts = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    left_out = models.JSONField(default=list)
    fault = models.CharField(max_length=10, blank=True, help_text="The code of the error that ended it.")

    class Meta:
        verbose_name = _("import")
        indexes = [models.Index(fields=["by_name", "-created_at"], name="import_by")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(finished_at__isnull=True) | models.Q(started_at__isnull=False),
                name="import_finished_was_started",
            )
        ]

    # People name workbooks after a household and its numbers: the name of the file stays with the one who sent it.
    privacy = {"file_name": Privacy.PERSONAL} | dict.fromkeys(
        (
            *("id", "file_sha256", "file_bytes", "by_name", "official_id"),
            *("created_at", "started_at", "finished_at", "state", "stage", "done", "total"),
            *("dry_run", "good_rows", "data_year", "profile", "villages", "rows", "counts", "errors", "warnings"),
            *("finding_counts", "findings", "left_out", "fault"),
        ),
        Privacy.INTERNAL,
    )

    @property
    def label(self) -> str:
        """What the audit and the register call it: its day and the end of its id, never the name of the file."""
        return f"{timezone.localdate(self.created_at):%Y-%m-%d} {self.id.hex[-8:]}"

    @property
    def lock_key(self) -> int:
        """The advisory lock that the process importing it holds."""
        return lock_key(self.id)

    @property
    def percent(self) -> int:
        """How much of the present stage is done."""
        return min(100, 100 * self.done // self.total) if self.total else 0


class MappingProfile(models.Model):
    """One version of a profile that an office saved: what the words of another system mean (`layouts.model`).

    A version is written once and never changed: the role that serves pages may not, and no action does.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    division = models.BigIntegerField(help_text="Whose it is: the 12-digit code, as a number.")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    by_name = models.CharField(_("by"), max_length=150)
    official_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("mapping profile")
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="profile_version_once")]

    privacy = dict.fromkeys(
        ("id", "name", "version", "division", "content", "sha256", "created_at", "by_name", "official_id"),
        Privacy.INTERNAL,
    )

    @property
    def division_code(self) -> str:
        """The 12-digit code."""
        return f"{self.division:012d}"


class Export(models.Model):
    """The register of an area and a year, or a list, as a file: who asked, why, who agreed, what came out of it.

    A list (`page`) is here only where it names more persons than one official may take alone; it has no data year, and
    is read when it is taken.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    division = models.BigIntegerField(help_text="The 12-digit code of the area, as a number.")
    data_year = models.PositiveSmallIntegerField(_("data year"))
    kind = models.CharField(_("file"), max_length=8, choices=ExportFormat)
    personal = models.BooleanField(_("with personal data"), default=False)
    reason = models.CharField(_("reason"), max_length=200)
    state = models.CharField(max_length=8, choices=ExportState)
    by_name = models.CharField(_("by"), max_length=150)
    official_id = models.UUIDField(null=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    rows = models.JSONField(default=dict)
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_bytes = models.BigIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0, help_text="How often the file was downloaded.")
    layout = models.CharField(max_length=80, blank=True, help_text="NAME@VERSION of the profile; empty: the form.")
    told = models.JSONField(default=dict, help_text="Of another system's layout: states, left out, no code.")
    page = models.CharField(max_length=20, blank=True, help_text="Of a list: its name; empty: the register.")
    definition = models.TextField(blank=True, help_text="Of a list: what its address chose. It names nobody.")

    class Meta:
        verbose_name = _("export")
        indexes = [models.Index(fields=["division", "-asked_at"], name="export_division")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("by_name")), name="export_decided_by_another"
            ),
            models.CheckConstraint(
                condition=models.Q(personal=False)
                | models.Q(state__in=[ExportState.ASKED, ExportState.REFUSED])
                | ~models.Q(decided_by=""),
                name="export_personal_by_two",
            ),
        ]

    privacy = dict.fromkeys(
        (
            *(
                "id",
                "division",
                "data_year",
                "kind",
                "personal",
                "reason",
                "state",
                "by_name",
                "official_id",
                "asked_at",
            ),
            *("decided_by", "decided_at", "finished_at", "rows", "file_sha256", "file_bytes", "taken"),
            *("layout", "told", "page", "definition"),
        ),
        Privacy.INTERNAL,
    )

    @property
    def lock_key(self) -> int:
        """The advisory lock that the process making its file holds."""
        return lock_key(self.id)

    @property
    def receipt(self) -> str:
        """The number of the receipt of a file in another system's layout; empty before it is made, and for others."""
        return f"{self.division_code}-{self.data_year}-{self.id.hex[-8:].upper()}" if self.layout and self.told else ""

    @property
    def division_code(self) -> str:
        """The 12-digit code."""
        return f"{self.division:012d}"

    @property
    def label(self) -> str:
        """What the audit calls it."""
        return f"{self.division_code} {self.data_year} {self.id.hex[-8:]}"

    @property
    def file_name(self) -> str:
        """What the file is called when it leaves."""
        ending = "xlsx" if self.kind == ExportFormat.XLSX else "zip"
        return f"lika-{self.division_code}-{self.data_year}-{self.id.hex[-8:]}.{ending}"


class SentHousehold(models.Model):
    """What of a household left last in another system's layout: a digest of its rows, to see what has changed since."""

    id = models.BigAutoField(primary_key=True)
    system = models.CharField(max_length=60, help_text="The name of the profile, without its version.")
    data_year = models.PositiveSmallIntegerField()
    household_id = models.UUIDField()
    number = models.CharField(max_length=30)
    village = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    export = models.ForeignKey(Export, on_delete=models.PROTECT, related_name="sent")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "data_year", "household_id"], name="senthousehold_once")
        ]
        indexes = [models.Index(fields=["village", "data_year"], name="senthousehold_village")]

    privacy = dict.fromkeys(
        ("id", "system", "data_year", "household_id", "number", "village", "digest", "export"), Privacy.INTERNAL
    )


class Comparison(models.Model):
    """A file of another system beside the register: counted here, the differences in a sealed file."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    profile = models.CharField(max_length=80)
    data_year = models.PositiveSmallIntegerField()
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    by_name = models.CharField(max_length=150)
    official_id = models.UUIDField(null=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=ComparisonState, default=ComparisonState.WAITING)
    fault = models.CharField(max_length=10, blank=True, help_text="The code of the error that ended it.")
    households = models.PositiveIntegerField(default=0, help_text="Households of the file.")
    counts = models.JSONField(default=dict, help_text="Differences by kind.")

    class Meta:
        verbose_name = _("comparison")
        indexes = [models.Index(fields=["by_name", "-asked_at"], name="comparison_by")]

    privacy = {"file_name": Privacy.PERSONAL} | dict.fromkeys(
        (
            *("id", "profile", "data_year", "file_sha256", "by_name", "official_id", "asked_at", "finished_at"),
            *("state", "fault", "households", "counts"),
        ),
        Privacy.INTERNAL,
    )

    @property
    def label(self) -> str:
        """What the audit calls it, never the name of the file."""
        return f"{self.profile} {self.data_year} {self.id.hex[-8:]}"


class FoundDifference(models.Model):
    """Where a household differs from the last file of another system that named its village: fields, never values.

    `what` lists the differences as `kind:sheet:field`, blank between. The next comparison of the village replaces it.
    """

    id = models.BigAutoField(primary_key=True)
    system = models.CharField(max_length=60, help_text="The name of the profile, without its version.")
    household_id = models.UUIDField()
    village = models.BigIntegerField()
    what = models.TextField()
    comparison = models.ForeignKey(Comparison, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("difference from another system")
        constraints = [models.UniqueConstraint(fields=["system", "household_id"], name="founddifference_once")]
        indexes = [models.Index(fields=["village"], name="founddifference_village")]

    privacy = dict.fromkeys(("id", "system", "village", "comparison"), Privacy.INTERNAL) | dict.fromkeys(
        ("household_id", "what"), Privacy.PERSONAL
    )
