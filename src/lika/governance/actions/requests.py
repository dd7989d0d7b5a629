"""The service window: a request is registered, assigned, replied to, and its applicant told. Nothing is deleted."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts.models import Official
from lika.core import audit
from lika.core.actors import Actor
from lika.core.areas import CODE_LENGTH, DIGITS_OF_LEVEL
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.governance.choices import REQUEST_MOVES, Channel, Outcome, RequestKind, RequestState, Verb
from lika.governance.models import RequestStep, ServiceRequest
from lika.governance.queries.requests import days_given, may_deal_with, no_such_request, request_in_sight
from lika.register.actions.reveal import reason_for
from lika.register.queries import change_detail, household_visible_to

CHANGE = "change"  # the kind of what a step led to
LONGEST = {"applicant": 60, "phone": 20, "text": 1000, "note": 1000}
_SPAN = 10 ** (CODE_LENGTH - DIGITS_OF_LEVEL[Level.TOWNSHIP])


@dataclass(frozen=True)
class Asked:
    """What is written down of a request. `household` is its number; empty where none is known.

    `due_on` may stay empty where a pack in force says how many days there are (`days_to_reply`).
    """

    kind: RequestKind
    channel: Channel
    applicant: str
    text: str
    received_on: dt.date
    received_by: str
    phone: str = ""
    household: str = ""
    due_on: dt.date | None = None


@transaction.atomic
def register_request(*, by: Actor, township: str, asked: Asked) -> ServiceRequest:
    """Register a request in a township; it gets a number and a day.

    Raises ACC-001, ACC-002, DIV-010, GOV-010 (no township), GOV-011 (something missing or too long), GOV-012 (no day,
    or one that does not fit), GOV-013 (a day to come), GOV-014 (the household stands elsewhere), REG-001 (none).
    """
    by.require(Permission.REQUESTS_KEEP, division=township)
    place = divisions.get(township)
    if place.level != Level.TOWNSHIP:
        raise UserError(
            "GOV-010", _("A service window is a township's."), remedy=_("Choose a township."), field="township"
        )
    _refuse_words(asked)
    village, household = _household(by, asked.household, place.number)
    due_on, basis = _due(asked, place.code)
    request = ServiceRequest.objects.create(
        number=_next_number(place.number, asked.received_on.year),
        township=place.number,
        village=village,
        household_id=household,
        kind=asked.kind,
        channel=asked.channel,
        applicant=asked.applicant.strip(),
        phone=asked.phone.strip(),
        text=asked.text.strip(),
        received_on=asked.received_on,
        received_by=asked.received_by,
        due_on=due_on,
        due_basis=basis,
    )
    _step(by, request, Verb.REGISTER)
    return request


@transaction.atomic
def assign_request(*, by: Actor, request: UUID, to: UUID, note: str = "") -> ServiceRequest:
    """Name who deals with it: an official with a post at the township or the household's village.

    Raises ACC-001, ACC-002, GOV-015 (no such request), GOV-016 (not now), GOV-017 (nobody such).
    """
    found = _locked(by, Permission.REQUESTS_KEEP, request, Verb.ASSIGN)
    official = may_deal_with(found).filter(pk=to).first()
    if official is None:
        raise UserError(
            "GOV-017",
            _("This official cannot deal with the request."),
            remedy=_("Choose one from the list: it holds those who have a post here."),
            field="to",
        )
    found.assigned_to = official
    return _moved(by, found, Verb.ASSIGN, ["assigned_to"], note=note, to=official)


@transaction.atomic
def reply_request(*, by: Actor, request: UUID, outcome: Outcome, reply: str) -> ServiceRequest:
    """Write the reply down. In a village only whoever it is assigned to does so.

    Raises ACC-001, ACC-002, GOV-011, GOV-015, GOV-016, GOV-018 (assigned to somebody else).
    """
    found = _dealt_with(by, request, Verb.REPLY)
    found.outcome, found.reply = Outcome(outcome), _words("text", reply)
    return _moved(by, found, Verb.REPLY, ["outcome", "reply"], note=found.reply)


@transaction.atomic
def link_change(*, by: Actor, request: UUID, change: UUID) -> RequestStep:
    """The request led to a change of its household's record. It waits for its reply as before.

    Raises ACC-001, ACC-002, GOV-015, GOV-016, GOV-018, GOV-019 (no change of this household), REG-063.
    """
    found = _dealt_with(by, request, Verb.REPLY)
    made = change_detail(by=by, change=change)
    if found.household_id is None or found.household_id not in (made.household, made.other_household):
        raise UserError(
            "GOV-019",
            _("The change is not one of the household that the request is about."),
            remedy=_("Record the change from the page of the request."),
        )
    return _step(by, found, Verb.CHANGE, led_to=(CHANGE, made.id, made.kind))


@transaction.atomic
def return_request(*, by: Actor, request: UUID, note: str) -> ServiceRequest:
    """A reply that does not answer goes back. Raises ACC-001, ACC-002, GOV-011, GOV-015, GOV-016."""
    found = _locked(by, Permission.REQUESTS_KEEP, request, Verb.RETURN)
    return _moved(by, found, Verb.RETURN, [], note=_words("note", note))


@transaction.atomic
def close_request(*, by: Actor, request: UUID, told_on: dt.date, told_by: Channel) -> ServiceRequest:
    """The applicant was told the reply. Raises ACC-001, ACC-002, GOV-013, GOV-015, GOV-016."""
    found = _locked(by, Permission.REQUESTS_KEEP, request, Verb.CLOSE)
    if not found.received_on <= told_on <= timezone.localdate():
        raise _wrong_day("told_on")
    found.told_on, found.told_by = told_on, Channel(told_by)
    return _moved(by, found, Verb.CLOSE, ["told_on", "told_by"])


@transaction.atomic
def withdraw_request(*, by: Actor, request: UUID, note: str) -> ServiceRequest:
    """The applicant takes it back. Raises ACC-001, ACC-002, GOV-011, GOV-015, GOV-016."""
    found = _locked(by, Permission.REQUESTS_KEEP, request, Verb.WITHDRAW)
    return _moved(by, found, Verb.WITHDRAW, [], note=_words("note", note))


@transaction.atomic
def reveal_phone(*, by: Actor, request: UUID, reason: str) -> str:
    """The applicant's telephone in full, for a reason that is kept. Raises ACC-001, ACC-002, GOV-015, REG-050."""
    by.require(Permission.REGISTER_REVEAL)
    found = request_in_sight(by, request)
    if found is None:
        raise no_such_request()
    by.require(Permission.REGISTER_REVEAL, village=found.village)
    text = reason_for(reason)
    change = audit.Change("request", found.pk, _county(found), found.number, new={"field": "phone"})
    audit.record(by=by, action="request.revealed", change=change, reason=text)
    return str(found.phone)


