"""The papers of all notices that hang in an area, asked for at once: by whom, what for, how far, what came of each."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lika.casework.choices import NoticeKind, PartState, RunState
from lika.casework.models.notices import Notice
from lika.casework.models.quotas import Campaign
from lika.core.ids import uuid7
from lika.core.privacy import Privacy, all_are
from lika.core.processes import lock_key
from lika.divisions.models import Division


class NoticeBundle(models.Model):
    """The notices and announcements that hung in a division when they were asked for, as one ZIP.

    `campaign` None: of all; `kind` empty: both. Its process holds the advisory lock `lock_key` while it lives; one that
    was stopped, failed or was killed is gone on with. The file lies sealed in the data folder, for a week.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    number = models.BigIntegerField(help_text="The division's code as a number, so that an area is a range.")
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=NoticeKind, blank=True)
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=RunState, default=RunState.WAITING)
    fault = models.CharField(max_length=10, blank=True)
    by_name = models.CharField(max_length=150)
    official_id = models.UUIDField(null=True)
    language = models.CharField(max_length=10, help_text="In which the contents and what was left out are written.")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_bytes = models.BigIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0, help_text="How often the file was downloaded.")

    class Meta:
        verbose_name = _("papers of all notices")
        ordering = ["-asked_at", "-id"]
        indexes = [models.Index(fields=["number", "-asked_at"], name="noticebundle_of_area")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=RunState.DONE) | ~Q(file_sha256=""), name="noticebundle_done_with_file"
            ),
        ]

    privacy = all_are(
        Privacy.INTERNAL,
        "id division number campaign kind reason state fault by_name official_id language asked_at finished_at "
        "file_sha256 file_bytes taken",
    )

    @property
    def lock_key(self) -> int:
        """The advisory lock of its process."""
        return lock_key(self.id)

    @property
    def file_name(self) -> str:
        """What the file is called when it leaves."""
        return f"lika-notices-{self.division_id}-{self.id.hex[-8:]}.zip"


class BundledNotice(models.Model):
    """A notice of a bundle: its paper, or what kept it from being printed. It names places, never a person.

    `part` is the township (or county) with which it is printed, as a number: a part is done as a whole or not at all.
    `places` are where it has to hang, `waiting` those where it did not hang yet when it was printed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bundle = models.ForeignKey(NoticeBundle, on_delete=models.PROTECT, related_name="lines")
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="+")
    number = models.BigIntegerField(help_text="The place of its batch as a number.")
    part = models.BigIntegerField()
    position = models.PositiveIntegerField(help_text="In the contents, from 1.")
    name = models.CharField(max_length=200, help_text="Of its file in the ZIP.")
    state = models.CharField(max_length=8, choices=PartState, default=PartState.WAITING)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True, help_text="None for an announcement.")
    places = models.TextField(blank=True)
    waiting = models.TextField(blank=True)
    lines = models.PositiveIntegerField(default=0, help_text="How many households or units it names.")
    sha256 = models.CharField(max_length=64, blank=True)
    fault = models.CharField(max_length=10, blank=True)
    told = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("paper of a notice")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["bundle", "notice"], name="bundlednotice_once"),
            models.UniqueConstraint(fields=["bundle", "name"], name="bundlednotice_name_once"),
            models.CheckConstraint(
                condition=Q(state=PartState.DONE) & ~Q(sha256="") & Q(first_day__isnull=False, fault="")
                | Q(state=PartState.REFUSED) & ~Q(fault="")
                | Q(state=PartState.WAITING),
                name="bundlednotice_printed_or_told",
            ),
        ]

    privacy = all_are(
        Privacy.INTERNAL,
        "id bundle notice number part position name state first_day last_day places waiting lines sha256 fault told",
    )
