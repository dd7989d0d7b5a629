"""Pages of scenarios: which there are, writing one, what it gives, several side by side, and its draft pack."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor
from lika.core.errors import NotFound, UserError
from lika.core.language import Said
from lika.core.pages import Column, page_of
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.policy import resolve
from lika.snapshots import actions, move_tables, queries, scenario_beside, scenario_report
from lika.snapshots.choices import RunState, UnitKind
from lika.snapshots.forms import ScenarioForm, TruthForm
from lika.snapshots.models import Scenario
from lika.snapshots.queries import scenarios as reads
from lika.snapshots.queries.effects import names_open
from lika.snapshots.queries.screenings import same_pack
from lika.snapshots.scenario_draft import scenario_files, zipped
from lika.snapshots.trying import Marked, marked
from lika.snapshots.views import may_screen

SCENARIOS_A_PAGE = 20
TRUTHS_OFFERED = 50  # the newest; older ones by the command
_COLUMNS = (
    Column("", _lazy("Choose to compare")),
    Column("", _lazy("scenario")),
    Column("", _lazy("Screening that it starts from")),
    Column("", _lazy("Area")),
    Column("", _lazy("Written")),
    Column("", _lazy("State")),
)


@requires(Permission.SCREENING_VIEW)
def scenarios(request: HttpRequest) -> HttpResponse:
    """The scenarios of the areas in sight, newest first: `?page=`."""
    found = reads.with_runs(reads.list_scenarios(actor(request)))
    page = Paginator(found, SCENARIOS_A_PAGE).get_page(page_of(request))
    lines = list(page.object_list)
    names = divisions.places(f"{each.base.snapshot.division:012d}" for each in lines)
    context = {
        "columns": _COLUMNS,
        "lines": [
            {
                "scenario": each,
                "place": names.get(f"{each.base.snapshot.division:012d}"),
                "state": reads.run_state(each, last_run=each.last_run),  # type: ignore[attr-defined]
            }
            for each in lines
        ],
        "list": {"page": page.number, "pages": page.paginator.num_pages, "total": page.paginator.count},
    }
    return render(request, "snapshots/scenarios.html", context)


@requires(Permission.SCREENING_RUN)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def scenario_new(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The form to change the pack of a screening; what is at fault is told in place."""
    who = actor(request)
    base = queries.get_screening(who, pk)
    who.require(Permission.SCREENING_RUN, division=f"{base.snapshot.division:012d}")
    pack = same_pack(base.pack, base.pack_sha256)
    criteria = [(item.id, str(Said(item.zh, item.en))) for item in pack.criteria if item.expression]
    ids = [item.id for item in pack.parameters]
    form = ScenarioForm(request.POST or None, parameters=ids, criteria=criteria)
    context: dict[str, Any] = {"screening": base}
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            kept = actions.save_scenario(
                by=who, base=base.pk, name=asked["name"], reason=asked["reason"], **form.changes()
            )
        except UserError as error:
            context |= {"error": error, "marked": _marked(error, _at_fault(form, error))}
        else:
            messages.success(request, _("The scenario “%(name)s” is kept.") % {"name": kept.name})
            return redirect("snapshots:scenario", pk=kept.pk)
    context["form"] = form
    context["parameters"] = [
        {
            "label": str(Said(item.zh, item.en)),
            "field": form[f"p-{item.id}"],
            "present": str(Said(*resolve.parameter_in_words(pack, item, base.snapshot.at))),
            "clause": item.clause,
            "local": item.local,
        }
        for item in pack.parameters
    ]
    context["criteria"] = [(item.id, str(Said(item.zh, item.en)), item.expression) for item in pack.criteria]
    return render(request, "snapshots/scenario_new.html", context)


