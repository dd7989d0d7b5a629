"""How figures went: over the data years, by changes of status, and from one screening to the next."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts import queries as accounts
from lika.console.queries.figures.asked import Asked
from lika.console.queries.figures.rolled import Rolled, course_of_verdicts
from lika.console.queries.figures.sets import MOVES, YEAR_ROWS, of_persons
from lika.core.language import chosen
from lika.engine.amounts import date_words
from lika.register import queries as register
from lika.register.queries import StatusCourse
from lika.snapshots.choices import Result

Point = tuple[str, int | Decimal]
Course = Sequence[Point]
# The whole sight is counted beside: what is not collected is what is left of it.
WHOLE = "in_sight"


def courses(
    asked: Asked, values: Mapping[str, int], rolled: Mapping[str, Rolled], status: StatusCourse | None
) -> dict[str, Course]:
    """The points of each figure with a value, by key, oldest first; nothing on record gives no points.

    `status` is the course of status, where a figure asks for it. At most three queries, for what the figures need.
    """
    keys = frozenset(values)
    verdicts: dict[str, tuple[str, Result]] = {key: (each.criterion, each.result) for key, each in rolled.items()}
    if "unknown" in keys and asked.screening is not None:
        verdicts["unknown"] = (asked.screening.summary.criterion, Result.UNKNOWN)
    found: dict[str, Course] = {
        **_by_rows(asked, values),
        **_by_status(asked, values, status),
        **{
            key: [(chosen(*date_words(dt.date.fromisoformat(at))), number) for at, number in points]
            for key, points in course_of_verdicts(asked, asked.screening, verdicts).items()
        },
    }
    if asked.focus is None and WHOLE in keys:
        found[WHOLE] = _granted(asked, values[WHOLE])
    return {key: points for key, points in found.items() if key in keys}


def _by_rows(asked: Asked, values: Mapping[str, int]) -> dict[str, Course]:
    wanted = [key for key in values if key in YEAR_ROWS]
    if not wanted:
        return {}
    rows = {key: YEAR_ROWS[key] & asked.rows_in_full if of_persons(key) else YEAR_ROWS[key] for key in wanted}
    counted = register.yearly_counts(asked.who, asked.area, rows)
    found: dict[str, Course] = {}
    for key in wanted:
        by_year = {year: counted.get(year, {}).get(key, 0) for year in asked.years}
        if key == "uncollected":
            by_year = {year: max(0, values[WHOLE] - number) for year, number in by_year.items()}
        # Rows stand where the household stood then: the last point is the figure itself, of who stands here now.
        found[key] = _points(by_year | ({asked.year: values[key]} if asked.years and key != "unregistered" else {}))
    return found


def _by_status(asked: Asked, values: Mapping[str, int], course: StatusCourse | None) -> dict[str, Course]:
    wanted = [key for key in values if key in MOVES or key == "poor"]
    if course is None or not asked.years:
        return {}
    return {key: _status_points(asked, course, key, values[key]) for key in wanted}


def _status_points(asked: Asked, course: StatusCourse, key: str, value: int) -> Course:
    if key == "poor":
        points = _points({year: course.poor_at_end_of(year) for year in asked.years})
        now = [(_("now"), value)] if timezone.localdate().year > asked.year else []
        return [*points, *now]
    return _points({year: course.moved_to(MOVES[key], year) for year in asked.years})


def _granted(asked: Asked, value: int) -> Course:
    """How many households were granted at the end of each year on record, and now."""
    official = asked.who.official_id
    if official is None:
        return []
    today = timezone.localdate()
    days = [day for year in asked.years if (day := dt.date(year, 12, 31)) < today]
    held = accounts.households_granted_on(official, days)
    return [*_points({day.year: held[day] for day in days}), (_("now"), value)]


def _points(by_year: Mapping[int, int]) -> list[Point]:
    return [(chosen(f"{year}年", str(year)), number) for year, number in sorted(by_year.items())]


def keys_needing_whole(keys: Collection[str]) -> bool:
    """Whether the size of the whole sight is needed for a course."""
    return "uncollected" in keys
