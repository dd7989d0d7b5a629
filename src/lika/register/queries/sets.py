"""Sets of households that figures count: conditions on a queryset of households, and their sizes in one query.

A figure and the list behind it ask by the same condition, so that their totals are equal.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from lika.register.choices import Axis, YearState
from lika.register.models import Household, HouseholdYear, Membership, StatusEvent

# Rows of a household's year that figures count; each is unknown, and not counted, where its column is empty.
UNSAFE_HOUSING = Q(housing_grade__in=("C", "D", "N"))  # CL-DANGER: locally, wholly dangerous, no house
UNSAFE_WATER = Q(safe_water=False)
UNDER_DIBAO = Q(dibao_listed=True)
NOT_CONFIRMED = Q(state=YearState.DRAFT)
ANY_ROW = Q()

# The households that are counted: a set looks no further, so that a village's is found without reading its county.
Inside = QuerySet[Household]


def with_year(inside: Inside, year: int, row: Q = ANY_ROW) -> Q:
    """Households with a row of a data year that fits a condition on its columns."""
    return Q(id__in=HouseholdYear.objects.filter(row, data_year=year, household__in=inside).values("household_id"))


def without_year(inside: Inside, year: int) -> Q:
    """Households of which nothing was recorded for a data year."""
    return ~with_year(inside, year)


def moved_to(inside: Inside, status: str, year: int) -> Q:
    """Households that came to a poverty status by an event that took effect in a calendar year."""
    return _with_event(inside, Q(to_status=status, effective_on__year=year))


def moved_without_decision(inside: Inside, year: int) -> Q:
    """Households whose poverty status changed in a calendar year by a record that names no decision."""
    unnamed = Q(decision_kind="", decision_id=None, decision_label="")
    return _with_event(inside, unnamed & Q(effective_on__year=year))


def kept_by(decision: UUID, status: str, *, undone_to: str) -> Q:
    """Households that a decision brought to a poverty status and nobody put back from it to another since."""
    events = StatusEvent.objects.filter(axis=Axis.POVERTY)
    later = Q(effective_on__gt=OuterRef("effective_on")) | Q(
        effective_on=OuterRef("effective_on"), recorded_at__gt=OuterRef("recorded_at")
    )
    undone = events.filter(later, household_id=OuterRef("household_id"), from_status=status, to_status=undone_to)
    brought = events.filter(~Exists(undone), decision_id=decision, to_status=status)
    return Q(id__in=brought.values("household_id"))


def _with_event(inside: Inside, event: Q) -> Q:
    events = StatusEvent.objects.filter(event, axis=Axis.POVERTY, household_id__in=inside.values("id"))
    return Q(id__in=events.values("household_id"))


def recorded_since(moment: dt.datetime) -> Q:
    """Households that came into the register after a moment."""
    return Q(recorded_at__gt=moment)


def changed_to(inside: Inside, status: str, moment: dt.datetime) -> Q:
    """Households of which a change to a poverty status was recorded after a moment, whenever it took effect."""
    return _with_event(inside, Q(to_status=status, recorded_at__gt=moment))


def statuses_changed(inside: Inside, moment: dt.datetime) -> dict[str, int]:
    """Households by the poverty status to which a change was recorded after a moment. One query."""
    events = StatusEvent.objects.filter(
        axis=Axis.POVERTY, recorded_at__gt=moment, household_id__in=inside.values("id")
    ).order_by("to_status")
    return dict(events.values_list("to_status").annotate(Count("household_id", distinct=True)))


def statuses(wanted: Collection[str]) -> Q:
    """Households in some poverty statuses now."""
    return Q(poverty_status__in=sorted(map(str, wanted)))


def count_each(inside: Inside, sets: Mapping[str, Q]) -> dict[str, int]:
    """How many of some households are in each of some sets. One query."""
    if not sets:
        return {}
    # Filters of one count, not conditions of several: the database then reads each set once and keeps it in memory,
    # however wrongly it takes the wall's conditions for rare ones.
    counted: dict[str, int] = inside.aggregate(
        **{key: Count("pk", filter=condition) if condition else Count("pk") for key, condition in sets.items()}
    )
    return counted


def members_of(households: QuerySet[Household]) -> int:
    """How many people belong today to some households; the queryset must come from this package."""
    return Membership.objects.filter(household__in=households, left_on=None).count()


def members_each(households: QuerySet[Household]) -> dict[UUID, int]:
    """How many people belong today to each of some households; one without members is left out. One query."""
    found = Membership.objects.filter(household__in=households, left_on=None).order_by()
    return dict(found.values_list("household_id").annotate(Count("pk")))
