"""What a keeper of accounts does: appoint, give and end posts and grants, open, lock and unlock accounts."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lika.accounts import actions, keeping
from lika.accounts.access import actor, requires
from lika.accounts.actions import OneTimePassword
from lika.accounts.choices import Role
from lika.accounts.models import Official
from lika.console.official_forms import AccountForm, AppointForm, EndForm, GrantForm, PostForm
from lika.console.views.officials import official_page, place_of
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.permissions import Permission
from lika.register.actions.grants import grant_sight


@requires(Permission.ACCOUNTS_MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new official with a first post at the division of the address, with or without an account."""
    who = actor(request)
    place = place_of(request, who)
    form = AppointForm(request.POST or None, roles=place["roles"])
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data | {"role": Role(form.cleaned_data["role"])}
        try:
            appointed = actions.appoint(by=who, division=place["focus"].division.code, **given)
        except UserError as error:
            _show_in(form, error)
        else:
            if appointed.password is not None:
                return _handed_out(request, appointed.official, appointed.password)
            messages.success(request, _("The official is added."))
            return redirect("console:official", appointed.official.pk)
    return render(request, "console/official_add.html", place | {"form": form}, status=422 if form.errors else 200)


@requires(Permission.ACCOUNTS_MANAGE)
@require_POST
def give_post(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A post at the division of the address."""
    who = actor(request)
    place = place_of(request, who)
    form = PostForm(request.POST, roles=place["roles"])
    if not form.is_valid():
        return official_page(request, pk, post_form=form)
    given = form.cleaned_data | {"role": Role(form.cleaned_data["role"])}
    return _done(
        request, pk, {"post_form": form}, _("The post is given."),
        lambda found: actions.give_post(by=who, official=found, division=place["focus"].division.code, **given),
    )  # fmt: skip


@requires(Permission.ACCOUNTS_MANAGE)
@require_POST
def end_post(request: HttpRequest, pk: UUID, post: UUID) -> HttpResponse:
    """A post ends."""
    who = actor(request)
    ending = keeping.post_of(by=who, official=pk, post=post)
    return _ended(
        request, pk, post, _("The post is ended."), lambda day: actions.end_post(by=who, post=ending, last_day=day)
    )


@requires(Permission.ACCOUNTS_MANAGE)
@require_POST
def give_grant(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Sight of one household by its number, or of the village of the address."""
    who = actor(request)
    village = place_of(request, who)["focus"].division.code
    form = GrantForm(request.POST)
    if not form.is_valid():
        return official_page(request, pk, grant_form=form)
    given = dict(form.cleaned_data)
    number = given.pop("number")
    return _done(
        request, pk, {"grant_form": form}, _("The grant is given."),
        lambda found: (
            grant_sight(by=who, official=found, number=number, **given)
            if number
            else actions.grant_village(by=who, official=found, village=village, **given)
        ),
    )  # fmt: skip


@requires(Permission.ACCOUNTS_MANAGE)
@require_POST
def end_grant(request: HttpRequest, pk: UUID, grant: UUID) -> HttpResponse:
    """A grant ends."""
    who = actor(request)
    ending = keeping.grant_of(by=who, official=pk, grant=grant)
    return _ended(
        request, pk, grant, _("The grant is ended."), lambda day: actions.end_grant(by=who, grant=ending, last_day=day)
    )


@requires(Permission.ACCOUNTS_MANAGE)
@never_cache
@require_POST
def open_account(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An account for an official without one; the password is shown this once."""
    who, form = actor(request), AccountForm(request.POST)
    found = keeping.official_kept(by=who, official=pk).official
    if form.is_valid():
        try:
            given = actions.open_account(by=who, official=found, username=form.cleaned_data["username"])
        except UserError as error:
            _show_in(form, error)
        else:
            return _handed_out(request, found, given)
    return official_page(request, pk, account_form=form)


@requires(Permission.ACCOUNTS_MANAGE)
@never_cache
@require_POST
def reset_password(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new one-time password, shown this once."""
    who = actor(request)
    found = keeping.official_kept(by=who, official=pk).official
    return _handed_out(request, found, actions.reset_password(by=who, official=found))


@requires(Permission.ACCOUNTS_MANAGE)
@require_POST
def lock(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The account signs in no more."""
    who = actor(request)
    return _done(
        request, pk, {}, _("The account is locked."), lambda found: actions.lock_account(by=who, official=found)
    )


@requires(Permission.ACCOUNTS_MANAGE)
@require_POST
def unlock(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The account may sign in again."""
    who = actor(request)
    return _done(
        request, pk, {}, _("The account is unlocked."), lambda found: actions.unlock_account(by=who, official=found)
    )


@requires(Permission.ACCOUNTS_MANAGE)
@require_POST
def take_second_factor(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The holder lost telephone and recovery codes: the account signs in by its password alone."""
    who = actor(request)
    return _done(
        request, pk, {}, _("The second step is removed."),
        lambda found: actions.take_second_factor(by=who, official=found),
    )  # fmt: skip


def _done(
    request: HttpRequest, pk: UUID, forms: dict[str, Any], said: str, act: Callable[[Official], object]
) -> HttpResponse:
    """Do it and go back to the official; what the action refuses is shown in the form that asked (first of `forms`)."""
    found = keeping.official_kept(by=actor(request), official=pk).official
    try:
        act(found)
    except UserError as error:
        if not forms:
            raise
        _show_in(next(iter(forms.values())), error)
        return official_page(request, pk, **forms)
    messages.success(request, said)
    return redirect("console:official", pk)


def _ended(request: HttpRequest, pk: UUID, ending: UUID, said: str, end: Callable[[dt.date], object]) -> HttpResponse:
    """End a post or grant with the day of the form, which stands beside the one that is `ending`."""
    form = EndForm(request.POST)
    forms = {"end_form": form, "ending": ending}
    if not form.is_valid():
        return official_page(request, pk, **forms)
    return _done(request, pk, forms, said, lambda _found: end(form.cleaned_data["valid_to"]))


def _show_in(form: Any, error: UserError) -> None:
    """A fault that the person can mend stands in the form; what they may not do, or what is not there, is a page."""
    if isinstance(error, PermissionRefused) or (isinstance(error, NotFound) and "number" not in form.fields):
        raise error
    form.refuse(error)


def _handed_out(request: HttpRequest, found: Official, given: OneTimePassword) -> HttpResponse:
    """The password on the page that answers the POST: it stands in no session, no address and no log."""
    found.refresh_from_db()
    return render(request, "console/official_password.html", {"official": found, "given": given})
