"""Snapshots taken, screenings run over them, what they counted, and which verdicts are current.

Snapshot and verdict files lie in the data folder; these tables hold what finds, pins and sums them.
"""

from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from lika.core.ids import uuid7
from lika.core.language import chosen
from lika.core.privacy import Privacy
from lika.engine.snapshots.layout import file_path
from lika.snapshots.choices import UnitKind


class SnapshotSender(models.Model):
    """An installation below that hands up snapshots of its area, and the public key that it signs them with.

    A key that is trusted no longer keeps its row: snapshots point to it.
    """

    division = models.BigIntegerField(help_text="12-digit code of the sender's area, as a number.")
    name = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=32, unique=True, help_text="What tells its key from others.")
    public_key = models.BinaryField(max_length=32, help_text="Ed25519, raw.")
    added_by = models.CharField(max_length=150)
    added_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("sender of snapshots")
        ordering = ["division", "added_at"]

    privacy = dict.fromkeys(
        ("id", "division", "name", "fingerprint", "public_key", "added_by", "added_at", "ended_at"), Privacy.INTERNAL
    )


class Snapshot(models.Model):
    """A frozen copy of the register at a standard time point (标准时点), as a folder of files.

    `manifest_sha256` pins the manifest, which pins every file: what is altered later is found.
    """

    id = models.CharField(primary_key=True, max_length=40, help_text="Time point, area and six hexadecimal digits.")
    at = models.DateField(_("standard time point"))
    data_year = models.PositiveSmallIntegerField(_("data year"))
    period_from = models.DateField()
    period_to = models.DateField()
    division = models.BigIntegerField(help_text="12-digit code of the area, as a number.")
    last = models.BigIntegerField(help_text="The last village code that the area could hold.")
    states = ArrayField(models.CharField(max_length=10), help_text="States of the yearly rows admitted.")
    folder = models.CharField(max_length=80, help_text="Below the folder of snapshots.")
    manifest_sha256 = models.CharField(max_length=64)
    households = models.PositiveIntegerField()
    persons = models.PositiveIntegerField()
    drafts_left_out = models.PositiveIntegerField(
        null=True, help_text="Households whose year was still being collected; empty: taken before that was counted."
    )
    taken_by = models.CharField(max_length=150)
    taken_at = models.DateTimeField(auto_now_add=True)
    sender = models.ForeignKey(SnapshotSender, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_of = ArrayField(models.CharField(max_length=40), default=list, help_text="The snapshots it was merged from.")

    class Meta:
        verbose_name = _("snapshot")
        ordering = ["-taken_at", "-id"]
        indexes = [models.Index(fields=["division", "-at"], name="snapshot_division")]
        constraints = [
            models.CheckConstraint(condition=Q(period_to__gte=models.F("period_from")), name="snapshot_period_in_order")
        ]

    privacy = dict.fromkeys(
        (
            "id",
            "at",
            "data_year",
            "period_from",
            "period_to",
            "division",
            "last",
            "states",
            "folder",
            "manifest_sha256",
            "households",
            "persons",
            "drafts_left_out",
            "taken_by",
            "taken_at",
            "sender",
            "made_of",
        ),
        Privacy.INTERNAL,
    )

    def __str__(self) -> str:
        return self.id


class Screening(models.Model):
    """One run of a pack's criteria over one snapshot: a proposal, never a decision.

    A trial run (试算) is outside the pack's area or dates; its verdicts are never current.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="screenings")
    pack_id = models.CharField(max_length=80)
    pack_version = models.CharField(max_length=20)
    pack_sha256 = models.CharField(max_length=64)
    pack_zh = models.CharField(max_length=200)
    pack_en = models.CharField(max_length=200)
    what_if = models.BooleanField(_("trial run"), default=False)
    scenario = models.ForeignKey(
        "snapshots.Scenario",
        null=True,
        on_delete=models.PROTECT,
        related_name="runs",
        help_text="Whose changes to the pack were tried.",
    )
    digest = models.CharField(max_length=64)
    rests_on = models.CharField(
        max_length=64,
        blank=True,
        db_index=True,
        help_text="Digest of all that its verdicts rest on besides rows; empty: run before that was kept.",
    )
    built_on = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", help_text="Whose verdict files were taken over."
    )
    parts_kept = models.PositiveIntegerField(default=0, help_text="How many verdict files were taken over.")
    run_by = models.CharField(max_length=150)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()

    #: Kept by the audit alone: screenings not built on, each with the code of what is wrong with it or its snapshot.
    passed_over: tuple[tuple[UUID, str], ...] = ()

    class Meta:
        verbose_name = _("screening")
        ordering = ["-finished_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(scenario=None) | Q(what_if=True), name="screening_scenario_is_a_trial")
        ]

    privacy = dict.fromkeys(
        (
            "id",
            "snapshot",
            "pack_id",
            "pack_version",
            "pack_sha256",
            "pack_zh",
            "pack_en",
            "what_if",
            "scenario",
            "digest",
            "rests_on",
            "built_on",
            "parts_kept",
            "run_by",
            "started_at",
            "finished_at",
        ),
        Privacy.INTERNAL,
    )

    @property
    def pack(self) -> str:
        """`id@version` of the pack."""
        return f"{self.pack_id}@{self.pack_version}"

    @property
    def title(self) -> str:
        """The pack's title in the language of the reader."""
        return chosen(self.pack_zh, self.pack_en)

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.finished_at - self.started_at).total_seconds()


