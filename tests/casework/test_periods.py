"""When a period ends: golden tables around the long holidays, and what holds for every calendar. 演示数据"""

import datetime as dt

import pytest
from chinese_calendar.constants import holidays, workdays
from hypothesis import given
from hypothesis import strategies as st

from lika.casework.periods import LOCAL, Calendar, DayKind, Period, period

PUBLISHED = Calendar(
    dict.fromkeys(holidays, False) | dict.fromkeys(workdays, True), frozenset(day.year for day in holidays)
)
WEEK = dt.timedelta(days=7)


def on(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("posted", "days", "kind", "last"),
    [
        # The day of posting is not counted; calendar days ask no calendar.
        ("2014-07-01", 7, DayKind.CALENDAR, "2014-07-08"),
        ("2014-09-28", 7, DayKind.CALENDAR, "2014-10-05"),
        ("2016-02-28", 1, DayKind.CALENDAR, "2016-02-29"),
        ("2026-12-30", 7, DayKind.CALENDAR, "2027-01-06"),
        # An ordinary week, posted on a Friday, a Saturday, a Sunday.
        ("2016-03-11", 5, DayKind.WORKING, "2016-03-18"),
        ("2016-03-12", 5, DayKind.WORKING, "2016-03-18"),
        ("2016-03-13", 1, DayKind.WORKING, "2016-03-14"),
        # Spring Festival 2016: 7 to 13 February off, Saturday 6 and Sunday 14 worked.
        ("2016-02-05", 1, DayKind.WORKING, "2016-02-06"),
        ("2016-02-05", 2, DayKind.WORKING, "2016-02-14"),
        ("2016-02-05", 5, DayKind.WORKING, "2016-02-17"),
        ("2016-02-07", 1, DayKind.WORKING, "2016-02-14"),
        # National Day 2017 with Mid-autumn: 1 to 8 October off, Saturday 30 September worked.
        ("2017-09-29", 1, DayKind.WORKING, "2017-09-30"),
        ("2017-09-29", 2, DayKind.WORKING, "2017-10-09"),
        ("2017-09-28", 5, DayKind.WORKING, "2017-10-11"),
        # National Day 2026: 1 to 7 October off, Sunday 20 September and Saturday 10 October worked.
        ("2026-09-18", 1, DayKind.WORKING, "2026-09-20"),
        ("2026-09-30", 1, DayKind.WORKING, "2026-10-08"),
        ("2026-09-30", 3, DayKind.WORKING, "2026-10-10"),
        ("2026-09-30", 4, DayKind.WORKING, "2026-10-12"),
        # Spring Festival 2020 was made longer while it ran: to 2 February.
        ("2020-01-23", 1, DayKind.WORKING, "2020-02-03"),
    ],
)
def test_the_last_day(posted: str, days: int, kind: DayKind, last: str) -> None:
    assert period(on(posted), days, kind, PUBLISHED) == Period(on(posted), on(last), confirmed=True)


def test_a_period_ends_at_24_of_its_last_day_local_time() -> None:
    seven = period(on("2014-07-01"), 7, DayKind.CALENDAR, PUBLISHED)
    end = dt.datetime(2014, 7, 8, 16, tzinfo=dt.UTC)  # midnight in China
    assert (seven.ends_at, seven.ends_at.astimezone(dt.UTC)) == (dt.datetime(2014, 7, 9, tzinfo=LOCAL), end)
    moments = [end - dt.timedelta(microseconds=1), end, end + WEEK]
    assert [seven.is_over(moment) for moment in moments] == [False, True, True]


def test_a_period_that_reaches_into_an_unconfirmed_year_ends_never() -> None:
    """2027 is not published yet: Friday 1 January is guessed to be worked, and nothing ends by a guess."""
    guessed = period(on("2026-12-30"), 2, DayKind.WORKING, PUBLISHED)
    assert guessed == Period(on("2026-12-30"), on("2027-01-01"), confirmed=False)
    assert not guessed.is_over(dt.datetime(2030, 1, 1, tzinfo=dt.UTC))

    published = Calendar(PUBLISHED.exceptions | {on("2027-01-01"): False}, PUBLISHED.confirmed | {2027})
    certain = period(on("2026-12-30"), 2, DayKind.WORKING, published)
    assert certain == Period(on("2026-12-30"), on("2027-01-04"), confirmed=True)
    assert certain.is_over(certain.ends_at)


def test_the_last_day_of_a_confirmed_year_still_ends() -> None:
    assert period(on("2026-12-30"), 1, DayKind.WORKING, PUBLISHED) == Period(on("2026-12-30"), on("2026-12-31"), True)


@pytest.mark.parametrize("kind", DayKind)
def test_a_period_of_no_day_is_no_period(kind: DayKind) -> None:
    with pytest.raises(ValueError, match="at least one day"):
        period(on("2014-07-01"), 0, kind, PUBLISHED)


DAYS = st.dates(dt.date(2014, 1, 1), dt.date(2026, 6, 30))
LENGTHS = st.integers(1, 90)
EXCEPTIONS = st.dictionaries(DAYS, st.booleans(), max_size=30)


@given(DAYS, LENGTHS, EXCEPTIONS)
def test_exactly_as_many_days_are_worked_after_the_posting(posted: dt.date, days: int, special: dict) -> None:
    calendar = Calendar(special, PUBLISHED.confirmed)
    last = period(posted, days, DayKind.WORKING, calendar).last_day
    counted = [posted + dt.timedelta(days=n) for n in range(1, (last - posted).days + 1)]
    assert sum(map(calendar.works, counted)) == days
    assert calendar.works(last)


@given(DAYS, LENGTHS, EXCEPTIONS, DAYS)
def test_another_holiday_never_brings_the_end_forward(posted: dt.date, days: int, special: dict, off: dt.date) -> None:
    before = period(posted, days, DayKind.WORKING, Calendar(special))
    after = period(posted, days, DayKind.WORKING, Calendar(special | {off: False}))
    assert after.last_day >= before.last_day


@given(DAYS, LENGTHS, EXCEPTIONS, st.sampled_from(DayKind))
def test_a_longer_period_ends_later(posted: dt.date, days: int, special: dict, kind: DayKind) -> None:
    calendar = Calendar(special)
    ends = [period(posted, length, kind, calendar).last_day for length in (days, days + 1)]
    assert posted < ends[0] < ends[1]


@given(DAYS, LENGTHS, EXCEPTIONS, st.frozensets(st.integers(2014, 2027)))
def test_it_is_certain_when_every_year_that_it_counts_in_is(
    posted: dt.date, days: int, special: dict, confirmed: frozenset[int]
) -> None:
    found = period(posted, days, DayKind.WORKING, Calendar(special, confirmed))
    counted = {(posted + dt.timedelta(days=n)).year for n in range(1, (found.last_day - posted).days + 1)}
    assert found.confirmed == (counted <= confirmed)
    assert found.is_over(found.ends_at) == found.confirmed
