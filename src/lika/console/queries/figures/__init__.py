"""The five figures of a role: value, course over the years, meaning, and the list whose total equals it."""

from lika.console.queries.figures.asked import Asked, asked_of, role_at
from lika.console.queries.figures.building import Figure, figures, meaning_of
from lika.console.queries.figures.people import People, people_granted, people_of
from lika.console.queries.figures.sets import household_set

__all__ = [
    "Asked",
    "Figure",
    "People",
    "asked_of",
    "figures",
    "household_set",
    "meaning_of",
    "people_granted",
    "people_of",
    "role_at",
]
