"""Cases of a campaign, the batches in which they go from stage to stage, and every step that was taken on them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lika.casework.choices import LIVE_STATES, BatchState, CaseState, Duty, Origin, StepResult
from lika.casework.models.quotas import Campaign
from lika.core.ids import uuid7
from lika.core.privacy import Privacy, all_are
from lika.divisions.models import Division
from lika.policy.choices import ProcedureUnit
from lika.snapshots.models import Screening


class Deadline(models.Model):
    """The day by which every case of a campaign is to be through a stage."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="deadlines")
    stage = models.CharField(max_length=80)
    due_on = models.DateField()

    class Meta:
        verbose_name = _("deadline")
        ordering = ["due_on"]
        constraints = [models.UniqueConstraint(fields=["campaign", "stage"], name="deadline_once_a_stage")]

    privacy = all_are(Privacy.INTERNAL, "id campaign stage due_on")


class Batch(models.Model):
    """The cases of one village (or of one county) that stand at one stage: an act on a stage is an act on the batch.

    `sequence` 0 is the one that the campaign opened; a supplementary one holds the cases that left it. It keeps the
    version of the pack (`id@version`) under which it was opened, whatever is activated later.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="batches")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    number = models.BigIntegerField(help_text="The division's code as a number, so that an area is a range.")
    sequence = models.PositiveSmallIntegerField(default=0)
    split_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="supplements")
    pack = models.CharField(max_length=101)
    procedure = models.CharField(max_length=80)
    stage = models.CharField(max_length=80)
    stage_since = models.DateTimeField()
    state = models.CharField(max_length=8, choices=BatchState, default=BatchState.OPEN)
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("batch")
        ordering = ["number", "sequence"]
        indexes = [models.Index(fields=["number", "state", "stage"], name="batch_in_area")]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "division", "sequence"], name="batch_once_in_campaign"),
        ]

    privacy = all_are(
        Privacy.INTERNAL,
        "id campaign division number sequence split_from pack procedure stage stage_since state opened_at",
    )

    @property
    def label(self) -> str:
        """What the audit calls it: 2016 reduction 621223100201 0."""
        return f"{self.campaign.label_at(self.division_id)} {self.sequence}"


class Case(models.Model):
    """The decision on one household, village or county, from proposal to announcement.

    `division` is the number of the village where the household stood when the case was taken in, or of the village or
    county that is decided on. It pins a screening and what that said: `verdicts` by criterion of the procedure, 1, 0
    or null (unknown). `persons` are the household's members at that moment; `place` is the order that the meeting
    fixed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="cases")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="cases")
    number = models.CharField(max_length=40, unique=True)
    unit = models.CharField(max_length=10, choices=ProcedureUnit)
    household_id = models.UUIDField(null=True)
    division = models.BigIntegerField()
    origin = models.CharField(max_length=12, choices=Origin)
    origin_id = models.UUIDField(null=True, help_text="What it came from, in an app above or below.")
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrections")
    screening = models.ForeignKey(Screening, null=True, on_delete=models.PROTECT, related_name="+")
    verdicts = models.JSONField(default=dict)
    pinned_at = models.DateTimeField(null=True)
    persons = models.PositiveIntegerField(null=True)
    place = models.PositiveIntegerField(null=True)
    stage = models.CharField(max_length=80)
    stage_since = models.DateTimeField()
    state = models.CharField(max_length=10, choices=CaseState, default=CaseState.OPEN)
    decided_on = models.DateField(null=True)
    effective_on = models.DateField(null=True)
    support_kept = models.BooleanField(null=True, help_text="Whether support goes on after an exit, as the pack says.")
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("case")
        ordering = ["batch", "place", "number"]
        indexes = [
            models.Index(fields=["batch", "state", "place"], name="case_in_batch"),
            models.Index(fields=["division", "state", "stage"], name="case_in_area"),
            models.Index(fields=["campaign", "stage", "state"], name="case_at_stage"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["household_id"], condition=Q(state__in=LIVE_STATES, household_id__isnull=False),
                name="case_one_live_of_household",
            ),
            models.UniqueConstraint(
                fields=["division", "unit"], condition=Q(state__in=LIVE_STATES, household_id__isnull=True),
                name="case_one_live_of_area",
            ),
            models.CheckConstraint(
                condition=Q(unit=ProcedureUnit.HOUSEHOLD, household_id__isnull=False)
                | (~Q(unit=ProcedureUnit.HOUSEHOLD) & Q(household_id__isnull=True)),
                name="case_of_household_names_it",
            ),
        ]  # fmt: skip

    privacy = all_are(
        Privacy.INTERNAL,
        "id campaign batch number unit household_id division origin origin_id corrects screening pinned_at persons "
        "place stage stage_since state decided_on effective_on support_kept opened_at",
    ) | {"verdicts": Privacy.PERSONAL}


class Step(models.Model):
    """What was done on a case: never changed, never removed. The whole course of a case is its steps in order.

    `to_stage` is where the case stood afterwards; `reason` is written for a return, a striking out, a stage left out,
    a case held back, a correction.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="steps")
    stage = models.CharField(max_length=80)
    to_stage = models.CharField(max_length=80)
    result = models.CharField(max_length=10, choices=StepResult)
    duty = models.CharField(max_length=8, choices=Duty, default=Duty.NONE, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("step")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["case", "by_name", "duty"], name="step_duty_of_case")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason="")
                | ~Q(result__in=(StepResult.RETURNED, StepResult.STRUCK_OUT, StepResult.SKIPPED)),
                name="step_back_has_reason",
            ),
        ]

    privacy = all_are(Privacy.INTERNAL, "id case batch stage to_stage result duty by_name at") | {
        "reason": Privacy.PERSONAL
    }
