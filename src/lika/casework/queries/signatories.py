"""Who signs in which capacity where, and which capacities nobody holds."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from lika.casework.choices import LEVELS, BatchState
from lika.casework.models import Batch, Signatory
from lika.casework.queries.cases import procedure_of
from lika.core.actors import Actor
from lika.core.areas import CODE_LENGTH, DIGITS_OF_LEVEL, range_of
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.divisions.models import Division
from lika.policy import queries as policy
from lika.policy.choices import Capacity, Purpose, StageLevel


@dataclass
class CapacityLine:
    """A capacity that procedures ask for at a place: who holds it today, who may stand in, who did before."""

    capacity: Capacity
    holder: Signatory | None = None
    deputies: list[Signatory] = field(default_factory=list)
    earlier: list[Signatory] = field(default_factory=list)


def code_at(division: str, level: StageLevel) -> str:
    """The code of the division of a level that one lies in: of a village its county's."""
    return division[: DIGITS_OF_LEVEL[LEVELS[level]]].ljust(CODE_LENGTH, "0")


def holding(capacity: Capacity, division: str, day: dt.date) -> Sequence[Signatory]:
    """Who may sign in a capacity for a division on a day: who holds it, then deputies of whoever holds it."""
    rows = Signatory.objects.filter(_open_on(day), capacity=capacity, division=division).select_related("official")
    holders = {each.pk for each in rows if each.deputy_of_id is None}
    acting = [each for each in rows if each.deputy_of_id is None or each.deputy_of_id in holders]
    return sorted(acting, key=lambda each: each.deputy_of_id is not None)


def lines_of(by: Actor, place: Division, day: dt.date) -> list[CapacityLine]:
    """The capacities that are asked for at a place, vacant ones among them. Raises ACC-001."""
    by.require(Permission.CASEWORK_VIEW)
    rows: dict[str, list[Signatory]] = defaultdict(list)
    for each in Signatory.objects.filter(division=place).select_related("official", "deputy_of__official"):
        rows[each.capacity].append(each)
    asked = {*capacities(place, day), *(Capacity(each) for each in rows)}
    lines = []
    for capacity in (each for each in Capacity if each in asked):
        line = CapacityLine(capacity)
        for row in rows[capacity]:
            ends = [each.valid_to for each in (row, row.deputy_of) if each and each.valid_to]  # no deputy of nobody
            if ends and min(ends) < day:
                line.earlier.append(row)
            elif row.deputy_of_id is not None:
                line.deputies.append(row)
            elif line.holder is None or row.valid_from <= day:
                line.holder = row
        lines.append(line)
    return lines


def vacant_below(place: Division, day: dt.date) -> list[tuple[Division, int]]:
    """The divisions directly below a place, with how many capacities asked for there nobody holds."""
    below = list(divisions.children(place.code, at=day))
    if not below or below[0].level > Level.VILLAGE:
        return []
    held: dict[str, set[str]] = defaultdict(set)
    codes = [each.code for each in below]
    for code, capacity in Signatory.objects.filter(
        _open_on(day), division__in=codes, deputy_of=None
    ).values_list("division_id", "capacity"):  # fmt: skip
        held[code].add(capacity)
    asked = set(capacities(place, day, Level(below[0].level)))
    return [(each, len(asked - held[each.code])) for each in below]


def capacities(place: Division, day: dt.date, level: Level | None = None) -> list[Capacity]:
    """The capacities of a level (the place's own) that are asked for within a place; the household is none.

    Asked for by the procedures in force there, and by those under which cases go there still.
    """
    running = Batch.objects.filter(number__range=range_of(place.code), state=BatchState.OPEN)
    one_each = running.order_by("pack", "procedure", "campaign_id").distinct("pack", "procedure", "campaign_id")
    procedures = [procedure_of(each) for each in one_each.select_related("campaign")]
    for purpose in Purpose:
        procedures += policy.procedures_for(place.code, purpose, day)
    asked = {
        slot.capacity
        for procedure in procedures
        for stage in procedure.stages
        for slot in stage.slots
        if LEVELS[slot.level] == (level or place.level) and slot.capacity is not Capacity.HOUSEHOLD
    }
    return [each for each in Capacity if each in asked]


def ending_from(day: dt.date) -> Q:
    """Whose term ends on a day or later, or not at all."""
    return Q(valid_to__isnull=True) | Q(valid_to__gte=day)


def _open_on(day: dt.date) -> Q:
    return Q(valid_from__lte=day) & ending_from(day)
