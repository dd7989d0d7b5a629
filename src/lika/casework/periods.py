"""When a period ends: calendar or working days, counted from the day after posting, until 24:00 local time.

Pure: days in, days out. The calendar says which days are worked and which years it is sure of; `queries.days` reads it.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo

# Every place in the country keeps this time, in law and on the clock.
LOCAL = ZoneInfo("Asia/Shanghai")
_ONE = dt.timedelta(days=1)
_SATURDAY = 5


class DayKind(StrEnum):
    """How the days of a period are counted, as a procedure says."""

    CALENDAR = "calendar"
    WORKING = "working"


@dataclass(frozen=True)
class Calendar:
    """Which days are worked. `exceptions`: True is a make-up work day, False a holiday; the rest are Monday to Friday.

    `confirmed` are the years whose arrangement is published. In another year the exceptions known so far count, and
    nothing is certain.
    """

    exceptions: Mapping[dt.date, bool] = field(default_factory=dict)
    confirmed: frozenset[int] = frozenset()

    def works(self, day: dt.date) -> bool:
        """Whether a day is worked, as far as is known."""
        return self.exceptions.get(day, day.weekday() < _SATURDAY)


@dataclass(frozen=True)
class Period:
    """A period that was posted. Where it is not `confirmed` (待确认), the last day is a guess and ends nothing."""

    posted_on: dt.date
    last_day: dt.date
    confirmed: bool

    @property
    def ends_at(self) -> dt.datetime:
        """24:00 of the last day, local time: the first moment after the period."""
        return dt.datetime.combine(self.last_day + _ONE, dt.time(), LOCAL)

    def is_over(self, moment: dt.datetime) -> bool:
        """Whether it has ended at a moment (aware): never while a year that it reaches into is unconfirmed."""
        return self.confirmed and moment >= self.ends_at


def period(posted_on: dt.date, days: int, kind: DayKind, calendar: Calendar) -> Period:
    """The period of a number of days. The day of posting is not counted.

    Calendar days need no calendar and are always certain. Working days reach into a year when any counted day, worked
    or not, lies in it. Raises ValueError for fewer than one day.
    """
    if days < 1:
        raise ValueError("a period has at least one day")
    if kind is DayKind.CALENDAR:
        return Period(posted_on, posted_on + dt.timedelta(days=days), confirmed=True)
    last = posted_on
    while days:
        last += _ONE
        days -= calendar.works(last)
    years = range((posted_on + _ONE).year, last.year + 1)
    return Period(posted_on, last, confirmed=all(year in calendar.confirmed for year in years))


@dataclass(frozen=True)
class Stop:
    """The days on which an objection kept the clock of one household; `until_on` None: it still does."""

    from_on: dt.date
    until_on: dt.date | None


def stopped_period(
    posted_on: dt.date, days: int, kind: DayKind, calendar: Calendar, stops: Iterable[Stop]
) -> Period | None:
    """The period of one household whose clock was stopped: it goes on with the days that were left. None while stopped.

    Neither the day on which an objection came nor that of the answer counts. An objection that came when the period
    was over stops nothing of it, nor does one that was answered before the posting.
    """
    found, left, certain = period(posted_on, days, kind, calendar), days, True
    for stop in sorted(stops, key=lambda each: each.from_on):
        if stop.from_on > found.last_day:
            break
        if stop.until_on is None:
            return None
        if stop.until_on <= found.posted_on:
            continue
        gone = [found.posted_on + _ONE * n for n in range(1, (stop.from_on - found.posted_on).days)]
        if kind is DayKind.WORKING:
            certain = certain and all(day.year in calendar.confirmed for day in gone)
            gone = [day for day in gone if calendar.works(day)]
        left -= len(gone)
        found = period(stop.until_on, left, kind, calendar)
    return Period(found.posted_on, found.last_day, found.confirmed and certain)
