"""Large campaigns are opened in parts by a process of its own: how far that is."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lika.casework.choices import PartState, RunState
from lika.casework.models.quotas import Campaign
from lika.core.ids import uuid7
from lika.core.privacy import Privacy, all_are
from lika.core.processes import lock_key
from lika.divisions.models import Division


class CampaignRun(models.Model):
    """Opening a campaign's batches and taking its candidates in, asked for by somebody with whose rights it is done.

    Its process holds the advisory lock `lock_key` while it lives. One that was stopped, failed or was killed is gone
    on with: what is done stays done. `fault` is the code that ended it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="runs")
    procedure = models.CharField(max_length=80)
    state = models.CharField(max_length=8, choices=RunState, default=RunState.WAITING)
    fault = models.CharField(max_length=10, blank=True)
    by_name = models.CharField(max_length=150)
    language = models.CharField(max_length=10, help_text="In which what refuses a part is written down.")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("run of a campaign")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign"], condition=~Q(state=RunState.DONE), name="campaignrun_one_not_done"
            ),
        ]

    privacy = all_are(Privacy.INTERNAL, "id campaign procedure state fault by_name language asked_at finished_at")

    @property
    def lock_key(self) -> int:
        """The advisory lock of its process."""
        return lock_key(self.id)


class CampaignPart(models.Model):
    """A county (or township) of a run: done as a whole or not at all. `told` says in words what refused it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    run = models.ForeignKey(CampaignRun, on_delete=models.PROTECT, related_name="parts")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    number = models.BigIntegerField(help_text="The division's code as a number, so that an area is a range.")
    state = models.CharField(max_length=8, choices=PartState, default=PartState.WAITING)
    cases = models.PositiveIntegerField(default=0)
    persons = models.PositiveIntegerField(default=0)
    under_way = models.PositiveIntegerField(default=0, help_text="Units left out because they have a case under way.")
    unknown = models.PositiveIntegerField(default=0, help_text="Units left out because too little is known of them.")
    fault = models.CharField(max_length=10, blank=True)
    told = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("part of a run")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["run", "division"], name="campaignpart_once")]

    privacy = all_are(Privacy.INTERNAL, "id run division number state cases persons under_way unknown fault told")
