"""What the public sent, for the offices of its village: what nobody has dealt with yet, and what became of the rest."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from lika.casework.choices import Duty
from lika.casework.models import NoticeLine, Objection
from lika.casework.queries.objections import objections_visible
from lika.core.actors import Actor
from lika.core.areas import Area
from lika.core.errors import NotFound, PermissionRefused
from lika.core.permissions import Permission
from lika.disclosure.choices import Entries
from lika.disclosure.models import Inbox

READERS = (Permission.CASE_VILLAGE, Permission.CASE_TOWNSHIP, Permission.CASE_COUNTY)


_STATES: Mapping[Entries, Q] = {
    Entries.WAITING: Q(taken_at=None),
    Entries.TAKEN: Q(objection_id__isnull=False),
    Entries.REFUSED: ~Q(refused=""),
}


def inbox_waiting(by: Actor) -> QuerySet[Inbox]:
    """The entries that wait in the area where the actor acts on cases, the oldest first. Raises ACC-001."""
    return inbox_in_state(by, Entries.WAITING)


def inbox_in_state(by: Actor, state: Entries) -> QuerySet[Inbox]:
    """The entries of that area in a state: those that wait the oldest first, the others the latest. Raises ACC-001."""
    order = ("received_at", "id") if state is Entries.WAITING else ("-taken_at", "-id")
    return _inbox(by).filter(_STATES[state]).select_related("page").order_by(*order)


def count_inbox(by: Actor) -> Mapping[Entries, int]:
    """How many entries are in each state. One query. Raises ACC-001."""
    counted = (
        _inbox(by).order_by().aggregate(**{state.value: Count("pk", filter=kept) for state, kept in _STATES.items()})
    )
    return {state: counted[state.value] for state in Entries}


def objections_taken(by: Actor, entries: Collection[Inbox]) -> Mapping[UUID, Objection]:
    """The objections that came of some entries, by the entry's id, where the actor sees them. One query."""
    wanted = [each.objection_id for each in entries if each.objection_id]
    return {each.origin_id: each for each in objections_visible(by).filter(pk__in=wanted) if each.origin_id}


def pages_too_close(by: Actor, pages: Collection[UUID]) -> set[UUID]:
    """Of some pages of notices those that name a case which the actor prepared or verified. One query."""
    close = (Duty.PREPARE, Duty.VERIFY)
    named = NoticeLine.objects.filter(notice__in=pages, case__steps__by_name=by.name, case__steps__duty__in=close)
    return set(named.values_list("notice", flat=True)) if by.name else set()


def _inbox(by: Actor) -> QuerySet[Inbox]:
    held = [each for each in READERS if by.has(each)]
    if not held:
        by.require(READERS[0])
    area = Area.joined([pair for each in held for pair in by.area_for(each).ranges])
    return Inbox.objects.filter(area.where("village"))


def too_close() -> PermissionRefused:
    """DIS-040: an objection would be against the actor's own work."""
    return PermissionRefused(
        "DIS-040",
        _("You prepared or verified a case on this list: you do not refuse what is sent about it."),
        remedy=_("Take it in as an objection, or leave it to a colleague whom it does not concern."),
    )


def nothing_waits() -> NotFound:
    """DIS-035: there is none, it lies out of sight, or somebody dealt with it."""
    return NotFound(
        "DIS-035",
        _("Nothing such waits in your area: somebody may have dealt with it."),
        remedy=_("Load the list again."),
    )
