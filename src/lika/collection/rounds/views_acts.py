"""What is done with a submission by one button: each calls one action and says what came of it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from lika.accounts.access import actor, requires
from lika.collection.rounds import actions
from lika.collection.rounds.actions.auditing import At
from lika.collection.rounds.forms import ExtendForm, ReturnForm, StandInForm
from lika.core.errors import ManyErrors, NotFound, PermissionRefused, UserError
from lika.core.permissions import Permission


def _done(request: HttpRequest, submission_id: UUID, act: Callable[[], Any], told: str = "") -> HttpResponse:
    """Do it, and back to where it was asked for, with what was done or what is in the way."""
    try:
        act()
    except UserError as error:
        if isinstance(error, PermissionRefused) or (isinstance(error, NotFound) and error.code == "RND-001"):
            raise
        messages.error(request, _refusal(error))
    else:
        if told:
            messages.success(request, told)
    return _back(request, submission_id)


def _refusal(error: UserError) -> str:
    """The refusal in a sentence, with what to do; of many, how many."""
    told = f"{error.message} {error.remedy} ({error.code})"
    if isinstance(error, ManyErrors):
        count = len(error.errors)
        return f"{told} " + ngettext("%(n)s is missing.", "%(n)s are missing.", count) % {"n": count}
    return told


def _back(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """To the page named by the form, on this site; else to that of the village."""
    wanted = request.POST.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return redirect(wanted)
    return redirect("rounds:village", submission_id)


@require_POST
@requires(Permission.REGISTER_CHANGE)
def unchanged(request: HttpRequest, submission_id: UUID, pk: UUID) -> HttpResponse:
    """Nothing changed in a household since last year."""
    who = actor(request)
    told = _("Confirmed as unchanged.")
    return _done(
        request, submission_id,
        lambda: actions.confirm_unchanged(by=who, submission=submission_id, household=pk), told,
    )  # fmt: skip


@require_POST
@requires(Permission.REGISTER_CHANGE)
def take_up(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """What a workbook brought whole counts as filled."""
    who = actor(request)

    def act() -> None:
        count = actions.take_up(by=who, submission=submission_id)
        told = ngettext("%(n)s household is taken up.", "%(n)s households are taken up.", count) % {"n": count}
        messages.success(request, told)

    return _done(request, submission_id, act)


@require_POST
@requires(Permission.REGISTER_CHANGE)
def submit(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """The village hands in."""
    who, note = actor(request), request.POST.get("note", "")
    told = _("Handed in: the township looks through it.")
    return _done(request, submission_id, lambda: actions.submit(by=who, submission=submission_id, note=note), told)


@require_POST
@requires(Permission.ROUND_AUDIT)
def remark(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """The township notes what is wrong, and where: `at` is person:field, `household` its id or empty."""
    who = actor(request)
    person, _colon, field = request.POST.get("at", "").partition(":")
    try:
        at = At(_uuid(request.POST.get("household", "")), _uuid(person), field)
    except ValueError:
        at = At(None, None, "?")  # nowhere: the action says so
    text = request.POST.get("text", "")
    told = _("Noted. The village is told when you return the submission.")
    return _done(
        request, submission_id, lambda: actions.add_remark(by=who, submission=submission_id, at=at, text=text), told
    )


def _uuid(text: str) -> UUID | None:
    return UUID(text) if text else None


@require_POST
@requires(Permission.ROUND_AUDIT)
def drop_remark(request: HttpRequest, submission_id: UUID, remark_id: UUID) -> HttpResponse:
    """The township takes a remark back."""
    who = actor(request)
    return _done(
        request, submission_id,
        lambda: actions.drop_remark(by=who, submission=submission_id, remark=remark_id), _("Taken back."),
    )  # fmt: skip


@require_POST
@requires(Permission.ROUND_AUDIT)
def give_back(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """The township returns it to be mended."""
    who = actor(request)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the day by which it is to be mended."))
        return _back(request, submission_id)
    given = form.cleaned_data
    told = _("Returned: the village sees your remarks at the fields.")
    return _done(
        request, submission_id, lambda: actions.return_submission(by=who, submission=submission_id, **given), told
    )


@require_POST
@requires(Permission.ROUND_AUDIT)
def pass_on(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """The township passes it."""
    who = actor(request)
    told = _("Passed: the county locks it next.")
    return _done(request, submission_id, lambda: actions.pass_submission(by=who, submission=submission_id), told)


@require_POST
@requires(Permission.ROUND_VIEW)
def extend(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """The township or the county gives the village a later day."""
    who, form = actor(request), ExtendForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the new last day and the reason."))
        return _back(request, submission_id)
    told = _("The village has until the new day; the reason stands in what was done.")
    return _done(
        request, submission_id,
        lambda: actions.extend_due(by=who, submission=submission_id, **form.cleaned_data), told,
    )  # fmt: skip


@require_POST
@requires(Permission.ROUND_KEEP)
def stand_in(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """The county passes where nobody audits for the township."""
    who, form = actor(request), StandInForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    told = _("Passed in the township's place: another person of the county locks it.")
    return _done(
        request, submission_id,
        lambda: actions.pass_for_township(by=who, submission=submission_id, reason=reason), told,
    )  # fmt: skip


@require_POST
@requires(Permission.ROUND_KEEP)
def send_back(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """The county sends it back to the township."""
    who, note = actor(request), request.POST.get("note", "")
    told = _("Sent back: the township looks through it again.")
    return _done(request, submission_id, lambda: actions.send_back(by=who, submission=submission_id, note=note), told)


@require_POST
@requires(Permission.ROUND_KEEP)
def lock(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """The county locks it."""
    who = actor(request)
    told = _("Locked: from now on by correction only.")
    return _done(request, submission_id, lambda: actions.lock_submission(by=who, submission=submission_id), told)
