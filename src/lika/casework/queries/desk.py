"""What waits for somebody in casework beside the batches: signatures, objections, notices, newer screenings.

Each answer takes one or two queries however much there is. `Going` is read once and shared; where nothing is under way
in the reader's area, nothing more is asked.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case as Choice
from django.db.models import (
    Count,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lika.casework import periods
from lika.casework.choices import (
    ACTING_LEVELS,
    LIVE_STATES,
    ROSTER_LEVELS,
    BatchState,
    CaseState,
    Duty,
    NoticeKind,
    NoticeState,
    ObjectionState,
    ObjectionVerb,
    PostingFault,
)
from lika.casework.models import (
    Batch,
    Case,
    Deadline,
    Notice,
    Objection,
    ObjectionStep,
    Posting,
    Roster,
    RosterEntry,
    Signatory,
    Signature,
    Step,
)
from lika.casework.periods import DayKind
from lika.casework.queries.cases import acting_permissions
from lika.casework.queries.days import calendars_of
from lika.casework.queries.listing import Going, waiting_for
from lika.casework.queries.objections import RECEIVING
from lika.core.actors import Actor
from lika.core.areas import Area, range_of
from lika.core.permissions import Permission
from lika.policy.choices import STAGE_LEVELS, ProcedureUnit, StageLevel
from lika.snapshots.queries.screenings import outdated


def _one(name: str) -> Min:
    """One id among those counted. The least of UUIDs is asked as text: PostgreSQL before 18 has no order of theirs."""
    return Min(Cast(name, TextField()))


@dataclass(frozen=True)
class Places:
    """How many of something wait, and the batch of one of them, whose page is the way where there is but one."""

    count: int
    batch: str | None


@dataclass(frozen=True)
class SignaturesOpen:
    """Batches and rosters in which the reader's slot is open; one of each, for the way there."""

    batches: Places
    rosters: int
    roster: str | None


class Part(TextChoices):
    """What of the objections is the reader's to do."""

    OWN = "own", _("Mine to investigate")
    CONFIRM = "confirm", _("To confirm or have investigated")
    DECIDE = "decide", _("To decide on")


@dataclass(frozen=True)
class ObjectionsWaiting:
    """Objections by what the reader has to do with them; `due` is their first deadline, `late` how many are past it.

    The documents give no days for an answer: due is when the stage of the case is to be passed.
    """

    parts: Mapping[Part, int]
    late: int
    due: dt.date | None


def signatures_open(by: Actor, going: Going) -> SignaturesOpen | None:
    """Where it is the reader's turn to sign, in a capacity that they hold today. At most three queries.

    A case that changed after it was signed is told on the page of its batch, not here.
    """
    if by.official_id is None or not by.has(Permission.CASE_SIGN) or not going:
        return None
    today = timezone.localdate()
    held = Signatory.objects.filter(official=by.official_id, valid_from__lte=today)
    held = held.filter(Q(valid_to=None) | Q(valid_to__gte=today))
    mine = [(each.capacity, each.division_id) for each in held]
    if not mine:
        return None
    cases, rosters = Q(pk__in=[]), Q(pk__in=[])
    for campaign, stages in going:
        for stage in stages:
            for index, slot in enumerate(stage.slots):
                for division in (place for capacity, place in mine if capacity == slot.capacity):
                    if stage.level in ROSTER_LEVELS:
                        at = Q(campaign=campaign, stage=stage.id, division=division)
                        rosters |= at & Q(_open_slot("roster", stage.id, index))
                    else:
                        at = Q(campaign=campaign, stage=stage.id) & Area((range_of(division),)).where("number")
                        cases |= at & Q(_unsigned(stage.id, index))
    batches = Batch.objects.filter(cases, state=BatchState.OPEN).aggregate(n=Count("pk"), one=_one("pk"))
    standing = RosterEntry.objects.filter(
        roster=OuterRef("pk"), void_at=None, case__state=CaseState.OPEN, case__stage=OuterRef("stage")
    )
    lists = Roster.objects.filter(rosters, Exists(standing)).aggregate(n=Count("pk"), one=_one("pk"))
    return SignaturesOpen(Places(batches["n"], batches["one"]), lists["n"], lists["one"])


def _unsigned(stage: str, index: int) -> Exists:
    """That a case of a batch is open in a slot."""
    open_here = Case.objects.filter(batch=OuterRef("pk"), state=CaseState.OPEN)
    return Exists(open_here.filter(_open_slot("case", stage, index)))


def _open_slot(kind: str, stage: str, index: int) -> Q:
    """That a slot of a case or roster is empty and the one before it is not."""
    given = Signature.objects.filter(**{kind: OuterRef("pk")}, stage=stage, void_at=None)
    empty = ~Exists(given.filter(slot=index))
    return Q(empty) & Q(Exists(given.filter(slot=index - 1))) if index else Q(empty)


def objections_waiting(by: Actor, going: Going) -> ObjectionsWaiting | None:
    """Objections that are the reader's to investigate, to confirm or give on, to decide. One query."""
    if not going:
        return None
    found = marked(by, Objection.objects.all()).filter(is_in(*Part))
    counted = found.aggregate(
        **{part.value: Count("pk", filter=is_in(part)) for part in Part},
        due=Min("due_on"),
        late=Count("pk", filter=Q(due_on__lt=timezone.localdate())),
    )
    return ObjectionsWaiting({part: counted[part.value] for part in Part}, counted["late"], counted["due"])


