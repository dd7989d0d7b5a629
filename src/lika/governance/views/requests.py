"""Pages of the service window: the list, registering, one request with its steps, the receipt on paper."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor
from lika.core.areas import CODE_LENGTH
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.forms import ActionForm
from lika.core.pages import page_of
from lika.core.permissions import Permission
from lika.core.privacy import mask_phone
from lika.divisions import queries as divisions
from lika.governance.actions import requests as actions
from lika.governance.actions.requests import Asked
from lika.governance.choices import REQUEST_MOVES, Channel, Outcome, RequestKind, RequestState, Verb
from lika.governance.forms.requests import (
    AssignRequestForm,
    CloseForm,
    NoteForm,
    PhoneForm,
    ReplyForm,
    RequestFilterForm,
    RequestForm,
)
from lika.governance.models import ServiceRequest
from lika.governance.queries import requests as reads
from lika.governance.views.common import tabs_for
from lika.register.choices import ChangeKind, ChangeState
from lika.register.queries import household_visible_to

PAGE_SIZE = 50
SIGNS = {
    RequestState.REGISTERED: "waiting",
    RequestState.ASSIGNED: "info",
    RequestState.REPLIED: "waiting",
    RequestState.CLOSED: "done",
    RequestState.WITHDRAWN: "plain",
}

CHANGE_SIGNS = {
    ChangeState.PROPOSED: "waiting",
    ChangeState.CHECKED: "waiting",
    ChangeState.APPLIED: "done",
    ChangeState.REFUSED: "not_met",
}


@requires(Permission.REQUESTS_VIEW)
@never_cache
def requests(request: HttpRequest) -> HttpResponse:
    """The requests: `?state=`, `?kind=`, `?number=`, `?household=` (id), `?mine=1`, `?page=`."""
    who, wanted = actor(request), wanted_by(request.GET)
    page = Paginator(reads.list_requests(who, wanted), PAGE_SIZE).get_page(page_of(request))
    today = timezone.localdate()
    context = {
        "list": {"page": page.number, "pages": page.paginator.num_pages},
        "total": page.paginator.count,
        "lines": [_line(each, today) for each in page.object_list],
        "form": RequestFilterForm(request.GET),
        "filtered": any((wanted.state, wanted.kind, wanted.number, wanted.household, wanted.mine)),
        "carried": [("mine", "1")] if wanted.mine else [],
        "household": wanted.household,
        "may_register": who.has(Permission.REQUESTS_KEEP),
        "tabs": tabs_for(request, "requests"),
    }
    return render(request, "governance/requests.html", context)


def wanted_by(given: QueryDict) -> reads.RequestFilter:
    """What an address asks of the list."""
    return reads.RequestFilter(
        state=str(given.get("state", "")),
        kind=str(given.get("kind", "")),
        number=str(given.get("number", "")),
        household=_id_of(str(given.get("household", ""))),
        mine=given.get("mine") == "1",
    )


@requires(Permission.REQUESTS_KEEP)
@never_cache
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """A new request; `?household=` (id) fills in the household's number."""
    who = actor(request)
    windows = reads.windows_of(who)
    given = _id_of(request.GET.get("household", ""))
    known = household_visible_to(who, given) if given is not None else None
    township = f"{known.village:012d}"[:9] + "000" if known else windows[0].code
    days = reads.days_given(township, timezone.localdate())
    start = {"household": known.number if known else "", "township": township, "received_by": _name_of(who)}
    form = RequestForm(request.POST or None, windows=windows, day_given=days is not None, initial=start)
    if request.method == "POST" and form.is_valid():
        asked = dict(form.cleaned_data)
        where = asked.pop("township")
        asked |= {"kind": RequestKind(asked["kind"]), "channel": Channel(asked["channel"])}
        try:
            made = actions.register_request(by=who, township=where, asked=Asked(**asked))
        except PermissionRefused:
            raise
        except UserError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Registered as %(number)s. Print the receipt.") % {"number": made.number})
            return redirect("governance:request", pk=made.pk)
    context = {"form": form, "days": days}
    return render(request, "governance/request_new.html", context, status=422 if form.errors else 200)