class ScreenedUnit(models.Model):
    """How many units of a kind were screened."""

    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, related_name="units")
    unit_kind = models.CharField(max_length=10, choices=UnitKind)
    total = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["screening", "unit_kind"], name="screenedunit_once")]

    privacy = dict.fromkeys(("id", "screening", "unit_kind", "total"), Privacy.INTERNAL)


class ScreenedCriterion(models.Model):
    """A criterion as it was screened; `position` (from 0) is its place among the verdicts of the unit.

    The words are kept here so that a screening can be read without its pack.
    """

    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, related_name="criteria")
    unit_kind = models.CharField(max_length=10, choices=UnitKind)
    position = models.PositiveSmallIntegerField()
    criterion = models.CharField(max_length=80)
    zh = models.TextField()
    en = models.TextField()
    kind = models.CharField(max_length=12, help_text="What it serves, as the pack says: exit, measure …")
    summary = models.BooleanField(default=False, help_text="Sums up the others of its unit.")

    class Meta:
        ordering = ["screening", "unit_kind", "position"]
        constraints = [
            models.UniqueConstraint(fields=["screening", "unit_kind", "position"], name="screenedcriterion_position"),
            models.UniqueConstraint(fields=["screening", "criterion"], name="screenedcriterion_once"),
        ]

    privacy = dict.fromkeys(
        ("id", "screening", "unit_kind", "position", "criterion", "zh", "en", "kind", "summary"), Privacy.INTERNAL
    )

    @property
    def title(self) -> str:
        """The criterion's name in the language of the reader."""
        return chosen(self.zh, self.en)


class VerdictFile(models.Model):
    """The verdicts of one unit and county: their number, the digest of their canonical rows, the hash of their file.

    The digest is the same whatever made the file; `sha256` pins the bytes that lie in the data folder.
    """

    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, related_name="files")
    unit_kind = models.CharField(max_length=10, choices=UnitKind)
    county = models.PositiveIntegerField(help_text="Six digits.")
    total = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["screening", "unit_kind", "county"], name="verdictfile_once")]

    privacy = dict.fromkeys(("id", "screening", "unit_kind", "county", "total", "digest", "sha256"), Privacy.INTERNAL)

    @property
    def path(self) -> str:
        """Where it lies in the folder of its screening."""
        return file_path(self.unit_kind, self.county)


class RollUp(models.Model):
    """How many units in a division meet, do not meet, or are unknown by a criterion."""

    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, related_name="rollups")
    unit_kind = models.CharField(max_length=10, choices=UnitKind)
    criterion = models.CharField(max_length=80)
    division = models.BigIntegerField()
    level = models.PositiveSmallIntegerField()
    met = models.PositiveIntegerField()
    not_met = models.PositiveIntegerField()
    unknown = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["screening", "unit_kind", "division", "level", "criterion"], name="rollup_once"
            )
        ]
        # One criterion over the divisions of a level: what maps, home pages and trends read.
        indexes = [models.Index(fields=["screening", "criterion", "level", "division"], name="rollup_by_criterion")]

    privacy = dict.fromkeys(
        ("id", "screening", "unit_kind", "criterion", "division", "level", "met", "not_met", "unknown"),
        Privacy.INTERNAL,
    )

    @property
    def total(self) -> int:
        """All units of the kind in the division."""
        return self.met + self.not_met + self.unknown


