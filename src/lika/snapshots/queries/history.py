"""What the screenings of a division counted, one time point after the other."""

import datetime as dt
from collections.abc import Collection, Iterable

from django.db.models import Q

from lika.core.actors import Actor
from lika.core.areas import range_of
from lika.core.permissions import Permission
from lika.engine.screening.rollups import level_of
from lika.snapshots.models import RollUp, Screening
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
