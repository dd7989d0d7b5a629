"""Tables under everything: data keys and the audit log."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lika.core.ids import uuid7
from lika.core.privacy import Privacy


class DataKey(models.Model):
    """A data key, wrapped by the master key (`lika.core.crypto`)."""

    number = models.PositiveIntegerField(primary_key=True)
    wrapped = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)

    privacy = {"number": Privacy.INTERNAL, "wrapped": Privacy.SENSITIVE, "made_at": Privacy.INTERNAL}


class AuditEntry(models.Model):
    """One change, written in the transaction of the change and never altered.

    `content_hash` covers every other field but `sealed`, so that an altered row is found before the chain is read.
    `old` and `new` are ciphertexts of canonical JSON wherever they may hold personal data.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField()
    county = models.IntegerField(help_text="The six digits of the county; 0 for what belongs to none.")
    actor = models.CharField(max_length=150)
    action = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    label = models.CharField(max_length=200, blank=True, help_text="Words for people; never personal data.")
    reason = models.CharField(max_length=500, blank=True)
    old = models.BinaryField(null=True)
    new = models.BinaryField(null=True)
    content_hash = models.BinaryField(max_length=32)
    # Where the sealer looks for work; what is sealed is said by `AuditLink` alone.
    sealed = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name = _("audit entry")
        indexes = [
            models.Index(fields=["county", "id"], condition=models.Q(sealed=False), name="audit_unsealed"),
            models.Index(fields=["subject_kind", "subject_id", "at"], name="audit_subject"),
            models.Index(fields=["county", "id"], name="audit_county"),
        ]

    privacy = {
        "id": Privacy.INTERNAL,
        "at": Privacy.INTERNAL,
        "county": Privacy.INTERNAL,
        "actor": Privacy.INTERNAL,
        "action": Privacy.INTERNAL,
        "subject_kind": Privacy.INTERNAL,
        "subject_id": Privacy.INTERNAL,
        "label": Privacy.INTERNAL,
        "reason": Privacy.PERSONAL,
        "old": Privacy.SENSITIVE,
        "new": Privacy.SENSITIVE,
        "content_hash": Privacy.INTERNAL,
        "sealed": Privacy.INTERNAL,
    }


class AuditLink(models.Model):
    """The place of an entry in its county's chain: `link = SHA-256(previous link | content hash)`."""

    entry_id = models.UUIDField(primary_key=True)
    county = models.IntegerField()
    position = models.BigIntegerField()
    link = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "position"], name="audit_link_position")]

    privacy = dict.fromkeys(("entry_id", "county", "position", "link"), Privacy.INTERNAL)


class AuditHead(models.Model):
    """The signed end of a county's chain after one sealing; copies are kept outside the database."""

    id = models.BigAutoField(primary_key=True)
    county = models.IntegerField()
    position = models.BigIntegerField()
    link = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()
    signature = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "position"], name="audit_head_position")]

    privacy = dict.fromkeys(("id", "county", "position", "link", "sealed_at", "signature"), Privacy.INTERNAL)
