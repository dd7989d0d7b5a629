"""Views that somebody saved: a name and a definition. No numbers are kept: each reader counts in their own sight."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lika.core.ids import uuid7
from lika.core.privacy import Privacy


class SavedView(models.Model):
    """An analysis under a name. Shared, every reader of statistics may open it, in their own sight."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name of the view"), max_length=60)
    definition = models.TextField(help_text="The canonical text of the definition.")
    shared = models.BooleanField(_("shared with others"), default=False)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("saved view")
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="savedview_once")]

    privacy = dict.fromkeys(("id", "owner", "name", "definition", "shared", "saved_at"), Privacy.INTERNAL)

    def __str__(self) -> str:
        return self.name
