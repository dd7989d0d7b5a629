"""What stages show on the page of their batch, and the acts on them."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor
from lika.casework.actions import consents, decisions, evidence, meetings, surveys
from lika.casework.choices import LIVE_STATES, HouseholdAnswer
from lika.casework.forms.lines import OutcomesForm
from lika.casework.forms.stages import (
    AnswersForm,
    DecideForm,
    EvidenceForm,
    LeaveOutForm,
    MeetingForm,
    SurveyFormForm,
    WithdrawEvidenceForm,
)
from lika.casework.queries import cases as reads
from lika.casework.queries import courses
from lika.casework.queries.evidence import checklist
from lika.casework.queries.stages import consents_of, meetings_of, opinions_of, survey_forms_of, takes_forms
from lika.casework.views.batches import batch_page
from lika.casework.views.stages import STAGE_FORMS, StageView
from lika.core.errors import UserError
from lika.core.forms import ActionForm
from lika.core.permissions import Permission
from lika.policy.choices import StageKind
from lika.register import queries as register

MOVED_ON = ("CAS-032", "CAS-035")
F = TypeVar("F", bound=ActionForm)


def decided(request: HttpRequest, on: StageView) -> Mapping[str, Any]:
    """A stage that is left by a decision; with the survey forms where it takes some."""
    shown: dict[str, Any] = {"opinions": _opinions(on), **papers(request, on)}
    if takes_forms(on.stage):
        shown["survey_forms"] = survey_forms_of(each.case for each in on.cases)
    if on.may_act:
        shown["decide_form"] = _decide_form(on)
        shown["survey_form"] = SurveyFormForm(cases=on.cases) if takes_forms(on.stage) else None
        shown["leave_form"] = LeaveOutForm(initial={"seen_at": on.stage.id}) if on.stage.optional else None
    return shown


def meeting(request: HttpRequest, on: StageView) -> Mapping[str, Any]:
    """The meetings on record, and putting one on record."""
    held = meetings_of(on.batch)
    households = {each.case.pk: each.household for each in on.cases}
    shown: dict[str, Any] = {
        "meetings": held,
        "counts": held[-1] if held else None,
        "votes": [(each, households.get(each.case_id)) for each in held[-1].votes.all()] if held else [],
        **papers(request, on),
    }
    if on.may_act:
        shown |= {"meeting_form": _meeting_form(on), "close_form": ActionForm()}
    return shown


def consent(request: HttpRequest, on: StageView) -> Mapping[str, Any]:
    """The answers on record, entering more, and what follows from those that refuse."""
    said = consents_of(each.case for each in on.cases)
    shown: dict[str, Any] = {
        "answers": [(each, said[each.case.pk]) for each in on.cases if each.case.pk in said],
        **papers(request, on),
    }
    if on.may_act:
        shown |= {"answers_form": AnswersForm(cases=on.cases), "refusals_form": _refusals_form(on)}
    return shown


def papers(request: HttpRequest, on: StageView) -> Mapping[str, Any]:
    """The checklist of a stage's papers, for readers of the register."""
    who = actor(request)
    shown: dict[str, Any] = {"papers": None, "reads_names": on.batch.number in register.seen_in_full(who).area}
    if who.has(Permission.REGISTER_VIEW):
        live = sum(each.case.state in LIVE_STATES for each in on.cases)
        shown["papers"] = checklist(who, on.batch, on.stage.id, live)
    if on.may_act:
        shown["evidence_form"] = EvidenceForm(stage=on.stage, cases=on.cases, auto_id="paper_%s")
        shown["withdraw_form"] = WithdrawEvidenceForm(auto_id="withdraw_%s")
    return shown


STAGE_FORMS |= dict.fromkeys(decisions.DECIDED, decided)
STAGE_FORMS |= {StageKind.MEETING: meeting, StageKind.CONSENT: consent}


