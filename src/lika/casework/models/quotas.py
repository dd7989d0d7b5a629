"""Campaigns, and the tree of numbers of persons that each splits from its division down to the villages (规模分解)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lika.casework.choices import Basis, CampaignKind, CampaignState, SplitMethod, SplitState
from lika.core.ids import uuid7
from lika.core.privacy import Privacy, all_are
from lika.divisions.models import Division


class Campaign(models.Model):
    """A year's work of one kind in an area. `pack` (`id@version`) and `procedure` say by which rules its cases go.

    Its number of persons is that of the quota of its own division, the root of the tree.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=16, choices=CampaignKind)
    year = models.PositiveSmallIntegerField()
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    pack = models.CharField(max_length=101, blank=True)
    procedure = models.CharField(max_length=80, blank=True)
    time_point = models.DateField(null=True, help_text="The standard time point of the data that it rests on.")
    due_on = models.DateField(null=True, help_text="The day by which every village has its number.")
    document = models.CharField(max_length=200, help_text="Where the number comes from.")
    state = models.CharField(max_length=8, choices=CampaignState, default=CampaignState.OPEN)
    opened_by = models.CharField(max_length=150)
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("campaign")
        ordering = ["-year", "kind", "division"]
        constraints = [models.UniqueConstraint(fields=["division", "kind", "year"], name="campaign_once_a_year")]

    privacy = all_are(
        Privacy.INTERNAL,
        "id kind year division pack procedure time_point due_on document state opened_by opened_at",
    )

    def label_at(self, place: str) -> str:
        """What the audit calls it in a division: 2016 reduction 621223000000."""
        return f"{self.year} {self.kind} {place}"

    @property
    def label(self) -> str:
        """What the audit calls it as a whole."""
        return self.label_at(self.division_id)


class Quota(models.Model):
    """The number of persons of one division in a campaign, and how far it is split below.

    `proposed` is what method and weights gave, `allocated` what holds; they differ for a `reason`. The numbers below a
    division are seen there once its own split is published.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="quotas")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    number = models.BigIntegerField(help_text="The division's code as a number, so that an area is a range.")
    weight = models.PositiveBigIntegerField(null=True)
    cap = models.PositiveIntegerField(null=True)
    proposed = models.PositiveIntegerField(null=True)
    allocated = models.PositiveIntegerField()
    reason = models.CharField(max_length=200, blank=True)
    split = models.CharField(max_length=10, choices=SplitState, default=SplitState.NONE)
    method = models.CharField(max_length=20, choices=SplitMethod, blank=True)
    basis = models.CharField(max_length=8, choices=Basis, blank=True)
    published_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("quota")
        ordering = ["number"]
        indexes = [models.Index(fields=["number", "split"], name="quota_in_area")]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "division"], name="quota_once_in_campaign"),
            models.CheckConstraint(condition=Q(cap__isnull=True) | Q(allocated__lte=F("cap")), name="quota_within_cap"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | Q(proposed=F("allocated")) | ~Q(reason=""),
                name="quota_by_hand_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(split=SplitState.PUBLISHED, published_on__isnull=False)
                | (~Q(split=SplitState.PUBLISHED) & Q(published_on__isnull=True)),
                name="quota_published_on_a_day",
            ),
        ]

    privacy = all_are(
        Privacy.INTERNAL,
        "id campaign parent division number weight cap proposed allocated reason split method basis published_on",
    )
