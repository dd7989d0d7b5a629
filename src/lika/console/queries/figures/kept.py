"""Figures whose numbers the database keeps: households by status, and changes of status."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from lika.console.queries.figures.asked import Asked
from lika.console.queries.figures.sets import MOVES, STATUSES
from lika.register import queries as register
from lika.register.queries import StatusCounts, StatusCourse


@dataclass(frozen=True)
class Kept:
    """The numbers of households by figure, and the course of their status; None where no figure asks for it."""

    values: Mapping[str, int] = field(default_factory=dict)
    course: StatusCourse | None = None


def kept_of(asked: Asked, keys: Collection[str], counts: StatusCounts | None) -> Kept:
    """What is kept for some figures: of a division that lies wholly in sight their values too. At most one query.

    `counts` are those of the division by status.
    """
    wants_course = any(key in MOVES or key == "poor" for key in keys)
    course = register.status_course(asked.who, asked.area) if wants_course else None
    if asked.area is None or counts is None or not register.wholly_in_sight(asked.who, asked.area):
        return Kept({}, course)
    values = {key: counts.of(STATUSES[key])[0] for key in keys if key in STATUSES}
    if course is not None:
        values |= {key: course.moved_to(MOVES[key], asked.year) for key in keys if key in MOVES and key not in STATUSES}
    return Kept(values, course)
