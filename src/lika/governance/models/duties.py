"""Who holds which duty in which township or village, year by year."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lika.accounts.models import Official
from lika.core.ids import uuid7
from lika.core.privacy import Privacy
from lika.divisions.models import Division


class DutyTerm(models.Model):
    """One official holds one duty (`lika.governance.duties`) in one division, for a year or the rest of it.

    `ended_on` is the last day where the term ended before its year; nothing is deleted.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    duty = models.CharField(max_length=40)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    official = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="duty_terms")
    begins_on = models.DateField()
    ended_on = models.DateField(null=True)
    appointed_by = models.CharField(max_length=150)
    appointed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("term of a duty")
        ordering = ["division_id", "duty", "begins_on"]
        constraints = [
            # One holder at a time; terms that ended are kept apart by the action, under a lock on those of the year.
            models.UniqueConstraint(
                fields=["division", "duty", "year"], condition=Q(ended_on__isnull=True), name="dutyterm_one_holder"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("begins_on")), name="dutyterm_dates_in_order"
            ),
            models.CheckConstraint(condition=Q(begins_on__year=F("year")), name="dutyterm_begins_in_its_year"),
        ]
        indexes = [models.Index(fields=["official", "year"], name="dutyterm_official")]

    privacy = dict.fromkeys(
        (
            *("id", "duty", "division", "year", "official", "begins_on", "ended_on"),
            *("appointed_by", "appointed_at"),
        ),
        Privacy.INTERNAL,
    )
