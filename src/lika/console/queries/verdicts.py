"""The current screening as the console's pages ask for it: which criterion sums it up, and its results.

A county has one current screening of a pack; above counties the screenings of all counties in sight are
read together, those of the pack that was screened last.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q

from lika.console.queries.focus import Focus
from lika.core.actors import Actor
from lika.core.language import chosen
from lika.core.permissions import Permission
from lika.divisions.choices import Level
from lika.engine.snapshots.layout import county_of
from lika.snapshots import queries as snapshots
from lika.snapshots.choices import Result, UnitKind
from lika.snapshots.models import ScreenedCriterion, Screening
from lika.snapshots.queries import Counts

HOUSEHOLD = UnitKind.HOUSEHOLD


@dataclass(frozen=True)
class Current:
    """The current screenings of an area by one pack, the newest first; `summary` sums up the exit.

    `packs` are all packs that the area is currently screened by, as (id, title).
    """

    screenings: Sequence[Screening]
    criteria: Sequence[ScreenedCriterion]
    summary: ScreenedCriterion
    packs: Sequence[tuple[str, str]]

    @property
    def newest(self) -> Screening:
        return self.screenings[0]

    def known(self, screening: Screening, criterion: str) -> ScreenedCriterion | str:
        """A criterion as a screening has it: read already for the newest, by its name for the others."""
        if screening != self.newest:
            return criterion
        return next((item for item in self.criteria if item.criterion == criterion), criterion)

    @property
    def title(self) -> str:
        """What the summary criterion is called."""
        return str(self.summary.title)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The criteria for a select."""
        return [(item.criterion, str(item.title)) for item in self.criteria]

    @property
    def pack_id(self) -> str:
        return self.newest.pack_id

    @property
    def pack(self) -> str:
        """What the pack is called."""
        return pack_title(self.newest)

    @property
    def at(self) -> dt.date:
        """The standard time point of the newest."""
        return self.newest.snapshot.at


def pack_title(screening: Screening) -> str:
    """What the pack of a screening is called, in the reader's language."""
    return chosen(screening.pack_zh, screening.pack_en)


def current(by: Actor, focus: Focus | None, pack: str = "") -> Current | None:
    """What is current for the focus (everything in sight without one), by a pack or by the one screened last.

    None where nothing was screened, or where the actor sees no screening.
    """
    seen = by.sees(Permission.SCREENING_VIEW)
    area = focus.area.meet(seen) if focus else seen
    counties = [(county_of(low), county_of(high)) for low, high in area.ranges]
    if not counties:
        return None
    condition = reduce(or_, (Q(current_in__county__range=pair) for pair in counties))
    found = snapshots.list_screenings(by).filter(condition, current_in__unit_kind=HOUSEHOLD).distinct()
    everything = list(found.order_by("-finished_at", "-id"))
    packs = {each.pack_id: pack_title(each) for each in everything}
    chosen = pack if pack in packs else next(iter(packs), "")
    screenings = [each for each in everything if each.pack_id == chosen]
    criteria = snapshots.criteria_of(screenings[0], HOUSEHOLD) if screenings else ()
    if not criteria:
        return None
    summary = next((item for item in criteria if item.summary), criteria[-1])
    return Current(screenings, criteria, summary, list(packs.items()))


def condition(by: Actor, screening: Current, criterion: str, result: str, division: str | None) -> Q:
    """The households that were counted under a result, in a division or everywhere in sight."""
    return reduce(
        or_,
        (
            snapshots.verdict_condition(by, each, screening.known(each, criterion), Result(result), division=division)
            for each in screening.screenings
        ),
    )


def of_households(by: Actor, screening: Current | None, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The summary's result of some households, where the actor sees results."""
    found: dict[UUID, str] = {}
    wanted = list(ids)
    if screening is None or not wanted:
        return found
    for each in reversed(screening.screenings):
        found |= snapshots.results_of(by, each, screening.known(each, screening.summary.criterion), wanted)
    return found


def counts(by: Actor, screening: Current | None, level: int) -> Mapping[int, Counts]:
    """The summary's counts of every division of a level in sight, by code; above counties they are added up."""
    found: dict[int, Counts] = {}
    if screening is None:
        return found
    for each in reversed(screening.screenings):
        found |= snapshots.counts_by_division(by, each, screening.summary.criterion, max(level, Level.COUNTY))
    return found if level >= Level.COUNTY else _added(found, 10**8 if level == Level.PREFECTURE else 10**10)


def total(counted: Mapping[int, Counts], focus: Focus) -> Counts | None:
    """The counts of everything inside the focus; None where nothing was screened."""
    inside = [each for code, each in counted.items() if code in focus.area]
    return reduce(_add, inside) if inside else None


def _added(counted: Mapping[int, Counts], span: int) -> dict[int, Counts]:
    upper: dict[int, Counts] = {}
    for code, each in counted.items():
        above = code // span * span
        upper[above] = _add(upper[above], each) if above in upper else each
    return upper


def _add(one: Counts, other: Counts) -> Counts:
    return Counts(one.met + other.met, one.not_met + other.not_met, one.unknown + other.unknown)


def result_label(result: str) -> str:
    """The word of a result; nothing where nothing was screened."""
    return str(Result(result).label) if result else ""


def village_summary(found: Screening) -> ScreenedCriterion | None:
    """The criterion that sums up the exit of villages."""
    return snapshots.summary_of(found, UnitKind.VILLAGE)
