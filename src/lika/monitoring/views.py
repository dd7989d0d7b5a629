"""Pages of data quality: rates of the latest run, the faults behind a number, and one fault to be mended."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor
from lika.core.areas import CODE_LENGTH, DIGITS_OF_LEVEL
from lika.core.errors import UserError
from lika.core.forms import ActionForm
from lika.core.language import chosen
from lika.core.pages import page_of
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.engine.screening.rollups import level_of
from lika.monitoring import actions
from lika.monitoring.choices import MOVES, OVER, FaultState
from lika.monitoring.forms import AssignForm, ExplainForm, FaultFilterForm
from lika.monitoring.models import QualityFault, QualityRun
from lika.monitoring.queries import faults as reads
from lika.monitoring.queries import jobs, runs
from lika.policy import quality as rules
from lika.policy.choices import Severity
from lika.snapshots.queries import UnitAt
from lika.snapshots.units import UnitLine, units_shown

FAULTS_A_PAGE = 50
# What an address may ask of the list of faults.
ASKED_OF_FAULTS = ("rule", "division", "state", "severity", "mine", "late")
MOST_RUNS, MOST_VILLAGES = 12, 10
_SIGNS = {
    FaultState.OPEN: "waiting",
    FaultState.ASSIGNED: "waiting",
    FaultState.FIXED: "info",
    FaultState.EXPLAINED: "plain",
    FaultState.RECHECKED: "done",
    FaultState.LAPSED: "plain",
}


@requires(Permission.QUALITY_VIEW)
def quality(request: HttpRequest) -> HttpResponse:
    """The rates of the latest run in one division: by dimension, by rule, in the divisions below, from run to run."""
    who = actor(request)
    run = runs.latest(who)
    if run is None:
        return render(request, "monitoring/quality.html", {"run": None, **_next_run(who)})
    division = runs.root_of(who, run, request.GET.get("division", ""))
    found = runs.by_rule(run, division)
    level = level_of(division)
    context: dict[str, Any] = {
        "run": run,
        "place": divisions.path_labels([_code(division)]).get(_code(division), _code(division)),
        "dimensions": runs.by_dimension(found),
        "rules": [
            {"row": row, "rate": rate, "url": _faults_url(rule=row.rule, division=_code(division))}
            for row, rate in found
        ],
        "below": _below(run, division, level),
        "trend": _trend(runs.trend(who, run, division, MOST_RUNS)),
        "worst": _worst(reads.worst_villages(who, MOST_VILLAGES)),
        "states": [
            {"label": state.label, "sign": _SIGNS[state], "count": count, "url": _faults_url(state=state.value)}
            for state, count in ((FaultState(name), count) for name, count in sorted(reads.states(who).items()))
        ],
        "late": reads.count_late(who),
        "late_url": _faults_url(late="1"),
        "upper": _upper(who, division, level, run),
        **_next_run(who),
    }
    return render(request, "monitoring/quality.html", context)


def _next_run(who: UserActor) -> dict[str, Any]:
    """What a run would be of, for those who may start one; and how the last that was asked for on the page went."""
    job = jobs.jobs(who).first()
    return {"next": jobs.next_snapshot(who), "job": job, "going": jobs.is_going(job), "failed": jobs.has_failed(job)}


@requires(Permission.QUALITY_VIEW)
def faults(request: HttpRequest) -> HttpResponse:
    """The faults behind a number: `?rule=`, `?division=`, `?state=`, `?severity=`, `?page=`."""
    who = actor(request)
    asked = reads.Asked(**{name: request.GET.get(name, "") for name in ASKED_OF_FAULTS})
    division = divisions.place(asked.division) if asked.division else None
    page = Paginator(reads.faults(who, asked), FAULTS_A_PAGE).get_page(page_of(request))
    rows = list(page.object_list)
    shown = units_of_faults(who, rows)
    context = {
        "page": page,
        "lines": [
            {"fault": row, "title": rule_title(row.rule), "unit": shown[row.pk], "sign": _sign(row)} for row in rows
        ],
        "rule": rule_title(asked.rule) if asked.rule else "",
        "division": division,
        "form": FaultFilterForm(request.GET),
        "kept": [(name, getattr(asked, name)) for name in ("rule", "division") if getattr(asked, name)],
        "query": urlencode({name: getattr(asked, name) for name in ASKED_OF_FAULTS if getattr(asked, name)}),
    }
    return render(request, "monitoring/faults.html", context)


@requires(Permission.QUALITY_VIEW)
def fault(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One fault: what is wrong, where, who mends it, and what may be done now."""
    return _page(request, pk)


def _page(request: HttpRequest, pk: uuid.UUID, **refused: Any) -> HttpResponse:
    who = actor(request)
    found = reads.fault_of(who, pk)
    if found is None:
        raise reads.no_such_fault()
    rule = rules.find(found.rule)
    here = found.village
    mends = here in who.area_for(Permission.QUALITY_MEND)
    context = {
        "fault": found,
        "title": rule_title(found.rule),
        "rule": rule,
        "message": chosen(rule.message.zh, rule.message.en) if rule else "",
        "remedy": chosen(rule.remedy.zh, rule.remedy.en) if rule else "",
        "unit": units_of_faults(who, [found])[found.pk],
        "reads_remark": here in who.area_for(Permission.REGISTER_PERSONAL),
        "sign": _sign(found),
        "may_assign": here in who.area_for(Permission.QUALITY_ASSIGN) and found.state in MOVES["assign"][0],
        "may_fix": mends and found.state in MOVES["fix"][0],
        "may_explain": mends and found.severity == Severity.WARNING and found.state in MOVES["explain"][0],
        "may_recheck": mends and found.state not in OVER and found.household_id is not None,
        "assign_form": AssignForm(
            officials=reads.may_mend(found), initial={"to": found.assignee_id, "deadline": found.deadline}
        ),
        "explain_form": ExplainForm(initial={"remark": found.remark}),
    }
    return render(request, "monitoring/fault.html", context | refused, status=422 if refused else 200)


