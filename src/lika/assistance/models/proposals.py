"""How pairings change: what is proposed, and every step until the county headquarters agrees (DOMAIN 5.21)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lika.assistance.choices import ProposalState, ProposalVerb
from lika.assistance.models.pairing import Helper, Pairing
from lika.core.ids import uuid7
from lika.core.privacy import Privacy
from lika.register.models import Household


class Proposal(models.Model):
    """结对调整方案: some pairings to begin and to end, agreed or sent back as a whole.

    `number` is the code of the division it is of. `by_county` is what the pack in force asked when it was proposed:
    whether the county headquarters agrees, or a second person of the township.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.PROPOSED)
    by_county = models.BooleanField()
    suggested = models.BooleanField(default=False, help_text="Whether its lines were worked out by the machine.")
    proposed_by = models.CharField(max_length=150)
    proposed_at = models.DateTimeField(auto_now_add=True)
    settled_on = models.DateField(null=True, help_text="The day on which it took effect, was sent back or withdrawn.")

    class Meta:
        verbose_name = _("proposal of pairings")
        ordering = ["-proposed_at", "-id"]
        indexes = [models.Index(fields=["number", "state"], name="proposal_listed")]

    privacy = dict.fromkeys(
        (
            *("id", "number", "reason", "state", "by_county", "suggested"),
            *("proposed_by", "proposed_at", "settled_on"),
        ),
        Privacy.INTERNAL,
    )


class ProposalLine(models.Model):
    """One household: the helper it gets, the pairing that ends, or both (the helper changes)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="lines")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    helper = models.ForeignKey(Helper, null=True, on_delete=models.PROTECT, related_name="+")
    ends = models.ForeignKey(Pairing, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("line of a proposal")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "household", "helper"], name="proposalline_helper_once"),
            models.CheckConstraint(
                condition=Q(helper__isnull=False) | Q(ends__isnull=False), name="proposalline_does_something"
            ),
        ]

    privacy = dict.fromkeys(("id", "proposal", "helper", "ends"), Privacy.INTERNAL) | {"household": Privacy.PERSONAL}


class ProposalStep(models.Model):
    """Who did what with a proposal. Rows are added and never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=10, choices=ProposalVerb)
    note = models.CharField(max_length=300, blank=True)
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("step of a proposal")
        ordering = ["at", "id"]

    privacy = dict.fromkeys(("id", "proposal", "verb", "note", "by_name", "at"), Privacy.INTERNAL)
