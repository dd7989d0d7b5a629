"""The indicator sheet of a village or county that is to exit: what the record says, what it says of itself, what each
level found."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lika.casework.models.cases import Case
from lika.core.ids import uuid7
from lika.core.language import chosen
from lika.core.privacy import Privacy, all_are
from lika.policy.choices import StageLevel
from lika.snapshots.models import Screening


class IndicatorSheet(models.Model):
    """The sheet of one case, worked out from the screening that the case pins."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="indicator_sheet")
    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="+")
    drawn_by = models.CharField(max_length=150)
    drawn_at = models.DateTimeField()

    class Meta:
        verbose_name = _("indicator sheet")

    privacy = all_are(Privacy.INTERNAL, "id case screening drawn_by drawn_at")


class Indicator(models.Model):
    """One item: a criterion of the pack, its value and standard in words, whether the record meets it (null: unknown).

    `self_met` is what the unit says of itself, with `evidence`: which papers show it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sheet = models.ForeignKey(IndicatorSheet, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    criterion = models.CharField(max_length=80)
    zh = models.TextField()
    en = models.TextField()
    value_zh = models.TextField()
    value_en = models.TextField()
    standard_zh = models.TextField(blank=True)
    standard_en = models.TextField(blank=True)
    met = models.BooleanField(null=True)
    self_met = models.BooleanField(null=True)
    self_text = models.CharField(max_length=500, blank=True)
    evidence = models.CharField(max_length=500, blank=True)
    self_by = models.CharField(max_length=150, blank=True)
    self_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("indicator")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["sheet", "criterion"], name="indicator_once_on_sheet")]

    privacy = all_are(
        Privacy.INTERNAL,
        "id sheet position criterion zh en value_zh value_en standard_zh standard_en met self_met self_text evidence "
        "self_by self_at",
    )

    @property
    def title(self) -> str:
        """The criterion's name in the language of the reader."""
        return chosen(self.zh, self.en)

    @property
    def value(self) -> str:
        """What the record says, in the language of the reader."""
        return chosen(self.value_zh, self.value_en)

    @property
    def standard(self) -> str:
        """What is demanded, in the language of the reader; empty where the pack names no number."""
        return chosen(self.standard_zh, self.standard_en)

    @property
    def differs(self) -> bool:
        """Whether the unit says something else of itself than the record."""
        return self.self_met is not None and self.self_met != self.met


class IndicatorCheck(models.Model):
    """What one level found of an item, at a stage: never changed. The last one of a stage holds."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="checks")
    stage = models.CharField(max_length=80)
    level = models.CharField(max_length=10, choices=StageLevel)
    met = models.BooleanField()
    note = models.CharField(max_length=500, blank=True)
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("check of an indicator")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["indicator", "stage"], name="check_of_indicator")]

    privacy = all_are(Privacy.INTERNAL, "id indicator stage level met note by_name at")
