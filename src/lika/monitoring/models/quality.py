"""Runs of the rules of quality over a snapshot, what they counted, and the faults that people follow up."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lika.accounts.models import Official
from lika.core.ids import uuid7
from lika.core.language import chosen
from lika.core.privacy import Privacy
from lika.monitoring.choices import TO_MEND, FaultState, JobStage, RunState
from lika.policy.choices import Dimension, Severity
from lika.snapshots.choices import UnitKind
from lika.snapshots.models import Snapshot


class QualityRun(models.Model):
    """One run over a snapshot: whose rules (`packs`: id@version and hash), and the digest of all answers."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="quality_runs")
    packs = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    faults = models.PositiveIntegerField(default=0)
    run_by = models.CharField(max_length=150)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()

    class Meta:
        verbose_name = _("quality run")
        ordering = ["-finished_at", "-id"]

    privacy = dict.fromkeys(
        ("id", "snapshot", "packs", "digest", "faults", "run_by", "started_at", "finished_at"), Privacy.INTERNAL
    )


class QualityJob(models.Model):
    """A run that somebody asked for on the page; a process of its own does it. `fault` is the code that ended it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="quality_jobs")
    state = models.CharField(max_length=8, choices=RunState, default=RunState.WAITING)
    stage = models.CharField(max_length=8, choices=JobStage, blank=True)
    fault = models.CharField(max_length=10, blank=True)
    run_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("quality run asked for")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at__isnull=False) | ~Q(state__in=[RunState.DONE, RunState.FAILED]),
                name="qualityjob_ended_with_date",
            ),
        ]

    privacy = dict.fromkeys(
        ("id", "snapshot", "state", "stage", "fault", "run_by", "asked_at", "finished_at"), Privacy.INTERNAL
    )

    @property
    def steps(self) -> int:
        """Of how many stages a run is."""
        return len(JobStage)

    @property
    def step(self) -> int:
        """How many stages are done."""
        return JobStage.values.index(self.stage) if self.stage else 0


class QualityCount(models.Model):
    """How many units of a division a rule found sound, faulty, and could not judge.

    The words are kept here so that a run can be read without its packs.
    """

    run = models.ForeignKey(QualityRun, on_delete=models.CASCADE, related_name="counts")
    rule = models.CharField(max_length=80)
    zh = models.CharField(max_length=200)
    en = models.CharField(max_length=200)
    unit_kind = models.CharField(max_length=10, choices=UnitKind)
    dimension = models.CharField(max_length=12, choices=Dimension)
    severity = models.CharField(max_length=8, choices=Severity)
    division = models.BigIntegerField()
    level = models.PositiveSmallIntegerField()
    sound = models.PositiveIntegerField()
    faulty = models.PositiveIntegerField()
    unknown = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["run", "division"], name="qualitycount_division")]
        constraints = [models.UniqueConstraint(fields=["run", "rule", "division"], name="qualitycount_once")]

    privacy = dict.fromkeys(
        (
            *("id", "run", "rule", "zh", "en", "unit_kind", "dimension", "severity"),
            *("division", "level", "sound", "faulty", "unknown"),
        ),
        Privacy.INTERNAL,
    )

    @property
    def title(self) -> str:
        """The rule in the language of the reader."""
        return chosen(self.zh, self.en)


class QualityFault(models.Model):
    """A unit that breaks a rule, from the run that found it first to the recheck that finds it gone.

    `assigned_to` is the name of the `assignee` on that day. It is late once the `deadline` has passed and nobody has
    said that it is mended.

    A division as unit has its code as the number of `unit_id`. The remark says why a warning is right as it is.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rule = models.CharField(max_length=80)
    severity = models.CharField(max_length=8, choices=Severity)
    dimension = models.CharField(max_length=12, choices=Dimension)
    unit_kind = models.CharField(max_length=10, choices=UnitKind)
    unit_id = models.UUIDField()
    household_id = models.UUIDField(null=True)
    village = models.BigIntegerField(help_text="Code of the village, or of the division that is the unit.")
    state = models.CharField(max_length=10, choices=FaultState, default=FaultState.OPEN)
    first_run = models.ForeignKey(QualityRun, on_delete=models.PROTECT, related_name="+")
    last_run = models.ForeignKey(QualityRun, on_delete=models.PROTECT, related_name="+")
    assignee = models.ForeignKey(Official, null=True, on_delete=models.PROTECT, related_name="+")
    assigned_to = models.CharField(max_length=150, blank=True)
    deadline = models.DateField(null=True)
    remark = models.CharField(max_length=300, blank=True)
    changed_by = models.CharField(max_length=150, blank=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("fault of data")
        ordering = ["village", "rule", "id"]
        indexes = [
            models.Index(fields=["village", "rule"], name="qualityfault_village"),
            models.Index(fields=["household_id"], name="qualityfault_household"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["rule", "unit_id"], name="qualityfault_once"),
            models.CheckConstraint(
                condition=~Q(state=FaultState.EXPLAINED) | (Q(severity=Severity.WARNING) & ~Q(remark="")),
                name="qualityfault_error_not_explained",
            ),
            models.CheckConstraint(
                condition=Q(deadline__isnull=True) | ~Q(assigned_to=""), name="qualityfault_deadline_of_somebody"
            ),
            models.CheckConstraint(
                condition=Q(household_id__isnull=False) | ~Q(unit_kind__in=("person", "household")),
                name="qualityfault_household_given",
            ),
        ]

    privacy = dict.fromkeys(("unit_id", "household_id", "remark"), Privacy.PERSONAL) | dict.fromkeys(
        (
            *("id", "rule", "severity", "dimension", "unit_kind", "village", "state", "first_run", "last_run"),
            *("assignee", "assigned_to", "deadline", "changed_by", "changed_at"),
        ),
        Privacy.INTERNAL,
    )

    @property
    def is_late(self) -> bool:
        """Whether its day has passed and it still waits to be mended; the condition `queries.faults.late_on`."""
        return self.state in TO_MEND and self.deadline is not None and self.deadline < timezone.localdate()
