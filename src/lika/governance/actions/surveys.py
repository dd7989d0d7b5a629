"""Surveying a village: open, share out to pairs of surveyors, mark each visit, both sign, close."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.core import audit
from lika.core.actors import Actor
from lika.core.areas import CODE_LENGTH
from lika.core.errors import PermissionRefused, UserError
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.engine.snapshots.layout import county_of
from lika.governance.choices import VisitResult
from lika.governance.models import Survey, SurveyTask, SurveyVisit
from lika.governance.queries import surveys as reads

LONGEST = {"purpose": 120, "note": 500}


@transaction.atomic
def open_survey(*, by: Actor, village: str, purpose: str, due_on: dt.date | None = None) -> Survey:
    """A survey of a village begins today.

    Raises ACC-001, ACC-002, DIV-010, GOV-021 (no village), GOV-022 (no purpose), GOV-023 (a day in the past).
    """
    by.require(Permission.SURVEYS_KEEP, division=village)
    place, today = divisions.get(village), timezone.localdate()
    if place.level != Level.VILLAGE:
        raise UserError("GOV-021", _("A survey is of one village."), remedy=_("Choose a village."), field="village")
    if not purpose.strip() or len(purpose.strip()) > LONGEST["purpose"]:
        raise UserError("GOV-022", _("The purpose is missing."), remedy=_("Say what is surveyed."), field="purpose")
    if due_on is not None and due_on < today:
        raise _wrong_day("due_on")
    made = Survey.objects.create(
        village=place.number, purpose=purpose.strip(), opened_on=today, due_on=due_on, opened_by=by.name
    )
    _record(by, "survey.opened", made, {"village": made.village, "purpose": made.purpose, "due": due_on})
    return made


@transaction.atomic
def add_task(*, by: Actor, survey: UUID, first: UUID, second: UUID, numbers: Sequence[str] | None = None) -> SurveyTask:
    """Two surveyors and the households they visit: those of the numbers, or all that no task has yet.

    Raises ACC-001, ACC-002, GOV-020, GOV-024 (one person twice), GOV-025 (nobody such), GOV-026 (a number that is not
    left), GOV-027 (nothing left), GOV-028 (closed).
    """
    found = _open(by, survey)
    if first == second:
        raise UserError(
            "GOV-024", _("A task has two different surveyors."), remedy=_("Choose another person."), field="second"
        )
    known = {each.pk: each for each in reads.surveyors(found).filter(pk__in=(first, second))}
    if len(known) != 2:
        raise UserError(
            "GOV-025",
            _("One of them cannot survey this village."),
            remedy=_("Choose from the list: it holds those with a post or a duty here."),
            field="first",
        )
    chosen = _chosen(by, found, numbers)
    task = SurveyTask.objects.create(survey=found, first=known[first], second=known[second])
    SurveyVisit.objects.bulk_create(SurveyVisit(survey=found, task=task, household_id=key) for key in chosen)
    _record(by, "survey.shared", found, {"first": first, "second": second, "households": len(chosen)})
    return task


@transaction.atomic
def mark_visit(
    *, by: Actor, visit: UUID, visited_on: dt.date, result: VisitResult, notes_given: bool, note: str = ""
) -> SurveyVisit:
    """What came of a visit. One of the two surveyors marks it, or the township from their paper.

    Raises ACC-001, ACC-002, GOV-020, GOV-023, GOV-028 (closed), GOV-029 (somebody else's), GOV-030 (signed), GOV-031
    (too long).
    """
    by.require(Permission.SURVEYS_MARK)
    found = reads.visit_in_sight(by, visit)
    task = reads.task_in_sight(by, found.task_id, lock=True)
    by.require(Permission.SURVEYS_MARK, village=task.survey.village)
    _refuse_closed(task.survey)
    _refuse_stranger(by, task)
    if task.first_signed_at is not None or task.second_signed_at is not None:
        raise UserError("GOV-030", _("The list is signed."), remedy=_("Record what is new in another survey."))
    if not task.survey.opened_on <= visited_on <= timezone.localdate():
        raise _wrong_day("visited_on")
    if len(note.strip()) > LONGEST["note"]:
        raise UserError("GOV-031", _("The remark is too long."), remedy=_("Keep to 500 characters."), field="note")
    found.visited_on, found.result, found.notes_given = visited_on, VisitResult(result), notes_given
    found.note, found.marked_by = note.strip(), by.name
    found.save(update_fields=["visited_on", "result", "notes_given", "note", "marked_by"])
    told = {"household": found.household_id, "on": visited_on, "result": found.result, "notes": notes_given}
    _record(by, "survey.visited", task.survey, told)
    return found


@transaction.atomic
def sign_task(*, by: Actor, task: UUID, surveyor: UUID) -> SurveyTask:
    """A surveyor signs that all was visited as marked. Who has no account signs on paper, and the township writes it
    down; never does one person sign for both.

    Raises ACC-001, ACC-002, GOV-020, GOV-028, GOV-029 (not theirs to sign), GOV-030 (signed), GOV-032 (visits left).
    """
    by.require(Permission.SURVEYS_MARK)
    found = reads.task_in_sight(by, task, lock=True)
    by.require(Permission.SURVEYS_MARK, village=found.survey.village)
    _refuse_closed(found.survey)
    side = next((name for name in ("first", "second") if getattr(found, f"{name}_id") == surveyor), None)
    if side is None or not _may_sign(by, found, side):
        raise _not_theirs()
    if getattr(found, f"{side}_signed_at") is not None:
        raise UserError("GOV-030", _("The list is signed."), remedy=_("Record what is new in another survey."))
    left = sum(reads.is_to_visit(visit) for visit in found.visits.all())
    if left:
        raise UserError(
            "GOV-032",
            _("%(n)s households are still to be visited.") % {"n": left},
            remedy=_("Mark every household first; who was not at home is visited again."),
        )
    setattr(found, f"{side}_signed_at", timezone.now())
    setattr(found, f"{side}_signed_by", by.name)
    found.save(update_fields=[f"{side}_signed_at", f"{side}_signed_by"])
    _record(by, "survey.signed", found.survey, {"task": found.pk, "surveyor": surveyor})
    return found


@transaction.atomic
def close_survey(*, by: Actor, survey: UUID) -> Survey:
    """The survey is over: both signed every list. Raises ACC-001, ACC-002, GOV-020, GOV-028, GOV-033 (not signed)."""
    found = _open(by, survey)
    tasks = list(found.tasks.all())
    if not tasks or not all(task.is_signed for task in tasks):
        raise UserError(
            "GOV-033", _("Not every list is signed by both surveyors."), remedy=_("Have them sign, then close.")
        )
    found.closed_on = timezone.localdate()
    found.save(update_fields=["closed_on"])
    _record(by, "survey.closed", found, {"on": found.closed_on})
    return found


def _open(by: Actor, survey: UUID) -> Survey:
    by.require(Permission.SURVEYS_KEEP)
    found = reads.survey_in_sight(by, survey, lock=True)  # two may share out, or one share out while another closes
    by.require(Permission.SURVEYS_KEEP, village=found.village)
    _refuse_closed(found)
    return found


def _chosen(by: Actor, survey: Survey, numbers: Sequence[str] | None) -> list[UUID]:
    left = dict(reads.left_of(by, survey).values_list("number", "pk"))
    if numbers is None:
        chosen = list(left.values())
    else:
        wanted = list(dict.fromkeys(number.strip() for number in numbers if number.strip()))
        missing = [number for number in wanted if number not in left]
        if missing:
            raise UserError(
                "GOV-026",
                _("Not among the households left in this village: %(numbers)s.") % {"numbers": ", ".join(missing[:5])},
                remedy=_("Check the numbers; a household stands in one list of a survey."),
                field="numbers",
            )
        chosen = [left[number] for number in wanted]
    if not chosen:
        raise UserError(
            "GOV-027", _("No household is left for a list."), remedy=_("All are shared out already."), field="numbers"
        )
    return chosen


def _may_sign(by: Actor, task: SurveyTask, side: str) -> bool:
    surveyor, other = (task.first, task.second) if side == "first" else (task.second, task.first)
    if by.official_id is not None and by.official_id == surveyor.pk:
        return True
    keeps = task.survey.village in by.area_for(Permission.SURVEYS_KEEP)
    return keeps and surveyor.user_id is None and by.official_id != other.pk


def _refuse_stranger(by: Actor, task: SurveyTask) -> None:
    own = by.official_id is not None and by.official_id in (task.first_id, task.second_id)
    if not own and task.survey.village not in by.area_for(Permission.SURVEYS_KEEP):
        raise _not_theirs()


def _not_theirs() -> PermissionRefused:
    return PermissionRefused(
        "GOV-029",
        _("This list belongs to other surveyors."),
        remedy=_("Ask the township who surveys these households."),
    )


def _refuse_closed(survey: Survey) -> None:
    if survey.closed_on is not None:
        raise UserError("GOV-028", _("The survey is closed."), remedy=_("Open another one where it is needed."))


def _wrong_day(name: str) -> UserError:
    return UserError(
        "GOV-023",
        _("The day lies outside the survey."),
        remedy=_("Choose a day from the opening of the survey on; a visit is not in the future, a deadline not past."),
        field=name,
    )


def _record(by: Actor, action: str, survey: Survey, new: dict[str, object]) -> None:
    label = f"{survey.village:0{CODE_LENGTH}d}"
    audit.record(
        by=by, action=action, change=audit.Change("survey", survey.pk, county_of(survey.village), label, new=new)
    )
