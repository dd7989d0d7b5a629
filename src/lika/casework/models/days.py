"""Which days are worked: published arrangements by year, for the whole country or for a division and all below it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lika.casework.choices import DayMark
from lika.core.ids import uuid7
from lika.core.privacy import Privacy, all_are
from lika.divisions.models import Division


class CalendarYear(models.Model):
    """A year whose arrangement is published. A year without a row is unconfirmed, and no period in it ends.

    Without a division it holds everywhere.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    division = models.ForeignKey(Division, null=True, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("calendar year")
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "year"], nulls_distinct=False, name="calendaryear_once_in_division"
            ),
        ]

    privacy = all_are(Privacy.PUBLIC, "id division year source")


class SpecialDay(models.Model):
    """A day that is not what its weekday says. That of a lower division counts before that of an upper one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    division = models.ForeignKey(Division, null=True, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    mark = models.CharField(max_length=8, choices=DayMark)
    note = models.CharField(max_length=60, help_text="What the day is called, such as 国庆节.")
    source = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("special day")
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "day"], nulls_distinct=False, name="specialday_once_in_division"
            ),
        ]

    privacy = all_are(Privacy.PUBLIC, "id division day mark note source")
