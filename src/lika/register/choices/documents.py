"""Documents and photographs: what they belong to, and which of their kinds are read only for a reason."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DocumentOwner(TextChoices):
    """What a document belongs to."""

    HOUSEHOLD = "household", _("Household")
    PERSON = "person", _("Person")
    VILLAGE = "village", _("Village")
    CHANGE = "change", _("Change of the record")
    MATTER = "matter", _("Matter under way")  # of an app above, which says who may add and withdraw


# Kinds of CL-DOCKIND that tell of no number, amount or illness: they are seen by whoever sees names there. Every other
# kind, also one that comes later, is shown for a reason and leaves a trace.
OPEN_KINDS = frozenset({"04", "12", "13"})
