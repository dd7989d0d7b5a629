"""Reads of reports that were worked out: which there are, what one tells of a division, and the way down through it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.core import processes
from lika.core.actors import Actor
from lika.core.areas import NOWHERE, Area, range_of
from lika.core.errors import NotFound, UserError
from lika.core.permissions import Permission
from lika.engine.figures.parts import FigureValue
from lika.engine.screening.program import program
from lika.engine.screening.rollups import SPAN_OF_LEVEL, level_of
from lika.register.queries import seen_in_full
from lika.reports.choices import ReportState
from lika.reports.models import ReportDivision, ReportFigure, ReportRun
from lika.reports.numbers import read
from lika.snapshots.models import Snapshot
from lika.snapshots.queries.reporting import digest_of
from lika.snapshots.queries.snapshots import touching

# In this time the process of a report has begun, or never will.
_START = dt.timedelta(seconds=60)
_UNDER_WAY = (ReportState.WAITING, ReportState.RUNNING)


@dataclass(frozen=True, eq=False)
class DivisionFigures:
    """What a report tells of one division to one reader; `value` is None where a figure has no formula (待补充依据).

    `withheld` are the amounts that would tell this reader what single households have: they have no value here.
    """

    division: int
    level: int
    values: Mapping[str, FigureValue]
    withheld: frozenset[str] = frozenset()

    def value(self, figure: str) -> FigureValue | None:
        """One figure."""
        return self.values.get(figure)


@dataclass(frozen=True)
class Sight:
    """Which amounts of a report a reader is told: those down to the level at which no sum is of a few (`told_to`, by
    figure), and below it those of the area where they see persons in full.

    Whoever is told of a township takes the villages that they are told of from it. So below `told_to` nothing is told
    within a division that the reader is told of (it is `viewed`, and not above the report's `top`) and does not see in
    full: then what is left is either nothing or what they may see anyway.
    """

    in_full: Area
    told_to: Mapping[str, int]
    viewed: Area = NOWHERE
    top: int = 0

    def read(self, row: ReportDivision) -> DivisionFigures:
        """A row as this reader gets it."""
        withheld = frozenset(
            name for name, level in self.told_to.items() if row.level > level and not self._told_below(row, level)
        )
        values = {name: read(value) for name, value in row.values.items() if name not in withheld}
        return DivisionFigures(row.division, row.level, values, withheld)

    def _told_below(self, row: ReportDivision, level: int) -> bool:
        """Whether an amount is told of a division below the level down to which everybody is told it."""
        if not self.in_full.covers(f"{row.division:012d}"):
            return False
        if level < self.top:
            return True
        above = f"{row.division // SPAN_OF_LEVEL[level] * SPAN_OF_LEVEL[level]:012d}"
        return self.in_full.covers(above) or not self.viewed.covers(above)


@dataclass(frozen=True, eq=False)
class ReportRead:
    """A division with those directly below it, as far as the report tells of them.

    `path` are the codes above that the reader may open, uppermost first.
    """

    run: ReportRun
    figures: tuple[ReportFigure, ...]
    own: DivisionFigures
    below: tuple[DivisionFigures, ...]
    path: tuple[int, ...]


def runs(by: Actor) -> QuerySet[ReportRun]:
    """The reports asked for whose area meets the reader's, newest first. Raises ACC-001."""
    by.require(Permission.SCREENING_VIEW)
    meets = touching(by.sees(Permission.SCREENING_VIEW), division="snapshot__division", last="snapshot__last")
    return ReportRun.objects.filter(meets).select_related("snapshot", "before")


def run_of(by: Actor, run: UUID) -> ReportRun:
    """One of them. Raises ACC-001, REP-022."""
    found = runs(by).filter(pk=run).first()
    if found is None:
        raise no_such_run()
    return found


def same_work(
    snapshot: Snapshot, report: str, pack_sha256: str, before: Snapshot | None, *, what_if: bool
) -> QuerySet[ReportRun]:
    """Everything that was asked for of the very same, and is the work of this program, newest first."""
    return ReportRun.objects.select_related("snapshot", "before").filter(
        snapshot=snapshot, report=report, pack_sha256=pack_sha256, program=program(), before=before, what_if=what_if
    )


def is_going(run: ReportRun) -> bool:
    """Whether its process lives, or was asked for just now. At most two queries.

    It may have come to its end since its row was read: then the row is read again.
    """
    if run.state == ReportState.WAITING and run.asked_at >= timezone.now() - _START:
        return True
    if run.state not in _UNDER_WAY:
        return False
    if processes.is_held(run.lock_key):
        return True
    run.refresh_from_db(fields=["state", "fault", "digest", "small", "finished_at"])
    return False


def has_failed(run: ReportRun) -> bool:
    """Whether it ended by an error, or its process died."""
    return not is_going(run) and run.state != ReportState.DONE


def report_read(by: Actor, run: ReportRun, division: int | None = None) -> ReportRead:
    """What a report that is done tells of a division (the uppermost that the reader may see), and of those below it.

    Raises REP-020 where it tells nothing of that division, or the division lies outside the reader's area.
    """
    if division is None:
        division = next(iter(roots(by, run)), run.snapshot.division)
    seen = by.sees(Permission.SCREENING_VIEW)
    own_level = level_of(division)
    inside = Q(division=division) | Q(level__gt=own_level, division__range=range_of(f"{division:012d}"))
    levels = sorted(set(run.divisions.filter(inside).values_list("level", flat=True).order_by()))
    if own_level not in levels or not seen.covers(f"{division:012d}"):
        raise nothing_of(f"{division:012d}")
    wanted = Q(division=division)
    if len(levels) > 1:
        wanted |= Q(level=levels[1], division__range=range_of(f"{division:012d}"))
    sight = sight_of(by, run, figures := tuple(run.figures.all()))
    found = [sight.read(each) for each in run.divisions.filter(wanted)]
    path = [
        code
        for level in range(level_of(run.snapshot.division), own_level)
        if seen.covers(f"{(code := division // SPAN_OF_LEVEL[level] * SPAN_OF_LEVEL[level]):012d}")
    ]
    return ReportRead(run, figures, found[0], tuple(found[1:]), tuple(path))


def roots(by: Actor, run: ReportRun) -> list[int]:
    """The uppermost divisions of a report that lie wholly in the reader's area."""
    for level in range(level_of(run.snapshot.division), 6):
        covered = Q(pk__in=[])
        for low, high in by.sees(Permission.SCREENING_VIEW).ranges:
            covered |= Q(division__gte=low, division__lte=high - SPAN_OF_LEVEL[level] + 1)
        found = list(run.divisions.filter(covered, level=level).values_list("division", flat=True))
        if found:
            return found
    return []


def divisions_read(by: Actor, run: ReportRun, division: int) -> QuerySet[ReportDivision]:
    """A division and everything below it that the report tells of, from the highest level down.

    Raises REP-020 where the division lies outside the reader's area.
    """
    if not by.sees(Permission.SCREENING_VIEW).covers(f"{division:012d}"):
        raise nothing_of(f"{division:012d}")
    return run.divisions.filter(division__range=range_of(f"{division:012d}")).order_by("level", "division")


def sight_of(by: Actor, run: ReportRun, figures: Iterable[ReportFigure]) -> Sight:
    """Which amounts among the figures of a report a reader is told of which divisions."""
    told_to = {each.figure: each.told_to for each in figures if each.told_to is not None}
    viewed = by.sees(Permission.SCREENING_VIEW)
    return Sight(seen_in_full(by).area, told_to, viewed, level_of(run.snapshot.division))


def newest_of(by: Actor, snapshots: Iterable[Snapshot]) -> Sequence[ReportRun]:
    """What was asked for over the areas of some snapshots, newest first: of each report and state the newest only.

    Runs between two snapshots and trial runs are not among them.
    """
    areas = Q(pk__in=[])
    for each in snapshots:
        areas |= Q(snapshot__division=each.division, snapshot__last=each.last)
    keys = ("pack", "pack_sha256", "program", "report", "snapshot_id", "state")
    newest = runs(by).filter(areas, before=None, what_if=False).order_by(*keys, "-asked_at", "-id").distinct(*keys)
    return sorted(newest, key=lambda run: (run.asked_at, run.pk), reverse=True)


def is_as_worked_out(run: ReportRun) -> bool:
    """Whether the figures that are kept still have the digest that they had when they were worked out.

    What is no figure at all was altered, too.
    """
    rows = run.divisions.order_by("division").iterator()
    try:
        values = (
            ((row.division, name), read(value)) for row in rows for name, value in sorted(row.values.items())
        )  # fmt: skip
        return digest_of(run.report, values) == run.digest
    except (AttributeError, TypeError, ValueError, ZeroDivisionError):
        return False


def altered_run(run: str) -> UserError:
    """REP-025: its kept figures were changed by somebody."""
    return UserError(
        "REP-025",
        _("The figures kept of the report %(run)s are not those that were worked out.") % {"run": run},
        remedy=_("Restore the database from a backup; then have the report worked out again."),
    )


def no_such_run() -> NotFound:
    """REP-022: there is none, or it is out of sight."""
    return NotFound("REP-022", _("There is no such report in your area."), remedy=_("Look at the page of reports."))


def nothing_of(division: str) -> NotFound:
    """REP-020."""
    return NotFound(
        "REP-020",
        _("The report tells nothing of %(division)s.") % {"division": division},
        remedy=_("Choose a division within the snapshot, of a level that the report tells of."),
    )