class StatusRollUp(models.Model):
    """Households of a division by their poverty status at the snapshot's time point, and the people in them.

    `met`, `not_met` and `unknown` are their results by the criterion that sums up the others. Screenings from before
    this was kept have no rows.
    """

    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, related_name="status_rollups")
    division = models.BigIntegerField()
    level = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=2, help_text="CL-POVSTAT.")
    persons = models.PositiveIntegerField()
    met = models.PositiveIntegerField()
    not_met = models.PositiveIntegerField()
    unknown = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["screening", "level", "division", "status"], name="statusrollup_once")
        ]

    privacy = dict.fromkeys(
        ("id", "screening", "division", "level", "status", "persons", "met", "not_met", "unknown"), Privacy.INTERNAL
    )


class MeasureCombination(models.Model):
    """Households of a county that come under exactly these measures together, and the people in them (交集)."""

    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, related_name="combinations")
    county = models.PositiveIntegerField(help_text="Six digits.")
    measures = ArrayField(models.CharField(max_length=80))
    households = models.PositiveIntegerField()
    persons = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["screening", "county", "measures"], name="combination_once")]

    privacy = dict.fromkeys(("id", "screening", "county", "measures", "households", "persons"), Privacy.INTERNAL)


class CurrentScreening(models.Model):
    """Which screening is current for a pack, a kind of unit and a county."""

    pack_id = models.CharField(max_length=80)
    unit_kind = models.CharField(max_length=10, choices=UnitKind)
    county = models.PositiveIntegerField(help_text="Six digits.")
    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="current_in")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pack_id", "unit_kind", "county"], name="currentscreening_once")]

    privacy = dict.fromkeys(("id", "pack_id", "unit_kind", "county", "screening"), Privacy.INTERNAL)


class CurrentVerdict(models.Model):
    """The current verdicts of a unit by a pack; the table is partitioned by county (migration 0001).

    `results` follows the positions of `ScreenedCriterion` of the current screening: 1 met, 0 not met, null unknown.
    `summary` is the result of the criterion that sums the others up, which lists and home pages ask for; the database
    takes it from the place (from 1) that `summary_at` names. Both are null where no criterion of the unit sums up.
    A division stands as the UUID whose number is its 12-digit code. `changed_in` is the screening that last changed
    the row; it is no foreign key because checking it for each of a county's rows would cost more than writing them.
    """

    pk = models.CompositePrimaryKey("county", "pack_id", "unit_kind", "unit_id")
    county = models.PositiveIntegerField(help_text="Six digits.")
    pack_id = models.CharField(max_length=80)
    unit_kind = models.CharField(max_length=10, choices=UnitKind)
    unit_id = models.UUIDField()
    village = models.BigIntegerField(help_text="Where the unit lies: 12-digit code of the village, or of the division.")
    results = ArrayField(models.SmallIntegerField(null=True))
    summary_at = models.SmallIntegerField(null=True)
    summary = models.GeneratedField(
        expression=Func(F("results"), F("summary_at"), template="(%(expressions)s]", arg_joiner=")["),
        output_field=models.SmallIntegerField(null=True),
        db_persist=True,
    )
    changed_in = models.UUIDField()

    class Meta:
        verbose_name = _("current verdict")
        indexes = [
            models.Index(fields=["pack_id", "unit_kind", "village"], name="currentverdict_village"),
            # Everything that the wall and a count ask for stands in it, so that the rows are not read.
            models.Index(
                fields=["pack_id", "summary", "village"],
                include=["unit_kind", "unit_id", "county"],
                condition=models.Q(unit_kind="household"),
                name="currentverdict_summary",
            ),
        ]

    privacy = {
        "county": Privacy.PUBLIC,
        "pack_id": Privacy.PUBLIC,
        "unit_kind": Privacy.PUBLIC,
        "unit_id": Privacy.INTERNAL,
        "village": Privacy.PUBLIC,
        "results": Privacy.PERSONAL,
        "summary_at": Privacy.INTERNAL,
        "summary": Privacy.PERSONAL,
        "changed_in": Privacy.INTERNAL,
    }
