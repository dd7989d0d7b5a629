"""The work calendar of a place: what holds there, and where each day and year comes from."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from lika.casework.choices import DayMark
from lika.casework.models import CalendarYear, SpecialDay
from lika.casework.periods import Calendar
from lika.divisions.codes import ancestor_codes, full_code


@dataclass(frozen=True)
class YearOfDays:
    """A year at a place: its special days that hold there, by day, and the row that confirms it, if any."""

    year: int
    days: Sequence[SpecialDay]
    confirmed: CalendarYear | None


def calendar_of(division: str) -> Calendar:
    """The calendar that holds in a division. Two queries. Raises DIV-001."""
    years = CalendarYear.objects.filter(_holding(division)).values_list("year", flat=True)
    return Calendar({each.day: each.mark == DayMark.WORKDAY for each in _special(division)}, frozenset(years))


def calendars_of(codes: Collection[str]) -> Mapping[str, Calendar]:
    """The calendar that holds in each of some divisions. Two queries, none for no division. Raises DIV-001."""
    if not codes:
        return {}
    around = {code: {*ancestor_codes(code), full_code(code)} for code in codes}
    anywhere = Q(division=None) | Q(division__in=set().union(*around.values()))
    years = list(CalendarYear.objects.filter(anywhere).values_list("division", "year"))
    special = list(SpecialDay.objects.filter(anywhere).order_by(F("division__level").asc(nulls_first=True)))
    return {
        code: Calendar(
            {
                row.day: row.mark == DayMark.WORKDAY
                for row in special
                if row.division_id is None or row.division_id in at
            },
            frozenset(year for place, year in years if place is None or place in at),
        )
        for code, at in around.items()
    }


def year_of(division: str, year: int) -> YearOfDays:
    """One year of a division; its own rows before those of the divisions above. Two queries. Raises DIV-001."""
    inside = {each.day: each for each in _special(division).filter(day__year=year)}
    rows = CalendarYear.objects.filter(_holding(division), year=year).select_related("division")
    confirmed = rows.order_by(F("division__level").desc(nulls_last=True)).first()
    return YearOfDays(year, sorted(inside.values(), key=lambda each: each.day), confirmed)


# The arrangement of a year is published in the last months of the year before; it is asked for from here.
ASKED_FROM = 11


def year_to_confirm(division: str, day: dt.date) -> int | None:
    """The next year that somebody has to confirm on a day; None where it is early, or no calendar is kept at all.

    Raises DIV-001.
    """
    years = CalendarYear.objects.filter(_holding(division)).values_list("year", flat=True)
    last = max(years, default=None)
    if last is None:
        return None
    asked_for = day.year + (day.month >= ASKED_FROM)
    return last + 1 if last < asked_for else None


def _special(division: str) -> QuerySet[SpecialDay]:
    """The upper divisions first, so that a lower one's day takes the place of theirs."""
    found = SpecialDay.objects.filter(_holding(division)).select_related("division")
    return found.order_by(F("division__level").asc(nulls_first=True))


def _holding(division: str) -> Q:
    return Q(division=None) | Q(division__in=[*ancestor_codes(division), full_code(division)])
