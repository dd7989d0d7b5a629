"""The income ledger: where the totals of a household's year come from."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TotalsFrom(TextChoices):
    """What was decided where both the ledger and totals entered whole are there."""

    LEDGER = "ledger", _("From the ledger")
    ENTERED = "entered", _("Entered whole")
