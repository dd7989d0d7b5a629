"""Surveys of a village: tasks of two surveyors each, and the households that they visit (003 §三(二)4)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lika.accounts.models import Official
from lika.core.fields import EncryptedTextField
from lika.core.ids import uuid7
from lika.core.privacy import Privacy
from lika.governance.choices import VisitResult


class Survey(models.Model):
    """A survey of one village for a purpose."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    village = models.BigIntegerField()
    purpose = models.CharField(max_length=120)
    opened_on = models.DateField()
    due_on = models.DateField(null=True)
    opened_by = models.CharField(max_length=150)
    closed_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("survey of a village")
        ordering = ["-opened_on", "village", "id"]
        indexes = [models.Index(fields=["village", "-opened_on"], name="survey_village")]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(due_on__gte=F("opened_on")), name="survey_due_after_opened"
            )
        ]

    privacy = dict.fromkeys(
        ("id", "village", "purpose", "opened_on", "due_on", "opened_by", "closed_on"), Privacy.INTERNAL
    )


class SurveyTask(models.Model):
    """The households that two surveyors visit together. Both sign when all are visited; who wrote it down is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="tasks")
    first = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="+")
    first_signed_at = models.DateTimeField(null=True)
    first_signed_by = models.CharField(max_length=150, blank=True)
    second_signed_at = models.DateTimeField(null=True)
    second_signed_by = models.CharField(max_length=150, blank=True)

    class Meta:
        verbose_name = _("task of a survey")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(first=F("second")), name="surveytask_two_surveyors"),
            models.CheckConstraint(
                condition=Q(first_signed_at__isnull=True, first_signed_by="")
                | (Q(first_signed_at__isnull=False) & ~Q(first_signed_by="")),
                name="surveytask_first_signed",
            ),
            models.CheckConstraint(
                condition=Q(second_signed_at__isnull=True, second_signed_by="")
                | (Q(second_signed_at__isnull=False) & ~Q(second_signed_by="")),
                name="surveytask_second_signed",
            ),
        ]

    privacy = dict.fromkeys(
        (
            *("id", "survey", "first", "second", "first_signed_at", "first_signed_by"),
            *("second_signed_at", "second_signed_by"),
        ),
        Privacy.INTERNAL,
    )

    @property
    def is_signed(self) -> bool:
        """Whether both surveyors signed."""
        return self.first_signed_at is not None and self.second_signed_at is not None


class SurveyVisit(models.Model):
    """One household of a task. `notes_given`: it took the notes on help (帮扶须知) and signed for them on the paper."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="visits")
    task = models.ForeignKey(SurveyTask, on_delete=models.PROTECT, related_name="visits")
    household_id = models.UUIDField()
    visited_on = models.DateField(null=True)
    result = models.CharField(max_length=10, choices=VisitResult, blank=True)
    notes_given = models.BooleanField(default=False)
    note = EncryptedTextField(blank=True, default="")
    marked_by = models.CharField(max_length=150, blank=True)

    class Meta:
        verbose_name = _("visit of a survey")
        constraints = [
            models.UniqueConstraint(fields=["survey", "household_id"], name="surveyvisit_once"),
            models.CheckConstraint(
                condition=Q(visited_on__isnull=True, result="") | (Q(visited_on__isnull=False) & ~Q(result="")),
                name="surveyvisit_day_and_result",
            ),
        ]

    privacy = dict.fromkeys(("id", "survey", "task", "marked_by"), Privacy.INTERNAL) | dict.fromkeys(
        ("household_id", "visited_on", "result", "notes_given"), Privacy.PERSONAL
    )
    privacy["note"] = Privacy.SENSITIVE
