"""Kinds of publications, and the states of a proposal with the moves between them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What a publication holds."""

    FIGURES = "figures", _("Figures by place")
    CRITERIA = "criteria", _("Criteria in plain words")


class State(TextChoices):
    """Where a proposal stands. What was published stays published: withdrawing is another row, not another state."""

    WAITING = "waiting", _("Waits for a second person")
    PUBLISHED = "published", _("Made public")
    DECLINED = "declined", _("Declined")
