"""Pages of batches and cases: the list, a batch with what to do next, a case with its course."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from lika.accounts.access import actor, requires
from lika.accounts.places import place_asked
from lika.accounts.queries import UserActor
from lika.casework.actions.screening_again import rescreen
from lika.casework.choices import LIVE_STATES, BatchState, CaseState
from lika.casework.forms.batches import BatchFilterForm, CloseForm
from lika.casework.models import Application, Batch, Case, Signal
from lika.casework.queries import cases as reads
from lika.casework.queries import courses, listing, progress, staleness
from lika.casework.queries.acts import acts_of
from lika.casework.queries.effects import corrections_of
from lika.casework.queries.explanations import explanation_of
from lika.casework.queries.last_year import two_years
from lika.casework.queries.quota_lines import quota_line, quota_of
from lika.casework.queries.signing import signed_before
from lika.casework.views.common import tabs_for
from lika.casework.views.printing import prints_of
from lika.casework.views.stages import STAGE_FORMS, STAGE_PARTS, StageView, templates_for
from lika.core.language import listed
from lika.core.pages import page_of
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.policy.choices import ProcedureUnit
from lika.policy.queries.procedures import ProcedureStage
from lika.register.queries import seen_in_full

BATCHES_A_PAGE = CASES_A_PAGE = 50
CASE_SIGNS = {
    CaseState.OPEN: "info",
    CaseState.STOPPED: "waiting",
    CaseState.DONE: "done",
    CaseState.STRUCK_OUT: "not_met",
}


@requires(Permission.CASEWORK_VIEW)
@never_cache
def batches(request: HttpRequest) -> HttpResponse:
    """The batches in sight: `?campaign=`, `?stage=`, `?division=`, `?late=1`, `?mine=1`, `?page=`."""
    who = actor(request)
    place = place_asked(who, Permission.CASEWORK_VIEW, "")
    form = BatchFilterForm(
        request.GET, campaigns=listing.campaigns_with_cases(who), places=list(divisions.children(place.code))
    )
    wanted = form.wanted()
    filtered = wanted != listing.BatchFilter()
    page = Paginator(listing.list_batches(who, wanted), BATCHES_A_PAGE).get_page(page_of(request))
    context = {
        "form": form,
        "mine": 0 if filtered else listing.list_batches(who, listing.BatchFilter(mine=True)).count(),
        "may_print": who.has(Permission.REGISTER_EXPORT),
        "all_url": reverse("casework:batches"),
        "filtered": filtered,
        "lines": [
            {"line": each, "bodies": bodies_of(each.stage)} for each in listing.lines_of_batches(who, page.object_list)
        ],
        "list": {"page": page.number, "pages": page.paginator.num_pages, "total": page.paginator.count},
        "tabs": tabs_for(request, "batches"),
    }
    return render(request, "casework/batches.html", context)


@requires(Permission.CASEWORK_VIEW)
@never_cache
def batch(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A batch: its cases, its stages, and what is to be done next."""
    return batch_page(request, reads.batch_in_sight(actor(request), pk))


