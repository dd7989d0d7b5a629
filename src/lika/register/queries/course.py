"""How numbers of households went over the years: from status events, and from the rows of data years."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Count, Q

from lika.core.actors import Actor
from lika.core.areas import Area
from lika.register.choices import STILL_POOR, Axis, PovertyStatus
from lika.register.models import HouseholdYear
from lika.register.queries.scope import households_within, scope_of

# Events name households without a foreign key, so that Django cannot join them.
_COURSE = """
SELECT h.identified_year, extract(year FROM e.effective_on)::int, e.from_status, e.to_status, count(*)
FROM register_statusevent e JOIN ({households}) h ON h.id = e.household_id
WHERE e.axis = %s GROUP BY 1, 2, 3, 4
"""


@dataclass(frozen=True)
class StatusCourse:
    """Households that stand here now: how many were poor at the end of a year, how many came to a status in it.

    A first entry does not tell what came before it: whoever was identified in an earlier year counts as poor from then
    until it took effect, for nobody leaves poverty who was not in it.
    """

    turns: Mapping[int, int] = field(default_factory=dict)
    moved: Mapping[tuple[str, int], int] = field(default_factory=dict)

    def poor_at_end_of(self, year: int) -> int:
        """Households that counted as poor on the last day of a year."""
        return sum(change for when, change in self.turns.items() if when <= year)

    def moved_to(self, status: str, year: int) -> int:
        """Changes to a status that took effect in a year."""
        return self.moved.get((str(status), year), 0)


def status_course(by: Actor, area: Area | None) -> StatusCourse:
    """The course of poverty status of the households in sight, of an area or of all of it. One query.

    An area that lies wholly in sight is counted by a door in the second wall (`config.wall`).
    """
    if area is not None and scope_of(by).area.meet(area) == area:
        lows, highs = map(list, zip(*area.ranges, strict=True))
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM lika_status_turns(%s::bigint[], %s::bigint[])", [lows, highs])
            return _course(cursor.fetchall())
    households, arguments = households_within(by, area).values("id", "identified_year").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_COURSE.replace("{households}", households), [*arguments, Axis.POVERTY.value])
        return _course(cursor.fetchall())


def _course(rows: Iterable[tuple[int | None, int, str, str, int]]) -> StatusCourse:
    turns: Counter[int] = Counter()
    moved: Counter[tuple[str, int]] = Counter()
    for identified, year, before, after, number in rows:
        was_poor = before in STILL_POOR
        if before in ("", PovertyStatus.NONE) and identified is not None and identified < year:
            turns[identified] += number
            was_poor = True
        turns[year] += number * ((after in STILL_POOR) - was_poor)
        moved[after, year] += number
    return StatusCourse(dict(turns), dict(moved))


def yearly_counts(by: Actor, area: Area | None, rows: Mapping[str, Q]) -> dict[int, dict[str, int]]:
    """How many rows of each data year fit each of some conditions, oldest first; rows of where households stood then.

    One query.
    """
    scope = scope_of(by)
    if area is not None and scope.area.meet(area) == area:
        found = HouseholdYear.objects.filter(area.where())
    else:
        found = HouseholdYear.objects.filter(scope.where(household="household_id"))
        found = found if area is None else found.filter(area.where())
    numbers = {key: Count("pk", filter=row) if row else Count("pk") for key, row in rows.items()}
    counted = found.order_by("data_year").values("data_year").annotate(**numbers).values_list("data_year", *rows)
    return {year: dict(zip(rows, values, strict=True)) for year, *values in counted}