def _household(by: Actor, number: str, township: int) -> tuple[int, UUID | None]:
    """Village and id of the household named; the township's own code where none is."""
    if not number.strip():
        return township, None
    found = household_visible_to(by, number.strip())
    if found.village // _SPAN != township // _SPAN:
        raise UserError(
            "GOV-014",
            _("The household stands in another township."),
            remedy=_("Ask the resident to go to that township's window, or leave the household empty."),
            field="household",
        )
    return found.village, found.pk


def _due(asked: Asked, township: str) -> tuple[dt.date, str]:
    """The day and what it rests on. A pack's number of days is the longest that a request may take."""
    given = days_given(township, asked.received_on)
    last = None if given is None else asked.received_on + dt.timedelta(days=given.days)
    chosen = asked.due_on or last
    if chosen is None or chosen < asked.received_on or (last is not None and chosen > last):
        raise UserError(
            "GOV-012",
            _("A day for the reply is needed, on or after the day of receipt and within the days given."),
            remedy=_("Choose the day by which the applicant gets an answer."),
            field="due_on",
        )
    return chosen, given.basis if given is not None and chosen == last else ""


def _refuse_words(asked: Asked) -> None:
    for name in ("applicant", "text"):
        _words(name, getattr(asked, name))
    if len(asked.phone.strip()) > LONGEST["phone"]:
        raise _wrong_words("phone")
    if asked.received_on > timezone.localdate():
        raise _wrong_day("received_on")


