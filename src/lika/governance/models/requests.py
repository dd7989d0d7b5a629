"""What residents ask at the service window of a township, and every step until they are told the reply."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lika.accounts.models import Official
from lika.core.fields import EncryptedTextField
from lika.core.ids import uuid7
from lika.core.privacy import Privacy
from lika.governance.choices import Channel, Outcome, RequestKind, RequestState, Verb


class ServiceRequest(models.Model):
    """A request with its number and the day by which it is replied to.

    `village` is where its household stood when it was registered; without a household it is the township's own code,
    which no village has. `due_basis` names the parameter's pack and clause; empty where the day was set by hand.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=30, unique=True)
    township = models.BigIntegerField()
    village = models.BigIntegerField()
    household_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=16, choices=RequestKind)
    channel = models.CharField(max_length=12, choices=Channel)
    applicant = EncryptedTextField()
    phone = EncryptedTextField(blank=True, default="")
    text = EncryptedTextField()
    received_on = models.DateField()
    received_by = models.CharField(max_length=80)
    due_on = models.DateField()
    due_basis = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=12, choices=RequestState, default=RequestState.REGISTERED)
    assigned_to = models.ForeignKey(Official, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    reply = EncryptedTextField(blank=True, default="")
    told_on = models.DateField(null=True, help_text="When the applicant was told the reply.")
    told_by = models.CharField(max_length=12, choices=Channel, blank=True)
    registered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("request")
        ordering = ["due_on", "number"]
        indexes = [
            models.Index(fields=["village", "state", "due_on"], name="servicerequest_listed"),
            models.Index(fields=["household_id"], name="servicerequest_household"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=F("received_on")), name="servicerequest_due_after_received"),
            models.CheckConstraint(
                condition=~Q(state=RequestState.CLOSED) | (Q(told_on__isnull=False) & ~Q(told_by="") & ~Q(outcome="")),
                name="servicerequest_closed_is_told",
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.REPLIED) | ~Q(outcome=""), name="servicerequest_reply_has_outcome"
            ),
        ]

    privacy = dict.fromkeys(("applicant", "phone", "text", "reply"), Privacy.SENSITIVE) | dict.fromkeys(
        (
            *("id", "number", "township", "village", "kind", "channel", "received_on", "received_by", "due_on"),
            *("due_basis", "state", "assigned_to", "outcome", "told_on", "told_by", "registered_at"),
        ),
        Privacy.INTERNAL,
    )
    privacy["household_id"] = Privacy.PERSONAL


class RequestStep(models.Model):
    """One step: who did what, with what words. Rows are added and never changed.

    `led_to` names what the step led to in another app: its kind, id and label, so far a change of the register.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(ServiceRequest, on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=10, choices=Verb)
    note = EncryptedTextField(blank=True, default="")
    to = models.ForeignKey(Official, null=True, on_delete=models.PROTECT, related_name="+")
    led_to_kind = models.CharField(max_length=20, blank=True, default="")
    led_to_id = models.UUIDField(null=True)
    led_to_label = models.CharField(max_length=40, blank=True, default="")
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("step of a request")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verb=Verb.CHANGE, led_to_id__isnull=False) & ~Q(led_to_kind="") & ~Q(led_to_label="")
                | ~Q(verb=Verb.CHANGE) & Q(led_to_id=None, led_to_kind="", led_to_label=""),
                name="requeststep_names_its_change",
            ),
            models.UniqueConstraint(
                fields=["request", "led_to_id"], condition=Q(led_to_id__isnull=False), name="requeststep_change_once"
            ),
        ]

    privacy = dict.fromkeys(
        ("id", "request", "verb", "to", "led_to_kind", "led_to_id", "led_to_label", "by_name", "at"), Privacy.INTERNAL
    ) | {"note": Privacy.SENSITIVE}
