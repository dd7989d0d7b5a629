"""A round, what each village hands in for it, the households of that, the township's remarks, and what was done."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lika.collection.rounds.choices import EntryState, SubmissionState, Verb, WorkbookState
from lika.core.fields import EncryptedTextField
from lika.core.ids import uuid7
from lika.core.privacy import Privacy, all_are
from lika.core.processes import lock_key
from lika.register.models import Household


class Round(models.Model):
    """The collection of one data year in a county, or in one township of it.

    Villages hand in by `fill_by`, the township has passed them by `audit_by`. It ends with the last village locked.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    division = models.BigIntegerField(help_text="12-digit code of the county or township, as a number.")
    data_year = models.PositiveSmallIntegerField(_("data year"))
    period_from = models.DateField()
    period_to = models.DateField()
    fill_by = models.DateField()
    audit_by = models.DateField()
    opened_by = models.CharField(max_length=150)
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("round of collection")
        ordering = ["-data_year", "division"]
        constraints = [
            models.UniqueConstraint(fields=["division", "data_year"], name="round_once"),
            models.CheckConstraint(condition=Q(period_to__gte=F("period_from")), name="round_period_in_order"),
            models.CheckConstraint(condition=Q(audit_by__gte=F("fill_by")), name="round_deadlines_in_order"),
        ]

    privacy = all_are(
        Privacy.INTERNAL,
        "id division data_year period_from period_to fill_by audit_by opened_by opened_at closed_at",
    )

    @property
    def code(self) -> str:
        """The 12-digit code of its area."""
        return f"{self.division:012d}"

    @property
    def of_county(self) -> bool:
        """Whether it is that of a whole county."""
        return not self.code[6:].strip("0")


class Submission(models.Model):
    """What a village hands in. `due_on` is the round's day until the township, returning it, gives another.

    Whoever handed in does not pass, and neither of the two locks.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="submissions")
    village = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=SubmissionState, default=SubmissionState.FILLING)
    due_on = models.DateField()
    submitted_by = models.CharField(max_length=150, blank=True)
    submitted_at = models.DateTimeField(null=True)
    passed_by = models.CharField(max_length=150, blank=True)
    passed_at = models.DateTimeField(null=True)
    locked_by = models.CharField(max_length=150, blank=True)
    locked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("submission of a village")
        ordering = ["village"]
        indexes = [models.Index(fields=["village", "state"], name="submission_village")]
        constraints = [
            models.UniqueConstraint(fields=["round", "village"], name="submission_once"),
            models.CheckConstraint(
                condition=~Q(passed_by=F("submitted_by")) | Q(passed_by=""), name="submission_passed_by_another"
            ),
            models.CheckConstraint(
                condition=Q(locked_by="") | (~Q(locked_by=F("submitted_by")) & ~Q(locked_by=F("passed_by"))),
                name="submission_locked_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state=SubmissionState.LOCKED) | ~Q(locked_by=""), name="submission_locked_by_somebody"
            ),
        ]

    privacy = all_are(
        Privacy.INTERNAL,
        "id round village state due_on submitted_by submitted_at passed_by passed_at locked_by locked_at",
    )

    @property
    def code(self) -> str:
        """The 12-digit code of the village."""
        return f"{self.village:012d}"

    @property
    def label(self) -> str:
        """What the audit calls it."""
        return f"{self.code} {self.round.data_year}"


class Entry(models.Model):
    """How far one household of a submission is, or the form of the village itself (`household` empty).

    `warnings` are the rules that it breaks and that ask for the remark; `differences` counts the values that are
    others than last year's; `unchanged` was confirmed as a deliberate act.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="entries")
    village = models.BigIntegerField()
    household = models.ForeignKey(Household, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=6, choices=EntryState)
    unchanged = models.BooleanField(default=False)
    differences = models.PositiveSmallIntegerField(default=0)
    warnings = ArrayField(models.CharField(max_length=80), default=list)
    remark = EncryptedTextField(blank=True, default="")
    changed_by = models.CharField(max_length=150)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("household of a submission")
        constraints = [
            models.UniqueConstraint(fields=["submission", "household"], name="entry_once"),
            models.UniqueConstraint(fields=["submission"], condition=Q(household=None), name="entry_of_village_once"),
        ]

    privacy = all_are(
        Privacy.INTERNAL, "id submission village state unchanged differences warnings changed_by changed_at"
    ) | all_are(Privacy.PERSONAL, "household remark")


class FieldRemark(models.Model):
    """What the township finds wrong: of a household, a member or the village, at a field or of the whole.

    It is told to the village when the submission is returned (`told_at`), and mended when the village has gone through
    the household again (`mended_at`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="remarks")
    village = models.BigIntegerField()
    household = models.ForeignKey(Household, null=True, on_delete=models.PROTECT, related_name="+")
    person_id = models.UUIDField(null=True)
    field = models.CharField(max_length=80, blank=True)
    text = EncryptedTextField()
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField(auto_now_add=True)
    told_at = models.DateTimeField(null=True)
    mended_by = models.CharField(max_length=150, blank=True)
    mended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("remark of the audit")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(mended_by="", mended_at=None) | (~Q(mended_by="") & Q(mended_at__isnull=False)),
                name="fieldremark_mended_with_date",
            ),
        ]

    privacy = all_are(Privacy.INTERNAL, "id submission village field by_name at told_at mended_by mended_at") | all_are(
        Privacy.PERSONAL, "household person_id text"
    )


class Step(models.Model):
    """One thing done with a submission: its history."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="steps")
    village = models.BigIntegerField()
    verb = models.CharField(max_length=10, choices=Verb)
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField(auto_now_add=True)
    note = EncryptedTextField(blank=True, default="")

    class Meta:
        verbose_name = _("step of a submission")
        ordering = ["-at", "-id"]

    privacy = all_are(Privacy.INTERNAL, "id submission village verb by_name at") | all_are(Privacy.PERSONAL, "note")


class BroughtWorkbook(models.Model):
    """A workbook of a village that came back, and what came of it (`brought.Brought`): shown until the next comes.

    `done` of `total` households are gone through. `language` is that of whoever brought it: faults are told in it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="workbooks")
    village = models.BigIntegerField()
    file_name = models.CharField(max_length=200)
    finish = models.BooleanField(default=False)
    language = models.CharField(max_length=10)
    by_name = models.CharField(max_length=150)
    official_id = models.UUIDField(null=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=WorkbookState, default=WorkbookState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    told = EncryptedTextField(blank=True, default="")

    class Meta:
        verbose_name = _("workbook of a submission")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at__isnull=False) | ~Q(state__in=[WorkbookState.DONE, WorkbookState.FAILED]),
                name="broughtworkbook_ended_with_date",
            ),
        ]

    privacy = all_are(
        Privacy.INTERNAL,
        "id submission village finish language by_name official_id asked_at finished_at state done total",
    ) | all_are(Privacy.PERSONAL, "file_name told")

    @property
    def lock_key(self) -> int:
        """The advisory lock that the process taking it in holds."""
        return lock_key(self.id)