def _words(name: str, given: str) -> str:
    text = given.strip()
    if not text or len(text) > LONGEST[name]:
        raise _wrong_words(name)
    return text


def _wrong_words(name: str) -> UserError:
    return UserError(
        "GOV-011",
        _("Something has to be written here, and not more than %(longest)s characters.") % {"longest": LONGEST[name]},
        remedy=_("Enter it as the form shows."),
        field=name,
    )


def _wrong_day(name: str) -> UserError:
    return UserError("GOV-013", _("The day does not fit."), remedy=_("Choose today or an earlier day."), field=name)


def _next_number(township: int, year: int) -> str:
    """The township's next number of the year: 621223100-2026-0001. One at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [township])
    taken = ServiceRequest.objects.filter(township=township, number__startswith=f"{township // _SPAN}-{year}-").count()
    return f"{township // _SPAN}-{year}-{taken + 1:04d}"


def _dealt_with(by: Actor, request: UUID, verb: Verb) -> ServiceRequest:
    """A request locked for a step of whoever deals with it: in a village only the official it is assigned to."""
    found = _locked(by, Permission.REQUESTS_REPLY, request, verb)
    keeps = by.area_for(Permission.REQUESTS_KEEP)
    if found.village not in keeps and (found.assigned_to_id is None or found.assigned_to_id != by.official_id):
        raise UserError(
            "GOV-018",
            _("The request is not assigned to you."),
            remedy=_("Ask the township's window to assign it."),
        )
    return found


def _locked(by: Actor, permission: Permission, request: UUID, verb: Verb) -> ServiceRequest:
    by.require(permission)
    found = request_in_sight(by, request, lock=True)
    if found is None:
        raise no_such_request()
    by.require(permission, village=found.village)
    if found.state not in REQUEST_MOVES[verb][0]:
        raise UserError(
            "GOV-016",
            _("The request is not in the state that this step begins with."),
            remedy=_("Look at the request again."),
            state=found.get_state_display(),
        )
    return found


def _moved(
    by: Actor, found: ServiceRequest, verb: Verb, written: list[str], *, note: str = "", to: Official | None = None
) -> ServiceRequest:
    found.state = REQUEST_MOVES[verb][1]
    found.save(update_fields=[*written, "state"])
    _step(by, found, verb, note=note.strip(), to=to)
    return found


def _step(
    by: Actor,
    found: ServiceRequest,
    verb: Verb,
    *,
    note: str = "",
    to: Official | None = None,
    led_to: tuple[str, UUID | None, str] = ("", None, ""),
) -> RequestStep:
    """The step in the request's own history and in the audit, which tells no words of the resident."""
    kind, key, label = led_to
    step = RequestStep.objects.create(
        request=found, verb=verb, note=note, to=to, by_name=by.name, led_to_kind=kind, led_to_id=key, led_to_label=label
    )
    new: dict[str, object] = {"state": RequestState(found.state).value, "due": found.due_on}
    if to is not None:
        new["to"] = to.pk
    if key is not None:
        new["led_to"] = key
    change = audit.Change("request", found.pk, _county(found), found.number, new=new)
    audit.record(by=by, action=f"request.{verb.value}", change=change)
    return step


def _county(found: ServiceRequest) -> int:
    return int(str(found.township)[: DIGITS_OF_LEVEL[Level.COUNTY]])