def batch_page(request: HttpRequest, found: Batch, refused: Mapping[str, Any] | None = None) -> HttpResponse:
    """The page of a batch. `refused` goes into the fragment of its stage in place of what stands there: then 422."""
    who = actor(request)
    procedure = reads.procedure_of(found)
    stage = procedure.stage(found.stage)
    is_open = found.state == BatchState.OPEN
    lines = courses.lines_of(who, found.cases.select_related("screening__snapshot"))
    on = StageView(found, procedure, stage, lines, is_open and reads.may_act(who, stage, found.number))
    form = STAGE_FORMS.get(stage.kind)
    given: dict[str, Any] = dict(form(request, on)) if form is not None and is_open else {}
    for part in STAGE_PARTS:
        given |= part(request, on)
    course = courses.course_of(found)
    live = [each.case for each in lines if each.case.state in LIVE_STATES]
    page = Paginator(lines, CASES_A_PAGE).get_page(page_of(request))
    quota = quota_of(found) if procedure.unit is ProcedureUnit.HOUSEHOLD else None
    nobody = not is_open and not lines and progress.with_nobody(Batch.objects.filter(pk=found.pk)).exists()
    proposes = on.may_act or (nobody and reads.may_act(who, stage, found.number))
    context = {
        "batch": found,
        "campaign": found.campaign,
        "procedure": procedure,
        "stage": stage,
        "quota": None if quota is None else quota_line(quota, live, procedure.crossing),
        "is_open": is_open,
        "bodies": bodies_of(stage),
        "here": next((each for each in course if each.is_here), None),
        "course": course,
        "lines": [{"line": each, "sign": CASE_SIGNS[CaseState(each.case.state)]} for each in page.object_list],
        "list": {"page": page.number, "pages": page.paginator.num_pages, "total": page.paginator.count},
        "persons": sum(each.persons or 0 for each in live),
        "live": len(live),
        "siblings": reads.siblings_of(found),
        "on": on,
        "nobody": nobody,
        "empty_form": CloseForm(auto_id="close_%s") if on.may_act and not live else None,
        "may_propose": proposes and stage is procedure.stages[0] and procedure.unit is ProcedureUnit.HOUSEHOLD,
        "newer": staleness.newer_screening(each.case for each in lines) if is_open else None,
        "may_rescreen": on.may_act or who.area_for(Permission.CAMPAIGN_OPEN).covers(found.division_id),
        "stage_templates": templates_for(stage.kind),
        "prints": prints_of(who, found, stage),
        "years": two_years(who, found.campaign, found.division_id) if request.GET.get("years") else None,
        "tabs": tabs_for(request, "batches"),
        "refused": refused is not None,  # its address shows no other page of the list
        **given,
        **(refused or {}),
    }
    return render(request, "casework/batch.html", context, status=422 if refused else 200)


@requires(Permission.CASEWORK_VIEW)
@never_cache
def case(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A case: its unit, what the screening said, every step, and what comes next."""
    who = actor(request)
    found = reads.case_in_sight(who, pk)
    procedure = reads.procedure_of(found.batch)
    stage = procedure.stage(found.stage)
    context = {
        "case": found,
        "batch": found.batch,
        "campaign": found.campaign,
        "procedure": procedure,
        "stage": stage,
        "sign": CASE_SIGNS[CaseState(found.state)],
        "household": courses.lines_of(who, [found])[0].household,
        "results": courses.pinned_results(found) if who.has(Permission.SCREENING_VIEW) else [],
        "reads_reasons": _reads_reasons(who, found),
        "changes": staleness.changed_since(who, [found]).get(found.pk, []) if found.state in LIVE_STATES else [],
        "steps": acts_of([found.pk], procedure),
        "bodies": bodies_of(stage),
        "application": Application.objects.filter(case=found).first(),
        "signal": Signal.objects.filter(case=found).first(),
        "following": [procedure.stage(each).title for each in procedure.following(stage.id)][:1],
        "may_act": reads.may_act(who, stage, found.batch.number),
        "corrections": corrections_of(who, found),
        "prints": prints_of(who, found.batch, stage, found),
        "may_correct": found.state == CaseState.DONE and found.division in who.area_for(Permission.CAMPAIGN_OPEN),
        "tabs": tabs_for(request, "batches"),
    }
    return render(request, "casework/case.html", context)


@requires(Permission.SCREENING_VIEW)
@never_cache
def explanation(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Why the pinned screening said what it did of a case: each criterion with its working and clause."""
    who = actor(request)
    found = reads.case_in_sight(who, pk)
    context = {"case": found, "why": explanation_of(who, found), "tabs": tabs_for(request, "batches")}
    return render(request, "casework/explanation.html", context)


def _reads_reasons(who: UserActor, found: Case) -> bool:
    """Reasons tell of persons: they are read where names are read; those of a village's case by whoever sees it."""
    if found.household_id is None:
        return True
    return seen_in_full(who).holds(village=found.division, household=found.household_id)


@requires(Permission.CASEWORK_VIEW)
@require_POST
def screen_again(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Pin the newest screening to the cases of a batch."""
    changed = rescreen(by=actor(request), batch=pk)
    told = ngettext("%(n)s case is screened again.", "%(n)s cases are screened again.", len(changed))
    said = [told % {"n": f"{len(changed):,}"}]
    if signed_before(changed):
        said.append(_("What was signed of them was signed of what they said before: it holds no more."))
    messages.success(request, " ".join(said))
    return redirect("casework:batch", pk=pk)


def bodies_of(stage: ProcedureStage) -> str:
    """Who acts at a stage, in words."""
    return listed([str(each.label) for each in stage.by])
