"""The households that each figure counts: one condition for the figure and for the list behind it."""

from collections.abc import Callable, Collection, Mapping
from functools import partial

from django.db.models import Q

from lika.console.queries import verdicts
from lika.console.queries.figures.asked import Asked
from lika.register.choices import STILL_POOR, PovertyStatus
from lika.register.queries import sets
from lika.snapshots.choices import Result

_LACKING = sets.UNSAFE_HOUSING | sets.UNSAFE_WATER

# Rows of a household's year, by the figure whose trend counts them.
YEAR_ROWS: Mapping[str, Q] = {
    "unsafe_housing": sets.UNSAFE_HOUSING,
    "unsafe_water": sets.UNSAFE_WATER,
    "dibao": sets.UNDER_DIBAO,
    "drafts": sets.NOT_CONFIRMED,
    "uncollected": sets.ANY_ROW,  # what is collected; the rest of the households is not
    "unregistered": Q(household__poverty_status=PovertyStatus.NONE),
    "exited_lacking": Q(household__poverty_status=PovertyStatus.EXITED) & _LACKING,
}
# Changes of status, by the figure whose trend counts them year by year.
MOVES: Mapping[str, PovertyStatus] = {
    "exited_year": PovertyStatus.EXITED,
    "exited": PovertyStatus.EXITED,
    "returned_year": PovertyStatus.RETURNED,
    "removed_year": PovertyStatus.REMOVED,
}
# Households in some statuses now, by figure.
STATUSES: Mapping[str, Collection[str]] = {
    "poor": STILL_POOR,
    "incidence": STILL_POOR,
    "exited": [PovertyStatus.EXITED],
    "unregistered": [PovertyStatus.NONE],
    "in_sight": list(PovertyStatus),
}
# What tells of persons is counted and listed only where the reader may know it.
_OF_PERSONS = frozenset({"unsafe_housing", "unsafe_water", "dibao", "exited_lacking"})
# Households of some statuses whose result by the summing criterion is this one, by figure.
BY_VERDICT: Mapping[str, tuple[Result, Collection[str]]] = {
    "unknown": (Result.UNKNOWN, list(PovertyStatus)),
    "met_poor": (Result.MET, STILL_POOR),
    "exited_not_met": (Result.NOT_MET, [PovertyStatus.EXITED]),
}


def _statuses(wanted: Collection[str]) -> Q:
    return Q() if set(wanted) == set(PovertyStatus) else sets.statuses(wanted)


def _standing(wanted: Collection[str], _inside: sets.Inside, _year: int) -> Q:
    return _statuses(wanted)


_SETS: Mapping[str, Callable[[sets.Inside, int], Q]] = {
    **{key: partial(_standing, wanted) for key, wanted in STATUSES.items()},
    "exited_year": lambda inside, year: sets.moved_to(inside, PovertyStatus.EXITED, year),
    "returned_year": lambda inside, year: sets.moved_to(inside, PovertyStatus.RETURNED, year),
    "removed_year": lambda inside, year: sets.moved_to(inside, PovertyStatus.REMOVED, year),
    "no_decision": sets.moved_without_decision,
    "uncollected": sets.without_year,
    "drafts": lambda inside, year: sets.with_year(inside, year, sets.NOT_CONFIRMED),
    "unsafe_housing": lambda inside, year: sets.with_year(inside, year, sets.UNSAFE_HOUSING),
    "unsafe_water": lambda inside, year: sets.with_year(inside, year, sets.UNSAFE_WATER),
    "dibao": lambda inside, year: sets.with_year(inside, year, sets.UNDER_DIBAO),
    "exited_lacking": lambda inside, year: (
        sets.statuses([PovertyStatus.EXITED]) & sets.with_year(inside, year, _LACKING)
    ),
}


def household_set(key: str, asked: Asked) -> Q | None:
    """The households behind a figure; None where the figure counts none, or the reader cannot have it."""
    if key in BY_VERDICT:
        return _by_verdict(key, asked)
    if key not in _SETS or (key in _OF_PERSONS and not asked.may_read_persons):
        return None
    condition = _SETS[key](asked.inside, asked.year)
    return condition & asked.seen_in_full if key in _OF_PERSONS else condition


def of_persons(key: str) -> bool:
    """Whether a figure tells of persons."""
    return key in _OF_PERSONS


def _by_verdict(key: str, asked: Asked) -> Q | None:
    screening = asked.screening
    if screening is None:
        return None
    result, statuses = BY_VERDICT[key]
    division = asked.focus.division.code if asked.focus else None
    return _statuses(statuses) & verdicts.condition(
        asked.who, screening, screening.summary.criterion, result.value, division
    )
