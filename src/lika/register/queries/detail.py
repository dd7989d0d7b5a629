"""Everything about one household, masked by what its reader may see. So many queries whatever its size."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from lika.core.actors import Actor
from lika.core.areas import Area
from lika.core.bounds import also_seeing
from lika.core.errors import NotFound
from lika.core.privacy import mask_address, mask_name, mask_number, mask_phone
from lika.divisions import queries as divisions
from lika.engine.schema import Fact
from lika.policy.collected import Collected, collected
from lika.register.choices import HEAD, Axis, MonitoringStatus, PovertyStatus
from lika.register.models import (
    CountyYear,
    Household,
    HouseholdYear,
    Membership,
    Person,
    PersonYear,
    Placement,
    StatusEvent,
    VillageYear,
)
from lika.register.models.years import YearRow
from lika.register.queries.asof import Then, composition, held_on, places, taken_back
from lika.register.queries.items import ItemsShown, collected_items
from lika.register.queries.lines import typed
from lika.register.queries.scope import household_visible_to, scope_of, seen_in_full


@dataclass(frozen=True)
class YearView:
    """One yearly row: values by the name of the fact, without those its reader may not see.

    `items` are what only this place collects, each with its fact. `recorded_at` is when the row was first written,
    `recorded_by` the account that wrote its values last.
    """

    data_year: int
    period_from: dt.date
    period_to: dt.date
    state: str
    values: Mapping[str, Any]
    items: tuple[tuple[Fact, Any], ...] = ()
    recorded_at: dt.datetime | None = None
    recorded_by: str = ""


@dataclass(frozen=True)
class MemberView:
    """A member, now or earlier.

    Where its reader does not hold `register.personal` the name is masked and all else of the person left out.

    `is_open` says whether the person belongs to the household now. `year` is the person's row of the household's
    latest year; `years` are all that were lived in this household, latest first, without collected items.
    """

    id: UUID
    name: str
    sex: str
    birth_date: dt.date | None
    relation: str
    ethnicity: str
    id_type: str
    id_number: str
    no_id_reason: str
    joined_on: dt.date | None
    left_on: dt.date | None
    join_reason: str
    leave_reason: str
    year: YearView | None
    is_open: bool
    years: tuple[YearView, ...] = ()


@dataclass(frozen=True)
class StatusView:
    """A change of status and the decision behind it."""

    axis: str
    from_status: str
    to_status: str
    effective_on: dt.date
    decision_kind: str
    decision_id: UUID | None
    decision_label: str
    pack_version: str


@dataclass(frozen=True)
class PlacementView:
    """Where the household stood, from and to (half-open)."""

    village: int
    path: str
    natural_village: str
    started_on: dt.date | None
    ended_on: dt.date | None


@dataclass(frozen=True)
class HouseholdView:
    """A household: base record, members (head first), years (latest first), status history and placements.

    `in_full` is False for a reader without `register.personal` where the household stands: then whatever is declared
    personal or sensitive is empty, the years hold no values, and the history leaves out the monitoring.

    `as_of` is the earlier day that all of it is told of; None: now. `moved_away`: the reader sees it of that day alone,
    for it has moved out of their sight since; what carries no day (address, telephone, account) is left out then.
    """

    id: UUID
    in_full: bool
    number: str
    village: int
    village_path: str
    kind: str
    poverty_status: str
    monitoring_status: str
    standard: str
    attribute: str
    identified_year: int | None
    planned_exit_year: int | None
    closed_on: dt.date | None
    as_of: dt.date | None
    head: str
    address: str
    phone: str
    bank_name: str
    bank_account: str
    members: tuple[MemberView, ...]
    years: tuple[YearView, ...]
    history: tuple[StatusView, ...]
    placements: tuple[PlacementView, ...]
    moved_away: bool = False


def household_detail(*, by: Actor, household: UUID | str, as_of: dt.date | None = None) -> HouseholdView:
    """The household of an id or number, now or as it was on a day (`lika.register.queries.asof`).

    Of a day it is also told to those in whose area it stood on that day: the old village keeps what is dated before a
    move. Raises ACC-001, REG-001. Telephone, address, account and identity numbers are always masked here:
    `actions.reveal` gives them out, one at a time, with a reason.
    """
    try:
        record = household_visible_to(by, household)
    except NotFound:
        if as_of is None or not isinstance(household, UUID) or not _stood_in_sight(by, household, as_of):
            raise
        return _before_it_moved(by, household, as_of)
    return _detail(by, record, as_of)


def _stood_in_sight(by: Actor, household: UUID, day: dt.date) -> bool:
    stood = Placement.objects.filter(held_on("started_on", "ended_on", day), household=household)
    return stood.filter(scope_of(by).area.where()).exists()


@transaction.atomic
def _before_it_moved(by: Actor, household: UUID, day: dt.date) -> HouseholdView:
    with also_seeing([household]):
        return _detail(by, Household.objects.get(pk=household), day, moved_away=True)


def _detail(by: Actor, record: Household, as_of: dt.date | None, *, moved_away: bool = False) -> HouseholdView:
    placements = _placements(record, as_of)
    stood = next((place for place in placements if place.ended_on is None), None)
    named = seen_in_full(by)
    told_at = stood.village if moved_away and stood is not None else record.village
    in_full = named.holds(village=told_at, household=record.id)
    contact = in_full and not moved_away
    rows = [row for row in _years_of(record) if as_of is None or row.period_to <= as_of]
    found = _members_found(record, as_of, in_full)
    then = {} if as_of is None else taken_back([record, *rows, *found.rows], as_of)
    items = _items_then(collected_items("household", rows, found.asked), then)
    years = tuple(_year(row, _HOUSEHOLD_FACTS if in_full else (), items.get(row.id, ())) for row in rows)
    members = _members(found, years[0].data_year if years else 0, in_full, named.area, then)
    history = _history(record, in_full, as_of)
    status = {axis: _status(record, axis, history, as_of) for axis in (Axis.POVERTY, Axis.MONITORING)}
    return HouseholdView(
        id=record.id,
        in_full=in_full,
        number=record.number,
        village=record.village if as_of is None or stood is None else stood.village,
        village_path=stood.path if stood is not None else str(record.village),
        kind=record.kind,
        poverty_status=status[Axis.POVERTY],
        monitoring_status=status[Axis.MONITORING] if in_full else "",
        standard=record.standard,
        attribute=record.attribute if in_full else "",
        identified_year=record.identified_year,
        planned_exit_year=record.planned_exit_year,
        closed_on=None if as_of and record.closed_on and record.closed_on > as_of else record.closed_on,
        as_of=as_of,
        head=next((view.name for view, relation in members if relation == HEAD and view.is_open), ""),
        address=mask_address(record.address) if contact else "",
        phone=mask_phone(record.phone) if contact else "",
        bank_name=record.bank_name if contact else "",
        bank_account=mask_number(record.bank_account) if contact else "",
        members=tuple(view for view, _relation in members),
        years=years,
        history=history,
        placements=placements,
        moved_away=moved_away,
    )


def _status(record: Household, axis: Axis, history: Sequence[StatusView], as_of: dt.date | None) -> str:
    """The status on an axis: of an earlier day, what the last event up to it says."""
    if as_of is None:
        return record.poverty_status if axis == Axis.POVERTY else record.monitoring_status
    told = [event.to_status for event in history if event.axis == axis]
    none = PovertyStatus.NONE.value if axis == Axis.POVERTY else MonitoringStatus.NONE.value
    return told[-1] if told else none


def _items_then(items: Mapping[UUID, ItemsShown], then: Then) -> dict[UUID, ItemsShown]:
    """Collected items as they were, where a later change is taken back."""
    return {
        row: tuple((fact, typed(fact, then.get((row, fact.name), value))) for fact, value in shown)
        for row, shown in items.items()
    }


def _columns(model: type[YearRow], *also: str) -> tuple[str, ...]:
    """The columns of a yearly table that hold values, in the order of the form."""
    head = {field.name for field in YearRow._meta.get_fields()} | {"village", *also}
    return tuple(field.name for field in model._meta.concrete_fields if field.name not in head)


_HOUSEHOLD_FACTS = _columns(HouseholdYear, "household", "members", "income_per_head")
_PERSON_FACTS = _columns(PersonYear, "person")
_AREA_FACTS = {model: _columns(model, "county") for model in (VillageYear, CountyYear)}


def area_years_told(rows: Sequence[VillageYear] | Sequence[CountyYear]) -> tuple[YearView, ...]:
    """The years of a village or county; all of it is public. At most two queries."""
    if not rows:
        return ()
    items = collected_items("county" if isinstance(rows[0], CountyYear) else "village", rows)
    return tuple(_year(row, _AREA_FACTS[type(row)], items.get(row.id, ())) for row in rows)


def _year(row: YearRow, names: Iterable[str], items: ItemsShown = ()) -> YearView:
    values = {name: getattr(row, name) for name in names}
    return YearView(
        row.data_year, row.period_from, row.period_to, row.state, values, items, row.recorded_at, row.recorded_by
    )


def _years_of(household: Household) -> Iterable[HouseholdYear]:
    return household.years.order_by("-data_year")


@dataclass(frozen=True)
class _Found:
    """The memberships of a household as they stood, with the yearly rows of the persons, latest first.

    `asked` are the items that the active packs collect; none for a reader who is shown no values.
    """

    memberships: Sequence[Membership]
    lived: Sequence[PersonYear]
    asked: Sequence[Collected]

    @property
    def rows(self) -> list[Person | PersonYear]:
        """What else is told of a day by the changes since."""
        return [*(each.person for each in self.memberships), *self.lived]


def _members_found(household: Household, as_of: dt.date | None, in_full: bool) -> _Found:
    rows = household.memberships.select_related("person").order_by("relation", "person__birth_date", "id")
    order = {row.pk: place for place, row in enumerate(rows)}
    memberships = sorted(composition(rows, as_of), key=lambda row: order[row.pk])
    persons = [membership.person_id for membership in memberships] if in_full else []
    lived = PersonYear.objects.filter(person__in=persons).order_by("-data_year")
    rows_then = [row for row in lived if as_of is None or row.period_to <= as_of]
    return _Found(memberships, rows_then, collected() if in_full else ())


def _members(found: _Found, year: int, in_full: bool, area: Area, then: Then) -> Sequence[tuple[MemberView, str]]:
    """The members, each with the relation that only finds the head where it is not shown.

    The year of somebody who left is shown only where it was lived in the area: it may be that of another village.
    """
    memberships, lived = found.memberships, found.lived
    rows = {row.person_id: row for row in lived if row.data_year == year}
    items = _items_then(collected_items("person", rows.values(), found.asked), then)
    gone = {each.person_id for each in memberships if each.left_on is not None}
    shown = {person: row for person, row in rows.items() if person not in gone or row.village in area}
    views = [
        (_member(each, shown.get(each.person_id), in_full, items, _lived_here(each, lived, area)), each.relation)
        for each in memberships
    ]
    return sorted(views, key=lambda view: not view[0].is_open)


def _lived_here(membership: Membership, lived: Iterable[PersonYear], area: Area) -> tuple[YearView, ...]:
    """A member's years in this household; of somebody who left, only those lived in the area."""
    joined, left = membership.joined_on, membership.left_on
    return tuple(
        _year(row, _PERSON_FACTS)
        for row in lived
        if row.person_id == membership.person_id
        and (joined is None or joined <= row.period_to)
        and (left is None or (left > row.period_to and row.village in area))
    )


