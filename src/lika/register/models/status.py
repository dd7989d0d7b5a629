"""Status over time on three axes, and status now of areas."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lika.core.ids import uuid7
from lika.core.privacy import Privacy
from lika.register.choices import Axis, PoorAreaStatus, UnitKind


class StatusEvent(models.Model):
    """A change of status: what, from, to, since when, by which decision. Never edited.

    A household is named by its id, a village or county by its 12-digit code. The decision lies in an
    app above, so it is kept as kind, id and label without a foreign key.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit_kind = models.CharField(max_length=10, choices=UnitKind)
    household_id = models.UUIDField(null=True)
    division = models.BigIntegerField(null=True)
    axis = models.CharField(max_length=10, choices=Axis)
    from_status = models.CharField(max_length=2)
    to_status = models.CharField(max_length=2)
    effective_on = models.DateField()
    decision_kind = models.CharField(max_length=40, blank=True)
    decision_id = models.UUIDField(null=True)
    decision_label = models.CharField(max_length=120, blank=True)
    pack_version = models.CharField(max_length=120, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("status event")
        indexes = [
            models.Index(fields=["axis", "recorded_at"], name="status_recorded"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(unit_kind=UnitKind.HOUSEHOLD, household_id__isnull=False, division__isnull=True)
                | (~Q(unit_kind=UnitKind.HOUSEHOLD) & Q(household_id__isnull=True, division__isnull=False)),
                name="status_names_its_unit",
            ),
            models.CheckConstraint(
                condition=(Q(unit_kind=UnitKind.HOUSEHOLD) & ~Q(axis=Axis.POOR_AREA))
                | (~Q(unit_kind=UnitKind.HOUSEHOLD) & Q(axis=Axis.POOR_AREA)),
                name="status_axis_fits_unit",
            ),
            models.UniqueConstraint(
                fields=["household_id", "axis", "effective_on", "to_status"], name="status_household_once"
            ),
            models.UniqueConstraint(
                fields=["division", "axis", "effective_on", "to_status"], name="status_division_once"
            ),
        ]

    privacy = {
        "id": Privacy.INTERNAL,
        "unit_kind": Privacy.INTERNAL,
        "household_id": Privacy.INTERNAL,
        "division": Privacy.PUBLIC,
        "axis": Privacy.INTERNAL,
        "from_status": Privacy.INTERNAL,
        "to_status": Privacy.INTERNAL,
        "effective_on": Privacy.INTERNAL,
        "decision_kind": Privacy.INTERNAL,
        "decision_id": Privacy.INTERNAL,
        "decision_label": Privacy.INTERNAL,
        "pack_version": Privacy.INTERNAL,
        "recorded_at": Privacy.INTERNAL,
    }


class AreaStatus(models.Model):
    """Status now of a village or county on the poor-area axis, written with its event."""

    division = models.BigIntegerField(primary_key=True)
    poor_area = models.CharField(max_length=1, choices=PoorAreaStatus, default=PoorAreaStatus.NONE)

    privacy = {"division": Privacy.PUBLIC, "poor_area": Privacy.PUBLIC}
