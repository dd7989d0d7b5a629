"""How numbers of households went over the years: from status events, and from the rows of data years."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Count, Q, Sum

from lika.core.actors import Actor
from lika.core.areas import Area
from lika.register.choices import STILL_POOR, Axis, PovertyStatus
from lika.register.models import HouseholdYear, TurnCount
from lika.register.queries.scope import households_within, scope_of, wholly_in_sight

# Events name households without a foreign key, so that Django cannot join them.
_COURSE = """
SELECT coalesce(e.identified_year, 0), e.year, e.from_status, e.to_status, count(*), count(*) FILTER (WHERE e.place = 1)
FROM (
    SELECT h.identified_year, t.year, t.from_status, t.to_status,
           row_number() OVER (PARTITION BY h.id, t.to_status, t.year ORDER BY t.effective_on, t.id) AS place
    FROM ({households}) h
    JOIN (SELECT *, extract(year FROM effective_on)::int AS year FROM register_statusevent WHERE axis = %s) t
    ON t.household_id = h.id
) e GROUP BY 1, 2, 3, 4
"""


@dataclass(frozen=True)
class StatusCourse:
    """Households that stand here now: how many were poor at the end of a year, how many came to a status in it.

    A household that came to one status twice in a year is counted once.

    A first entry does not tell what came before it: whoever was identified in an earlier year counts as poor from then
    until it took effect, for nobody leaves poverty who was not in it.
    """

    turns: Mapping[int, int] = field(default_factory=dict)
    moved: Mapping[tuple[str, int], int] = field(default_factory=dict)

    def poor_at_end_of(self, year: int) -> int:
        """Households that counted as poor on the last day of a year."""
        return sum(change for when, change in self.turns.items() if when <= year)

    def moved_to(self, status: str, year: int) -> int:
        """Households that came to a status by a change that took effect in a year."""
        return self.moved.get((str(status), year), 0)


def status_course(by: Actor, area: Area | None) -> StatusCourse:
    """The course of poverty status of the households in sight, of an area or of all of it. One query.

    Of an area that lies wholly in sight the database keeps the numbers (docs/adr/kept-counts.md).
    """
    if area is not None and wholly_in_sight(by, area):
        kept = TurnCount.objects.filter(area.where()).order_by()
        keys = ("identified_year", "year", "from_status", "to_status")
        return _course(kept.values_list(*keys).annotate(Sum("events"), Sum("households")))
    if not scope_of(by):
        return StatusCourse()
    households, arguments = households_within(by, area).values("id", "identified_year").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_COURSE.replace("{households}", households), [*arguments, Axis.POVERTY.value])
        return _course(cursor.fetchall())


def _course(rows: Iterable[tuple[int, int, str, str, int, int]]) -> StatusCourse:
    turns: Counter[int] = Counter()
    moved: Counter[tuple[str, int]] = Counter()
    for identified, year, before, after, number, households in rows:
        was_poor = before in STILL_POOR
        if before in ("", PovertyStatus.NONE) and 0 < identified < year:
            turns[identified] += number
            was_poor = True
        turns[year] += number * ((after in STILL_POOR) - was_poor)
        moved[after, year] += households
    return StatusCourse(dict(turns), dict(moved))


def yearly_counts(by: Actor, area: Area | None, rows: Mapping[str, Q]) -> dict[int, dict[str, int]]:
    """How many rows of each data year fit each of some conditions, oldest first; rows of where households stood then.

    One query.
    """
    scope = scope_of(by)
    if area is not None and wholly_in_sight(by, area):
        found = HouseholdYear.objects.filter(area.where())
    else:
        found = HouseholdYear.objects.filter(scope.where(household="household_id"))
        found = found if area is None else found.filter(area.where())
    numbers = {key: Count("pk", filter=row) if row else Count("pk") for key, row in rows.items()}
    counted = found.order_by("data_year").values("data_year").annotate(**numbers).values_list("data_year", *rows)
    return {year: dict(zip(rows, values, strict=True)) for year, *values in counted}
