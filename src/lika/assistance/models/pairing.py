"""Who helps whom: units, the helpers that they name, and pairings of helpers with households."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lika.accounts.models import Grant, Official
from lika.assistance.choices import Affiliation, Rank
from lika.core.ids import uuid7
from lika.core.privacy import Privacy
from lika.divisions.models import Division
from lika.register.models import Household


class HelpingUnit(models.Model):
    """帮扶单位: a unit that names helpers. It belongs to the county or township that keeps its entry."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    affiliation = models.CharField(max_length=2, choices=Affiliation)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    contact = models.CharField(max_length=80, blank=True, help_text="Who is asked about its helpers.")
    ended_on = models.DateField(null=True, help_text="Its last day; empty while it helps.")
    added_by = models.CharField(max_length=150)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("helping unit")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "name"], condition=Q(ended_on=None), name="helpingunit_name_once"
            ),
        ]

    privacy = dict.fromkeys(
        ("id", "name", "affiliation", "division", "contact", "ended_on", "added_by", "added_at"), Privacy.INTERNAL
    )

    def __str__(self) -> str:
        return self.name


class HelpedVillage(models.Model):
    """定点帮扶村: a village that a unit is answerable for; its helpers are paired there first."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(HelpingUnit, on_delete=models.PROTECT, related_name="villages")
    village = models.BigIntegerField()
    added_by = models.CharField(max_length=150)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("helped village")
        ordering = ["village"]
        constraints = [models.UniqueConstraint(fields=["unit", "village"], name="helpedvillage_once")]

    privacy = dict.fromkeys(("id", "unit", "village", "added_by", "added_at"), Privacy.INTERNAL)


class Helper(models.Model):
    """帮扶责任人: an official whom a unit names, with or without an account.

    Name and unit are also those of the official; `title` is the post that the handbook prints.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    official = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(HelpingUnit, on_delete=models.PROTECT, related_name="helpers")
    rank = models.CharField(max_length=10, choices=Rank)
    title = models.CharField(max_length=60, blank=True)
    party_member = models.BooleanField(null=True)
    phone = models.CharField(max_length=20, blank=True, help_text="At work: the handbook prints it.")
    began_on = models.DateField()
    ended_on = models.DateField(null=True, help_text="The last day; empty while they help.")

    class Meta:
        verbose_name = _("helper")
        ordering = ["unit__name", "official__name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["official"], condition=Q(ended_on=None), name="helper_once"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("began_on")), name="helper_dates_in_order"
            ),
        ]

    privacy = dict.fromkeys(
        ("id", "official", "unit", "rank", "title", "party_member", "phone", "began_on", "ended_on"), Privacy.INTERNAL
    )

    def __str__(self) -> str:
        return self.official.name


class Pairing(models.Model):
    """结对: a helper answers for a household from a day on; its grant lets them see it and nothing else.

    `village` is where the household stood when it was paired. It ends by a proposal alone: no exit, no move ends it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    helper = models.ForeignKey(Helper, on_delete=models.PROTECT, related_name="pairings")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    village = models.BigIntegerField()
    began_on = models.DateField()
    ended_on = models.DateField(null=True, help_text="The last day; empty while it holds.")
    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("pairing")
        ordering = ["began_on", "id"]
        indexes = [
            models.Index(fields=["household"], condition=Q(ended_on=None), name="pairing_open_household"),
            models.Index(fields=["village"], name="pairing_village"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["helper", "household"], condition=Q(ended_on=None), name="pairing_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("began_on")), name="pairing_dates_in_order"
            ),
        ]

    privacy = dict.fromkeys(("id", "helper", "village", "began_on", "ended_on", "grant"), Privacy.INTERNAL) | {
        "household": Privacy.PERSONAL
    }
