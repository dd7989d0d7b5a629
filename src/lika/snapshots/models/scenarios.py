"""Scenarios: what is changed of a pack to see who would enter and who would leave, and why somebody asks."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lika.core import processes
from lika.core.ids import uuid7
from lika.core.privacy import Privacy
from lika.snapshots.choices import ChangeKind, RunState
from lika.snapshots.models.screenings import Screening


class Scenario(models.Model):
    """Changes to the pack of a stored screening (`base`); what they give is screened as a trial run and compared.

    What it says never changes once saved: who wants another writes another. `pack_sha256` is the hash of the pack as
    changed. `state`, `asked_by`, `asked_at` and `fault` tell of the run last asked for on its page.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("scenario"), max_length=80)
    reason = models.TextField(help_text="Why it is asked.")
    base = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="scenarios")
    pack_sha256 = models.CharField(max_length=64, db_index=True)
    written_by = models.CharField(max_length=150)
    written_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.NONE, blank=True)
    asked_by = models.CharField(max_length=150, blank=True)
    asked_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=10, blank=True, help_text="Code of the error that ended the run.")

    class Meta:
        verbose_name = _("scenario")
        ordering = ["-written_at", "-id"]

    privacy = dict.fromkeys(
        (
            "id",
            "name",
            "reason",
            "base",
            "pack_sha256",
            "written_by",
            "written_at",
            "state",
            "asked_by",
            "asked_at",
            "fault",
        ),
        Privacy.INTERNAL,
    )

    def __str__(self) -> str:
        return self.name

    @property
    def lock_key(self) -> int:
        """What the process that runs it holds while it lives."""
        return processes.lock_key(self.id)


class ScenarioChange(models.Model):
    """A parameter's value, a criterion's expression, or the amount that one who meets a criterion costs, as typed."""

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=10, choices=ChangeKind)
    item = models.CharField(max_length=80, help_text="Id of the parameter or criterion.")
    text = models.TextField()

    class Meta:
        ordering = ["scenario", "id"]
        constraints = [models.UniqueConstraint(fields=["scenario", "kind", "item"], name="scenariochange_once")]

    privacy = dict.fromkeys(("id", "scenario", "kind", "item", "text"), Privacy.INTERNAL)
