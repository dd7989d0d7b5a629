"""Documents and photographs: what is on paper about a household, a member, a village or a change."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lika.core.fields import EncryptedTextField
from lika.core.ids import uuid7
from lika.core.media import MediaType
from lika.core.privacy import Privacy, all_are
from lika.register.choices import DocumentOwner


class Document(models.Model):
    """A file with what is known of it. The row stays for ever: it is withdrawn with a reason, or replaced.

    The content lies encrypted in the data folder (`lika.register.document_files`). `owner_id` names the household,
    person or change, or a matter of an app above; a village is named by `village` alone. `village` is where the record
    stood when it was added.
    `withdrawn_reason` says why it counts no more, also of one that was replaced.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner_kind = models.CharField(max_length=10, choices=DocumentOwner)
    owner_id = models.UUIDField(null=True)
    village = models.BigIntegerField()
    kind = models.CharField(max_length=2, help_text="CL-DOCKIND")
    title = EncryptedTextField(blank=True, default="")
    dated_on = models.DateField(null=True, help_text="Taken, written or received on.")
    media_type = models.CharField(max_length=20, choices=[(each.value, each.value) for each in MediaType])
    size = models.PositiveIntegerField(help_text="Bytes of the content as it came.")
    sha256 = models.CharField(max_length=64, help_text="Of the content as it came, in hexadecimal.")
    width = models.PositiveIntegerField(null=True, help_text="Pixels.")
    height = models.PositiveIntegerField(null=True, help_text="Pixels.")
    pages = models.PositiveIntegerField(null=True)
    uploader = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(auto_now_add=True)
    replaced_by = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaces")
    withdrawn_by = models.CharField(max_length=150, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = EncryptedTextField(blank=True, default="")

    class Meta:
        verbose_name = _("document")
        indexes = [
            models.Index(fields=["owner_id"], name="document_owner"),
            models.Index(fields=["village"], name="document_village"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(owner_kind=DocumentOwner.VILLAGE, owner_id=None)
                | (~Q(owner_kind=DocumentOwner.VILLAGE) & Q(owner_id__isnull=False)),
                name="document_has_an_owner",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by="", withdrawn_at=None) | (~Q(withdrawn_by="") & Q(withdrawn_at__isnull=False)),
                name="document_withdrawn_with_date",
            ),
            models.UniqueConstraint(
                fields=["owner_kind", "owner_id", "village", "sha256"],
                condition=Q(withdrawn_at=None, replaced_by=None),
                nulls_distinct=False,
                name="document_kept_once",
            ),
        ]

    privacy = all_are(
        Privacy.INTERNAL,
        "id owner_kind village kind dated_on media_type size sha256 width height pages uploader recorded_at "
        "replaced_by withdrawn_by withdrawn_at",
    ) | all_are(Privacy.PERSONAL, "owner_id title withdrawn_reason")
