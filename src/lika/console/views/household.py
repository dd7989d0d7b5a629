"""One household: at a glance, over the years, what was decided and why, on one line of time."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor, sight_of
from lika.assistance.queries.pairing import helpers_of
from lika.console import facts
from lika.console.explaining import ExplanationFormat, take_explanation
from lika.console.forms import RevealForm
from lika.console.queries import household as words
from lika.console.queries import household_life as life
from lika.console.queries.changes import day_asked
from lika.console.queries.focus import way_to
from lika.console.queries.household_glance import glance, next_steps
from lika.console.queries.household_matters import matters_of
from lika.console.queries.household_timeline import looks, timeline
from lika.console.queries.lines import income_line
from lika.console.queries.why import Why, why
from lika.console.views import documents
from lika.console.views.explanation_files import file_answer, files
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.register import queries as register
from lika.register.actions.reveal import HouseholdSecret, PersonSecret, reveal_household, reveal_person
from lika.register.choices import PovertyStatus, YearState
from lika.register.queries import HouseholdView, Trace
from lika.snapshots import queries as snapshots
from lika.snapshots.queries import PastResult

MOST_SCREENINGS = 10
MOST_LOOKS = 5


@requires(Permission.REGISTER_VIEW)
@never_cache
def household(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The household's page, now or as of an earlier day (`?as_of=`). Raises REG-001 where it is not in sight."""
    day = day_asked(request.GET.get("as_of", ""))
    found = register.household_detail(by=actor(request), household=pk, as_of=day)
    asked = {"pack": request.GET.get("pack", ""), "kind": request.GET.get("kind", "")}
    form = RevealForm(choices=words.secrets(found))
    return render(request, "console/household.html", _page(actor(request), found, **asked) | {"reveal_form": form})


@requires(Permission.SCREENING_VIEW)
@never_cache
@require_POST
def explanation(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """The explanation of the household as JSON or PDF. By POST: taking it is written down."""
    if kind not in set(ExplanationFormat):
        raise Http404
    chosen = ExplanationFormat(kind)
    pack = request.POST.get("pack", "")
    return file_answer(*take_explanation(by=actor(request), household=pk, kind=chosen, pack=pack))


@requires(Permission.REGISTER_REVEAL)
@never_cache
@require_POST
def reveal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One masked value in full, for a reason that the audit keeps. Never by an address: the answer is to a POST."""
    who = actor(request)
    found = register.household_detail(by=who, household=pk)
    who.require(Permission.REGISTER_REVEAL, village=found.village)  # a masked page offers nothing to choose
    form = RevealForm(request.POST, choices=words.secrets(found))
    context: dict[str, Any] = {"reveal_form": form}
    if form.is_valid():
        what, reason = form.cleaned_data["what"], form.cleaned_data["reason"]
        label = dict(words.secrets(found))[what]
        context["revealed"] = words.Line(label, _reveal(who, pk, what, reason) or facts.NOTHING)
        context["reveal_form"] = RevealForm(choices=words.secrets(found))
    if request.headers.get("HX-Request"):
        part = _masked(who, found, _traces(who, found))
        return render(request, "console/household/reveal.html", {"household": found, **part, **context})
    return render(request, "console/household.html", _page(who, found) | context)


def _reveal(who: UserActor, pk: UUID, what: str, reason: str) -> str:
    if what in set(HouseholdSecret):
        return reveal_household(by=who, household=pk, field=HouseholdSecret(what), reason=reason)
    return reveal_person(by=who, household=pk, person=UUID(what), field=PersonSecret.ID_NUMBER, reason=reason)


def _page(who: UserActor, found: HouseholdView, pack: str = "", kind: str = "") -> dict[str, Any]:
    traces = _traces(who, found)
    reasons = _NO_REASONS if found.as_of else _why(who, found, pack)
    past = reasons["screenings"]
    helpers = [] if found.moved_away else helpers_of(found.id)
    sees_screening = sight_of(who, Permission.SCREENING_VIEW).holds(village=found.village, household=found.id)
    return {
        "household": found,
        "matters": [] if found.as_of else matters_of(who, found.id),
        "poverty_label": PovertyStatus(found.poverty_status).label,
        "path": way_to(who, str(found.village)),  # none for a household granted alone
        "base": words.base_lines(found),
        "glance": glance(found, helpers),
        "steps": [] if found.as_of else next_steps(who, found, reasons["why"], helpers, sees_screening=sees_screening),
        "may_see_screening": sees_screening,
        "may_see_audit": found.village in who.area_for(Permission.AUDIT_VIEW),
        "timeline": timeline(found, past, traces, kind),
        "explanation_files": files("console:household-explanation", found.id),
        "printed_by": who.posts[0].official.name if who.posts else who.name,
        "now": timezone.now(),
        **({} if found.moved_away else documents.parts(who, found)),
        **_masked(who, found, traces),
        **_members(found),
        **_life(found, reasons["why"]),
        **reasons,
    }


def _masked(who: UserActor, found: HouseholdView, traces: Sequence[Trace]) -> dict[str, Any]:
    """What is masked, whether the reader may ask for it, and who did so lately (for readers of the audit)."""
    return {
        "masked": words.masked_lines(found),
        "may_reveal": found.as_of is None and found.village in who.area_for(Permission.REGISTER_REVEAL),
        "looks": looks(traces, MOST_LOOKS),
    }


def _traces(who: UserActor, found: HouseholdView) -> Sequence[Trace]:
    if found.village not in who.area_for(Permission.AUDIT_VIEW):
        return ()
    return register.household_traces(by=who, household=found.id)


def _members(found: HouseholdView) -> dict[str, Any]:
    of_year = next((member.year for member in found.members if member.year), None)
    # Ages belong to the data beside them: the end of that year, not the day on which somebody looks.
    on = of_year.period_to if of_year else (found.as_of or timezone.localdate())
    lines = [(member.is_open, words.member_line(member, on)) for member in found.members]
    return {
        "members": [line for is_open, line in lines if is_open],
        "former_members": [line for is_open, line in lines if not is_open],
        "members_year": of_year.data_year if of_year else None,
    }


def _life(found: HouseholdView, reasons: Why | None) -> dict[str, Any]:
    person_years, member_years = life.member_years(found)
    line = income_line(reasons.screening, life.ends(found)) if reasons and found.in_full else None
    return {
        "years": [{"data_year": year.data_year, "state": YearState(year.state).label} for year in found.years],
        "groups": facts.table("household", words.YEAR_GROUPS, [year.values for year in found.years])
        + facts.collected_table([year.items for year in found.years]),
        "chart": life.income_chart(found, line),
        "line": line,
        "changes": life.changes(found),
        "member_years": member_years,
        "person_years": person_years,
        "events": [words.event_line(event) for event in reversed(found.history)],
        "placements": [words.placement_line(placement) for placement in found.placements],
    }


# Screenings judged the record of their own time points: beside another day they would mislead.
_NO_REASONS: dict[str, Any] = {"why": None, "why_error": None, "screenings": ()}


def _why(who: UserActor, found: HouseholdView, pack: str) -> dict[str, Any]:
    """The reasons, or why there are none: what is wrong with a snapshot keeps nobody from the household."""
    past: Sequence[PastResult] = ()
    try:
        past = snapshots.past_results(who, found.id, found.village, most=MOST_SCREENINGS)
        return {"why": why(who, found, pack), "why_error": None, "screenings": past}
    except UserError as error:
        return {"why": None, "why_error": error, "screenings": past}
