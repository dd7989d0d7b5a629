"""The files of casework: minutes, attendance sheets, photographs, signed papers of a batch or a case at a stage."""

from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from lika.casework.models.cases import Batch, Case
from lika.casework.models.indicators import Indicator
from lika.core.ids import uuid7
from lika.core.privacy import Privacy, all_are
from lika.policy.choices import Paper
from lika.register.models import Document


class Evidence(models.Model):
    """What a file of the document store is to a stage. With `case` it is that case's own, else the whole batch's.

    With `indicator` it shows that item of the case's sheet.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="evidence")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="evidence")
    indicator = models.ForeignKey(Indicator, null=True, on_delete=models.PROTECT, related_name="files")
    stage = models.CharField(max_length=80)
    paper = models.CharField(max_length=20, choices=Paper)
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("piece of evidence")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["batch", "stage"], name="evidence_of_stage")]

    @property
    def matter(self) -> UUID:
        """What the file is kept under: one picture may show two items of a sheet."""
        return self.indicator_id or self.case_id or self.batch_id

    privacy = all_are(Privacy.INTERNAL, "id batch case indicator stage paper document at")