def _acting(
    name: str, made: Callable[[HttpRequest, StageView], F], act: Callable[[UserActor, uuid.UUID, F], object]
) -> Callable[..., HttpResponse]:
    """The view of an act on a batch: `made` is its form as it was sent, which stands as `name` on the batch's page."""

    @requires(Permission.CASEWORK_VIEW)
    @never_cache
    @sensitive_post_parameters()
    @require_POST
    def view(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        on = seen(request, pk)
        form = made(request, on)
        return done(request, on, name, form, lambda who: act(who, pk, form))

    return view


# Pass the batch but for the cases named.
decide = _acting(
    "decide_form",
    lambda request, on: _decide_form(on, request.POST),
    lambda who, batch, form: decisions.decide(
        by=who, batch=batch, stage=form.cleaned_data["seen_at"], others=form.outcomes, said=form.said()
    ),
)
# Leave an optional stage out.
leave_out = _acting(
    "leave_form",
    lambda request, _on: LeaveOutForm(request.POST),
    lambda who, batch, form: decisions.leave_out(
        by=who, batch=batch, stage=form.cleaned_data["seen_at"], reason=form.cleaned_data["reason"]
    ),
)
record_meeting = _acting(
    "meeting_form",
    lambda request, on: _meeting_form(on, request.POST),
    lambda who, batch, form: meetings.record_meeting(by=who, batch=batch, held=form.held(), ballots=form.ballots),
)
# Do what the meeting decided.
close_meeting = _acting(
    "close_form",
    lambda request, _on: ActionForm(request.POST),
    lambda who, batch, _form: meetings.close_meeting(by=who, batch=batch),
)
# Put on record what two surveyors found.
record_survey = _acting(
    "survey_form",
    lambda request, on: SurveyFormForm(request.POST, cases=on.cases),
    lambda who, batch, form: surveys.record_survey(by=who, batch=batch, visit=form.visit(), findings=form.findings),
)
# Put on record what households said.
record_answers = _acting(
    "answers_form",
    lambda request, on: AnswersForm(request.POST, cases=on.cases),
    lambda who, batch, form: consents.record_consents(by=who, batch=batch, answers=form.answers),
)
# Pass who agreed; do what is said of those that refused.
close_answers = _acting(
    "refusals_form",
    lambda request, on: _refusals_form(on, request.POST),
    lambda who, batch, form: consents.close_consents(by=who, batch=batch, refusals=form.outcomes),
)
# Keep a photograph or paper of the stage.
add_evidence = _acting(
    "evidence_form",
    lambda request, on: EvidenceForm(request.POST, request.FILES, stage=on.stage, cases=on.cases, auto_id="paper_%s"),
    lambda who, batch, form: evidence.add_evidence(by=who, batch=batch, **form.given()),
)


@requires(Permission.CASEWORK_VIEW)
@never_cache
@require_POST
def withdraw_evidence(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A file counts no more."""
    form = WithdrawEvidenceForm(request.POST, auto_id="withdraw_%s")
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    gone = evidence.withdraw_evidence(by=actor(request), evidence=pk, reason=reason)
    messages.success(request, _("Withdrawn; it stays in the file with the reason."))
    return redirect("casework:batch", gone.batch_id)


def seen(request: HttpRequest, pk: uuid.UUID) -> StageView:
    """The batch as it stands now, before the act."""
    who = actor(request)
    found = reads.batch_in_sight(who, pk)
    procedure = reads.procedure_of(found)
    stage = procedure.stage(found.stage)
    lines = courses.lines_of(who, found.cases.all())
    return StageView(found, procedure, stage, lines, reads.may_act(who, stage, found.number))


def done(
    request: HttpRequest, on: StageView, name: str, form: ActionForm, act: Callable[[UserActor], object]
) -> HttpResponse:
    """Act and go back to the batch; what is refused stands in the form, but for a batch that has gone on meanwhile."""
    try:
        done = form.is_valid() and form.accepts(lambda: _unless_moved(act, actor(request)))
    except _MovedOn as moved:
        messages.error(request, f"{moved.error.message} {moved.error.remedy} ({moved.error.code})")
        return redirect("casework:batch", on.batch.pk)
    if not done:
        return batch_page(request, on.batch, {name: form})
    messages.success(request, _("Done."))
    return redirect("casework:batch", on.batch.pk)


class _MovedOn(Exception):
    """The page that was acted from no longer shows how the batch stands."""

    def __init__(self, error: UserError) -> None:
        super().__init__(error.code)
        self.error = error


def _unless_moved(act: Callable[[UserActor], object], who: UserActor) -> None:
    try:
        act(who)
    except UserError as error:
        if error.code in MOVED_ON:
            raise _MovedOn(error) from error
        raise


def _decide_form(on: StageView, data: Any = None) -> DecideForm:
    return DecideForm(data, cases=on.cases, procedure=on.procedure, stage=on.stage)


def _meeting_form(on: StageView, data: Any = None) -> MeetingForm:
    return MeetingForm(data, cases=on.cases, procedure=on.procedure, stage=on.stage)


def _refusals_form(on: StageView, data: Any = None) -> OutcomesForm:
    """A line for each household that refused, and no other."""
    said = consents_of(each.case for each in on.cases)
    refused = {pk for pk, row in said.items() if row.answer == HouseholdAnswer.REFUSED}
    lines = [each for each in on.cases if each.case.pk in refused]
    return OutcomesForm(data, cases=lines, procedure=on.procedure, stage=on.stage, auto_id="refused_%s")


def _opinions(on: StageView) -> list[tuple[Any, Any]]:
    return [(on.procedure.stage(each.stage).title, each) for each in opinions_of(on.batch)]
