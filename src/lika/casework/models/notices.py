"""Notices and announcements: the list as it was when it was made, whom it names, and where it hung."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lika.casework.choices import NoticeKind, NoticeState, PostingFault
from lika.casework.models.cases import Batch, Case, Step
from lika.core.fields import EncryptedTextField
from lika.core.ids import uuid7
from lika.core.privacy import Privacy, all_are
from lika.divisions.models import Division
from lika.policy.choices import DayKind, PostingPlace, StageLevel


class Notice(models.Model):
    """A list that is told to everyone at a stage, in one wording (`content`, `lika.casework.notice_content`).

    `sha256` is that of the content. `opened_at` and `ended_at` are moments of the database. `days` and `day_kind` are
    those of the stage; an announcement has none.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="notices")
    stage = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=NoticeKind)
    round = models.PositiveSmallIntegerField(help_text="The first, second … notice of its procedure.")
    days = models.PositiveSmallIntegerField(null=True)
    day_kind = models.CharField(max_length=10, choices=DayKind, blank=True)
    level = models.CharField(max_length=10, choices=StageLevel)
    phone = models.CharField(max_length=20, help_text="Where people call: an office, never a person.")
    content = EncryptedTextField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=NoticeState, default=NoticeState.HANGING)
    opened_by = models.CharField(max_length=150)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("notice")
        ordering = ["opened_at", "id"]
        indexes = [models.Index(fields=["batch", "stage"], name="notice_of_batch")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=NoticeKind.NOTICE, days__isnull=False) & ~Q(day_kind="")
                | Q(kind=NoticeKind.ANNOUNCEMENT, days__isnull=True, day_kind=""),
                name="notice_hangs_for_days",
            ),
            models.CheckConstraint(
                condition=Q(state=NoticeState.HANGING, ended_at__isnull=True)
                | ~Q(state=NoticeState.HANGING) & Q(ended_at__isnull=False),
                name="notice_ended_with_moment",
            ),
            models.CheckConstraint(
                condition=Q(state=NoticeState.VOID) & ~Q(void_reason="")
                | ~Q(state=NoticeState.VOID) & Q(void_reason=""),
                name="notice_void_with_reason",
            ),
        ]

    privacy = all_are(
        Privacy.INTERNAL,
        "id batch stage kind round days day_kind level phone sha256 state opened_by opened_at ended_at void_reason",
    ) | {"content": Privacy.PERSONAL}


class NoticeLine(models.Model):
    """That a notice names a case. `entry` is the step that brought the case to the stage, if any did.

    A case that was sent back and comes again has another entry: the earlier notice does not serve it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="lines")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notice_lines")
    entry = models.ForeignKey(Step, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("line of a notice")
        constraints = [models.UniqueConstraint(fields=["notice", "case"], name="noticeline_once")]

    privacy = all_are(Privacy.INTERNAL, "id notice case entry")


class Posting(models.Model):
    """A place where a notice has to hang, since when it does, and the proof (a document of the register, or the page).

    The clock of the notice runs from the latest day among its places. A posting with a fault counts no more; beside it
    stands a new row for the same place, which waits to be posted.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="postings")
    place = models.CharField(max_length=16, choices=PostingPlace)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    posted_on = models.DateField(null=True)
    posted_by = models.CharField(max_length=150, blank=True)
    proof_id = models.UUIDField(null=True)
    late_reason = models.CharField(max_length=500, blank=True, help_text="Why it was entered on a later day.")
    entered_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=12, choices=PostingFault, default=PostingFault.NONE, blank=True)
    fault_on = models.DateField(null=True)
    fault_reason = models.CharField(max_length=500, blank=True)
    fault_by = models.CharField(max_length=150, blank=True)
    fault_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("posting")
        ordering = ["place", "division", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "place", "division"],
                condition=Q(fault=PostingFault.NONE),
                name="posting_one_counts_a_place",
            ),
            models.CheckConstraint(
                condition=Q(posted_on=None, posted_by="", proof_id=None, entered_at=None)
                | Q(posted_on__isnull=False, proof_id__isnull=False, entered_at__isnull=False) & ~Q(posted_by=""),
                name="posting_with_proof",
            ),
            models.CheckConstraint(
                condition=Q(fault=PostingFault.NONE, fault_on=None, fault_reason="", fault_by="", fault_at=None)
                | Q(posted_on__isnull=False, fault_on__isnull=False, fault_at__isnull=False)
                & ~Q(fault=PostingFault.NONE)
                & ~Q(fault_reason="")
                & ~Q(fault_by=""),
                name="posting_fault_with_reason",
            ),
        ]

    privacy = all_are(
        Privacy.INTERNAL,
        "id notice place division posted_on posted_by proof_id late_reason entered_at fault fault_on fault_reason "
        "fault_by fault_at",
    )
