"""How many households an area has: kept by the database, so that a page need not count them one by one.

Nobody writes these but the triggers of migration 0014, from whatever writes households and status events
(docs/adr/kept-counts.md). What a key has is the sum over its rows: a change that others may be making at the same time
adds a row and waits for nobody.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lika.core.privacy import Privacy
from lika.register.choices import PovertyStatus


class StatusCount(models.Model):
    """Households of a village that are not closed, and their members of now, by poverty status."""

    village = models.BigIntegerField()
    poverty_status = models.CharField(max_length=2, choices=PovertyStatus)
    households = models.IntegerField()
    members = models.IntegerField()

    class Meta:
        verbose_name = _("households by status")
        indexes = [models.Index(fields=["village", "poverty_status"], name="statuscount_village")]

    privacy = dict.fromkeys(("id", "village", "poverty_status", "households", "members"), Privacy.INTERNAL)


class TurnCount(models.Model):
    """Poverty status events of households that stand in a village now and are not closed.

    By the year that a household was identified in (0: not recorded), the year in which the change took effect, and what
    it changed from and to. `households` counts a household once for each status and year, however often it came to it.
    """

    village = models.BigIntegerField()
    identified_year = models.PositiveSmallIntegerField()
    year = models.PositiveSmallIntegerField()
    from_status = models.CharField(max_length=2)
    to_status = models.CharField(max_length=2)
    events = models.IntegerField()
    households = models.IntegerField()

    class Meta:
        verbose_name = _("changes of status")
        indexes = [models.Index(fields=["village", "year"], name="turncount_village")]

    privacy = dict.fromkeys(
        ("id", "village", "identified_year", "year", "from_status", "to_status", "events", "households"),
        Privacy.INTERNAL,
    )