def _member(
    membership: Membership,
    row: PersonYear | None,
    in_full: bool,
    items: Mapping[UUID, ItemsShown],
    years: tuple[YearView, ...],
) -> MemberView:
    person, is_open = membership.person, membership.left_on is None
    if not in_full:
        return MemberView(
            id=person.id, name=mask_name(person.name), sex="", birth_date=None, relation="", ethnicity="",
            id_type=person.id_type, id_number="", no_id_reason="", joined_on=None, left_on=None, join_reason="",
            leave_reason="", year=None, is_open=is_open,
        )  # fmt: skip
    return MemberView(
        id=person.id,
        name=person.name,
        sex=person.sex,
        birth_date=person.birth_date,
        relation=membership.relation,
        ethnicity=person.ethnicity,
        id_type=person.id_type,
        id_number=mask_number(person.id_number),
        no_id_reason=person.no_id_reason,
        joined_on=membership.joined_on,
        left_on=membership.left_on,
        join_reason=membership.join_reason,
        leave_reason=membership.leave_reason,
        year=_year(row, _PERSON_FACTS, items.get(row.id, ())) if row is not None else None,
        is_open=is_open,
        years=years,
    )


def _history(household: Household, in_full: bool, as_of: dt.date | None) -> tuple[StatusView, ...]:
    events = StatusEvent.objects.filter(household_id=household.id).order_by("effective_on", "recorded_at", "id")
    return tuple(
        StatusView(
            axis=event.axis,
            from_status=event.from_status,
            to_status=event.to_status,
            effective_on=event.effective_on,
            decision_kind=event.decision_kind,
            decision_id=event.decision_id,
            decision_label=event.decision_label,
            pack_version=event.pack_version,
        )
        for event in events
        if (in_full or event.axis == Axis.POVERTY) and (as_of is None or event.effective_on <= as_of)
    )


def _placements(household: Household, as_of: dt.date | None) -> tuple[PlacementView, ...]:
    latest_first = F("ended_on").desc(nulls_first=True)
    found = household.placements.select_related("natural_village").order_by(latest_first)
    rows: list[Placement] = places(list(found), as_of)
    paths = divisions.path_labels({row.division_id for row in rows})
    return tuple(
        PlacementView(
            village=row.village,
            path=paths.get(row.division_id, str(row.village)),
            natural_village=row.natural_village.name if row.natural_village else "",
            started_on=row.started_on,
            ended_on=row.ended_on,
        )
        for row in rows
    )