@require_POST
@requires(Permission.QUALITY_ASSIGN)
def assign(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Name who mends it."""
    who = actor(request)
    found = reads.fault_of(who, pk)
    form = AssignForm(request.POST, officials=reads.may_mend(found) if found else ())
    return _done(
        request, pk, form, "assign_form",
        lambda values: actions.assign(
            by=who, fault=pk, to=uuid.UUID(values["to"]), deadline=values["deadline"]
        ),
    )  # fmt: skip


@require_POST
@requires(Permission.QUALITY_MEND)
def explain(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say why a warning is right as it is."""
    form = ExplainForm(request.POST)
    return _done(
        request, pk, form, "explain_form",
        lambda values: actions.explain(by=actor(request), fault=pk, remark=values["remark"]),
    )  # fmt: skip


@require_POST
@requires(Permission.QUALITY_MEND)
def fix(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say that it is mended."""
    return _done(request, pk, None, "", lambda _values: actions.fix(by=actor(request), fault=pk))


@require_POST
@requires(Permission.QUALITY_MEND)
def recheck(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Hold it against the register as it stands now."""
    return _done(request, pk, None, "", lambda _values: actions.recheck(by=actor(request), fault=pk))


def _done(
    request: HttpRequest,
    pk: uuid.UUID,
    form: ActionForm | None,
    name: str,
    act: Callable[[dict[str, Any]], QualityFault],
) -> HttpResponse:
    """The fault's page after a step, or with what is wrong with it."""
    if form is not None and not form.is_valid():
        return _page(request, pk, **{name: form})
    try:
        done = act(form.cleaned_data if form is not None else {})
    except UserError as error:
        if error.code.startswith("ACC") or error.code == "QUA-010":
            raise
        if form is not None and error.where.get("field") in form.fields:
            form.refuse(error)
            return _page(request, pk, **{name: form})
        return _page(request, pk, error=error, **({name: form} if form is not None else {}))
    messages.success(request, _("Now: %(state)s.") % {"state": FaultState(done.state).label})
    return redirect("monitoring:fault", pk=pk)


def _sign(row: QualityFault) -> str:
    return "late" if row.is_late else _SIGNS[FaultState(row.state)]


def _code(division: int) -> str:
    return f"{division:0{CODE_LENGTH}d}"


def rule_title(rule: str) -> str:
    """What a rule is called; its code where it holds nowhere any more."""
    found = rules.find(rule)
    return chosen(found.zh, found.en) if found else rule


def _faults_url(**asked: str) -> str:
    return f"{reverse('monitoring:faults')}?{urlencode(asked)}"


def _below(run: QualityRun, division: int, level: int) -> list[dict[str, Any]]:
    """The divisions below, those with most faults first; a village leads to its faults."""
    found = runs.below(run, division, level)
    names = divisions.by_codes(_code(code) for code in found)
    own = reverse("monitoring:quality")
    return [
        {
            "place": names.get(_code(code)),
            "code": _code(code),
            "faults": count,
            "url": _faults_url(division=_code(code))
            if level + 1 == max(DIGITS_OF_LEVEL)
            else f"{own}?{urlencode({'division': _code(code)})}",
        }
        for code, count in found.items()
    ]


def _upper(who: UserActor, division: int, level: int, run: QualityRun) -> str:
    """The page of the division above, where the run counted it and the reader sees all of it."""
    above = _code(division)[: DIGITS_OF_LEVEL.get(level - 1, 0)].ljust(CODE_LENGTH, "0")
    if level <= level_of(run.snapshot.division) or not who.area_for(Permission.QUALITY_VIEW).covers(above):
        return ""
    return f"{reverse('monitoring:quality')}?{urlencode({'division': above})}"


def _trend(found: Sequence[tuple[QualityRun, runs.Rate]]) -> list[dict[str, Any]]:
    """The runs, the oldest first, each with how many faults there are more than in the one before."""
    before = [None, *(rate.faulty for _run, rate in found)]
    return [
        {"run": run, "rate": rate, "change": None if last is None else rate.faulty - last}
        for (run, rate), last in zip(found, before, strict=False)
    ]


def _worst(villages: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    labels = divisions.path_labels([_code(village) for village, _count in villages])
    return [
        {
            "place": labels.get(_code(village), _code(village)),
            "count": count,
            "url": _faults_url(division=_code(village)),
        }
        for village, count in villages
    ]


def units_of_faults(who: UserActor, rows: Sequence[QualityFault]) -> dict[uuid.UUID, UnitLine]:
    """The unit of each fault in words, as far as the reader may see it."""
    found: dict[uuid.UUID, UnitLine] = {}
    for kind in {row.unit_kind for row in rows}:
        own = [row for row in rows if row.unit_kind == kind]
        lines = units_shown(who, kind, [UnitAt(row.unit_id, row.village) for row in own])
        found |= {row.pk: line for row, line in zip(own, lines, strict=True)}
    return found
