"""Pages of reports: which the packs offer and how they stand, and one with its figures, overlaps and matrices."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from lika.accounts.access import actor, requires
from lika.core.errors import UserError
from lika.core.pages import page_of
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.policy import queries as policy
from lika.reports import actions
from lika.reports.behind import lists_behind
from lika.reports.choices import ReportState
from lika.reports.figures import cell_of, lines_of, names_of, part_words, small_of, small_warning, withheld_words
from lika.reports.models import ReportFigure, ReportRun
from lika.reports.queries import runs
from lika.reports.queries.offered import earlier_snapshots, offered
from lika.reports.spread import matrix_table, overlap_table

DIVISIONS_A_PAGE = 100
# What is told in place, on the page from which it was asked for.
_ON_THE_PAGE = ("SCR-002", "SCR-003", "SCR-004", "SCR-071", "SCR-072")
_OVERLAP = ("union", "none", "all_together", "per_covered")


@requires(Permission.SCREENING_VIEW)
def reports(request: HttpRequest) -> HttpResponse:
    """The reports of the packs in force, and how each stands over the newest snapshot."""
    packs = offered(actor(request))
    names = names_of(each.snapshot.division for each in packs)
    context = {"packs": [{"pack": each, "place": names[each.snapshot.division]} for each in packs]}
    return render(request, "reports/reports.html", context)


@require_POST
@requires(Permission.SCREENING_RUN)
def ask(request: HttpRequest) -> HttpResponse:
    """Have a report worked out now; its page tells how far it is."""
    given = request.POST
    try:
        run = actions.ask_for_report(
            by=actor(request), snapshot=given.get("snapshot", ""), pack=policy.get(given.get("pack", "")).pack(),
            report=given.get("report", ""), before=given.get("before", ""), what_if=given.get("what_if") == "1",
        )  # fmt: skip
    except UserError as error:
        if error.code not in _ON_THE_PAGE:
            raise
        messages.error(request, f"{error.message} {error.remedy}")
        return redirect("reports:reports")
    if run.state == ReportState.WAITING:
        actions.begin_report(run)
    return redirect("reports:report", pk=run.pk)


@require_GET
@requires(Permission.SCREENING_VIEW)
def progress(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Whether a report is worked out; once it is, the word to load the page again."""
    found = runs.run_of(actor(request), pk)
    if not runs.is_going(found):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "reports/parts/report_progress.html", {"run": found})


@requires(Permission.SCREENING_VIEW)
def report(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What a report tells of a division and those below it: `?division=`, `?page=`."""
    who = actor(request)
    run = runs.run_of(who, pk)
    area = who.area_for(Permission.SCREENING_RUN)
    may_run = who.has(Permission.SCREENING_RUN) and area.covers(f"{run.snapshot.division:012d}")
    context: dict[str, Any] = {"run": run, "may_run": may_run, "pack_page": _pack_page(run)}
    if run.state != ReportState.DONE:
        context["going"] = runs.is_going(run)
        return render(request, "reports/report.html", context)
    asked = request.GET.get("division", "")
    uppermost = [divisions.place(asked).number] if asked else runs.roots(who, run)
    if not uppermost:  # it is told of levels above the reader's area alone
        return render(request, "reports/report.html", {**context, "nothing": True})
    read = runs.report_read(who, run, uppermost[0])
    links = lists_behind(who, run, _listed(read.figures), read.own.division)
    page = Paginator(read.below, DIVISIONS_A_PAGE).get_page(page_of(request))
    heads = _heads(read)
    names = names_of([*read.path, read.own.division])
    own = reverse("reports:report", args=[pk])
    context |= {
        "read": read,
        "place": names[read.own.division],
        "path": [{"name": names[code], "url": f"{own}?division={code:012d}"} for code in read.path],
        "code": f"{read.own.division:012d}",
        "roots": _roots(uppermost, own),
        "figures": [_told(each, read, links) for each in read.figures if not each.made],
        "counts": [_told(each, read, links) for each in read.figures if each.figure in _OVERLAP and each.made],
        "overlap": overlap_table(run, read.own, links),
        "matrix": matrix_table(run, read.own, links),
        "heads": heads,
        "lines": lines_of([read.own, *page.object_list], heads),
        "own_page": own,
        "list": {"page": page.number, "pages": page.paginator.num_pages},
        "rows": runs.divisions_read(who, run, read.own.division).count(),
        "warning": small_warning(small_of([read.own, *read.below], read.figures)),
        "withheld": withheld_words() if any(row.withheld for row in (read.own, *read.below)) else "",
        "earlier": list(earlier_snapshots(who, run.snapshot)) if run.matrix and may_run and not run.what_if else [],
    }
    return render(request, "reports/report.html", context)


def _told(figure: ReportFigure, read: runs.ReportRead, links: dict[str, str]) -> dict[str, Any]:
    """A figure of the division in words, with what is open about it and the list behind it."""
    value = read.own.value(figure.figure)
    cell = cell_of(figure, read.own)
    url = "" if value is None or cell.open else links.get(figure.figure, "")
    return {
        "figure": figure,
        "cell": cell,
        "people": part_words(people.numerator) if (people := read.own.value(f"{figure.figure}_people")) else "",
        "url": url,
    }


def _listed(figures: Sequence[ReportFigure]) -> list[ReportFigure]:
    """The figures that stand on the page as numbers of their own, with a list behind them."""
    return [each for each in figures if each.condition and not (each.made and each.figure.startswith("only_"))]


def _heads(read: runs.ReportRead) -> list[ReportFigure]:
    """The columns of the table of divisions: the figures as written, else the counts of the overlap, else the moves."""
    written = [each for each in read.figures if not each.made]
    if written:
        return written
    counts = [
        each for each in read.figures
        if (each.figure.startswith("in_") and not each.figure.endswith("_people")) or each.figure in _OVERLAP
    ]  # fmt: skip
    if read.run.overlap:
        return counts
    return [each for each in read.figures if not each.figure.endswith("_people")]


def _roots(codes: Sequence[int], page: str) -> list[dict[str, str]]:
    """The other uppermost divisions of a reader who has several, such as the townships of a helper."""
    names = names_of(codes) if len(codes) > 1 else {}
    return [{"name": names[code], "url": f"{page}?division={code:012d}"} for code in codes[1:]]


def _pack_page(run: ReportRun) -> str:
    """Where the formulas stand as the pack says them."""
    pack_id, _at, version = run.pack.partition("@")
    return f"{reverse('policy:pack', args=[pack_id])}?show=reports&version={version}#report-{run.report}"