@requires(Permission.SCREENING_VIEW)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def scenario(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A scenario and what its last run gave: `?division=`; a POST holds it against a truth of one's choice."""
    who = actor(request)
    found = reads.get_scenario(who, pk)
    last_run = found.runs.order_by("-finished_at").values_list("finished_at", flat=True).first()
    state = reads.run_state(found, last_run=last_run)
    context: dict[str, Any] = {
        "scenario": found,
        "changes": list(found.changes.all()),
        "state": state,
        "going": state in (RunState.WAITING, RunState.RUNNING),
        "fault": reads.fault_of(found) if state == RunState.FAILED else "",
        "may_run": may_screen(who, found.base),
    }
    if last_run is not None and not context["going"]:
        context |= _given(request, who, found)
    return render(request, "snapshots/scenario.html", context)


def _given(request: HttpRequest, who: UserActor, found: Scenario) -> dict[str, Any]:
    """What the last run gave, and its errors where a truth is named."""
    division = request.GET.get("division", "")
    trial = reads.run_of(found)
    criteria = [(item.criterion, item.title) for item in queries.criteria_of(trial, UnitKind.HOUSEHOLD)]
    summary = queries.summary_of(trial, UnitKind.HOUSEHOLD)
    initial = {"of": summary.criterion if summary else ""}
    form = TruthForm(request.POST or None, criteria=criteria, screenings=_truths(who, found), initial=initial)
    told: dict[str, Any] = {"form": form}
    asked = form.cleaned_data if request.method == "POST" and form.is_valid() else {}
    try:
        report = scenario_report.report(who, found, division=division, limit=0, **asked)
    except UserError as error:
        if not asked:
            raise
        told |= {"error": error, "marked": _marked(error, asked["truth"])}
        report = scenario_report.report(who, found, division=division, limit=0)
    if report.errors is not None:
        lines = (report.errors.own, *report.errors.lines)
        told["error_lines"] = [(line.name, scenario_report.error_rows(line)) for line in lines]
        told["names_open"] = names_open(
            who, found.base, trial, report.errors.criterion, report.errors.truth, report.diff.found.division
        )
    return told | {
        "report": report,
        "rules": report.diff.rules,
        "kinds": [kind for kind in move_tables.kinds_moved(who, report.diff.found) if kind.differing],
        "place": divisions.place(f"{report.diff.found.division:012d}"),
        "within": report.diff.found.division != found.base.snapshot.division,
        "part": report.diff.found.in_part,
    }


def _truths(who: UserActor, found: Scenario) -> list[tuple[str, str]]:
    """The other screenings of the area that people may have decided on: of a year, by a version."""
    division = found.base.snapshot.division
    others = queries.list_screenings(who).filter(snapshot__division=division, what_if=False)
    return [
        (str(each.pk), f"{each.title} ({each.pack}) {each.snapshot.at:%Y-%m-%d}")
        for each in others.exclude(pk=found.base_id).order_by("-snapshot__at", "-finished_at")[:TRUTHS_OFFERED]
    ]


@require_POST
@requires(Permission.SCREENING_RUN)
def run(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Have a scenario run now; its page tells how far it is."""
    asked = actions.ask_for_run(by=actor(request), scenario=pk)
    if asked is not None:
        actions.begin_run(asked)
    return redirect("snapshots:scenario", pk=pk)


@require_GET
@requires(Permission.SCREENING_VIEW)
def progress(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Whether a scenario is being run; once it is over, the word to load the page again."""
    found = reads.get_scenario(actor(request), pk)
    if not reads.is_going(found):
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {"scenario": found, "state": RunState(found.state)}
    return render(request, "snapshots/parts/scenario_progress.html", context)


@requires(Permission.SCREENING_VIEW)
def scenarios_beside(request: HttpRequest) -> HttpResponse:
    """Two to four scenarios side by side: `?scenario=` as often, `?division=`."""
    who = actor(request)
    chosen = [reads.get_scenario(who, _identifier(text)) for text in request.GET.getlist("scenario")]
    found = scenario_beside.beside(who, chosen, division=request.GET.get("division", ""))
    context = {"found": found, "columns": list(zip(found.scenarios, found.costs, strict=True))}
    return render(request, "snapshots/scenarios_beside.html", context)


@require_GET
@requires(Permission.SCREENING_VIEW)
def draft(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The draft pack of a scenario as a ZIP: `?id=` names the pack."""
    found = reads.get_scenario(actor(request), pk)
    pack_id = request.GET.get("id", "").strip()
    files = scenario_files(found, pack_id=pack_id, version="1")
    name = f"{pack_id.replace('/', '-')}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(zipped(pack_id, files), content_type="application/zip", headers=headers)


def _at_fault(form: ScenarioForm, error: UserError) -> str:
    """The text that an error's position is in: the changed criterion's, or the amount, which is of no criterion.

    Empty where another criterion of the pack no longer holds because of the change: its text is not on the form.
    """
    given, at = form.changes(), error.where.get("criterion")
    if at is None:
        return next(iter(given["amounts"].values()), "")
    return given["criteria"].get(at, "")


def _marked(error: UserError, text: str) -> Marked | None:
    place = error.where
    return marked(text, place["line"], place["column"]) if text and {"line", "column"} <= set(place) else None


def _identifier(text: str) -> uuid.UUID:
    """Raises SCR-063."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound(
            "SCR-063", _("There is no such scenario in your area."), remedy=_("Choose one from the list of scenarios.")
        ) from None
