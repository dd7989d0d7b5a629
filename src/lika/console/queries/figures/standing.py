"""The course of figures that rest on poverty status: as the screenings of earlier time points counted them, and now."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from lika.console.queries.figures.asked import Asked
from lika.console.queries.figures.courses import Course, Point
from lika.console.queries.figures.people import People, percent
from lika.console.queries.figures.rolled import count_of
from lika.console.queries.figures.sets import BY_VERDICT
from lika.core.language import chosen
from lika.engine.amounts import date_words
from lika.register import queries as register
from lika.register.choices import STILL_POOR
from lika.snapshots import queries as snapshots
from lika.snapshots.queries import ByStatus

INCIDENCE = "incidence"
# Verdicts whatever the status have a course of their own, from the roll-ups of each criterion.
_VERDICT_AND_STATUS = BY_VERDICT.keys() - {"unknown"}


def courses_by_status(
    asked: Asked, keys: Collection[str], values: Mapping[str, int], people: People
) -> dict[str, Course]:
    """The points of those of some figures that rest on status, oldest first. At most two queries."""
    judged = [key for key in keys if key in _VERDICT_AND_STATUS]
    wants_incidence = INCIDENCE in keys and people.incidence is not None
    if asked.screening is None or asked.focus is None or not (judged or wants_incidence):
        return {}
    earlier = snapshots.statuses_over_time(asked.who, asked.screening.pack_id, asked.focus.division.code)
    found = {key: _course(((each.at, _judged(each, key)) for each in earlier), values[key]) for key in judged}
    if wants_incidence and people.incidence is not None and earlier:
        rural = register.rural_by_year(asked.focus.area, asked.focus.level)
        shares = (
            (each.at, percent(_poor(each), rural[each.data_year])) for each in earlier if rural.get(each.data_year)
        )
        found[INCIDENCE] = _course(shares, people.incidence)
    return found


def _judged(found: ByStatus, key: str) -> int:
    result, statuses = BY_VERDICT[key]
    return sum(count_of(counts, result) for status, counts in found.counts.items() if status in statuses)


def _poor(found: ByStatus) -> int:
    return sum(persons for status, persons in found.persons.items() if status in STILL_POOR)


def _course(earlier: Iterable[tuple[dt.date, int | Decimal]], now: int | Decimal) -> Course:
    """Statuses change between time points: the number of now is told where it is another than the last one."""
    points: list[Point] = [(chosen(*date_words(at)), number) for at, number in earlier]
    return [*points, (_("now"), now)] if points and points[-1][1] != now else points
