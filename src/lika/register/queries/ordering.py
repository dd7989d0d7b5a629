"""The order of a list of households, and a page of it: by an index where there is one, from whichever end is nearer."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    F,
    FilteredRelation,
    IntegerField,
    OrderBy,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.register.choices import HEAD, Axis, MonitoringStatus, PovertyStatus
from lika.register.models import Household, Membership, Placement, StatusEvent
from lika.register.queries.asof import held_on
from lika.register.queries.scope import scope_of, seen_in_full

# What a list may be sorted by; a minus in front turns the order round.
SORT_KEYS: dict[str, str] = {
    "number": "number",
    "head": "head__person__pinyin",
    "village": "village_then",
    "members": "members_then",
    "poverty": "poverty_then",
    "income": "year__income_per_head",
    "cause": "year__main_cause",
}

# An order by these tells what `register.personal` lets see. They may be unknown; today the others are not.
PERSONAL_KEYS = frozenset({"head", "income", "cause"})

_NO_STATUS = {Axis.POVERTY: PovertyStatus.NONE.value, Axis.MONITORING: MonitoringStatus.NONE.value}
Keys = Sequence[UUID]


@dataclass(frozen=True)
class Order:
    """How a list is sorted, for whom, of which data year and day; households of the same value go by number.

    Unknown values stand last either way: a list by income begins with incomes. Raises REG-002 (unknown sort key).
    """

    sort: str
    year: int
    as_of: dt.date | None
    by: Actor

    def __post_init__(self) -> None:
        if self._key not in SORT_KEYS:
            raise UserError(
                "REG-002",
                _("The list cannot be sorted by this."),
                remedy=_("Choose a column of the list."),
                sort=self.sort,
            )

    def of(self, found: QuerySet[Household]) -> QuerySet[Household]:
        """The households in this order, as one queryset."""
        value: F | Case = F(SORT_KEYS[self._key])
        if self._hidden is not None:
            value = Case(When(~self._hidden, then=value), default=None)  # the order would tell what is masked
        return self._joined(found).order_by(OrderBy(value, descending=self._falls, nulls_last=True), "number")

    def parts(self, found: QuerySet[Household]) -> Sequence[QuerySet[Household]]:
        """The same, one after the other, each in the order of an index: those of a known value, then the others."""
        column = SORT_KEYS[self._key]
        joined = self._joined(found)
        value = OrderBy(F(column), descending=self._falls)
        if self._key not in PERSONAL_KEYS:
            return [joined.order_by(value, "number")]
        known, unknown = Q(**{f"{column}__isnull": False}), Q(**{f"{column}__isnull": True})
        if self._hidden is not None:
            known, unknown = known & ~self._hidden, unknown | self._hidden
        return [joined.filter(known).order_by(value, "number"), joined.filter(unknown).order_by("number")]

    @property
    def _key(self) -> str:
        return self.sort.removeprefix("-")

    @property
    def _falls(self) -> bool:
        return self.sort.startswith("-")

    @property
    def _hidden(self) -> Q | None:
        """The households of which this order would tell what is masked; None where there are none."""
        named = seen_in_full(self.by)
        return ~named.where() if self._key in PERSONAL_KEYS and named != scope_of(self.by) else None

    def _joined(self, found: QuerySet[Household]) -> QuerySet[Household]:
        """With what this order asks for and no more: a join is paid for by every household of the list."""
        if self._key == "head":
            return found.annotate(head=head(self.as_of))
        if self._key in {"income", "cause"}:
            return found.annotate(year=year_row(self.year))
        column = SORT_KEYS[self._key]
        values = then(self.as_of)
        return found.annotate(**{column: values[column]}) if column in values else found


def page_found(
    parts: Sequence[QuerySet[Household]], count: Callable[[], int], page: int, size: int
) -> tuple[Keys, int, int]:
    """The keys of a page (of the last where there are fewer), how many there are in all, and which page it is.

    Who sees the whole list need not have it counted; a late page is found from the end.
    """
    if page <= 1:
        keys = _between(parts, 0, size)
        return keys, len(keys) if len(keys) < size else count(), 1
    total = count()
    page = min(page, max(1, -(-total // size)))
    start = (page - 1) * size
    stop = min(start + size, total)
    if start <= total - stop:
        return _between(parts, start, stop), total, page
    backwards = [part.reverse() for part in reversed(parts)]
    return _between(backwards, total - stop, total - start)[::-1], total, page


def page_counted(ordered: QuerySet[Household], page: int, size: int) -> tuple[Keys, int, int]:
    """The same by one query that counts all of them as it goes; a second one where there is no such page."""
    counted = ordered.annotate(in_all=Window(Count("*"))).values_list("pk", "in_all")
    start = (max(page, 1) - 1) * size
    rows = list(counted[start : start + size])
    if rows or start == 0:
        return [key for key, _total in rows], rows[0][1] if rows else 0, max(page, 1)
    total = ordered.order_by().count()
    page = max(1, -(-total // size))
    return list(ordered.values_list("pk", flat=True)[(page - 1) * size : total]), total, page


def _between(parts: Sequence[QuerySet[Household]], start: int, stop: int) -> list[UUID]:
    """The keys from one place to another of querysets that follow each other; none is counted that need not be."""
    keys: list[UUID] = []
    for part in parts:
        found = list(part.values_list("pk", flat=True)[start:stop])
        keys += found
        if len(found) == stop - start:
            break
        passed = start + len(found) if found or start == 0 else part.count()
        start, stop = max(0, start - passed), stop - passed
    return keys


def head(as_of: dt.date | None) -> FilteredRelation:
    """The membership of the head, now or on a day."""
    held = held_on("memberships__joined_on", "memberships__left_on", as_of)
    return FilteredRelation("memberships", condition=held & Q(memberships__relation=HEAD))


def year_row(year: int) -> FilteredRelation:
    """The row of a data year."""
    return FilteredRelation("years", condition=Q(years__data_year=year))


def then(as_of: dt.date | None) -> dict[str, Any]:
    """Place, status and number of members of now, or of a day."""
    if as_of is None:
        return {
            "village_then": F("village"),
            "poverty_then": F("poverty_status"),
            "monitoring_then": F("monitoring_status"),
            # What is kept of now is not worked out again for every line of the list.
            "members_then": F("members"),
        }
    stood = Placement.objects.filter(held_on("started_on", "ended_on", as_of), household=OuterRef("pk"))
    members = Membership.objects.filter(held_on("joined_on", "left_on", as_of), household=OuterRef("pk"))
    return {
        "village_then": Subquery(stood.values("village")[:1]),
        "poverty_then": status_on(Axis.POVERTY, as_of),
        "monitoring_then": status_on(Axis.MONITORING, as_of),
        "members_then": _counted(members),
    }


def status_on(axis: Axis, day: dt.date) -> Coalesce:
    """What the last event up to a day says."""
    events = StatusEvent.objects.filter(household_id=OuterRef("pk"), axis=axis, effective_on__lte=day)
    last = events.order_by("-effective_on", "-recorded_at", "-id").values("to_status")[:1]
    return Coalesce(Subquery(last), Value(_NO_STATUS[axis]))


def _counted(members: QuerySet[Membership]) -> Coalesce:
    counted = members.order_by().values("household").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
