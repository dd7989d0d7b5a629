"""Rounds in sight, and how far each village of one is. Numbers of households name nobody."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lika.accounts.queries import held_by_post
from lika.collection.rounds.choices import FILLABLE, EntryState, SubmissionState
from lika.collection.rounds.models import Entry, Round, Submission
from lika.core.actors import Actor
from lika.core.areas import DIGITS_OF_LEVEL, Area
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.register import queries as register


@dataclass(frozen=True)
class RoundLine:
    """A round with how many of the villages in sight are in each state; `mine` is the submission of the only one."""

    round: Round
    place: str
    states: Mapping[str, int]
    villages: int
    mine: Submission | None

    @property
    def locked(self) -> int:
        """How many villages are locked."""
        return self.states.get(SubmissionState.LOCKED, 0)


@dataclass(frozen=True)
class VillageLine:
    """A village of a round: households, how many of them are filled or in doubt, and the days until it is due."""

    submission: Submission
    name: str
    township: str
    households: int
    filled: int
    doubt: int
    days: int

    @property
    def late(self) -> bool:
        """Whether it should have been handed in and is not (迟报)."""
        return self.days < 0 and self.submission.state in FILLABLE

    @property
    def waits(self) -> bool:
        """Whether the village still has to hand in."""
        return self.submission.state in FILLABLE


@dataclass(frozen=True)
class Progress:
    """The villages of a round that are in sight, by township and code, and how many are in each state.

    `unaudited` are the townships where nobody may audit: what their villages hand in waits for the county.
    """

    round: Round
    place: str
    lines: tuple[VillageLine, ...]
    states: Mapping[str, int]
    days_to_fill: int
    days_to_audit: int
    unaudited: tuple[str, ...]

    @property
    def late(self) -> tuple[VillageLine, ...]:
        """The late villages, the latest first."""
        return tuple(sorted((line for line in self.lines if line.late), key=lambda line: line.days))


def rounds_in_sight(by: Actor) -> list[RoundLine]:
    """The rounds that reach into the actor's area, open ones and later years first. Raises ACC-001."""
    by.require(Permission.ROUND_VIEW)
    area = by.area_for(Permission.ROUND_VIEW)
    found = [each for each in Round.objects.all() if Area.of([each.code]).meet(area)]
    rows = Submission.objects.filter(area.where(), round__in=found).order_by("village")
    held: dict[UUID, list[Submission]] = {each.pk: [] for each in found}
    for submission in rows:
        held[submission.round_id].append(submission)
    names = divisions.path_labels({each.code for each in found})
    lines = [_line(each, held[each.pk], names.get(each.code, each.code)) for each in found if held[each.pk]]
    return sorted(lines, key=lambda line: line.round.closed_at is not None)


def _line(found: Round, submissions: list[Submission], place: str) -> RoundLine:
    states = Counter(submission.state for submission in submissions)
    return RoundLine(found, place, states, len(submissions), submissions[0] if len(submissions) == 1 else None)


def round_in_sight(by: Actor, pk: UUID) -> Round:
    """A round that reaches into the actor's area. Raises ACC-001, RND-001."""
    by.require(Permission.ROUND_VIEW)
    found = Round.objects.filter(pk=pk).first()
    if found is None or not Area.of([found.code]).meet(by.area_for(Permission.ROUND_VIEW)):
        raise no_such_submission()
    return found


def submission_in_sight(by: Actor, pk: UUID) -> Submission:
    """What a village of the actor's area hands in, with its round. Raises ACC-001, RND-001."""
    by.require(Permission.ROUND_VIEW)
    found = Submission.objects.select_related("round").filter(pk=pk).first()
    if found is None or found.village not in by.area_for(Permission.ROUND_VIEW):
        raise no_such_submission()
    return found


def progress(by: Actor, pk: UUID, *, today: dt.date | None = None) -> Progress:
    """How far each village of a round is. Six queries. Raises ACC-001, RND-001."""
    found = round_in_sight(by, pk)
    now = today or timezone.localdate()
    area = Area.of([found.code]).meet(by.area_for(Permission.ROUND_VIEW))
    submissions = list(Submission.objects.filter(area.where(), round=found).order_by("village"))
    standing = register.counted_households(area)
    done = _entries_by_state(submissions)
    townships = {_township(submission.village) for submission in submissions}
    places = divisions.by_codes({found.code, *(submission.code for submission in submissions), *townships})
    lines = tuple(
        VillageLine(
            submission=submission,
            name=places[submission.code].name if submission.code in places else submission.code,
            township=places[code].name if (code := _township(submission.village)) in places else "",
            households=standing.get(submission.village, 0),
            filled=done.get((submission.pk, EntryState.FILLED), 0),
            doubt=done.get((submission.pk, EntryState.DOUBT), 0),
            days=(submission.due_on - now).days,
        )
        for submission in submissions
    )
    return Progress(
        round=found,
        place=places[found.code].name if found.code in places else found.code,
        lines=lines,
        states=Counter(submission.state for submission in submissions),
        days_to_fill=(found.fill_by - now).days,
        days_to_audit=(found.audit_by - now).days,
        unaudited=_unaudited(found, townships, {code: places[code].name for code in townships if code in places}),
    )


def _unaudited(found: Round, townships: Iterable[str], names: Mapping[str, str]) -> tuple[str, ...]:
    if found.closed_at is not None:
        return ()
    audited = held_by_post(Permission.ROUND_AUDIT, found.code)
    return tuple(names.get(code, code) for code in sorted(townships) if not audited.covers(code))


def _entries_by_state(submissions: list[Submission]) -> dict[tuple[UUID, str], int]:
    """How many households of each submission are in each state."""
    rows = Entry.objects.filter(submission__in=submissions, household__isnull=False).order_by()
    return {
        (submission, state): number
        for submission, state, number in rows.values_list("submission", "state").annotate(Count("pk"))
    }


def _township(village: int) -> str:
    width = 10 ** (DIGITS_OF_LEVEL[Level.VILLAGE] - DIGITS_OF_LEVEL[Level.TOWNSHIP])
    return f"{village // width * width:012d}"


def no_such_submission() -> NotFound:
    """RND-001: there is none, or it lies out of sight; the two are told apart to nobody."""
    return NotFound(
        "RND-001",
        _("There is no such round of collection in your area."),
        remedy=_("Look at the list of rounds."),
    )
