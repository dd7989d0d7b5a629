"""Duties of a year, requests at the service window, surveys of villages."""

from collections.abc import Iterator, Sequence

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lika.accounts.places import place_asked
from lika.accounts.queries import UserActor
from lika.console.leaving.reading import code_of, id_of, places_of, text, told, words_of
from lika.console.names import place_name
from lika.core.language import listed
from lika.core.leaving import Field, Kind, Personal, Row, in_blocks
from lika.core.leaving.files import BLOCK
from lika.core.permissions import Permission
from lika.divisions.choices import Level
from lika.governance.choices import Holding
from lika.governance.forms.requests import RequestFilterForm
from lika.governance.models import ServiceRequest, Survey
from lika.governance.queries import duties as duty_reads
from lika.governance.queries import requests as request_reads
from lika.governance.queries import surveys as survey_reads
from lika.governance.queries.duties import DutyCount, DutyLine
from lika.governance.queries.surveys import VisitLine
from lika.governance.views.duties import year_asked
from lika.governance.views.requests import wanted_by
from lika.reports.leaving import LeavingList, Reading

_DIVISION = Field("division", gettext_lazy("Division"), width=24)
_STATE = Field("state", gettext_lazy("State"))
_COUNT = (
    _DIVISION,
    Field("asked", gettext_lazy("Asked for"), Kind.WHOLE),
    Field("held", gettext_lazy("Held"), Kind.WHOLE),
    Field("vacant", gettext_lazy("Vacant"), Kind.WHOLE),
)
_DUTY = (
    _DIVISION,
    Field("duty", gettext_lazy("Duty"), width=24),
    Field("holder", gettext_lazy("Holder")),
    Field("since", gettext_lazy("First day"), Kind.DAY),
    _STATE,
)
_REQUEST = (
    Field("number", gettext_lazy("Number of the request"), width=24),
    Field("matter", gettext_lazy("Matter")),
    Field("applicant", gettext_lazy("Applicant"), personal=Personal.NAME),
    Field("received_on", gettext_lazy("Received on"), Kind.DAY),
    Field("reply_by", gettext_lazy("Reply by"), Kind.DAY),
    Field("assigned_to", gettext_lazy("Assigned to")),
    _STATE,
)
_SURVEY = (
    Field("village", gettext_lazy("Village"), width=40),
    Field("purpose", gettext_lazy("Purpose"), width=32),
    Field("visited", gettext_lazy("Households visited"), Kind.WHOLE),
    Field("households", gettext_lazy("Households"), Kind.WHOLE),
    Field("notes", gettext_lazy("Notes handed over"), Kind.WHOLE),
    Field("due", gettext_lazy("To be finished by"), Kind.DAY),
    _STATE,
)

_VISIT = (
    Field("head", gettext_lazy("Head"), personal=Personal.NAME),
    Field("number", gettext_lazy("Household number"), width=22),
    Field("members", gettext_lazy("Members"), Kind.WHOLE, width=8),
    Field("surveyors", gettext_lazy("Surveyors"), width=24),
    Field("visited_on", gettext_lazy("Visited on"), Kind.DAY),
    Field("result", gettext_lazy("What came of the visit")),
    Field("notes", gettext_lazy("Notes handed over"), width=12),
)


def _duties(who: UserActor, given: QueryDict) -> Reading:
    """Of a township or village each duty with its holder; above, the numbers of the divisions below."""
    place = place_asked(who, Permission.DUTIES_VIEW, text(given, "division"))
    year, only_vacant = year_asked(given), text(given, "vacant") == "1"
    fields: Sequence[Field] = _DUTY
    rows: list[Row]
    if place.level < Level.TOWNSHIP:
        counts = duty_reads.counts(who, place, year)
        fields, rows = _COUNT, [_count(each) for each in counts if each.vacant or not only_vacant]
    else:
        lines = duty_reads.lines(who, place.code, year)
        rows = [_duty(line) for line in lines if line.holding != Holding.HELD or not only_vacant]
    return Reading(
        fields=fields,
        total=len(rows),
        rows=lambda _personal: iter(rows),
        division=place.code,
        filters=[told(_("Year"), year), *([_("Vacant")] if only_vacant else [])],
        asked={"year": year, "vacant": only_vacant},
    )


