"""Pages of what is found across households: the list with its runs, and one lead to be decided on."""

import datetime as dt
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET, require_POST

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor
from lika.core import facts as registry
from lika.core.areas import CODE_LENGTH, COUNTRY, range_of
from lika.core.errors import UserError
from lika.core.language import Said, chosen, listed
from lika.core.pages import page_of
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.engine.screening.rollups import level_of
from lika.monitoring import actions
from lika.monitoring.choices import CLEARS, LEAD_MOVES, LEADS_WAITING, LeadState, LeadVerdict
from lika.monitoring.forms import CheckForm, DecideForm, LeadFilterForm
from lika.monitoring.lead_words import in_words
from lika.monitoring.models import Lead
from lika.monitoring.queries import jobs
from lika.monitoring.queries import leads as reads
from lika.monitoring.queries.lead_sides import sides_of
from lika.policy.choices import Pattern
from lika.policy.patterns import PatternBook, Sought, patterns_for

LEADS_A_PAGE, MOST_RUNS = 50, 12
_VILLAGE = 5
_SIGNS = {
    LeadState.OPEN: "waiting",
    LeadState.CONFIRMED: "not_met",
    LeadState.REFERRED: "info",
    LeadState.CLEARING: "waiting",
    LeadState.CLEARED: "done",
    LeadState.GONE: "plain",
}
_MERGE = (("merge", _lazy("Merge households")),)
# How the register is corrected where a lead is so; an empty household leaves by its status, on its own page.
_CORRECTED_BY: dict[Pattern, tuple[tuple[str, Any], ...]] = {
    Pattern.SAME_PERSON: (("leave", _lazy("Take the member out")), ("correct", _lazy("Correct data"))),
    Pattern.SAME_NUMBER: (("correct", _lazy("Correct data")),),
    Pattern.SAME_HOUSEHOLD: _MERGE,
    Pattern.SPLIT: _MERGE,
    Pattern.SEPARATED_ELDER: _MERGE,
}


@require_GET
@requires(Permission.QUALITY_VIEW)
def leads(request: HttpRequest) -> HttpResponse:
    """What is looked for and how many leads wait of each; the list: `?pattern=`, `?division=`, `?state=`, `?page=`."""
    who = actor(request)
    division = division_asked(who, request.GET.get("division", ""))
    book = patterns_for(division, timezone.localdate())
    asked = reads.AskedLeads(
        pattern=request.GET.get("pattern", ""), division=division, state=request.GET.get("state", "")
    )
    page = Paginator(reads.leads(who, asked), LEADS_A_PAGE).get_page(page_of(request))
    last = reads.lead_runs(who).first()
    context = {
        "place": divisions.path_labels([division]).get(division, _("The whole country")),
        "division": division,
        "upper": _upper(who, division),
        "patterns": _patterns(who, book, division),
        "below": _below(who, division),
        "trend": reads.trend(who, division, MOST_RUNS),
        "last": last,
        "going": jobs.is_going(last),
        "failed": jobs.has_failed(last),
        "may_run": division != COUNTRY and who.area_for(Permission.QUALITY_RUN).covers(division),
        "form": LeadFilterForm(request.GET, patterns=[(key, str(item.title)) for key, item in book.patterns.items()]),
        "carried": [("division", division)] if request.GET.get("division") else [],
        "filtered": bool(asked.pattern or asked.state or request.GET.get("division")),
        "page": page,
        "list": {"page": page.number, "pages": page.paginator.num_pages},
        "lines": lead_lines(book, list(page.object_list)),
    }
    return render(request, "monitoring/leads.html", context)


