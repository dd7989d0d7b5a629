"""What a village hands in: its households with how far each is, remarks, and what was done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from lika.collection.rounds.choices import NOT_BEGUN, EntryState, Show
from lika.collection.rounds.models import Entry, FieldRemark, Step, Submission
from lika.core.actors import Actor
from lika.register import queries as register
from lika.register.queries import HouseholdLine


@dataclass(frozen=True)
class StandingLine:
    """A household of a submission. `open_remarks` were told to the village and are not mended; `untold` wait."""

    household: HouseholdLine
    entry: Entry | None
    open_remarks: int
    untold: int

    @property
    def state(self) -> str:
        """Its state, "" where it is not begun. Finished and then no longer whole, it is a draft again."""
        if self.entry is None:
            return NOT_BEGUN
        if self.entry.state == EntryState.FILLED and not self.household.is_whole:
            return EntryState.DRAFT
        return self.entry.state

    @property
    def is_done(self) -> bool:
        """Whether it may be handed in."""
        return self.state == EntryState.FILLED and not self.open_remarks


@dataclass(frozen=True)
class Standing:
    """All households of a submission, and the state of the village's own form ("" not begun)."""

    submission: Submission
    lines: tuple[StandingLine, ...]
    form: str
    form_entry: Entry | None
    untold: int

    @property
    def done(self) -> int:
        """How many households may be handed in."""
        return sum(line.is_done for line in self.lines)

    @property
    def to_fill(self) -> int:
        """How many may not yet."""
        return len(self.lines) - self.done

    @property
    def is_complete(self) -> bool:
        """Whether the village may hand in."""
        return not self.to_fill and self.form == EntryState.FILLED

    @property
    def brought(self) -> int:
        """Households that a workbook brought whole and that nobody began here."""
        return sum(line.entry is None and line.household.is_whole for line in self.lines)


def village_standing(*, by: Actor, submission: Submission) -> Standing:
    """How far each household is. Six queries. Raises ACC-001, ACC-002 without `register.personal` in the village."""
    opened = submission.round
    households = register.households_to_collect(
        by=by, village=submission.village, data_year=opened.data_year, at=opened.period_to
    )
    entries: Mapping[UUID | None, Entry] = {
        entry.household_id: entry for entry in Entry.objects.filter(submission=submission)
    }
    told: dict[UUID | None, int] = {}
    untold: dict[UUID | None, int] = {}
    for remark in FieldRemark.objects.filter(submission=submission, mended_at=None).only("household", "told_at"):
        counts = untold if remark.told_at is None else told
        counts[remark.household_id] = counts.get(remark.household_id, 0) + 1
    form = entries.get(None)
    finished = form is not None and form.state == EntryState.FILLED
    return Standing(
        submission=submission,
        lines=tuple(
            StandingLine(line, entries.get(line.id), told.get(line.id, 0), untold.get(line.id, 0))
            for line in households
        ),
        form=EntryState.DRAFT if finished and told.get(None) else (form.state if form else NOT_BEGUN),
        form_entry=form,
        untold=sum(untold.values()),
    )


def lines_shown(standing: Standing, show: Show) -> tuple[StandingLine, ...]:
    """The households of a submission, narrowed."""
    wanted: dict[Show, Callable[[StandingLine], bool]] = {
        Show.ALL: lambda _line: True,
        Show.TODO: lambda line: not line.is_done,
        Show.REMARKS: lambda line: bool(line.open_remarks or line.untold),
        Show.CHANGED: lambda line: line.entry is not None and line.entry.differences > 0,
        Show.WARNED: lambda line: line.entry is not None and bool(line.entry.warnings),
    }
    return tuple(filter(wanted[show], standing.lines))


def remarks_on(submission: Submission, household: UUID | None) -> list[FieldRemark]:
    """What the township remarked on a household, or (None) on the form of the village, the earliest first."""
    return list(FieldRemark.objects.filter(submission=submission, household=household))


def history(submission: Submission) -> list[Step]:
    """What was done with a submission, the latest first."""
    return list(Step.objects.filter(submission=submission))
