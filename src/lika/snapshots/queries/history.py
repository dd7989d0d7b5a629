"""What the screenings of a division counted, one time point after the other."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Q

from lika.core.actors import Actor
from lika.core.areas import range_of
from lika.core.permissions import Permission
from lika.engine.screening.rollups import level_of
from lika.snapshots.models import RollUp, Screening, StatusRollUp
from lika.snapshots.queries.rollups import Counts

_COUNTY = 3
Series = dict[str, list[tuple[dt.date, Counts]]]


def counts_over_time(by: Actor, pack_id: str, division: str, criteria: Collection[str]) -> Series:
    """The counts of criteria in a division by the screenings of a pack (no trial runs), by criterion, oldest first.

    Of several screenings at one standard time point the last one counts. Empty above counties, whose counties are
    screened at different times, and outside the actor's sight of screenings. One query.
    """
    number = int(division)
    level = level_of(number)
    if level < _COUNTY or not criteria or not by.sees(Permission.SCREENING_VIEW).covers(division):
        return {}
    rows = RollUp.objects.filter(
        division=number,
        level=level,
        criterion__in=sorted(criteria),
        screening__pack_id=pack_id,
        screening__what_if=False,
    ).order_by("screening__snapshot__at", "screening__finished_at")
    latest: dict[str, dict[dt.date, Counts]] = {}
    for at, criterion, met, not_met, unknown in rows.values_list(
        "screening__snapshot__at", "criterion", "met", "not_met", "unknown"
    ):
        latest.setdefault(criterion, {})[at] = Counts(met, not_met, unknown)
    return {criterion: sorted(points.items()) for criterion, points in latest.items()}


def counts_within(
    by: Actor, screenings: Iterable[Screening], division: str, criteria: Collection[str]
) -> dict[str, Counts]:
    """The counts of criteria in a division by some screenings, added up over counties that lie in sight.

    One query.
    """
    number = int(division)
    level = max(level_of(number), _COUNTY)
    low, high = range_of(division)
    rows = RollUp.objects.filter(
        Q(division__range=(low, high)), level=level, screening__in=list(screenings), criterion__in=sorted(criteria)
    )
    seen = by.sees(Permission.SCREENING_VIEW)
    found: dict[str, Counts] = {}
    for row in rows:
        if seen.covers(f"{row.division:012d}"):
            before = found.get(row.criterion, Counts(0, 0, 0))
            found[row.criterion] = Counts(
                before.met + row.met, before.not_met + row.not_met, before.unknown + row.unknown
            )
    return found


@dataclass(frozen=True)
class ByStatus:
    """Households of a division at a standard time point by poverty status: their results, and the people in them."""

    at: dt.date
    data_year: int
    counts: Mapping[str, Counts] = field(default_factory=dict)
    persons: Mapping[str, int] = field(default_factory=dict)


def statuses_over_time(by: Actor, pack_id: str, division: str) -> Sequence[ByStatus]:
    """What the screenings of a pack (no trial runs) that held a whole division counted by status, oldest first.

    Of several screenings at one standard time point the last one counts. Empty outside the actor's sight of
    screenings. One query.
    """
    if not by.sees(Permission.SCREENING_VIEW).covers(division):
        return ()
    number = int(division)
    rows = StatusRollUp.objects.filter(
        division=number, level=level_of(number), screening__pack_id=pack_id, screening__what_if=False
    )
    newest_last = rows.order_by("screening__snapshot__at", "screening__finished_at", "screening_id")
    columns = ("screening__snapshot__at", "screening__snapshot__data_year", "screening_id", "status", "persons")
    latest: dict[dt.date, ByStatus] = {}
    values = newest_last.values_list(*columns, "met", "not_met", "unknown")
    for (at, year, _screening), lines in groupby(values, key=lambda row: row[:3]):
        told = {status: (persons, Counts(*counts)) for _at, _year, _of, status, persons, *counts in lines}
        latest[at] = ByStatus(
            at, year, {key: counts for key, (_n, counts) in told.items()}, {key: n for key, (n, _c) in told.items()}
        )
    return list(latest.values())
