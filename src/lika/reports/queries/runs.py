"""Reads of reports that were worked out: which there are, what one tells of a division, and the way down through it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.collection import claims
from lika.core.actors import Actor
from lika.core.areas import range_of
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.engine.figures.parts import FigureValue
from lika.engine.screening.rollups import SPAN_OF_LEVEL, level_of
from lika.reports.choices import ReportState
from lika.reports.models import ReportDivision, ReportFigure, ReportRun
from lika.reports.numbers import read
from lika.snapshots.models import Snapshot
from lika.snapshots.queries.snapshots import touching

# In this time the process of a report has begun, or never will.
_START = dt.timedelta(seconds=60)
_UNDER_WAY = (ReportState.WAITING, ReportState.RUNNING)


@dataclass(frozen=True, eq=False)
class DivisionFigures:
    """What a report tells of one division; `value` is None where a figure has no formula (待补充依据)."""

    division: int
    level: int
    values: Mapping[str, FigureValue]

    def value(self, figure: str) -> FigureValue | None:
        """One figure."""
        return self.values.get(figure)


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
    """Everything that was asked for of the very same, newest first."""
    return ReportRun.objects.select_related("snapshot", "before").filter(
        snapshot=snapshot, report=report, pack_sha256=pack_sha256, before=before, what_if=what_if
    )


def is_going(run: ReportRun) -> bool:
    """Whether its process lives, or was asked for just now. At most one query."""
    if run.state == ReportState.WAITING and run.asked_at >= timezone.now() - _START:
        return True
    return run.state in _UNDER_WAY and claims.is_held(run.lock_key)


def has_failed(run: ReportRun) -> bool:
    """Whether it ended by an error, or its process died."""
    return run.state == ReportState.FAILED or (run.state in _UNDER_WAY and not is_going(run))


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
    found = [told(each) for each in run.divisions.filter(wanted)]
    path = [
        code
        for level in range(level_of(run.snapshot.division), own_level)
        if seen.covers(f"{(code := division // SPAN_OF_LEVEL[level] * SPAN_OF_LEVEL[level]):012d}")
    ]
    return ReportRead(run, tuple(run.figures.all()), found[0], tuple(found[1:]), tuple(path))


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


def told(row: ReportDivision) -> DivisionFigures:
    """The figures of a row."""
    return DivisionFigures(row.division, row.level, {name: read(value) for name, value in row.values.items()})


def newest_by_report(by: Actor, packs: Iterable[str]) -> Mapping[tuple[str, str], Sequence[ReportRun]]:
    """The reports of some packs (by id) that are told over one snapshot, newest first, by pack id and report."""
    found: dict[tuple[str, str], list[ReportRun]] = {}
    wanted = set(packs)
    for run in runs(by).filter(before=None, what_if=False):
        pack = run.pack.partition("@")[0]
        if pack in wanted:
            found.setdefault((pack, run.report), []).append(run)
    return found


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
