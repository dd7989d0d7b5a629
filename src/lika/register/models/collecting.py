"""Which data years are being collected, and where."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lika.core.ids import uuid7
from lika.core.privacy import Privacy, all_are


class OpenYear(models.Model):
    """A data year that is being collected in a range of village codes: its rows are not the area's figures yet.

    Until it is closed, lists and figures of the area show the year before.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    low = models.BigIntegerField()
    high = models.BigIntegerField()
    data_year = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("year being collected")
        constraints = [
            models.UniqueConstraint(fields=["data_year", "low", "high"], name="openyear_once"),
            models.CheckConstraint(condition=models.Q(high__gte=models.F("low")), name="openyear_in_order"),
        ]

    privacy = all_are(Privacy.INTERNAL, "id low high data_year")