@requires(Permission.REQUESTS_VIEW)
@never_cache
def service_request(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One request: what is asked, where it stands, what may be done now, all steps."""
    return _page(request, pk)


@requires(Permission.REQUESTS_VIEW)
@never_cache
def receipt(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The receipt for the applicant: a paper, in Chinese whatever the reader's language."""
    found = _found(request, pk)
    with translation.override("zh-hans"):
        context = {"asked": found, "place": _township_of(found), "today": timezone.localdate()}
        return render(request, "governance/request_receipt.html", context)


@requires(Permission.REQUESTS_KEEP)
@never_cache
@require_POST
def assign(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Name who deals with it."""
    form = AssignRequestForm(request.POST, officials=reads.may_deal_with(_found(request, pk)))
    return _stepped(
        request, pk, "assign_form", form,
        lambda who, given: actions.assign_request(by=who, request=pk, to=uuid.UUID(given["to"]), note=given["note"]),
    )  # fmt: skip


@requires(Permission.REQUESTS_REPLY)
@never_cache
@require_POST
def reply(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Write the reply down."""
    return _stepped(
        request, pk, "reply_form", ReplyForm(request.POST),
        lambda who, given: actions.reply_request(
            by=who, request=pk, outcome=Outcome(given["outcome"]), reply=given["reply"]
        ),
    )  # fmt: skip


@requires(Permission.REQUESTS_KEEP)
@never_cache
@require_POST
def send_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A reply that does not answer goes back."""
    return _stepped(
        request, pk, "return_form", NoteForm(request.POST),
        lambda who, given: actions.return_request(by=who, request=pk, note=given["note"]),
    )  # fmt: skip


@requires(Permission.REQUESTS_KEEP)
@never_cache
@require_POST
def close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The applicant was told."""
    return _stepped(
        request, pk, "close_form", CloseForm(request.POST),
        lambda who, given: actions.close_request(
            by=who, request=pk, told_on=given["told_on"], told_by=Channel(given["told_by"])
        ),
    )  # fmt: skip


@requires(Permission.REQUESTS_KEEP)
@never_cache
@require_POST
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The applicant takes it back."""
    return _stepped(
        request, pk, "withdraw_form", NoteForm(request.POST),
        lambda who, given: actions.withdraw_request(by=who, request=pk, note=given["note"]),
    )  # fmt: skip


@requires(Permission.REGISTER_REVEAL)
@never_cache
@require_POST
def phone(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The applicant's telephone in full, for a reason. Never by an address: the answer is to a POST."""
    form = PhoneForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, phone_form=form)
    shown = actions.reveal_phone(by=actor(request), request=pk, reason=form.cleaned_data["reason"])
    return _page(request, pk, phone_shown=shown)


def _page(request: HttpRequest, pk: uuid.UUID, **refused: Any) -> HttpResponse:
    who, found = actor(request), _found(request, pk)
    keeps = found.village in who.area_for(Permission.REQUESTS_KEEP)
    own = found.assigned_to_id is not None and found.assigned_to_id == who.official_id
    replies = (keeps or own) and found.village in who.area_for(Permission.REQUESTS_REPLY)
    verbs = {verb for verb, (begins, _leads) in REQUEST_MOVES.items() if found.state in begins}
    steps = reads.steps_of(found)
    changes = reads.changes_of(who, steps)
    forms: dict[str, ActionForm] = {}
    if keeps and Verb.ASSIGN in verbs:
        forms["assign_form"] = AssignRequestForm(officials=reads.may_deal_with(found))
        forms["withdraw_form"] = NoteForm(auto_id="withdraw_%s")
    if replies and Verb.REPLY in verbs:
        # What was recorded settles most requests; the reader may choose otherwise.
        forms["reply_form"] = ReplyForm(initial={"outcome": Outcome.DONE} if changes else None)
    if keeps and Verb.CLOSE in verbs:
        forms["close_form"] = CloseForm()
        forms["return_form"] = NoteForm(auto_id="return_%s")
    may_reveal = bool(found.phone) and found.village in who.area_for(Permission.REGISTER_REVEAL)
    context = {
        "asked": found,
        "place": _township_of(found),
        "line": _line(found, timezone.localdate()),
        "phone": mask_phone(found.phone) if found.phone else "",
        "phone_form": PhoneForm() if may_reveal else None,
        "steps": [_event(step) for step in steps],
        "changes": [_recorded(each) for each in changes],
        "may_record": replies and Verb.REPLY in verbs and found.village in who.area_for(Permission.REGISTER_CHANGE),
        "keeps": keeps,
        **forms,
        **refused,
    }
    status = 422 if any(getattr(value, "errors", None) for value in refused.values()) else 200
    return render(request, "governance/request.html", context, status=status)


def _stepped(
    request: HttpRequest,
    pk: uuid.UUID,
    name: str,
    form: ActionForm,
    act: Callable[[UserActor, dict[str, Any]], ServiceRequest],
) -> HttpResponse:
    """Do a step and go back to the request; what is refused stands in the form that asked."""
    _found(request, pk)
    if form.is_valid():
        try:
            done = act(actor(request), form.cleaned_data)
        except (PermissionRefused, NotFound):
            raise
        except UserError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Now: %(state)s.") % {"state": RequestState(done.state).label})
            return redirect("governance:request", pk=pk)
    return _page(request, pk, **{name: form})


def _found(request: HttpRequest, pk: uuid.UUID) -> ServiceRequest:
    found = reads.request_in_sight(actor(request), pk)
    if found is None:
        raise reads.no_such_request()
    return found


def _line(found: ServiceRequest, today: dt.date) -> dict[str, Any]:
    waits = found.state in (RequestState.REGISTERED, RequestState.ASSIGNED)
    return {
        "asked": found,
        "sign": SIGNS[RequestState(found.state)],
        "waits": waits,
        "days": (found.due_on - today).days,
    }


def _event(step: Any) -> dict[str, Any]:
    title = str(Verb(step.verb).label)
    if step.led_to_label:
        title = f"{title} · {ChangeKind(step.led_to_label).label}"
    return {
        "on": timezone.localdate(step.at),
        "title": f"{title} · {step.to.name}" if step.to else title,
        "text": f"{step.note} · {step.by_name}" if step.note else step.by_name,
    }


def _recorded(change: reads.RecordedChange) -> dict[str, Any]:
    state = ChangeState(change.view.state) if change.view else None
    return {"change": change, "state": state, "sign": CHANGE_SIGNS.get(state) if state else ""}


def _township_of(found: ServiceRequest) -> Any:
    return divisions.get(f"{found.township:0{CODE_LENGTH}d}")


def _name_of(who: UserActor) -> str:
    return who.posts[0].official.name if who.posts else ""


def _id_of(text: str) -> uuid.UUID | None:
    """An id of an address; none where it is no id."""
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None
