"""Figures that stored roll-ups answer: verdicts of a criterion, with the list that holds as many units."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from lika.console.queries import verdicts
from lika.console.queries.figures.asked import Asked
from lika.console.queries.verdicts import Current
from lika.snapshots import queries as snapshots
from lika.snapshots.choices import Result
from lika.snapshots.queries import Counts

_OF_HOUSEHOLDS = {"education_not_met": "education", "medical_not_met": "medical"}
_VILLAGES = "villages_met"


@dataclass(frozen=True)
class Rolled:
    """The criterion of a figure, the result that it counts, and the address of the list."""

    criterion: str
    result: Result
    url: str


def rolled(key: str, asked: Asked) -> Rolled | None:
    """None where the figure is no such one, or the pack has no such criterion."""
    screening, focus = asked.screening, asked.focus
    if screening is None or focus is None:
        return None
    division = focus.division.code
    if key == _VILLAGES and len(screening.screenings) == 1:
        summary = verdicts.village_summary(screening.newest)
        if summary is None:
            return None
        chosen = {"criterion": summary.criterion, "result": Result.MET.value, "division": division}
        page = reverse("snapshots:units", args=[screening.newest.pk])
        return Rolled(summary.criterion, Result.MET, f"{page}?{urlencode(chosen)}")
    if _OF_HOUSEHOLDS.get(key) in {item.criterion for item in screening.criteria}:
        chosen = {
            "division": division, "pack": screening.pack_id, "criterion": _OF_HOUSEHOLDS[key],
            "result": Result.NOT_MET.value,
        }  # fmt: skip
        page = reverse("console:households")
        return Rolled(_OF_HOUSEHOLDS[key], Result.NOT_MET, f"{page}?{urlencode(chosen)}")
    return None


def rolled_counts(asked: Asked, wanted: Mapping[str, Rolled]) -> dict[str, int]:
    """The value of each such figure now, by key. One query."""
    screening, focus = asked.screening, asked.focus
    if not wanted or screening is None or focus is None:
        return {}
    criteria = {each.criterion for each in wanted.values()}
    found = snapshots.counts_within(asked.who, screening.screenings, focus.division.code, criteria)
    return {
        key: count_of(found[each.criterion], each.result) for key, each in wanted.items() if each.criterion in found
    }


def course_of_verdicts(
    asked: Asked, screening: Current | None, wanted: Mapping[str, tuple[str, Result]]
) -> dict[str, list[tuple[str, int]]]:
    """How often a result was given at each standard time point, by key, oldest first. One query."""
    if not wanted or screening is None or asked.focus is None:
        return {}
    criteria = {criterion for criterion, _result in wanted.values()}
    series = snapshots.counts_over_time(asked.who, screening.pack_id, asked.focus.division.code, criteria)
    return {
        key: [(at.isoformat(), count_of(counts, result)) for at, counts in series.get(criterion, ())]
        for key, (criterion, result) in wanted.items()
    }


def count_of(counts: Counts, result: Result) -> int:
    """How many units have a result."""
    return {Result.MET: counts.met, Result.NOT_MET: counts.not_met, Result.UNKNOWN: counts.unknown}[result]