@require_GET
@requires(Permission.QUALITY_VIEW)
def lead(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One lead: what agrees and differs, both households, what was decided, and what may be done now."""
    return _page(request, reads.lead_of(actor(request), pk))


def _page(request: HttpRequest, found: Lead, **refused: Any) -> HttpResponse:
    who = actor(request)
    code = _code(found.village)
    sought = patterns_for(code, found.last_run.at).patterns.get(found.pattern)
    offered = _offered(who, found)
    checks = found.state == LeadState.CLEARING and _holds(who, Permission.LEADS_CHECK, found, both=True)
    decisions = list(found.decisions.all())
    context = {
        "lead": found,
        "title": str(sought.title) if sought else found.pattern,
        "sought": sought,
        "meaning": Said(sought.item.meaning.zh, sought.item.meaning.en) if sought else "",
        "remedy": Said(sought.item.remedy.zh, sought.item.remedy.en) if sought else "",
        "place": divisions.path_labels([code]).get(code, code),
        "sign": _SIGNS[LeadState(found.state)],
        "agrees": in_words(found.evidence.get("agrees", ())),
        "differs": in_words(found.evidence.get("differs", ())),
        "sides": sides_of(who, found),
        "decisions": decisions,
        # Reasons are told to whoever reads names there; why one was referred upward, to whoever decides on it.
        "reads_reasons": _holds(who, Permission.REGISTER_PERSONAL, found, both=False),
        "decides": _holds(who, Permission.LEADS_DECIDE, found, both=False),
        "may_check": checks and all(each.decided_by != who.name for each in decisions[:1]),
        "own_check": checks and any(each.decided_by == who.name for each in decisions[:1]),
        "decide_form": DecideForm(offered=offered) if offered else None,
        "check_form": CheckForm(),
        "correct": found.state == LeadState.CONFIRMED and who.has(Permission.REGISTER_CHANGE),
        "corrections": _corrections(sought),
        "is_waiting": found.state in LEADS_WAITING,
        "village_code": code,
        **_told(found),
    }
    return render(request, "monitoring/lead.html", context | refused, status=422 if refused else 200)


@require_POST
@requires(Permission.LEADS_DECIDE)
def decide(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say what a lead is."""
    who = actor(request)
    found = reads.lead_of(who, pk)
    form = DecideForm(request.POST, offered=list(LeadVerdict))
    if not form.is_valid():
        return _page(request, found, decide_form=form)
    values = form.cleaned_data
    try:
        actions.decide_lead(by=who, lead=pk, verdict=LeadVerdict(values["verdict"]), reason=values["reason"])
    except UserError as error:
        return _refused(request, found, error, decide_form=form)
    return _done(request, pk)


@require_POST
@requires(Permission.LEADS_CHECK)
def check(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Agree that a lead is cleared, or open it again."""
    who = actor(request)
    found = reads.lead_of(who, pk)
    form = CheckForm(request.POST)
    if not form.is_valid():
        return _page(request, found, check_form=form)
    values = form.cleaned_data
    try:
        actions.check_lead(by=who, lead=pk, agree=values["agree"] == "yes", remark=values["remark"])
    except UserError as error:
        return _refused(request, found, error, check_form=form)
    return _done(request, pk)


@require_POST
@requires(Permission.QUALITY_RUN)
def run(request: HttpRequest) -> HttpResponse:
    """Have a division looked over now; the page tells how far it is."""
    division = request.POST.get("division", "")
    try:
        actions.begin(actions.ask_for_leads(by=actor(request), division=division))
    except UserError as error:
        if error.code != "LED-001":
            raise
        messages.error(request, f"{error.message} {error.remedy}")
    return redirect(_url(division=division))


@require_GET
@requires(Permission.QUALITY_VIEW)
def progress(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How far a run is; once it is over, the word to load the page again."""
    found = reads.run_of(actor(request), pk)
    if not jobs.is_going(found):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "monitoring/parts/leads_progress.html", {"run": found})


def _refused(request: HttpRequest, found: Lead, error: UserError, **forms: Any) -> HttpResponse:
    if error.code.startswith("ACC"):
        raise error
    return _page(request, found, error=error, **forms)


def _done(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    state = reads.lead_of(actor(request), pk).get_state_display()
    messages.success(request, _("Now: %(state)s.") % {"state": state})
    return redirect("monitoring:lead", pk=pk)


def _told(found: Lead) -> dict[str, Any]:
    """What else the evidence holds: the days of a split, the amount of a village."""
    evidence = found.evidence
    told: dict[str, Any] = {
        name: dt.date.fromisoformat(evidence[name]) for name in ("parted", "identified") if evidence.get(name)
    }
    if "fact" in evidence:
        fact = registry.schema().fact("household", evidence["fact"])
        told["village_amount"] = _(
            "%(fact)s of %(year)s: %(amount)s yuan in %(households)s of %(compared)s households"
        ) % {
            "fact": chosen(fact.zh, fact.en) if fact else evidence["fact"],
            "year": evidence["year"],
            "amount": f"{Decimal(evidence['amount']):,.2f}",
            "households": evidence["households"],
            "compared": evidence["compared"],
        }
    return told


def _corrections(sought: Sought | None) -> list[tuple[str, str]]:
    """The changes of the register that correct a confirmed lead: their kinds, with the word on the button."""
    if sought is None or sought.looks_for is None:
        return []
    return [(kind, str(label)) for kind, label in _CORRECTED_BY.get(sought.looks_for, ())]


def _offered(who: UserActor, found: Lead) -> list[LeadVerdict]:
    """The decisions that the reader may take now."""
    if not _holds(who, Permission.LEADS_DECIDE, found, both=False):
        return []
    both = _holds(who, Permission.LEADS_DECIDE, found, both=True)
    return [
        verdict
        for verdict, (states, _state) in LEAD_MOVES.items()
        if found.state in states and (both or verdict not in CLEARS)
    ]


def _holds(who: UserActor, permission: Permission, found: Lead, *, both: bool) -> bool:
    area = who.area_for(permission)
    sides = [village in area for village in (found.village, found.other_village) if village is not None]
    return all(sides) if both else any(sides)


def division_asked(who: UserActor, asked: str) -> str:
    """The division asked for, else the uppermost that the reader sees. Raises DIV-001, DIV-010."""
    if asked:
        return divisions.get(asked).code
    ranges = who.area_for(Permission.QUALITY_VIEW).ranges
    if len(ranges) != 1:
        return COUNTRY
    code = _code(ranges[0][0])
    return code if range_of(code) == ranges[0] else COUNTRY


def _code(division: int) -> str:
    return f"{division:0{CODE_LENGTH}d}"


def _url(**asked: str) -> str:
    return f"{reverse('monitoring:leads')}?{urlencode({name: value for name, value in asked.items() if value})}"


def _upper(who: UserActor, division: str) -> str:
    """The page of the division above, where the reader sees all of it."""
    if division == COUNTRY:
        return ""
    above = divisions.get(division).parent_id
    covered = above is not None and who.area_for(Permission.QUALITY_VIEW).covers(str(above))
    return _url(division=str(above)) if covered else ""


def _patterns(who: UserActor, book: PatternBook, division: str) -> list[dict[str, Any]]:
    """What is looked for in a division, with the leads that wait and that are over; and what is not, and why."""
    counts = reads.by_pattern(who, division)
    lines = []
    for key, sought in book.patterns.items():
        states: Mapping[str, int] = counts.get(key, {})
        lines.append(
            {
                "sought": sought,
                "meaning": Said(sought.item.meaning.zh, sought.item.meaning.en),
                "lacking": listed(str(said) for said in sought.lacking),
                "note": Said(sought.item.note.zh, sought.item.note.en) if sought.item.note else "",
                "is_demo": any(answer.is_demo for answer in sought.answers.values()),
                "open": sum(count for state, count in states.items() if state in LEADS_WAITING),
                "cleared": states.get(LeadState.CLEARED, 0),
                "gone": states.get(LeadState.GONE, 0),
                "url": _url(pattern=key, division=division if division != COUNTRY else ""),
                "cleared_url": _url(
                    pattern=key, division=division if division != COUNTRY else "", state=LeadState.CLEARED
                ),
                "gone_url": _url(pattern=key, division=division if division != COUNTRY else "", state=LeadState.GONE),
            }
        )
    return lines


def _below(who: UserActor, division: str) -> list[dict[str, Any]]:
    """The divisions below with leads that wait, the most first."""
    if division == COUNTRY:
        return []
    level = level_of(int(division))
    found = reads.below(who, division, level) if level < _VILLAGE else {}
    names = divisions.by_codes(_code(code) for code in found)
    return [
        {"place": names.get(_code(code)), "code": _code(code), "count": count, "url": _url(division=_code(code))}
        for code, count in found.items()
    ]


def lead_lines(book: PatternBook, rows: list[Lead]) -> list[dict[str, Any]]:
    """Leads in words, in their order: what each shows, and where."""
    codes = {_code(village) for row in rows for village in (row.village, row.other_village) if village is not None}
    places = divisions.path_labels(codes)
    return [
        {
            "lead": row,
            "title": str(book.patterns[row.pattern].title) if row.pattern in book.patterns else row.pattern,
            "shows": _told(row).get("village_amount") or in_words(row.evidence.get("agrees", ())),
            "place": places.get(_code(row.village), _code(row.village)),
            "across": row.other_village is not None and row.other_village != row.village,
            "sign": _SIGNS[LeadState(row.state)],
        }
        for row in rows
    ]
