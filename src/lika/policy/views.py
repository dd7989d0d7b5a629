"""Which rules apply: the list of packs, one pack clause by clause, and two packs side by side."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts.access import actor, requires
from lika.core.areas import is_country
from lika.core.language import language
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.engine.errors import ExpressionError
from lika.policy import queries
from lika.policy.forms import CompareForm
from lika.policy.models import PackVersion
from lika.policy.packs.resolved import ResolvedPack
from lika.policy.queries import CriterionView, DeadlineView, PackView, ParameterView

CLAUSES, PROCEDURES, REPORTS, VALUES, CASES = "clauses", "procedures", "reports", "values", "cases"


@requires(Permission.POLICY_VIEW)
def packs(request: HttpRequest) -> HttpResponse:
    """All packs: of each the active version, or the one loaded last; what is in force today comes first."""
    shown: dict[str, PackVersion] = {}
    for row in queries.list_packs():
        shown.setdefault(row.pack_id, row)
    places = _places(shown.values())
    today = timezone.localdate()
    rows = sorted(shown.values(), key=lambda row: (not row.active, not row.in_force(today), row.pack_id))
    lines = [(row, _place(places, row), row.active and row.in_force(today)) for row in rows]
    return render(request, "policy/packs.html", {"lines": lines, "today": today, "comparable": len(shown) > 1})


@requires(Permission.POLICY_VIEW)
def pack(request: HttpRequest, pack_id: str) -> HttpResponse:
    """One pack: the active version, or `?version=`; `?show=` clauses, procedures, reports, values or cases.

    Parameters stand as of today, or the nearest day on which the pack is in force.
    """
    version = request.GET.get("version", "")
    row = queries.get(f"{pack_id}@{version}" if version else pack_id)
    resolved, day = row.pack(), _day_within(row)
    view = queries.view(resolved, at=day)
    show = request.GET.get("show", CLAUSES)
    part = _PARTS.get(show, _clauses)(resolved, view)
    context = {
        "row": row,
        "pack": view,
        "place": _place(_places([row]), row),
        "versions": queries.versions(row.pack_id),
        "tabs": _tabs(show if show in _PARTS else CLAUSES, version, resolved),
        "may_try": actor(request).has(Permission.SCREENING_VIEW),
    }
    return render(request, "policy/pack.html", context | part)


@requires(Permission.POLICY_VIEW)
def compare(request: HttpRequest) -> HttpResponse:
    """Two packs, or one on two days, side by side: `?one=`, `?other=` (id@version), `?one_on=`, `?other_on=`."""
    known = {row.reference: row for row in queries.list_packs()}
    form = CompareForm(request.GET if request.GET.get("other") else None, packs=list(known.values()))
    form.fields["one"].initial = request.GET.get("one", "")
    context: dict[str, Any] = {"form": form, "comparison": None}
    if form.is_valid():
        chosen = form.cleaned_data
        sides = []
        for name in ("one", "other"):
            row = queries.get(chosen[name])
            sides.append((row, row.pack(), chosen[f"{name}_on"] or _day_within(row)))
        (one, before, one_on), (other, after, other_on) = sides
        context |= {
            "comparison": queries.compare(before, one_on, after, other_on),
            "one": one,
            "one_on": one_on,
            "other": other,
            "other_on": other_on,
        }
    return render(request, "policy/compare.html", context)


def _clauses(resolved: ResolvedPack, view: PackView) -> dict[str, Any]:
    read = queries.clause_lines(resolved, view, at=view.at)
    waiting: list[CriterionView | ParameterView | DeadlineView] = [item for item in view.criteria if item.missing]
    waiting += [item for item in view.parameters if item.missing]
    waiting += [item for line in read.lines for item in line.deadlines if item.missing]
    problem = read.problem.describe(language()) if read.problem else ""
    return {"lines": read.lines, "problem": problem, "waiting": waiting}


def _procedures(resolved: ResolvedPack, view: PackView) -> dict[str, Any]:
    return {"procedures": queries.procedure_lines(resolved, at=view.at)}


def _reports(resolved: ResolvedPack, view: PackView) -> dict[str, Any]:
    try:
        return {"reports": queries.report_lines(resolved, at=view.at), "problem": ""}
    except ExpressionError as error:
        return {"reports": (), "problem": error.describe(language())}


def _values(resolved: ResolvedPack, view: PackView) -> dict[str, Any]:
    return {
        "values": queries.dated_values(resolved, view.parameters),
        "changes": queries.change_lines(resolved),
        "accounts": queries.account_lines(resolved),
    }


def _cases(resolved: ResolvedPack, view: PackView) -> dict[str, Any]:
    try:
        coverage = queries.coverage_of(resolved)
    except ExpressionError as error:
        return {"coverage": (), "problem": error.describe(language())}
    return {"coverage": coverage, "lacking": sum(bool(item.lacking) for item in coverage), "problem": ""}


_PARTS = {CLAUSES: _clauses, PROCEDURES: _procedures, REPORTS: _reports, VALUES: _values, CASES: _cases}


def _tabs(current: str, version: str, pack: ResolvedPack) -> list[dict[str, Any]]:
    labels = {CLAUSES: _("Clause by clause")}
    if pack.procedures:
        labels[PROCEDURES] = _("Procedures")
    if pack.reports:
        labels[REPORTS] = _("Reports")
    labels |= {VALUES: _("Values by date"), CASES: _("Golden cases")}
    more = f"&version={version}" if version else ""
    return [
        {"label": label, "url": f"?show={name}{more}", "current": name == current} for name, label in labels.items()
    ]


def _places(rows: Iterable[PackVersion]) -> dict[str, str]:
    """The names of where packs hold, but for the whole country, which is no division."""
    return divisions.path_labels({row.jurisdiction for row in rows if not is_country(row.jurisdiction)})


def _place(places: dict[str, str], row: PackVersion) -> str:
    if is_country(row.jurisdiction):
        return _("The whole country")
    return places.get(row.jurisdiction.ljust(12, "0"), row.jurisdiction)


def _day_within(row: PackVersion) -> dt.date:
    """Today, or the nearest day on which the pack is in force: an old pack shows its own values."""
    today = timezone.localdate()
    if row.valid_to is not None:
        today = min(today, row.valid_to)
    return max(today, row.valid_from)
