"""Objections in the sight of a reader, who may act on them, and where an upheld one may send its case."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts.models import Official
from lika.accounts.queries import officials_holding, officials_posted
from lika.casework.choices import (
    ACTING_LEVELS,
    OBJECTION_MOVES,
    OBJECTIONS_DECIDED,
    Duty,
    NoticeKind,
    NoticeState,
    ObjectionVerb,
)
from lika.casework.models import Batch, Case, Notice, Objection, Step
from lika.casework.queries.cases import cases_visible, procedure_of
from lika.core.actors import Actor
from lika.core.areas import Area
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.divisions.codes import ancestor_codes
from lika.policy.choices import STAGE_LEVELS, StageLevel
from lika.register.queries import seen_in_full

STRIKE_OUT = ""  # among `ways_out`
# Who enters objections of households and takes them as far as the answer.
RECEIVING = (Permission.CASE_VILLAGE, Permission.CASE_TOWNSHIP, Permission.CASE_COUNTY)
_DECIDING = frozenset({ObjectionVerb.UPHOLD, ObjectionVerb.DISMISS})


def objections_visible(by: Actor) -> QuerySet[Objection]:
    """The objections against cases in the actor's sight. Raises ACC-001."""
    found = Objection.objects.filter(case__in=cases_visible(by))
    return found.select_related("case__batch__campaign", "case__batch__division", "notice", "assigned_to", "against")


def objection_in_sight(by: Actor, objection: UUID) -> Objection:
    """One objection. Raises ACC-001, CAS-106."""
    found = objections_visible(by).filter(pk=objection).first()
    if found is None:
        raise NotFound(
            "CAS-106", _("There is no such objection in your area."), remedy=_("Open it from the page of its batch.")
        )
    return found


def objections_of(batch: Batch) -> list[Objection]:
    """The objections against cases of a batch: those that wait first."""
    found = Objection.objects.filter(case__batch=batch).select_related("case", "assigned_to")
    return sorted(found, key=lambda each: (each.state in OBJECTIONS_DECIDED, each.received_at))


def officials_for(case: Case) -> QuerySet[Official]:
    """Whoever holds a post today in the case's village or county, or in a division above it."""
    code = f"{case.division:012d}"
    here = Area.joined([(int(each), int(each)) for each in [*ancestor_codes(code), code]])
    return officials_posted(here, timezone.localdate()).select_related("user")


def acting(row: Objection, verb: ObjectionVerb) -> Sequence[Permission]:
    """The permissions of which one lets take a step; it is decided at the notice's level, at least the township."""
    if verb in _DECIDING:
        lowest = max(STAGE_LEVELS.index(StageLevel.TOWNSHIP), STAGE_LEVELS.index(StageLevel(row.notice.level)))
        return [ACTING_LEVELS[each] for each in STAGE_LEVELS[lowest:]]
    return receiving(row.case)


def receiving(case: Case) -> Sequence[Permission]:
    """The permissions of which one lets enter an objection against a case and take it as far as the answer."""
    return RECEIVING if case.household_id else tuple(ACTING_LEVELS.values())


def concerns(by: Actor, row: Objection, verb: ObjectionVerb) -> bool:
    """Whether a step is not for an actor, whatever their posts: blamed, or too close to the case. At most two queries.

    The finding is recorded by whom it is assigned to alone; who prepared, verified or investigated does not decide.
    """
    if by.official_id is not None and by.official_id == row.against_id:
        return True
    if verb == ObjectionVerb.INVESTIGATE:
        return by.official_id is None or by.official_id != row.assigned_to_id
    if verb in _DECIDING:
        found_out = row.steps.filter(verb=ObjectionVerb.INVESTIGATE, by_name=by.name).exists()
        return found_out or had_duty(row.case, by.name, (Duty.PREPARE, Duty.VERIFY))
    return False


def had_duty(case: Case, name: str, duties: Sequence[Duty]) -> bool:
    """Whether somebody acted on a case in one of some duties."""
    return bool(name) and Step.objects.filter(case=case, by_name=name, duty__in=duties).exists()


def may_take(by: Actor, row: Objection, verb: ObjectionVerb) -> bool:
    """Whether the actor may take a step on an objection as it stands now."""
    place = row.case.division
    holds = any(by.has(each) and place in by.area_for(each) for each in acting(row, verb))
    return holds and row.state in OBJECTION_MOVES[verb][0] and not concerns(by, row, verb)


def reads_words(by: Actor, row: Objection) -> bool:
    """Whether the actor reads what was said and found: where names are read, and never whom the objection blames."""
    if by.official_id is not None and by.official_id == row.against_id:
        return False
    household = row.case.household_id
    return household is None or seen_in_full(by).holds(village=row.case.division, household=household)


def investigators_for(row: Objection) -> QuerySet[Official]:
    """Whoever can record a finding: in post with an account, not blamed by it, and did not prepare the case."""
    place, today = f"{row.case.division:012d}", timezone.localdate()
    prepared = Step.objects.filter(case=row.case, duty=Duty.PREPARE).values("by_name")
    found = Official.objects.none()
    for permission in receiving(row.case):
        found = found | officials_holding(permission, place, today)
    if row.against_id is not None:
        found = found.exclude(pk=row.against_id)
    return found.exclude(user=None).exclude(user__username__in=prepared)


def ways_out(case: Case, notice: Notice) -> tuple[str, ...]:
    """Where an upheld objection may send a case: stages, and STRIKE_OUT where the procedure strikes out.

    What the stage of the public notice allows, and the stage where the case stands; an announcement has no ways out of
    its own. Never a stage ahead of the case; the one where it stands lets it go on there.
    """
    procedure = procedure_of(case.batch)
    order = [each.id for each in procedure.stages]
    stages = [procedure.stage(each) for each in (_noticed_at(case, notice), case.stage) if each]
    ahead = order[order.index(case.stage) + 1 :]
    back = dict.fromkeys(each for stage in stages for each in stage.returns if each not in ahead)
    out = (STRIKE_OUT,) if any(stage.strike_out for stage in stages) else ()
    return (*back, *out)


def _noticed_at(case: Case, notice: Notice) -> str:
    """The stage of a notice; of an announcement that of the last public notice that named the case, if any."""
    if notice.kind == NoticeKind.NOTICE:
        return notice.stage
    named = Notice.objects.filter(lines__case=case, kind=NoticeKind.NOTICE).exclude(state=NoticeState.VOID)
    return named.order_by("-opened_at", "-pk").values_list("stage", flat=True).first() or ""
