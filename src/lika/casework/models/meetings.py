"""Democratic appraisals (民主评议): the meeting as it was held, and how it voted on each household."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lika.casework.choices import StepResult
from lika.casework.models.cases import Batch, Case
from lika.core.ids import uuid7
from lika.core.privacy import Privacy, all_are


class Meeting(models.Model):
    """A meeting on a batch (DOMAIN §3.11). Never changed: one that is held or written up again is another row.

    `expected` are those entitled to vote and `attended` those of them who came; the other numbers are who was there
    without a vote. `quorum` is the share that the procedure asked for on that day; None: it asks for none, or what it
    asks for is open (待补充依据).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="meetings")
    stage = models.CharField(max_length=80)
    held_on = models.DateField()
    place = models.CharField(max_length=100)
    chair = models.CharField(max_length=80)
    recorder = models.CharField(max_length=80)
    agenda = models.CharField(max_length=500, blank=True)
    expected = models.PositiveSmallIntegerField()
    attended = models.PositiveSmallIntegerField()
    party_members = models.PositiveSmallIntegerField(default=0)
    committee_members = models.PositiveSmallIntegerField(default=0)
    team_members = models.PositiveSmallIntegerField(default=0)
    others = models.PositiveSmallIntegerField(default=0)
    quorum = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("meeting")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["batch", "stage", "at"], name="meeting_of_stage")]
        constraints = [
            models.CheckConstraint(
                condition=Q(expected__gt=0) & Q(attended__lte=F("expected")), name="meeting_attendance"
            ),
        ]

    privacy = all_are(
        Privacy.INTERNAL,
        "id batch stage held_on place chair recorder agenda expected attended party_members committee_members "
        "team_members others quorum by_name at",
    )

    @property
    def guests(self) -> int:
        """Who attended without a vote."""
        return self.party_members + self.committee_members + self.team_members + self.others

    @property
    def share(self) -> Decimal:
        """The share of those entitled who came."""
        return Decimal(self.attended) / Decimal(self.expected)

    @property
    def is_quorate(self) -> bool:
        """Whether enough came to decide; a meeting of which no share is asked decides."""
        return self.quorum is None or self.share >= self.quorum


class Vote(models.Model):
    """How a meeting voted on one case, and what it decided: goes on, back to `to`, or struck out, with the reason."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="votes")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="votes")
    place = models.PositiveIntegerField()
    in_favour = models.PositiveSmallIntegerField()
    against = models.PositiveSmallIntegerField()
    abstained = models.PositiveSmallIntegerField()
    result = models.CharField(max_length=10, choices=StepResult)
    to = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("vote")
        ordering = ["meeting", "place"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "case"], name="vote_once_a_meeting"),
            models.CheckConstraint(
                condition=Q(result=StepResult.PASSED, reason="", to="")
                | (Q(result__in=(StepResult.RETURNED, StepResult.STRUCK_OUT)) & ~Q(reason="")),
                name="vote_against_has_reason",
            ),
        ]

    privacy = all_are(Privacy.INTERNAL, "id meeting case place in_favour against abstained result to") | {
        "reason": Privacy.PERSONAL
    }
