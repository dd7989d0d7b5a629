"""Requests in the sight of a reader: the list with what is overdue first, one with its steps, what waits."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts.models import Official
from lika.accounts.queries import officials_posted
from lika.core.actors import Actor
from lika.core.areas import Area
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.divisions.models import Division
from lika.governance.choices import REQUESTS_OPEN, RequestState
from lika.governance.models import RequestStep, ServiceRequest
from lika.policy.queries.in_force import parameter_in_force
from lika.register.choices import ChangeKind
from lika.register.queries import ChangeView, change_detail

# The parameter that says within how many calendar days a request is replied to; without a value the window sets a day.
DAYS_TO_REPLY = "days_to_reply"


@dataclass(frozen=True)
class RequestFilter:
    """What to list; empty does not filter, but for what is over: that is listed only where asked for.

    `state` is a state or `late`; `mine` keeps what is assigned to the reader.
    """

    state: str = ""
    kind: str = ""
    number: str = ""
    household: UUID | None = None
    mine: bool = False


LATE = "late"


@dataclass(frozen=True)
class DaysGiven:
    """The days that a pack gives, and where it says so."""

    days: int
    basis: str


def days_given(township: str, day: dt.date) -> DaysGiven | None:
    """How many days a reply may take in a township; None where no pack in force says."""
    found = parameter_in_force(DAYS_TO_REPLY, division=township, at=day)
    if found is None or not isinstance(found.value, int):
        return None
    return DaysGiven(found.value, f"{found.pack} {found.clause_ref}")


def visible(by: Actor) -> QuerySet[ServiceRequest]:
    """The requests of the area where the actor may see them. Raises ACC-001."""
    by.require(Permission.REQUESTS_VIEW)
    return ServiceRequest.objects.filter(by.area_for(Permission.REQUESTS_VIEW).where("village"))


def list_requests(by: Actor, wanted: RequestFilter) -> QuerySet[ServiceRequest]:
    """The requests asked for: open ones by their day, so that what is late stands first; then those that are over."""
    today = timezone.localdate()
    found = visible(by).select_related("assigned_to")
    if wanted.state == LATE:
        found = found.filter(late_on(today))
    elif wanted.state:
        found = found.filter(state=wanted.state)
    elif wanted.household is None and not wanted.number:
        found = found.filter(state__in=REQUESTS_OPEN)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.number:
        found = found.filter(number__startswith=wanted.number.strip())
    if wanted.household is not None:
        found = found.filter(household_id=wanted.household)
    if wanted.mine:
        found = found.filter(assigned_to_id=by.official_id) if by.official_id else found.none()
    over = Case(When(state__in=REQUESTS_OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())
    return found.order_by(over, "due_on", "number")


def late_on(day: dt.date) -> Q:
    """What should have been replied to before a day and was not."""
    return Q(state__in=(RequestState.REGISTERED, RequestState.ASSIGNED), due_on__lt=day)


def request_in_sight(by: Actor, request: UUID, *, lock: bool = False) -> ServiceRequest | None:
    """One request; locked for a step."""
    found = visible(by).filter(pk=request)
    return found.select_for_update(of=("self",)).first() if lock else found.select_related("assigned_to").first()


def no_such_request() -> NotFound:
    """GOV-015: there is none, or it lies out of sight."""
    return NotFound(
        "GOV-015", _("There is no such request in your area."), remedy=_("Look for its number in the list of requests.")
    )


def steps_of(request: ServiceRequest) -> list[RequestStep]:
    """All steps, the first first."""
    return list(request.steps.select_related("to"))


@dataclass(frozen=True)
class RecordedChange:
    """A change that a request led to. `view` is None where it is out of the reader's sight by now."""

    kind: ChangeKind
    recorded_at: dt.datetime
    view: ChangeView | None


def changes_of(by: Actor, steps: Sequence[RequestStep]) -> list[RecordedChange]:
    """The changes that the steps of a request led to, as the reader may see them."""
    return [
        RecordedChange(ChangeKind(step.led_to_label), step.at, _change(by, step.led_to_id))
        for step in steps
        if step.led_to_id is not None
    ]


def _change(by: Actor, change: UUID) -> ChangeView | None:
    try:
        return change_detail(by=by, change=change) if by.has(Permission.REGISTER_VIEW) else None
    except NotFound:
        return None


def may_deal_with(request: ServiceRequest) -> QuerySet[Official]:
    """Whoever holds a post at the township of a request, or at the village of its household, today."""
    here = Area.joined([(request.township, request.township), (request.village, request.village)])
    return officials_posted(here, timezone.localdate())


def windows_of(by: Actor) -> list[Division]:
    """The townships whose window the actor keeps, by code."""
    return list(divisions.lying_in(by.area_for(Permission.REQUESTS_KEEP), Level.TOWNSHIP))


@dataclass(frozen=True)
class RequestsWaiting:
    """What waits for an official at the window: to be assigned, to be closed, own ones; of all, how many are late."""

    to_assign: int = 0
    to_close: int = 0
    own: int = 0
    late: int = 0


def waiting(by: Actor) -> RequestsWaiting:
    """The counts. One query; nothing for whoever sees no requests."""
    if not by.has(Permission.REQUESTS_VIEW):
        return RequestsWaiting()
    own = Q(assigned_to_id=by.official_id, state=RequestState.ASSIGNED) if by.official_id else Q(pk__in=[])
    kept = by.area_for(Permission.REQUESTS_KEEP).where("village")
    counted = visible(by).aggregate(
        to_assign=Count("pk", filter=kept & Q(state=RequestState.REGISTERED)),
        to_close=Count("pk", filter=kept & Q(state=RequestState.REPLIED)),
        own=Count("pk", filter=own),
        late=Count("pk", filter=(kept | own) & late_on(timezone.localdate())),
    )
    return RequestsWaiting(**counted)
