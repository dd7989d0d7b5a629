"""What is proposed, what was told to everyone, and what of it was withdrawn.

A publication and a withdrawal are written once: the database refuses to change or delete either (migration 0001). The
role of the public pages reads these, the pages of notices and what is told under receipts, and no others
(`lika.config.wall`): nobody's whole name stands in them.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lika.core.ids import uuid7
from lika.core.language import chosen
from lika.core.privacy import Privacy, all_are
from lika.disclosure.choices import Kind, Progress, State


class Document(models.Model):
    """What a proposal and the publication that comes of it share, letter for letter.

    `content` is canonical JSON (`lika.disclosure.content`), `sha256` that of its UTF-8 bytes. `places` holds a line
    `code name` for each division that it tells of, for searching.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    division = models.BigIntegerField(help_text="12-digit code, as a number.")
    place = models.CharField(max_length=200, help_text="The names from the province down.")
    places = models.TextField()
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=300)
    content = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        abstract = True

    @property
    def title(self) -> str:
        """The title in the language of the reader."""
        return chosen(self.title_zh, self.title_en)


_DOCUMENT = "id kind division place places title_zh title_en content sha256"


class Proposal(Document):
    """What somebody proposes to tell everyone; a second person publishes or declines it.

    `source` says what it was made from: the same is not told twice, nor of overlapping areas.
    """

    source = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    proposed_by = models.CharField(max_length=150)
    proposed_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("proposed publication")
        ordering = ["-proposed_at", "-id"]
        indexes = [models.Index(fields=["source"], name="proposal_source")]
        constraints = [
            models.CheckConstraint(
                name="proposal_decided_by_another",
                condition=Q(state=State.WAITING, decided_by="", decided_at__isnull=True)
                | Q(state=State.DECLINED, decided_at__isnull=False) & ~Q(decided_by="") & ~Q(reason="")
                | Q(state=State.PUBLISHED, decided_at__isnull=False)
                & ~Q(decided_by="")
                & ~Q(decided_by=models.F("proposed_by")),
            )
        ]

    privacy = all_are(
        Privacy.INTERNAL, f"{_DOCUMENT} source state proposed_by proposed_at decided_by decided_at reason"
    )


class Publication(Document):
    """Told to everyone: an immutable copy, under the id of its proposal. It may be withdrawn and is never deleted."""

    publisher_zh = models.CharField(max_length=200)
    publisher_en = models.CharField(max_length=300)
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("publication")
        ordering = ["-published_at", "-id"]
        indexes = [models.Index(fields=["division", "-published_at"], name="publication_division")]

    privacy = all_are(Privacy.PUBLIC, f"{_DOCUMENT} publisher_zh publisher_en published_at")

    @property
    def publisher(self) -> str:
        """The office that published it, in the language of the reader."""
        return chosen(self.publisher_zh, self.publisher_en)


class Withdrawal(models.Model):
    """A publication that is no longer held up as right, and why; the public page says so in its place."""

    publication = models.OneToOneField(
        Publication, on_delete=models.PROTECT, related_name="withdrawal", primary_key=True
    )
    reason = models.CharField(max_length=300)
    withdrawn_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("withdrawal")
        constraints = [models.CheckConstraint(name="withdrawal_with_reason", condition=~Q(reason=""))]

    privacy = all_are(Privacy.PUBLIC, "publication reason withdrawn_at")


class NoticePage(models.Model):
    """The page of a public notice or announcement, under the notice's id: names masked. Written once, never deleted.

    `village` is the 12-digit code as a number. `content` is canonical JSON (`lika.disclosure.notice_pages`), `key` the
    one with which what the public sends is shut (`lika.disclosure.sealing`).
    """

    id = models.UUIDField(primary_key=True, editable=False)
    village = models.BigIntegerField()
    place = models.CharField(max_length=200)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=300)
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    key = models.BinaryField()
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("page of a notice")
        ordering = ["-opened_at", "-id"]
        indexes = [models.Index(fields=["village"], name="noticepage_village")]

    privacy = all_are(Privacy.PUBLIC, "id village place title_zh title_en content sha256 key opened_at")

    @property
    def title(self) -> str:
        """The title in the language of the reader."""
        return chosen(self.title_zh, self.title_en)


class NoticeTerm(models.Model):
    """Until when a page is shown; the last row holds. Without a moment, until another row says otherwise."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    page = models.ForeignKey(NoticePage, on_delete=models.PROTECT, related_name="terms")
    until = models.DateTimeField(null=True)
    set_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("term of a page")
        ordering = ["id"]

    privacy = all_are(Privacy.PUBLIC, "id page until set_at")


class Inbox(models.Model):
    """What the public sent from the page of a notice. Its text is shut: who serves the page cannot open it.

    The role of the public pages adds rows and reads none. `code` is the SHA-256 of the receipt's code.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    page = models.ForeignKey(NoticePage, on_delete=models.PROTECT, related_name="+")
    village = models.BigIntegerField()
    code = models.CharField(max_length=64, unique=True)
    box = models.BinaryField()
    received_at = models.DateTimeField()
    taken_by = models.CharField(max_length=150, blank=True, default="")
    taken_at = models.DateTimeField(null=True)
    objection_id = models.UUIDField(null=True)
    refused = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("sent by the public")
        verbose_name_plural = _("sent by the public")
        ordering = ["received_at", "id"]
        indexes = [models.Index(fields=["village", "taken_at"], name="inbox_waiting")]
        constraints = [
            models.CheckConstraint(
                name="inbox_taken_one_way",
                condition=Q(taken_by="", taken_at=None, objection_id=None, refused="")
                | ~Q(taken_by="") & Q(taken_at__isnull=False, objection_id__isnull=False, refused="")
                | ~Q(taken_by="") & Q(taken_at__isnull=False, objection_id=None) & ~Q(refused=""),
            )
        ]

    privacy = all_are(Privacy.INTERNAL, "id page village code received_at taken_by taken_at objection_id refused") | {
        "box": Privacy.SENSITIVE
    }


class ReceiptStep(models.Model):
    """How far what was sent is, for whoever holds its receipt: a row for each step of the office, never changed.

    `code` is the SHA-256 of the receipt's code. It tells neither what was said, nor by whom, nor against whom.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=64)
    page = models.ForeignKey(NoticePage, on_delete=models.PROTECT, related_name="+")
    progress = models.CharField(max_length=12, choices=Progress)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("step told under a receipt")
        ordering = ["id"]
        indexes = [models.Index(fields=["code"], name="receiptstep_code")]

    privacy = all_are(Privacy.PUBLIC, "id code page progress at")
