"""When each reader was here: what changed since is told on the home page."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lika.core.privacy import Privacy


class Visit(models.Model):
    """A reader's visits to the home page: when they were last seen, and when the visit before this one ended.

    Changes are told from `left_at` on as long as the visit lasts, however often the page is loaded in it.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, help_text="Empty: this is the first visit.")

    class Meta:
        verbose_name = _("visit")
        constraints = [
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__lte=F("seen_at")), name="visit_moments_in_order"
            )
        ]

    privacy = dict.fromkeys(("user", "seen_at", "left_at"), Privacy.INTERNAL)
