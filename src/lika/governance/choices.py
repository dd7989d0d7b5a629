"""States of what townships and villages do."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Holding(TextChoices):
    """Whether somebody holds a duty that is asked for."""

    HELD = "held", _("Held")
    POST_ENDED = "post_ended", _("Post ended")
    VACANT = "vacant", _("Vacant")