def _count(each: DutyCount) -> Row:
    return {
        "division": place_name(each.division.name),
        "asked": each.asked,
        "held": each.held,
        "vacant": each.vacant,
    }


def _duty(line: DutyLine) -> Row:
    return {
        "division": place_name(line.division.name),
        "duty": line.duty.title,
        "holder": line.term.official.name if line.term else "",
        "since": line.term.begins_on if line.term else None,
        "state": str(line.holding.label),
    }


def _requests(who: UserActor, given: QueryDict) -> Reading:
    wanted = wanted_by(given)
    found = request_reads.list_requests(who, wanted)
    return Reading(
        fields=_REQUEST,
        total=found.count(),
        rows=lambda _personal: _request_rows(found),
        filters=[*words_of(RequestFilterForm(given)), *([_("Assigned to you")] if wanted.mine else [])],
        asked={"state": wanted.state, "kind": wanted.kind, "number": wanted.number, "household": wanted.household,
               "mine": wanted.mine},
    )  # fmt: skip


def _request_rows(found: QuerySet[ServiceRequest]) -> Iterator[Row]:
    for each in found.iterator(chunk_size=BLOCK):
        yield {
            "number": each.number,
            "matter": each.get_kind_display(),
            "applicant": each.applicant,
            "received_on": each.received_on,
            "reply_by": each.due_on,
            "assigned_to": each.assigned_to.name if each.assigned_to else "",
            "state": each.get_state_display(),
        }


def _surveys(who: UserActor, _given: QueryDict) -> Reading:
    found = survey_reads.list_surveys(who)
    return Reading(
        fields=_SURVEY,
        total=found.count(),
        rows=lambda _personal: _survey_rows(found),
    )


def _survey_rows(found: QuerySet[Survey]) -> Iterator[Row]:
    for block in in_blocks(found.iterator(chunk_size=BLOCK)):
        places = places_of({survey.village for survey in block})
        for survey in block:
            counted = vars(survey)
            yield {
                "village": places[survey.village],
                "purpose": survey.purpose,
                "visited": counted["visited"],
                "households": counted["households"],
                "notes": counted["notes"],
                "due": survey.due_on,
                "state": _("Done") if survey.closed_on else _("In progress"),
            }


def _visits(who: UserActor, given: QueryDict) -> Reading:
    """The households that a survey visits; one that has left the reader's sight has no name."""
    survey = survey_reads.survey_in_sight(who, id_of(given))
    lines = survey_reads.visits_of(who, survey)
    return Reading(
        fields=_VISIT,
        total=len(lines),
        rows=lambda _personal: map(_visit, lines),
        division=code_of(survey.village),
        filters=[told(_("Purpose"), survey.purpose)],
        asked={"survey": str(survey.pk)},
    )


def _visit(line: VisitLine) -> Row:
    visit, row = line.visit, line.row
    return {
        "head": row.head if row else "",
        "number": row.number if row else "",
        "members": row.members if row else None,
        "surveyors": listed((visit.task.first.name, visit.task.second.name)),
        "visited_on": visit.visited_on,
        "result": visit.get_result_display() or _("To be visited"),
        "notes": _("Yes") if visit.notes_given else _("No"),
    }


DUTIES = LeavingList(gettext_lazy("Duties"), Permission.DUTIES_VIEW, _duties)
REQUESTS = LeavingList(gettext_lazy("Requests"), Permission.REQUESTS_VIEW, _requests, personal=True)
SURVEYS = LeavingList(gettext_lazy("Surveys"), Permission.SURVEYS_VIEW, _surveys)
VISITS = LeavingList(gettext_lazy("Households of a survey"), Permission.SURVEYS_VIEW, _visits, personal=True)
