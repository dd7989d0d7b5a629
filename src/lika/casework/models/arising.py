"""Where a case came from when no screening proposed it: the household's application, or something that was noticed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lika.casework.choices import ApplicationWay, SignalKind
from lika.casework.models.cases import Case
from lika.core.ids import uuid7
from lika.core.privacy import Privacy, all_are


class Application(models.Model):
    """What a household asked for, dated and signed by one of its members. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="application")
    way = models.CharField(max_length=6, choices=ApplicationWay)
    applied_on = models.DateField()
    signed_by = models.CharField(max_length=100)
    entered_by = models.CharField(max_length=150)
    entered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("application")
        ordering = ["applied_on", "id"]

    privacy = all_are(Privacy.INTERNAL, "id case way applied_on entered_by entered_at") | {
        "signed_by": Privacy.PERSONAL
    }


class Signal(models.Model):
    """What was noticed: a record of another app as kind, id and label, and why it leads to a case. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="signal")
    kind = models.CharField(max_length=12, choices=SignalKind)
    source_id = models.UUIDField(null=True)
    label = models.CharField(max_length=200)
    reason = models.CharField(max_length=500)
    entered_by = models.CharField(max_length=150)
    entered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("signal")
        ordering = ["entered_at", "id"]

    privacy = all_are(Privacy.INTERNAL, "id case kind source_id entered_by entered_at") | all_are(
        Privacy.PERSONAL, "label reason"
    )
