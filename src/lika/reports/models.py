"""Views that somebody saved: a name and what was chosen, no rows or numbers: each reader sees their own."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lika.core.ids import uuid7
from lika.core.privacy import Privacy
from lika.reports.choices import Page


class SavedView(models.Model):
    """What was chosen on a page, under a name. Shared, every reader of the page may open it, in their own sight."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    page = models.CharField(max_length=12, choices=Page, default=Page.ANALYSIS)
    name = models.CharField(_("name of the view"), max_length=60)
    definition = models.TextField(help_text="What was chosen, as the canonical query of the page's address.")
    shared = models.BooleanField(_("shared with others"), default=False)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("saved view")
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["owner", "page", "name"], name="savedview_once")]

    privacy = dict.fromkeys(("id", "owner", "page", "name", "definition", "shared", "saved_at"), Privacy.INTERNAL)

    def __str__(self) -> str:
        return self.name
