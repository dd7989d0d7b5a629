"""When a period ends: calendar or working days, counted from the day after posting, until 24:00 local time.

Pure: days in, days out. The calendar says which days are worked and which years it is sure of; `queries.days` reads it.
"""

import datetime as dt
from collections.abc import Mapping
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
