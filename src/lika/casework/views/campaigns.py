"""Pages of a campaign's cases: begun, candidates taken in, deadlines set, where they are stuck, households proposed."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor
from lika.casework.actions import candidates as taking
from lika.casework.actions import cases as actions
from lika.casework.actions.runs import ask_for_run, begin_run
from lika.casework.choices import NUMBERED, WORKS, ApplicationWay, CampaignKind, SignalKind
from lika.casework.forms.campaigns import ApplyForm, BeginForm, DeadlineForm, NoticeForm
from lika.casework.models import Batch, Campaign, Case
from lika.casework.queries import candidates, courses, progress, runs
from lika.casework.queries import cases as reads
from lika.casework.queries import quotas as campaigns
from lika.casework.views.common import tabs_for
from lika.core.areas import CODE_LENGTH
from lika.core.errors import UserError
from lika.core.forms import ActionForm
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.policy.choices import ProcedureUnit
from lika.policy.queries.procedures import Procedure
from lika.register import queries as register


@requires(Permission.CASEWORK_VIEW)
@never_cache
def campaign_cases(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The cases of a campaign: to be begun, or where they stand by township; `?candidates=1` shows who is proposed."""
    return _page(request, campaigns.campaign_in_sight(actor(request), pk))


@requires(Permission.CAMPAIGN_OPEN)
@never_cache
@require_POST
def begin(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Open a batch for every village; those of a large campaign, with their candidates, in the background."""
    who = actor(request)
    found = campaigns.campaign_in_sight(who, pk)
    form = BeginForm(request.POST, procedures=reads.procedures_fitting(found))
    act = _in_background if runs.is_large(found) else actions.begin
    return _done(request, found, "begin_form", form, lambda given: act(by=who, campaign=pk, **given))


def _in_background(*, by: UserActor, campaign: uuid.UUID, procedure: str = "") -> None:
    begin_run(ask_for_run(by=by, campaign=campaign, procedure=procedure))


@requires(Permission.CAMPAIGN_OPEN)
@never_cache
@require_POST
def deadline(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Set the deadline of a stage."""
    who = actor(request)
    found = campaigns.campaign_in_sight(who, pk)
    form = DeadlineForm(request.POST, procedure=candidates.procedure_begun(found))
    return _done(
        request, found, "deadline_form", form, lambda given: actions.set_deadline(by=who, campaign=pk, **given)
    )


@requires(Permission.CAMPAIGN_OPEN)
@never_cache
@require_POST
def take_in(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take in everybody whom the current screening proposes; into a large campaign in the background."""
    who = actor(request)
    if runs.is_large(campaigns.campaign_in_sight(who, pk)):
        _in_background(by=who, campaign=pk)
        return redirect("casework:campaign-cases", pk=pk)
    taken = taking.take_in_screened(by=who, campaign=pk)
    told = ngettext("%(n)s case taken in.", "%(n)s cases taken in.", len(taken.cases)) % {"n": f"{len(taken.cases):,}"}
    messages.success(request, told)
    return redirect("casework:campaign-cases", pk=pk)


def _household(who: UserActor, number: str) -> uuid.UUID:
    return register.household_visible_to(who, number.strip()).pk


def _proposing(
    kind: type[ActionForm], title: Promise, propose: Callable[[UserActor, Batch, dict[str, Any]], Case]
) -> Callable[..., HttpResponse]:
    """The view by which a village proposes a household in a batch, with what the form says of it."""

    @requires(Permission.CASEWORK_VIEW)
    @never_cache
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        who = actor(request)
        batch = reads.batch_in_sight(who, pk)
        form = kind(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                given = dict(form.cleaned_data)
                given["household"] = _household(who, given["household"])
                case = propose(who, batch, given)
            except UserError as error:
                if error.code.startswith("ACC"):
                    raise
                form.refuse(error)
            else:
                messages.success(request, _("Case %(number)s is taken in.") % {"number": case.number})
                return redirect("casework:case", pk=case.pk)
        context = {"form": form, "batch": batch, "title": title, "tabs": tabs_for(request, "batches")}
        return render(request, "casework/propose.html", context, status=422 if form.errors else 200)

    return view


# Enter a household's application into a batch's village and campaign.
apply = _proposing(
    ApplyForm,
    gettext_lazy("Enter an application"),
    lambda who, batch, given: taking.apply(
        by=who, campaign=batch.campaign_id, **given | {"way": ApplicationWay(given["way"])}
    ),
)
# Propose a household because of something that was noticed.
notice = _proposing(
    NoticeForm,
    gettext_lazy("Propose a household"),
    lambda who, batch, given: taking.notice(
        by=who, campaign=batch.campaign_id, **given | {"kind": SignalKind(given["kind"])}
    ),
)


def _done(
    request: HttpRequest, found: Campaign, name: str, form: ActionForm, act: Callable[[dict[str, Any]], object]
) -> HttpResponse:
    if form.is_valid() and form.accepts(lambda: act(form.cleaned_data)):
        messages.success(request, _("Done."))
        return redirect("casework:campaign-cases", pk=found.pk)
    return _page(request, found, **{name: form})


def _page(request: HttpRequest, found: Campaign, **forms: ActionForm) -> HttpResponse:
    who = actor(request)
    may_keep = who.area_for(Permission.CAMPAIGN_OPEN).covers(found.division_id)
    first = progress.first_batch(who, found)
    large = runs.is_large(found) if may_keep else False
    run = runs.last_run(found) if may_keep else None
    context: dict[str, Any] = {
        "large": large,
        "at_once": runs.places_at_once(),
        "progress": run and runs.progress_of(run),
        "campaign": found,
        "is_begun": first is not None,
        "may_keep": may_keep,
        "may_print": who.has(Permission.REGISTER_EXPORT),
        "has_numbers": found.kind in NUMBERED,
        "tabs": tabs_for(request, "campaigns"),
    }
    if first is not None:
        context |= _begun(request, who, found, reads.procedure_of(first), may_keep, large=large)
    elif may_keep:
        procedures = reads.procedures_fitting(found)
        context |= {"begin_form": BeginForm(procedures=procedures) if procedures else None}
    context |= forms
    return render(request, "casework/campaign_cases.html", context, status=422 if forms else 200)


def _begun(
    request: HttpRequest, who: UserActor, found: Campaign, procedure: Procedure, may_keep: bool, *, large: bool
) -> dict[str, Any]:
    lines = progress.by_place(who, found, procedure)
    at_stages = [sum(line.at[index] for line in lines) for index in range(len(procedure.stages))]
    due = courses.deadlines_of(found)
    context: dict[str, Any] = {
        "procedure": procedure,
        "lines": lines,
        "by_county": progress.is_by_county(who, found),
        "stages": [
            {"stage": stage, "cases": cases, "due_on": due.get(stage.id)}
            for stage, cases in zip(procedure.stages, at_stages, strict=True)
        ],
        "under_way": sum(at_stages),
        "done": sum(line.done for line in lines),
        "struck_out": sum(line.struck_out for line in lines),
        "nobody": progress.with_nobody(reads.batches_visible(who).filter(campaign=found)).count(),
        "takes_in": may_keep and bool(candidates.criteria_asked(procedure)),
    }
    if may_keep:
        context["deadline_form"] = DeadlineForm(procedure=procedure)
        if request.GET.get("candidates") and context["takes_in"] and not large:
            context |= _proposed(who, found)
    return context


def _proposed(who: UserActor, found: Campaign) -> dict[str, Any]:
    try:
        proposed = candidates.proposed(who, found)
    except UserError as error:
        if error.code.startswith("ACC"):
            raise
        return {"refusal": error}
    lines = sorted(proposed.by_village.values(), key=lambda each: each.village)
    places = divisions.by_codes(f"{each.village:0{CODE_LENGTH}d}" for each in lines)
    return {
        "proposed": proposed,
        "villages": [{"line": each, "place": places[f"{each.village:0{CODE_LENGTH}d}"]} for each in lines],
        "candidates": sum(each.candidates for each in lines),
        "candidate_persons": sum(each.persons for each in lines),
        "unknown": sum(each.unknown for each in lines),
        "by_household": WORKS[CampaignKind(found.kind)].unit is ProcedureUnit.HOUSEHOLD,
    }
