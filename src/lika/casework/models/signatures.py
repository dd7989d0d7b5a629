"""Who signs in which capacity, what was signed: cases below the county, rosters of cases from the county up."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lika.accounts.models import Official
from lika.casework.choices import SignatureKind, VoidReason
from lika.casework.models.cases import Case
from lika.casework.models.quotas import Campaign
from lika.core.fields import EncryptedTextField
from lika.core.ids import uuid7
from lika.core.media import MediaType
from lika.core.privacy import Privacy, all_are
from lika.divisions.models import Division
from lika.policy.choices import Capacity

_ON_PAPER = (SignatureKind.INK, SignatureKind.PAPER)


class SignedPaper(models.Model):
    """What was drawn or photographed: ink, a sheet with seal or handprint, a deputy's authorisation. Never changed.

    `content` is the file as it came, in base64; `number` the division that it belongs to.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.BigIntegerField()
    content = EncryptedTextField()
    media_type = models.CharField(max_length=20, choices=[(each.value, each.value) for each in MediaType])
    size = models.PositiveIntegerField(help_text="Bytes of the content as it came.")
    sha256 = models.CharField(max_length=64, help_text="Of the content as it came, in hexadecimal.")
    uploader = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("signed paper")

    privacy = all_are(Privacy.INTERNAL, "id number media_type size sha256 uploader recorded_at") | {
        "content": Privacy.SENSITIVE
    }


class Signatory(models.Model):
    """An official who signs in a capacity for a division. One may hold several capacities (一肩挑).

    A deputy (代签人) stands in for somebody who holds the capacity, by an authorisation that is kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    official = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=20, choices=Capacity)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    number = models.BigIntegerField(help_text="The division's code as a number, so that an area is a range.")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    document = models.CharField(max_length=200, help_text="The appointment, or a deputy's authorisation.")
    deputy_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="deputies")
    authorisation = models.ForeignKey(SignedPaper, null=True, on_delete=models.PROTECT, related_name="+")
    entered_by = models.CharField(max_length=150)

    class Meta:
        verbose_name = _("signatory")
        ordering = ["valid_from", "id"]
        indexes = [models.Index(fields=["division", "capacity"], name="signatory_of_division")]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "capacity"], condition=Q(valid_to=None, deputy_of=None), name="signatory_one_open"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="signatory_dates_in_order"
            ),
            models.CheckConstraint(condition=~Q(capacity=Capacity.HOUSEHOLD), name="signatory_never_household"),
            models.CheckConstraint(
                condition=Q(deputy_of=None, authorisation=None)
                | Q(deputy_of__isnull=False, authorisation__isnull=False),
                name="signatory_deputy_authorised",
            ),
        ]

    privacy = all_are(
        Privacy.INTERNAL,
        "id official capacity division number valid_from valid_to document deputy_of authorisation entered_by",
    )


class Roster(models.Model):
    """The cases of an area that stand at one signature stage: their hashes, sorted, are what is signed, as one hash."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="rosters")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    number = models.BigIntegerField(help_text="The division's code as a number, so that an area is a range.")
    stage = models.CharField(max_length=80)
    sequence = models.PositiveSmallIntegerField()
    content_hash = models.CharField(max_length=64)
    drawn_by = models.CharField(max_length=150)
    drawn_at = models.DateTimeField()

    class Meta:
        verbose_name = _("roster")
        ordering = ["-drawn_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "division", "stage", "sequence"], name="roster_once")
        ]

    privacy = all_are(Privacy.INTERNAL, "id campaign division number stage sequence content_hash drawn_by drawn_at")


class RosterEntry(models.Model):
    """One case of a roster with the hash that it had. A case that changed leaves the roster: its entry is void."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="entries")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="roster_entries")
    stage = models.CharField(max_length=80)
    content_hash = models.CharField(max_length=64)
    void_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=8, choices=VoidReason, blank=True)

    class Meta:
        verbose_name = _("roster entry")
        ordering = ["content_hash"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "stage"], condition=Q(void_at=None), name="rosterentry_one_of_case_and_stage"
            ),
            models.CheckConstraint(
                condition=Q(void_at=None, void_reason="") | (Q(void_at__isnull=False) & ~Q(void_reason="")),
                name="rosterentry_void_has_reason",
            ),
        ]

    privacy = all_are(Privacy.INTERNAL, "id roster case stage content_hash void_at void_reason")


class Signature(models.Model):
    """One signature in one slot of a stage, on a case or on a roster. Never changed; it may become void.

    `slot` counts from 0 in the order of the stage. `content_hash` is what the signer saw. The household's slot names no
    official and is never filled by account; ink and paper name the official who witnessed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="signatures")
    roster = models.ForeignKey(Roster, null=True, on_delete=models.PROTECT, related_name="signatures")
    stage = models.CharField(max_length=80)
    slot = models.PositiveSmallIntegerField()
    capacity = models.CharField(max_length=20, choices=Capacity)
    signatory = models.ForeignKey(Signatory, null=True, on_delete=models.PROTECT, related_name="signatures")
    official = models.ForeignKey(Official, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=SignatureKind)
    content_hash = models.CharField(max_length=64)
    paper = models.ForeignKey(SignedPaper, null=True, on_delete=models.PROTECT, related_name="signatures")
    witness = models.ForeignKey(Official, null=True, on_delete=models.PROTECT, related_name="+")
    authorisation = models.ForeignKey(SignedPaper, null=True, on_delete=models.PROTECT, related_name="+")
    entered_by = models.CharField(max_length=150)
    at = models.DateTimeField()
    void_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=8, choices=VoidReason, blank=True)

    class Meta:
        verbose_name = _("signature")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "stage", "slot"], condition=Q(void_at=None, case__isnull=False),
                name="signature_once_in_slot",
            ),
            models.UniqueConstraint(
                fields=["roster", "slot"], condition=Q(roster__isnull=False), name="signature_once_in_slot_of_roster"
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=False, roster=None) | Q(case=None, roster__isnull=False),
                name="signature_of_case_or_roster",
            ),
            models.CheckConstraint(
                condition=Q(kind=SignatureKind.ACCOUNT, paper=None, witness=None)
                | Q(kind__in=_ON_PAPER, paper__isnull=False, witness__isnull=False),
                name="signature_on_paper_is_witnessed",
            ),
            models.CheckConstraint(
                condition=(Q(capacity=Capacity.HOUSEHOLD, official=None) & ~Q(kind=SignatureKind.ACCOUNT))
                | (~Q(capacity=Capacity.HOUSEHOLD) & Q(official__isnull=False, signatory__isnull=False)),
                name="signature_of_household_not_by_account",
            ),
            models.CheckConstraint(
                condition=Q(void_at=None, void_reason="") | (Q(void_at__isnull=False) & ~Q(void_reason="")),
                name="signature_void_has_reason",
            ),
        ]  # fmt: skip

    privacy = all_are(
        Privacy.INTERNAL,
        "id case roster stage slot capacity signatory official kind content_hash paper witness authorisation "
        "entered_by at void_at void_reason",
    )
