"""Changes: what waits, one change and what is decided about it, the history of a household."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from lika.accounts.access import actor, requires
from lika.console.change_forms import RemarkForm, UndoForm
from lika.console.queries import changes as words
from lika.console.queries.focus import way_to
from lika.console.views import documents
from lika.console.views.change_proposals import served
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.permissions import Permission
from lika.register import queries as register
from lika.register.actions import changes
from lika.register.choices import ChangeState


@requires(Permission.REGISTER_CHANGE)
@never_cache
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for the reader's check or acceptance, and what of the reader's own waits for others."""
    found = register.waiting_changes(by=actor(request))
    parts = [
        (_("To check"), words.told(found.to_check)),
        (_("Hand-overs to accept"), words.told(found.to_accept)),
        (_("Your own, waiting for others"), words.told(found.own)),
    ]
    total = sum(len(some) for _title, some in parts)
    return render(request, "console/changes.html", {"parts": parts, "nothing": not total, "total": total})


@requires(Permission.REGISTER_VIEW)
@never_cache
def history(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All changes of a household: who changed what, when, why, field by field. Raises REG-001."""
    who = actor(request)
    found = register.household_detail(by=who, household=pk)
    told = words.told(register.household_changes(by=who, household=pk))
    return render(
        request,
        "console/household_changes.html",
        {
            "household": found,
            "path": way_to(who, str(found.village)),
            "changes": told,
            "served": served(request, pk),
            "proposals": words.proposals() if words.may_propose(who, found.village) and found.closed_on is None else (),
        },
    )


@requires(Permission.REGISTER_VIEW)
@never_cache
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One change, from either side of a move. Raises REG-063."""
    return _page(request, pk)


def _page(request: HttpRequest, pk: UUID, **given: Any) -> HttpResponse:
    (told,) = words.told([register.change_detail(by=actor(request), change=pk)])
    forms = {"remark_form": RemarkForm(), "undo_form": UndoForm()} | given
    who = actor(request)
    home = told.view.household
    sees = home is not None and register.households_visible_to(who).filter(pk=home).exists()
    moved = told.is_move and told.view.state == ChangeState.APPLIED and told.view.village in who.area
    papers = documents.evidence(who, told.view, replaces=request.GET.get("replace", ""))
    status = 422 if any(form.errors for form in given.values() if hasattr(form, "errors")) else 200
    return render(
        request,
        "console/change.html",
        {
            "told": told,
            "change": told.view,
            "sees_household": sees,
            "day_before": told.view.effective_on - dt.timedelta(days=1) if moved and not sees else None,
            **papers,
            **forms,
        },
        status=status,
    )


@requires(Permission.REGISTER_CONFIRM)
@require_POST
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A second person agrees."""
    who = actor(request)
    return _decided(request, pk, lambda: changes.check_change(by=who, change=pk), _("The change is checked."))


@requires(Permission.REGISTER_CHANGE)
@require_POST
def accept(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The other village takes the household over."""
    who = actor(request)
    return _decided(request, pk, lambda: changes.accept_handover(by=who, change=pk), _("The household is taken over."))


@requires(Permission.REGISTER_CHANGE)
@require_POST
def refuse(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The change is not made, for a reason."""
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, remark_form=form)
    who, remark = actor(request), form.cleaned_data["remark"]
    return _decided(
        request, pk, lambda: changes.refuse_change(by=who, change=pk, remark=remark), _("The change is sent back.")
    )


@requires(Permission.REGISTER_CHANGE)
@require_POST
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another change that puts back what this one did."""
    form = UndoForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, undo_form=form)
    try:
        made = changes.propose_undo(by=actor(request), change=pk, **form.cleaned_data)
    except UserError as error:
        return _refused(request, pk, error)
    messages.success(request, _("Proposed: it waits for a second person.") if made.needs_check else _("Undone."))
    return redirect("console:change", made.pk)


def _decided(request: HttpRequest, pk: UUID, act: Callable[[], object], said: str) -> HttpResponse:
    try:
        act()
    except UserError as error:
        return _refused(request, pk, error)
    messages.success(request, said)
    return redirect("console:change", pk)


def _refused(request: HttpRequest, pk: UUID, error: UserError) -> HttpResponse:
    """What can be mended is told on the page of the change; what may not be, or is not there, by a page of its own."""
    if isinstance(error, PermissionRefused | NotFound):
        raise error
    response = _page(request, pk, refused=error)
    response.status_code = 422
    return response
