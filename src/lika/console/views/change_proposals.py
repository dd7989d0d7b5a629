"""Proposing a change from a household's page, one form for each kind."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor
from lika.console import change_forms as forms
from lika.console.facts import declared
from lika.console.queries import changes as words
from lika.console.queries.compared import suggested
from lika.console.queries.focus import last_of, way_to
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.permissions import Permission
from lika.governance.actions.requests import link_change
from lika.governance.models import ServiceRequest
from lika.governance.queries.requests import request_in_sight
from lika.register import queries as register
from lika.register.actions import NewPerson, changes
from lika.register.choices import ChangeKind
from lika.register.models import Change
from lika.register.queries import HouseholdView

_FORMS: Mapping[str, type[forms.ChangeForm]] = {
    ChangeKind.JOIN: forms.JoinForm,
    ChangeKind.LEAVE: forms.LeaveForm,
    ChangeKind.AWAY: forms.AwayForm,
    ChangeKind.CORRECT: forms.CorrectForm,
    ChangeKind.YEAR: forms.YearForm,
    ChangeKind.HEAD: forms.HeadForm,
    ChangeKind.SPLIT: forms.SplitForm,
    ChangeKind.MERGE: forms.MergeForm,
    ChangeKind.MOVE: forms.MoveForm,
}


@requires(Permission.REGISTER_CHANGE)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """The form of a kind; what it proposes waits for a second person where the kind asks for one."""
    if kind not in _FORMS:
        raise Http404
    who = actor(request)
    found = register.household_detail(by=who, household=pk)
    who.require(Permission.REGISTER_CHANGE, village=found.village)
    serves, hint = served(request, pk), suggested(who, found, kind, request.GET.dict())
    asked = last_of(request.GET.getlist("division")) or f"{found.village:012d}"
    way, county = words.way_to_county(asked) if kind == ChangeKind.MOVE else ([], "")
    more = {"villages": words.villages_of(county)} if kind == ChangeKind.MOVE else _more(who, found, kind, request.POST)
    begun = hint.initial if hint else None
    form = _FORMS[kind](request.POST or None, members=found.members, initial=begun, **more)
    if request.method == "POST" and form.is_valid():
        try:
            made = _record(who, found, ChangeKind(kind), form, serves)
        except UserError as error:
            if isinstance(error, PermissionRefused) or (isinstance(error, NotFound) and "number" not in form.fields):
                raise
            form.refuse(error)
        else:
            told = _("Proposed: it waits for a second person.") if made.needs_check else _("Recorded.")
            if made.needs_evidence:
                messages.success(request, _("Proposed: add the evidence, then a second person can check it."))
                return redirect("console:change", made.pk)
            messages.success(request, told)
            if serves is not None:
                return redirect("governance:request", serves.pk)
            return redirect("console:household-changes", pk)
    return render(
        request,
        "console/change_propose.html",
        {
            "household": found,
            "path": way_to(who, str(found.village)),
            "kind": kind,
            "title": words.title_of(kind),
            "form": form,
            "cascade": way,
            "county": county,
            "served": serves,
            "suggested": hint,
        },
        status=422 if form.errors else 200,
    )


@transaction.atomic
def _record(
    who: UserActor, found: HouseholdView, kind: ChangeKind, form: forms.ChangeForm, asked: ServiceRequest | None
) -> Change:
    """The change, kept with the request that asked for it: both or neither."""
    made = _ACTS[kind](who, found, form)
    if asked is not None:
        link_change(by=who, request=asked.pk, change=made.pk)
    return made


def served(request: HttpRequest, household: UUID) -> ServiceRequest | None:
    """The request of a resident that `?request=` names, where it is about the household and in the reader's sight."""
    text = request.GET.get("request", "")
    try:
        key = UUID(text) if text else None
    except ValueError:
        key = None
    who = actor(request)
    found = request_in_sight(who, key) if key is not None and who.has(Permission.REQUESTS_VIEW) else None
    return found if found is not None and found.household_id == household else None


