"""Objections against what a notice says of one household, village or county, and every step until they are decided."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lika.accounts.models import Official
from lika.casework.choices import OBJECTIONS_DECIDED, ObjectionChannel, ObjectionState, ObjectionVerb
from lika.casework.models.cases import Case
from lika.casework.models.notices import Notice
from lika.core.fields import EncryptedTextField
from lika.core.ids import uuid7
from lika.core.privacy import Privacy, all_are


class Objection(models.Model):
    """What somebody said against a case. Without a name it is anonymous. `origin_id` is what was sent from the page.

    From `received_at` until it is decided the clock of its case stands still; `against` is the official whom it blames.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="objections")
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="objections")
    number = models.CharField(max_length=50, unique=True)
    channel = models.CharField(max_length=10, choices=ObjectionChannel)
    name = EncryptedTextField(blank=True, default="")
    phone = EncryptedTextField(blank=True, default="")
    text = EncryptedTextField()
    against = models.ForeignKey(Official, null=True, on_delete=models.PROTECT, related_name="+")
    origin_id = models.UUIDField(null=True, unique=True)
    received_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=ObjectionState, default=ObjectionState.RECEIVED)
    assigned_to = models.ForeignKey(Official, null=True, on_delete=models.PROTECT, related_name="+")
    reply = EncryptedTextField(blank=True, default="")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("objection")
        ordering = ["received_at", "id"]
        indexes = [models.Index(fields=["state", "received_at"], name="objection_waiting")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=OBJECTIONS_DECIDED, decided_at__isnull=False)
                | ~Q(state__in=OBJECTIONS_DECIDED) & Q(decided_at__isnull=True),
                name="objection_decided_with_moment",
            ),
            models.CheckConstraint(
                condition=Q(entered_at__gte=F("received_at")), name="objection_entered_after_received"
            ),
            models.CheckConstraint(
                condition=Q(against=None) | Q(assigned_to=None) | ~Q(against=F("assigned_to")),
                name="objection_not_investigated_by_the_blamed",
            ),
        ]

    privacy = all_are(Privacy.SENSITIVE, "name phone text reply") | all_are(
        Privacy.INTERNAL,
        "id case notice number channel against origin_id received_at entered_at state assigned_to decided_at",
    )


class ObjectionStep(models.Model):
    """One step on an objection: who did what, with what words and what evidence. Added, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=12, choices=ObjectionVerb)
    note = EncryptedTextField(blank=True, default="")
    to = models.ForeignKey(Official, null=True, on_delete=models.PROTECT, related_name="+")
    evidence_id = models.UUIDField(null=True, help_text="A document of the register.")
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("step of an objection")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(verb=ObjectionVerb.INVESTIGATE) | Q(evidence_id__isnull=False),
                name="objectionstep_found_by_evidence",
            )
        ]

    privacy = all_are(Privacy.INTERNAL, "id objection verb to evidence_id by_name at") | {"note": Privacy.SENSITIVE}
