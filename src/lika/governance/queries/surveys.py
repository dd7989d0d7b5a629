"""Surveys in the sight of a reader: progress by village, the day list of two surveyors, what waits for them."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts.models import Official
from lika.accounts.queries import officials_posted
from lika.core.actors import Actor
from lika.core.areas import CODE_LENGTH, DIGITS_OF_LEVEL, Area
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.divisions.models import Division
from lika.governance.choices import VISIT_AGAIN
from lika.governance.models import DutyTerm, Survey, SurveyTask, SurveyVisit
from lika.register import queries as register
from lika.register.models import Household
from lika.register.queries import HouseholdRow

_SPAN = 10 ** (CODE_LENGTH - DIGITS_OF_LEVEL[Level.TOWNSHIP])
# A visit that found nobody is still to be made.
LEFT = Q(visits__visited_on__isnull=True) | Q(visits__result__in=VISIT_AGAIN)


@dataclass(frozen=True)
class VisitLine:
    """A household of a task as its reader sees it; `row` is None where it is out of their sight by now."""

    visit: SurveyVisit
    row: HouseholdRow | None


def visible(by: Actor) -> QuerySet[Survey]:
    """The surveys of the area where the actor may see them. Raises ACC-001."""
    by.require(Permission.SURVEYS_VIEW)
    return Survey.objects.filter(by.area_for(Permission.SURVEYS_VIEW).where("village"))


def list_surveys(by: Actor) -> QuerySet[Survey]:
    """All surveys in sight, open ones first, with how many households they have and how many are visited."""
    counted = visible(by).annotate(
        households=Count("visits"),
        visited=Count("visits", filter=~LEFT),
        notes=Count("visits", filter=Q(visits__notes_given=True)),
    )
    return counted.order_by("closed_on", "-opened_on", "village")


def survey_in_sight(by: Actor, survey: UUID, *, lock: bool = False) -> Survey:
    """One survey; locked for a step. Raises ACC-001, GOV-020."""
    rows = visible(by).select_for_update() if lock else visible(by)
    found = rows.filter(pk=survey).first()
    if found is None:
        raise _no_such_survey()
    return found


def task_in_sight(by: Actor, task: UUID, *, lock: bool = False) -> SurveyTask:
    """One task. Raises ACC-001, GOV-020."""
    tasks = SurveyTask.objects.filter(survey__in=visible(by), pk=task)
    tasks = tasks.select_for_update(of=("self",)) if lock else tasks
    found = tasks.select_related("survey", "first", "second").first()
    if found is None:
        raise _no_such_survey()
    return found


def visit_in_sight(by: Actor, visit: UUID) -> SurveyVisit:
    """One visit with its task. Raises ACC-001, GOV-020."""
    found = SurveyVisit.objects.filter(survey__in=visible(by), pk=visit).select_related("task", "survey").first()
    if found is None:
        raise _no_such_survey()
    return found


def tasks_of(survey: Survey) -> QuerySet[SurveyTask]:
    """The tasks of a survey with their progress."""
    counted = survey.tasks.annotate(households=Count("visits"), visited=Count("visits", filter=~LEFT))
    return counted.select_related("first", "second").order_by("pk")


def day_list(by: Actor, task: SurveyTask) -> list[VisitLine]:
    """The households of a task, those still to be visited first, by number. Raises ACC-001."""
    return _lines(by, task.visits.all())


def visits_of(by: Actor, survey: Survey) -> list[VisitLine]:
    """The households of all tasks of a survey, in the same order, with the surveyors of each. Raises ACC-001."""
    return _lines(by, survey.visits.select_related("task__first", "task__second"))


def _lines(by: Actor, found: QuerySet[SurveyVisit]) -> list[VisitLine]:
    visits = list(found)
    seen = register.households_visible_to(by).filter(pk__in=[visit.household_id for visit in visits])
    rows = {row.id: row for row in register.rows_of(seen, by=by, year=0)}
    lines = [VisitLine(visit, rows.get(visit.household_id)) for visit in visits]
    return sorted(lines, key=lambda line: (not is_to_visit(line.visit), line.row.number if line.row else ""))


def is_to_visit(visit: SurveyVisit) -> bool:
    """Whether a household waits for a visit: the condition `LEFT`."""
    return visit.visited_on is None or visit.result in VISIT_AGAIN


def left_of(by: Actor, survey: Survey) -> QuerySet[Household]:
    """The households of the village that no task of the survey has yet, by number."""
    taken = SurveyVisit.objects.filter(survey=survey).values("household_id")
    here = register.households_within(by, Area(((survey.village, survey.village),)))
    return here.exclude(pk__in=taken).order_by("number")


def surveyors(survey: Survey) -> QuerySet[Official]:
    """Who may survey: whoever holds a post at the village or its township, or a duty in the township this year."""
    today, township = timezone.localdate(), survey.village // _SPAN * _SPAN
    posted = officials_posted(Area.joined([(township, township), (survey.village, survey.village)]), today)
    on_duty = DutyTerm.objects.filter(
        division__number__range=(township, township + _SPAN - 1), year=today.year, ended_on=None, official__user=None
    )
    return Official.objects.filter(Q(pk__in=posted.values("pk")) | Q(pk__in=on_duty.values("official"))).order_by(
        "name", "id"
    )


def villages_of(by: Actor) -> list[Division]:
    """The villages where the actor opens surveys, by code."""
    return list(divisions.lying_in(by.area_for(Permission.SURVEYS_KEEP), Level.VILLAGE))


@dataclass(frozen=True)
class SurveyWaiting:
    """What waits for a surveyor: the task to go on with, how many households, how many tasks wait for a signature."""

    task: UUID | None = None
    households: int = 0
    to_sign: int = 0


def waiting(by: Actor) -> SurveyWaiting:
    """For the official behind an account. Two queries."""
    if by.official_id is None or not by.has(Permission.SURVEYS_MARK):
        return SurveyWaiting()
    own = SurveyTask.objects.filter(survey__in=visible(by), survey__closed_on=None).annotate(
        left=Count("visits", filter=LEFT)
    )
    unsigned = Q(first_id=by.official_id, first_signed_at=None) | Q(second_id=by.official_id, second_signed_at=None)
    mine = list(own.filter(unsigned).order_by("pk"))
    going = [task for task in mine if vars(task)["left"]]
    ready = [task for task in mine if not vars(task)["left"]]
    first = next(iter([*going, *ready]), None)
    return SurveyWaiting(first.pk if first else None, sum(vars(task)["left"] for task in going), len(ready))


def _no_such_survey() -> NotFound:
    return NotFound(
        "GOV-020", _("There is no such survey in your area."), remedy=_("Choose one from the list of surveys.")
    )