def _more(who: UserActor, found: HouseholdView, kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the form of a kind needs besides the members."""
    if kind == ChangeKind.MERGE:
        other = _numbered(who, str(given.get("number", "")).strip())
        return {"joining": other.members if other is not None else ()}
    if kind != ChangeKind.YEAR:
        return {}
    rows = register.locked_years(by=who, household=found.id)
    labels = [
        (f"{row.subject}:{row.id}", " ".join(filter(None, (str(row.data_year), str(row.subject.label), row.person))))
        for row in rows
    ]
    units = {row.subject: words.YEAR_UNITS[row.subject] for row in rows}
    known = declared().units
    facts = {
        f"{subject}:{name}": known[unit][name]
        for subject, unit in units.items()
        for name in register.yearly_fields(subject)
        if name in known[unit]
    }
    return {"rows": labels, "fields": facts}


def _numbered(who: UserActor, number: str) -> HouseholdView | None:
    """The household of a number in sight; None where there is none, which the action tells."""
    try:
        return register.household_detail(by=who, household=number) if number else None
    except NotFound:
        return None


Act = Callable[[UserActor, HouseholdView, Any], Change]


def _join(who: UserActor, found: HouseholdView, form: forms.JoinForm) -> Change:
    given = dict(form.cleaned_data)
    person = NewPerson(
        **{name: given[name] for name in ("name", "identity", "no_id_reason", "sex", "birth_date", "ethnicity")}
    )
    return changes.propose_join(
        by=who, household=found.id, person=person, relation=given["relation"], reason_code=given["reason_code"],
        grounds=form.grounds(),
    )  # fmt: skip


def _leave(who: UserActor, found: HouseholdView, form: forms.LeaveForm) -> Change:
    return changes.propose_leave(
        by=who, household=found.id, person=form.member(), reason_code=form.cleaned_data["reason_code"],
        relations=form.relations(), grounds=form.grounds(),
    )  # fmt: skip


def _away(who: UserActor, found: HouseholdView, form: forms.AwayForm) -> Change:
    return changes.propose_away(
        by=who, household=found.id, person=form.member(), reason_code=form.cleaned_data["reason_code"],
        grounds=form.grounds(),
    )  # fmt: skip


def _correct(who: UserActor, found: HouseholdView, form: forms.CorrectForm) -> Change:
    return changes.propose_correction(
        by=who, household=found.id, person=form.whose(), values=form.values(), grounds=form.grounds()
    )


def _year(who: UserActor, _found: HouseholdView, form: forms.YearForm) -> Change:
    subject, row, values = form.asked()
    return changes.propose_year_correction(by=who, subject=subject, row=row, values=values, grounds=form.grounds())


def _head(who: UserActor, found: HouseholdView, form: forms.HeadForm) -> Change:
    return changes.propose_head(by=who, household=found.id, relations=form.relations(), grounds=form.grounds())


def _split(who: UserActor, found: HouseholdView, form: forms.SplitForm) -> Change:
    return changes.propose_split(
        by=who, household=found.id, number=form.cleaned_data["number"], leaving=form.relations(),
        grounds=form.grounds(),
    )  # fmt: skip


def _merge(who: UserActor, found: HouseholdView, form: forms.MergeForm) -> Change:
    other = register.household_detail(by=who, household=form.cleaned_data["number"])
    return changes.propose_merge(
        by=who, household=found.id, other=other.id, relations=form.relations(), grounds=form.grounds()
    )


def _move(who: UserActor, found: HouseholdView, form: forms.MoveForm) -> Change:
    return changes.propose_move(
        by=who, household=found.id, village=form.cleaned_data["village"], grounds=form.grounds()
    )


_ACTS: Mapping[ChangeKind, Act] = {
    ChangeKind.JOIN: _join,
    ChangeKind.LEAVE: _leave,
    ChangeKind.AWAY: _away,
    ChangeKind.CORRECT: _correct,
    ChangeKind.YEAR: _year,
    ChangeKind.HEAD: _head,
    ChangeKind.SPLIT: _split,
    ChangeKind.MERGE: _merge,
    ChangeKind.MOVE: _move,
}
