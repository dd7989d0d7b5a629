"""The rounds in sight, opening one, its progress by village, and what one village hands in."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor, held_by_post
from lika.collection.rounds import actions, queries
from lika.collection.rounds.actions import Dates
from lika.collection.rounds.choices import FILLABLE, SIGNS, EntryState, Show, SubmissionState
from lika.collection.rounds.forms import ExtendForm, NoteForm, OpenForm, ReturnForm, StandInForm, WorkbookForm
from lika.collection.rounds.models import Submission
from lika.collection.rounds.queries import Standing, StandingLine
from lika.core.areas import Area, range_of
from lika.core.errors import UserError
from lika.core.language import listed
from lika.core.pages import page_of
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.divisions.names import place_name
from lika.policy import queries as policy
from lika.policy.choices import CalendarTask
from lika.register import queries as register
from lika.register.actions import Period

LINES = 50


@require_GET
@requires(Permission.ROUND_VIEW)
def rounds(request: HttpRequest) -> HttpResponse:
    """The rounds that reach into the reader's area."""
    who = actor(request)
    context = {"lines": queries.rounds_in_sight(who), "may_open": who.has(Permission.ROUND_KEEP)}
    return render(request, "collection/rounds/rounds.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.ROUND_KEEP)
def open_page(request: HttpRequest) -> HttpResponse:
    """Open a round; the pack's calendar gives the days where it has them. `?division=`, `?year=`."""
    who = actor(request)
    places = _places(who)
    division = request.GET.get("division", "")
    if division not in dict(places):
        division = places[0][0] if places else ""
    year = _year_asked(who, request.GET.get("year", ""))
    calendar = policy.deadlines_for(division, year) if division else ()
    form = OpenForm(request.POST or None, places=places, initial=_initial(division, year, calendar))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            opened = actions.open_round(
                by=who,
                division=given["division"],
                period=Period(given["data_year"], given["period_from"], given["period_to"]),
                dates=Dates(given["fill_by"], given["audit_by"]),
            )
        except UserError as error:
            form.refuse(error)
        else:
            return redirect("rounds:progress", opened.pk)
    context = {"form": form, "calendar": calendar, "year": year, "division": division}
    return render(request, "collection/rounds/open.html", context, status=422 if form.errors else 200)


def _places(who: UserActor) -> list[tuple[str, str]]:
    """The counties where the reader may open a round, each with its townships."""
    area = who.area_for(Permission.ROUND_KEEP)
    found: list[tuple[str, str]] = []
    for code in sorted({f"{low // 10**6 * 10**6:012d}" for low, _high in area.ranges}):
        low, high = range_of(code)
        if area.covers(code) and high - low == 10**6 - 1:
            county = divisions.get(code)
            found.append((code, place_name(county.name)))
            found += [(each.code, place_name(each.name)) for each in divisions.within(code, Level.TOWNSHIP)]
    return found


def _year_asked(who: UserActor, text: str) -> int:
    """The year asked for; else the one after the last that has data."""
    if text.isascii() and text.isdigit() and len(text) == 4:
        return int(text)
    held = register.data_years(who.area_for(Permission.ROUND_KEEP))
    return held[0] + 1 if held else timezone.localdate().year - 1


def _initial(division: str, year: int, calendar: tuple[policy.DueDay, ...]) -> dict[str, Any]:
    due = {each.task: each.day for each in calendar if each.day is not None}
    return {
        "division": division,
        "data_year": year,
        "period_from": dt.date(year, 1, 1),
        "period_to": dt.date(year, 12, 31),
        "fill_by": due.get(CalendarTask.UPDATE),
        "audit_by": due.get(CalendarTask.UPLOAD),
    }


@require_GET
@requires(Permission.ROUND_VIEW)
def progress(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """How far each village of a round is, and which are late."""
    who = actor(request)
    found = queries.progress(who, round_id)
    states = [(state.label, found.states.get(state, 0), SIGNS[state]) for state in SubmissionState]
    context = {
        "found": found,
        "states": states,
        "unaudited": listed(found.unaudited),
        "locked": found.states.get(SubmissionState.LOCKED, 0),
        "calendar": policy.deadlines_for(found.round.code, found.round.data_year),
        "county": found.round.code if who.area.covers(found.round.code) and found.round.of_county else "",
        "reads": bool(who.area_for(Permission.REGISTER_PERSONAL).meet(Area.of([found.round.code]))),
    }
    return render(request, "collection/rounds/progress.html", context)


@dataclass(frozen=True)
class Page:
    """A page of the households of a village."""

    lines: tuple[StandingLine, ...]
    total: int
    page: int
    pages: int


@require_GET
@requires(Permission.ROUND_VIEW)
def village(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """What a village hands in, household by household; `?show=` all, todo, remarks, changed, warned."""
    who = actor(request)
    found = queries.submission_in_sight(who, submission_id)
    standing = queries.village_standing(by=who, submission=found)
    asked = request.GET.get("show", "")
    show = Show(asked) if asked in Show.values else Show.ALL
    lines = queries.lines_shown(standing, show)
    pages = max(1, -(-len(lines) // LINES))
    page = min(page_of(request), pages)
    context = {
        **village_context(who, found),
        "standing": standing,
        "missing": [line for line in standing.lines if not line.is_done][:LINES],
        "show": show,
        "counts": {each.value: len(queries.lines_shown(standing, each)) for each in Show},
        "list": Page(lines[(page - 1) * LINES : page * LINES], len(lines), page, pages),
        "history": queries.history(found),
        "return_form": ReturnForm(),
        "note_form": NoteForm(),
        "extend_form": ExtendForm(auto_id="extend-%s"),
        "stand_in_form": StandInForm(auto_id="stand-in-%s"),
        "workbook_form": WorkbookForm(),
        "village_remarks": queries.remarks_on(found, None),
        "form_state": EntryState(standing.form).label if standing.form else "",
        "next": next_to_do(standing),
    }
    return render(request, "collection/rounds/village.html", context)


def next_to_do(standing: Standing, after: str = "") -> StandingLine | None:
    """The next household that is not finished, by number, after one; from the beginning again where there is none."""
    todo = [line for line in standing.lines if not line.is_done]
    return next((line for line in todo if line.household.number > after), todo[0] if todo else None)


def village_context(who: UserActor, found: Submission) -> dict[str, Any]:
    """What every page of a submission shows: where, which year, and what the reader may do now."""
    names = divisions.path_labels([found.code])
    here = found.village

    def may(permission: Permission, *states: SubmissionState) -> bool:
        return found.state in states and here in who.area_for(permission)

    days = (found.due_on - timezone.localdate()).days
    return {
        "submission": found,
        "round": found.round,
        "place": names.get(found.code, found.code),
        "state_word": SubmissionState(found.state).label,
        "state_sign": SIGNS[found.state],
        "days": days,
        "may_fill": may(Permission.REGISTER_CHANGE, *FILLABLE),
        "may_audit": may(Permission.ROUND_AUDIT, SubmissionState.SUBMITTED),
        "may_lock": may(Permission.ROUND_KEEP, SubmissionState.PASSED),
        "may_extend": may(Permission.ROUND_KEEP, *FILLABLE) or may(Permission.ROUND_AUDIT, *FILLABLE),
        "may_stand_in": may(Permission.ROUND_KEEP, SubmissionState.SUBMITTED)
        and here not in held_by_post(Permission.ROUND_AUDIT, found.code, besides=found.submitted_by),
    }