def marked(by: Actor, found: QuerySet[Objection]) -> QuerySet[Objection]:
    """The objections with what of each is the reader's to do (a column for each `Part`), and their day (`due_on`)."""
    stage = Deadline.objects.filter(campaign=OuterRef("case__campaign"), stage=OuterRef("case__stage"))
    unblamed = Q(against=None) | ~Q(against=by.official_id) if by.official_id else Q()
    own = Q(state=ObjectionState.ASSIGNED, assigned_to=by.official_id) if by.official_id else Q(pk__in=[])
    asked = {
        Part.OWN: own,
        Part.CONFIRM: Q(state__in=(ObjectionState.RECEIVED, ObjectionState.ACKNOWLEDGED)) & _receiving(by),
        Part.DECIDE: Q(state=ObjectionState.ANSWERED) & _deciding(by),
    }
    return found.annotate(
        **{
            f"is_{part}": Choice(When(condition & unblamed, then=Value(True)), default=Value(False))
            for part, condition in asked.items()
        },
        due_on=Subquery(stage.values("due_on")[:1]),
    )


def is_in(*parts: Part) -> Q:
    """The condition that an objection of `marked` is in one of some parts."""
    found = Q()
    for part in parts:
        found |= Q(**{f"is_{part}": True})
    return found


def due_on(objection: Objection) -> dt.date | None:
    """The day of an objection of `marked`."""
    found: dt.date | None = objection.due_on  # type: ignore[attr-defined]  # annotated there
    return found


def _receiving(by: Actor) -> Q:
    """Where the reader takes an objection as far as its answer."""
    at = Q(pk__in=[])
    for each in filter(by.has, ACTING_LEVELS.values()):
        units = Q() if each in RECEIVING else ~Q(case__unit=ProcedureUnit.HOUSEHOLD)
        at |= units & by.area_for(each).where("case__division")
    return at


def _deciding(by: Actor) -> Q:
    """Where the reader decides: from the level of the notice up, and not who had a part in the case or the inquiry."""
    at = Q(pk__in=[])
    for index in range(STAGE_LEVELS.index(StageLevel.TOWNSHIP), len(STAGE_LEVELS)):
        permission = ACTING_LEVELS[STAGE_LEVELS[index]]
        if by.has(permission):
            levels = [each.value for each in STAGE_LEVELS[: index + 1]]
            at |= Q(notice__level__in=levels) & by.area_for(permission).where("case__division")
    duties = Step.objects.filter(case=OuterRef("case"), by_name=by.name, duty__in=(Duty.PREPARE, Duty.VERIFY))
    found_out = ObjectionStep.objects.filter(objection=OuterRef("pk"), verb=ObjectionVerb.INVESTIGATE, by_name=by.name)
    return at & ~Exists(duties) & ~Exists(found_out)


def notices_to_hang(by: Actor, going: Going) -> Places:
    """Notices that hang, with a place where they do not yet and where the reader may post them. One query."""
    if not going:
        return Places(0, None)
    at = _at_stages_of(by, going)
    if by.has(Permission.CASE_VILLAGE):
        at |= by.area_for(Permission.CASE_VILLAGE).where("batch__number")
    missing = Posting.objects.filter(notice=OuterRef("pk"), fault=PostingFault.NONE, posted_on=None)
    found = Notice.objects.filter(at, Exists(missing), state=NoticeState.HANGING)
    counted = found.aggregate(n=Count("pk"), one=_one("batch"))
    return Places(counted["n"], counted["one"])


def _at_stages_of(by: Actor, going: Going) -> Q:
    """The condition that the reader acts at the stage of a notice."""
    at = Q(pk__in=[])
    for campaign, stages in going:
        for stage in stages:
            for permission in filter(by.has, acting_permissions(stage)):
                area = by.area_for(permission).where("batch__number")
                at |= Q(batch__campaign=campaign, stage=stage.id) & area
    return at


def notices_over(by: Actor, going: Going) -> Places:
    """Public notices at whose stage the reader acts, hung everywhere for their whole period. At most three queries.

    By the clock of this machine: whether they end is judged by the database's when somebody ends them.
    """
    if not going:
        return Places(0, None)
    live = Case.objects.filter(batch=OuterRef("batch"), state__in=LIVE_STATES)
    counting = Q(postings__fault=PostingFault.NONE)
    rows = list(
        Notice.objects.filter(_at_stages_of(by, going), Exists(live), stage=F("batch__stage"))
        .filter(kind=NoticeKind.NOTICE, state=NoticeState.HANGING, batch__state=BatchState.OPEN)
        .annotate(
            since=Max("postings__posted_on", filter=counting),
            missing=Count("postings", filter=counting & Q(postings__posted_on=None)),
        )
        .values_list("batch", "batch__division", "days", "day_kind", "since", "missing")
    )
    over = list(_over(rows))
    return Places(len(over), str(over[0]) if over else None)


_Row = tuple[UUID, str, int | None, str, dt.date | None, int]


def _over(rows: Sequence[_Row]) -> Iterable[UUID]:
    hung = [row for row in rows if row[4] is not None and not row[5]]
    calendars = calendars_of({row[1] for row in hung if row[3] == DayKind.WORKING})
    none = periods.Calendar({}, frozenset())
    for batch, division, days, kind, since, _missing in hung:
        if since is not None and days is not None:
            period = periods.period(since, days, DayKind(kind), calendars.get(division, none))
            if period.is_over(timezone.now()):
                yield batch


def batches_outdated(by: Actor, going: Going) -> Places:
    """Batches at the reader's stages with a case that rests on a screening older than the current one. Two queries."""
    older = outdated() if going else []
    if not older:
        return Places(0, None)
    cases = Case.objects.filter(batch=OuterRef("pk"), state__in=LIVE_STATES, decided_on=None, screening__in=older)
    found = Batch.objects.filter(waiting_for(by, going), Exists(cases), state=BatchState.OPEN)
    counted = found.aggregate(n=Count("pk"), one=_one("pk"))
    return Places(counted["n"], counted["one"])
