"""What was found at the door, what the household said to it, and what an office thought of it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lika.casework.choices import ON_PAPER, HouseholdAnswer, Manner
from lika.casework.models.cases import Batch, Case
from lika.core.ids import uuid7
from lika.core.privacy import Privacy, all_are


class SurveyForm(models.Model):
    """What two surveyors found of a case (入户调查核实): as it is registered, or what differs.

    The surveyors are named: officials, or persons without an account. The latest row at a stage counts.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="survey_forms")
    stage = models.CharField(max_length=80)
    surveyed_on = models.DateField()
    surveyor = models.CharField(max_length=80)
    second_surveyor = models.CharField(max_length=80)
    as_registered = models.BooleanField()
    remark = models.CharField(max_length=500, blank=True)
    photographs = models.PositiveSmallIntegerField(default=0)
    latitude = models.DecimalField(max_digits=8, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("survey form")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["case", "stage", "at"], name="survey_form_of_stage")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(surveyor="") & ~Q(second_surveyor="") & ~Q(surveyor=F("second_surveyor")),
                name="survey_form_of_two",
            ),
            models.CheckConstraint(
                condition=Q(as_registered=True) | ~Q(remark=""), name="survey_form_says_what_differs"
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__isnull=False, longitude__isnull=False),
                name="survey_form_whole_position",
            ),
        ]  # fmt: skip

    privacy = all_are(Privacy.INTERNAL, "id case stage surveyed_on surveyor second_surveyor photographs by_name at") | (
        all_are(Privacy.PERSONAL, "as_registered remark latitude longitude")
    )


class Consent(models.Model):
    """One attempt to hear what a household says (征求意见): who heard it, and the witness. The latest row counts.

    No account answers for a household: `by_name` only wrote it down.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="consents")
    stage = models.CharField(max_length=80)
    answer = models.CharField(max_length=8, choices=HouseholdAnswer)
    heard_on = models.DateField()
    manner = models.CharField(max_length=10, choices=Manner, blank=True)
    heard_by = models.CharField(max_length=80)
    witness = models.CharField(max_length=80)
    remark = models.CharField(max_length=500, blank=True)
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("answer of a household")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["case", "stage", "at"], name="consent_of_stage")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(heard_by="") & ~Q(witness="") & ~Q(heard_by=F("witness")), name="consent_before_a_witness"
            ),
            models.CheckConstraint(
                condition=Q(answer=HouseholdAnswer.AGREED, manner__in=ON_PAPER)
                | (Q(answer=HouseholdAnswer.REFUSED) & ~Q(remark="") & ~Q(manner=""))
                | Q(answer=HouseholdAnswer.ABSENT, manner=""),
                name="consent_answer_is_whole",
            ),
        ]  # fmt: skip

    privacy = all_are(Privacy.INTERNAL, "id case stage heard_on heard_by by_name at") | all_are(
        Privacy.PERSONAL, "answer manner witness remark"
    )


class Opinion(models.Model):
    """What an office wrote when it acted on a batch; `body` and `document` name the evaluating body and its report,
    or the document of an approval.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="opinions")
    stage = models.CharField(max_length=80)
    text = models.CharField(max_length=500, blank=True)
    body = models.CharField(max_length=120, blank=True)
    document = models.CharField(max_length=120, blank=True)
    dated_on = models.DateField(null=True)
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("opinion of an office")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["batch", "stage"], name="opinion_of_stage")]

    privacy = all_are(Privacy.INTERNAL, "id batch stage body document dated_on by_name at") | {"text": Privacy.PERSONAL}
