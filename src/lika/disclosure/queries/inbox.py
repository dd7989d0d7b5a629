"""What the public sent and nobody has dealt with yet, for the offices of its village."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lika.core.actors import Actor
from lika.core.areas import Area
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.disclosure.models import Inbox

READERS = (Permission.CASE_VILLAGE, Permission.CASE_TOWNSHIP, Permission.CASE_COUNTY)


def inbox_waiting(by: Actor) -> QuerySet[Inbox]:
    """The entries of the area where the actor acts on cases, the oldest first. Raises ACC-001."""
    held = [each for each in READERS if by.has(each)]
    if not held:
        by.require(READERS[0])
    area = Area.joined([pair for each in held for pair in by.area_for(each).ranges])
    return Inbox.objects.filter(area.where("village"), taken_at=None).select_related("page")


def nothing_waits() -> NotFound:
    """DIS-035: there is none, it lies out of sight, or somebody dealt with it."""
    return NotFound(
        "DIS-035",
        _("Nothing such waits in your area: somebody may have dealt with it."),
        remedy=_("Load the list again."),
    )
