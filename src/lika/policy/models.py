"""The loaded packs: immutable versions, of which at most one is active per pack."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lika.core.ids import uuid7
from lika.core.language import Said
from lika.core.privacy import Privacy
from lika.policy.packs.resolved import ResolvedPack, from_canonical


class PackVersion(models.Model):
    """A resolved pack as it was loaded. Only `active` ever changes.

    Title, jurisdiction and dates repeat what the canonical text says, for lists; `sha256` is the text's hash
    and what decisions pin.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pack_id = models.CharField(max_length=80)
    version = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    canonical = models.TextField()
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    jurisdiction = models.CharField(max_length=12)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, help_text="The last day; empty: until replaced.")
    base = models.CharField(max_length=101, blank=True, help_text="The id@version that it extends.")
    demo = models.BooleanField()
    active = models.BooleanField(default=False)
    loaded_at = models.DateTimeField(auto_now_add=True)
    loaded_by = models.CharField(max_length=150)

    class Meta:
        verbose_name = _("policy pack")
        ordering = ["pack_id", "loaded_at"]
        constraints = [
            models.UniqueConstraint(fields=["pack_id", "version"], name="pack_version_once"),
            models.UniqueConstraint(fields=["pack_id"], condition=Q(active=True), name="pack_one_active"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="pack_dates_in_order"
            ),
        ]

    privacy = {
        "id": Privacy.INTERNAL,
        "pack_id": Privacy.PUBLIC,
        "version": Privacy.PUBLIC,
        "sha256": Privacy.PUBLIC,
        "canonical": Privacy.PUBLIC,
        "title_zh": Privacy.PUBLIC,
        "title_en": Privacy.PUBLIC,
        "jurisdiction": Privacy.PUBLIC,
        "valid_from": Privacy.PUBLIC,
        "valid_to": Privacy.PUBLIC,
        "base": Privacy.PUBLIC,
        "demo": Privacy.PUBLIC,
        "active": Privacy.PUBLIC,
        "loaded_at": Privacy.INTERNAL,
        "loaded_by": Privacy.INTERNAL,
    }

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """`id@version`, as decisions and snapshots pin it."""
        return f"{self.pack_id}@{self.version}"

    @property
    def title(self) -> Said:
        """The title in both languages."""
        return Said(self.title_zh, self.title_en)

    def in_force(self, day: dt.date) -> bool:
        """Whether the pack's dates cover a day; the last day counts."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def pack(self) -> ResolvedPack:
        """The pack itself. Raises ValueError where the stored text is not the one that was loaded."""
        pack = from_canonical(self.canonical)
        if pack.sha256 != self.sha256:
            raise ValueError(f"the stored text of {self.reference} does not have the hash it was loaded with")
        return pack
