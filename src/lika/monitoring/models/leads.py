"""Leads: what was found across households (duplicates, evasion), what people decided on it, and the runs that look."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lika.core.fields import EncryptedTextField
from lika.core.ids import uuid7
from lika.core.privacy import Privacy, all_are
from lika.monitoring.choices import CLEARS, LeadState, LeadVerdict, Reopened, RunState


class LeadRun(models.Model):
    """One look over an area (the villages from `division` to `last`) at a day, by the patterns of `packs`.

    `searched` are the patterns that were looked for; the others lacked a number (待补充依据). `done` of `total`
    patterns is how far it is; `fault` is the code of the error that ended it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    division = models.BigIntegerField()
    last = models.BigIntegerField()
    at = models.DateField()
    data_year = models.PositiveSmallIntegerField(null=True)
    packs = models.JSONField(default=list)
    searched = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=RunState, default=RunState.WAITING)
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0, help_text="Of those found, the ones nobody had found before.")
    reopened = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0)
    fault = models.CharField(max_length=10, blank=True)
    run_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("run for leads")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("division")), name="leadrun_area_in_order"),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=False) | ~Q(state__in=[RunState.DONE, RunState.FAILED]),
                name="leadrun_ended_with_date",
            ),
        ]

    privacy = all_are(
        Privacy.INTERNAL,
        "id division last at data_year packs searched state done total found added reopened gone fault run_by asked_at "
        "finished_at",
    )


class LeadCount(models.Model):
    """How many leads of a pattern a run found in a village; a pair counts where its first household stands."""

    run = models.ForeignKey(LeadRun, on_delete=models.CASCADE, related_name="counts")
    pattern = models.CharField(max_length=80)
    village = models.BigIntegerField()
    found = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "pattern", "village"], name="leadcount_once")]

    privacy = all_are(Privacy.INTERNAL, "id run pattern village found")


class Lead(models.Model):
    """A pattern found between two households, in one, or in a village.

    `key` names what it is about: the same pair found again is the same lead. `facts` is a digest of what it rests on;
    what was decided holds as long as that stays. `evidence` names the fields that agree and differ, never their
    values: those are read from the register by whoever may see them. `other_village` is that of the second household.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pattern = models.CharField(max_length=80)
    key = models.CharField(max_length=200, unique=True)
    facts = models.CharField(max_length=64)
    village = models.BigIntegerField()
    other_village = models.BigIntegerField(null=True)
    household_id = models.UUIDField(null=True)
    other_household_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    other_person_id = models.UUIDField(null=True)
    evidence = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=LeadState, default=LeadState.OPEN)
    reopened = models.CharField(max_length=5, choices=Reopened, blank=True, default=Reopened.NO)
    first_run = models.ForeignKey(LeadRun, on_delete=models.PROTECT, related_name="+")
    last_run = models.ForeignKey(LeadRun, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("lead")
        ordering = ["village", "pattern", "id"]
        indexes = [
            models.Index(fields=["village", "pattern"], name="lead_village"),
            models.Index(fields=["other_village"], name="lead_other_village"),
            models.Index(fields=["household_id"], name="lead_household"),
            models.Index(fields=["other_household_id"], name="lead_other_household"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(other_village=None, other_household_id=None)
                | Q(other_village__isnull=False, other_household_id__isnull=False, household_id__isnull=False),
                name="lead_other_side_whole",
            ),
        ]

    privacy = all_are(
        Privacy.INTERNAL,
        "id pattern village other_village state reopened first_run last_run",
    ) | all_are(
        Privacy.PERSONAL,
        "key facts household_id other_household_id person_id other_person_id evidence",
    )


class LeadDecision(models.Model):
    """What somebody decided on a lead, why, and who checked it; kept for ever. `facts` is what it rested on then."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=10, choices=LeadVerdict)
    reason = EncryptedTextField()
    facts = models.CharField(max_length=64)
    decided_by = models.CharField(max_length=150)
    decided_at = models.DateTimeField(auto_now_add=True)
    agreed = models.BooleanField(null=True, help_text="What the check came to; empty: none yet, or none is asked.")
    checked_by = models.CharField(max_length=150, blank=True)
    checked_at = models.DateTimeField(null=True)
    remark = EncryptedTextField(blank=True, default="")

    class Meta:
        verbose_name = _("decision on a lead")
        ordering = ["-decided_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_by="", checked_at=None, agreed=None)
                | (~Q(checked_by="") & Q(checked_at__isnull=False, agreed__isnull=False)),
                name="leaddecision_check_whole",
            ),
            models.CheckConstraint(condition=~Q(checked_by=F("decided_by")), name="leaddecision_checker_is_another"),
            models.CheckConstraint(
                condition=Q(checked_by="") | Q(verdict__in=sorted(CLEARS)), name="leaddecision_clearing_is_checked"
            ),
        ]

    privacy = all_are(
        Privacy.INTERNAL, "id lead verdict facts decided_by decided_at agreed checked_by checked_at"
    ) | all_are(Privacy.PERSONAL, "reason remark")
