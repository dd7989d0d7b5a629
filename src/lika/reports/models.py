"""Views that somebody saved, without rows or numbers: each reader sees their own. And reports of packs that were worked
out over a snapshot, with their figures: numbers of divisions, of nobody."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lika.core import processes
from lika.core.ids import uuid7
from lika.core.language import Said, chosen
from lika.core.privacy import Privacy
from lika.policy.choices import Basis
from lika.reports.choices import Page, ReportState
from lika.snapshots.models import Snapshot


class SavedView(models.Model):
    """What was chosen on a page, under a name. Shared, every reader of the page may open it, in their own sight."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    page = models.CharField(max_length=12, choices=Page, default=Page.ANALYSIS)
    name = models.CharField(_("name of the view"), max_length=60)
    definition = models.TextField(help_text="What was chosen, as the canonical query of the page's address.")
    shared = models.BooleanField(_("shared with others"), default=False)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("saved view")
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["owner", "page", "name"], name="savedview_once")]

    privacy = dict.fromkeys(("id", "owner", "page", "name", "definition", "shared", "saved_at"), Privacy.INTERNAL)

    def __str__(self) -> str:
        return self.name


class ReportRun(models.Model):
    """A report of a pack version over a snapshot: asked for, then worked out once, and kept as it came out.

    `before` is the earlier snapshot where it tells of moves between two. The words stand here too, so that it can be
    read without its pack; `overlap` and `matrix` name criteria and codes as [id, zh, en]. `program` is that of the
    engine that worked it out: another may come to something else. `digest` is that of all figures, `small` how many
    numbers of people or households in it lie between nothing and what points at people.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+")
    before = models.ForeignKey(Snapshot, null=True, on_delete=models.PROTECT, related_name="+")
    pack = models.CharField(max_length=120, help_text="id@version")
    pack_sha256 = models.CharField(max_length=64)
    program = models.CharField(max_length=64)
    report = models.CharField(max_length=80)
    what_if = models.BooleanField(_("trial run"), default=False)
    zh = models.CharField(max_length=200)
    en = models.CharField(max_length=200)
    clause_ref = models.CharField(max_length=120)
    clause_text = models.TextField()
    note_zh = models.TextField(blank=True)
    note_en = models.TextField(blank=True)
    overlap = models.JSONField(default=list)
    matrix = models.JSONField(default=list)
    digest = models.CharField(max_length=64, blank=True)
    small = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=ReportState, default=ReportState.WAITING)
    fault = models.CharField(max_length=10, blank=True)
    run_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("report worked out")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "before", "pack_sha256", "program", "report", "what_if"],
                condition=Q(state=ReportState.DONE),
                nulls_distinct=False,
                name="reportrun_once",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=False) | ~Q(state__in=[ReportState.DONE, ReportState.FAILED]),
                name="reportrun_ended_with_date",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReportState.DONE) | ~Q(digest=""), name="reportrun_done_with_digest"
            ),
        ]

    privacy = dict.fromkeys(
        (
            *("id", "snapshot", "before", "pack", "pack_sha256", "program", "report", "what_if", "zh", "en"),
            *("clause_ref", "clause_text", "note_zh", "note_en", "overlap", "matrix", "digest", "small", "state"),
            *("fault", "run_by", "asked_at", "finished_at"),
        ),
        Privacy.INTERNAL,
    )

    @property
    def title(self) -> str:
        """The report in the language of the reader."""
        return chosen(self.zh, self.en)

    @property
    def note(self) -> str:
        """How the document is read, in the language of the reader."""
        return chosen(self.note_zh, self.note_en)

    @property
    def lock_key(self) -> int:
        """What the process that works it out holds while it lives."""
        return processes.lock_key(self.id)


class ReportFigure(models.Model):
    """A figure of a report as it was worked out: words, formula, clause, and which kinds of unit its parts count.

    `made`: of an overlap or matrix. Without `units` it has no formula (待补充依据). `condition` is what the households
    counted have in common, as text of the criteria language, where households are counted. `told_to` is there where
    amounts of persons or households are added up: the lowest level (-1: none) down to which everybody may read them.
    Below it the sum of a few tells what each has, and only those read it who see these persons in full.
    """

    run = models.ForeignKey(ReportRun, on_delete=models.CASCADE, related_name="figures")
    position = models.PositiveSmallIntegerField()
    figure = models.CharField(max_length=400)
    zh = models.CharField(max_length=400)
    en = models.CharField(max_length=600)
    measure_zh = models.CharField(max_length=40)
    measure_en = models.CharField(max_length=80)
    places = models.PositiveSmallIntegerField()
    units = ArrayField(models.CharField(max_length=10), default=list)
    made = models.BooleanField()
    formula_zh = models.TextField(blank=True)
    formula_en = models.TextField(blank=True)
    condition = models.TextField(blank=True)
    told_to = models.SmallIntegerField(null=True)
    clause_ref = models.CharField(max_length=120)
    clause_text = models.TextField()
    basis = models.CharField(max_length=8, choices=Basis)
    note_zh = models.TextField(blank=True)
    note_en = models.TextField(blank=True)

    class Meta:
        ordering = ["run", "position"]
        constraints = [models.UniqueConstraint(fields=["run", "figure"], name="reportfigure_once")]

    privacy = dict.fromkeys(
        (
            *("id", "run", "position", "figure", "zh", "en", "measure_zh", "measure_en", "places", "units", "made"),
            *("formula_zh", "formula_en", "condition", "told_to", "clause_ref", "clause_text", "basis"),
            *("note_zh", "note_en"),
        ),
        Privacy.INTERNAL,
    )

    @property
    def title(self) -> str:
        """What it is called, in the language of the reader."""
        return chosen(self.zh, self.en)

    @property
    def formula(self) -> str:
        """How it is worked out, in the words of officials."""
        return chosen(self.formula_zh, self.formula_en)

    @property
    def note(self) -> str:
        """How the document is read, in the language of the reader."""
        return chosen(self.note_zh, self.note_en)

    @property
    def measure(self) -> Said:
        """What it is counted in."""
        return Said(self.measure_zh, self.measure_en)


class ReportDivision(models.Model):
    """All figures of one division, exactly: each as `lika.reports.numbers` writes it, by the figure's id."""

    run = models.ForeignKey(ReportRun, on_delete=models.CASCADE, related_name="divisions")
    division = models.BigIntegerField(help_text="12-digit code, as a number.")
    level = models.PositiveSmallIntegerField()
    values = models.JSONField()

    class Meta:
        ordering = ["run", "level", "division"]
        constraints = [models.UniqueConstraint(fields=["run", "division"], name="reportdivision_once")]

    privacy = dict.fromkeys(("id", "run", "division", "level", "values"), Privacy.INTERNAL)
