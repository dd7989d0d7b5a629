"""The yearly rows of households, persons, villages and counties: record, confirm, lock."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import NotFound, UserError
from lika.core.permissions import Permission
from lika.divisions.choices import Level
from lika.divisions.models import Division
from lika.engine.snapshots.layout import county_of
from lika.policy.quality import Rule
from lika.register.actions import items
from lika.register.actions.common import (
    change_of,
    locked_household,
    not_a_member,
    require_whole,
    village_of,
    year_locked,
)
from lika.register.actions.rules import held_to_rules, judged
from lika.register.choices import YEAR_MOVES, YearState
from lika.register.facts import areas, households, persons
from lika.register.models import CountyYear, Household, HouseholdYear, PersonYear, VillageYear
from lika.register.models.years import YearRow
from lika.register.queries.ledger import unsettled_years
from lika.register.values import checked

Row = TypeVar("Row", bound=YearRow)

YEARLY: dict[type[YearRow], tuple[str, frozenset[str]]] = {
    HouseholdYear: ("household", frozenset(fact.name for fact in (*households.INCOME, *households.CONDITIONS))),
    PersonYear: ("person", frozenset(fact.name for fact in persons.YEARLY)),
    VillageYear: ("village", frozenset(fact.name for fact in areas.VILLAGE_YEARLY)),
    CountyYear: ("county", frozenset(fact.name for fact in areas.COUNTY_YEARLY)),
}
CAUSES = ("main_cause", "other_cause_1", "other_cause_2")


@dataclass(frozen=True)
class Period:
    """A data year and the reference period (标准时期) its flows cover; its last day is the time point (标准时点)."""

    data_year: int
    period_from: dt.date
    period_to: dt.date


@transaction.atomic
def record_household_year(
    *, by: Actor, household: UUID, period: Period, values: Mapping[str, Any], reason: str = ""
) -> HouseholdYear:
    """Enter or change a household's year; columns not named stay as they are.

    Raises ACC-001, ACC-002, REG-001, REG-010, REG-030 (locked), REG-033 (period), REG-034 (a cause named twice),
    REG-080 (a rule of quality that blocks).
    """
    record = locked_household(by, Permission.REGISTER_CHANGE, household)
    named: dict[str, Any] = {"household": record, "village": _stood_in(record, period.period_to)}
    row, old, new = held_to_rules(
        record, named["village"], period.data_year, period.period_to,
        lambda: _write(by, HouseholdYear, {"household": record}, period, named, values),
    )  # fmt: skip
    refuse_double_causes([getattr(row, name) for name in CAUSES])
    row.refresh_from_db(fields=["net_income"])  # the database works it out
    change = change_of(record, old=old, new=new)
    _record(by, "household_year.recorded", change, reason)
    return row


@transaction.atomic
def record_person_year(
    *, by: Actor, household: UUID, person: UUID, period: Period, values: Mapping[str, Any], reason: str = ""
) -> PersonYear:
    """Enter or change the year of somebody who belonged to the household on the last day of the period.

    Raises as `record_household_year`, REG-025 (never a member), REG-036 (no member on that day).
    """
    record = locked_household(by, Permission.REGISTER_CHANGE, household)
    _refuse_no_member(record, [person], period)
    named: dict[str, Any] = {"person_id": person, "village": _stood_in(record, period.period_to)}
    row, old, new = held_to_rules(
        record, named["village"], period.data_year, period.period_to,
        lambda: _write(by, PersonYear, {"person_id": person}, period, named, values),
    )  # fmt: skip
    change = change_of(record, old=old, new=None if new is None else {"person": person, **new})
    _record(by, "person_year.recorded", change, reason)
    return row


@transaction.atomic
def record_whole_year(
    *,
    by: Actor,
    household: UUID,
    period: Period,
    own: Mapping[str, Any],
    members: Mapping[UUID, Mapping[str, Any]],
    reason: str = "",
) -> list[Rule]:
    """Enter or change the year of a household and of members of it (by person) as one, and judge it as one.

    Returns the rules that it breaks now. Raises as `record_household_year` and `record_person_year`.
    """
    record = locked_household(by, Permission.REGISTER_CHANGE, household)
    _refuse_no_member(record, members, period)
    village = _stood_in(record, period.period_to)

    def write() -> list[tuple[str, audit.Change]]:
        row, old, new = _write(
            by, HouseholdYear, {"household": record}, period, {"household": record, "village": village}, own
        )
        refuse_double_causes([getattr(row, name) for name in CAUSES])
        done = [("household_year.recorded", change_of(record, old=old, new=new))]
        for person, values in members.items():
            key = {"person_id": person}
            _row, old, new = _write(by, PersonYear, key, period, {**key, "village": village}, values)
            told = None if new is None else {"person": person, **new}
            done.append(("person_year.recorded", change_of(record, old=old, new=told)))
        return done

    written, faults = judged(record, village, period.data_year, period.period_to, write)
    for action, change in written:
        _record(by, action, change, reason)
    return faults


def _refuse_no_member(record: Household, persons: Iterable[UUID], period: Period) -> None:
    """REG-025 for whoever never belonged to the household, REG-036 for whoever did not at the end of the period."""
    wanted = set(persons)
    known = record.memberships.filter(person_id__in=wanted)
    if wanted - set(known.values_list("person_id", flat=True)):
        raise not_a_member(record)
    there = known.filter(_on("joined_on", "left_on", period.period_to))
    if wanted - set(there.values_list("person_id", flat=True)):
        raise UserError(
            "REG-036",
            _("This person did not belong to the household at the end of the period."),
            remedy=_("Leave the year to the household where the person lived then."),
            household=record.number,
            year=period.data_year,
        )


@transaction.atomic
def record_village_year(
    *, by: Actor, village: str, period: Period, values: Mapping[str, Any], reason: str = ""
) -> VillageYear:
    """Enter or change a village's year. Raises ACC-001, ACC-002, REG-010, REG-016, REG-030, REG-033."""
    by.require(Permission.REGISTER_CHANGE)
    division = village_of(village)
    by.require(Permission.REGISTER_CHANGE, village=division.number)
    key = {"village": division.number}
    row, old, new = _write(by, VillageYear, key, period, key, values)
    _record(by, "village_year.recorded", _area_change("village", division, old, new), reason)
    return row


@transaction.atomic
def record_county_year(
    *, by: Actor, county: str, period: Period, values: Mapping[str, Any], reason: str = ""
) -> CountyYear:
    """Enter or change a county's year; the actor's area must hold the whole county.

    Raises ACC-001, ACC-002, REG-010, REG-016, REG-030, REG-033.
    """
    by.require(Permission.REGISTER_CHANGE)
    division = Division.objects.filter(pk=county, level=Level.COUNTY, valid_to=None).first()
    if division is None:
        raise UserError(
            "REG-016",
            _("There is no county with this code."),
            remedy=_("Choose a county that is valid today."),
            division=county,
        )
    require_whole(by, Permission.REGISTER_CHANGE, division.code)
    key = {"county": division.number}
    row, old, new = _write(by, CountyYear, key, period, key, values)
    _record(by, "county_year.recorded", _area_change("county", division, old, new), reason)
    return row


def confirm_year(*, by: Actor, row: Row) -> Row:
    """A draft is found right by somebody who did not write it.

    Raises ACC-001, ACC-002, REG-031 (no such row), REG-032 (not a draft), REG-035 (recorded by the actor), INC-008.
    """
    return _move(by, row, YearState.DRAFT)


def lock_year(*, by: Actor, row: Row) -> Row:
    """A confirmed row is closed: it changes no more but by correction. Raises as `confirm_year`, but not REG-035."""
    return _move(by, row, YearState.CONFIRMED)


def refuse_unsettled(rows: Iterable[YearRow]) -> None:
    """Refuse (INC-008) households' years whose totals differ from their ledger, and nobody has decided which hold."""
    for row in unsettled_years([row for row in rows if isinstance(row, HouseholdYear)]):
        raise UserError(
            "INC-008",
            _("The year's totals differ from its income ledger, and nobody has decided which of them hold."),
            remedy=_("Decide it on the page of the ledger."),
            household=row.household.number,
            year=row.data_year,
        )


@transaction.atomic
def _move(by: Actor, row: Row, before: YearState) -> Row:
    by.require(Permission.REGISTER_CONFIRM)
    fresh = type(row)._default_manager.select_for_update().filter(pk=row.pk).first()
    if fresh is None:
        raise NotFound(
            "REG-031", _("There is no such yearly row."), remedy=_("Look at the household's or the area's years.")
        )
    if isinstance(fresh, CountyYear):
        require_whole(by, Permission.REGISTER_CONFIRM, str(fresh.county))
    else:
        by.require(Permission.REGISTER_CONFIRM, village=village_of_row(fresh))
    if fresh.state != before:
        raise not_in_this_state(fresh.state)
    if before == YearState.DRAFT and fresh.recorded_by == by.name:
        raise entered_yourself(fresh.data_year)
    if before == YearState.DRAFT:
        refuse_unsettled([fresh])
    fresh.state = YEAR_MOVES[before]
    fresh.save(update_fields=["state"])
    kind = YEARLY[type(fresh)][0]
    county = county_of(fresh.county if isinstance(fresh, CountyYear) else village_of_row(fresh))
    change = audit.Change(
        f"{kind}_year", fresh.pk, county, f"{fresh.data_year}", {"state": before}, {"state": fresh.state}
    )
    audit.record(by=by, action=f"{kind}_year.{fresh.state}", change=change)
    return fresh


def not_in_this_state(state: str) -> UserError:
    """REG-032: the row is in another state than the step begins with."""
    return UserError(
        "REG-032",
        _("The yearly row is not in the state that this step begins with."),
        remedy=_("A draft is confirmed, a confirmed row is locked."),
        state=state,
    )


def entered_yourself(year: int) -> UserError:
    """REG-035: who entered data does not confirm them."""
    return UserError(
        "REG-035",
        _("You entered these data yourself."),
        remedy=_("Have a second person confirm them."),
        year=year,
    )


def _write(
    by: Actor,
    model: type[Row],
    key: Mapping[str, Any],
    period: Period,
    named: Mapping[str, Any],
    values: Mapping[str, Any],
) -> tuple[Row, dict[str, Any] | None, dict[str, Any] | None]:
    """The row as written, and what it held before and holds now; both None where nothing changed."""
    unit, columns = YEARLY[model]
    asked = items.asked(unit, int(named["county" if model is CountyYear else "village"]))
    given = checked(unit, values, columns, collected=asked)
    besides = {name: given.pop(name) for name in asked if name in given}
    new = {**given, **asdict(period)}
    if period.period_to < period.period_from or period.data_year not in (
        period.period_to.year,
        period.period_from.year,
    ):
        raise UserError(
            "REG-033",
            _("The reference period ends before it begins, or does not touch the data year."),
            remedy=_("Check the data year and the two dates."),
            year=period.data_year,
        )
    row = model._default_manager.select_for_update().filter(**key, data_year=period.data_year).first()
    if row is None:
        row = model._default_manager.create(**named, **new, recorded_by=by.name)
        return row, None, new | items.carry(unit, row, besides, asked)[1]
    if not isinstance(row, CountyYear):
        # The row may have been written where the household or the person lived before.
        by.require(Permission.REGISTER_CHANGE, village=village_of_row(row))
    if row.state == YearState.LOCKED:
        raise year_locked(year=period.data_year)
    old = {name: getattr(row, name) for name, value in new.items() if getattr(row, name) != value}
    for name in old:
        setattr(row, name, new[name])
    held, carried = items.carry(unit, row, besides, asked)
    if not old and not carried:
        return row, None, None
    # What was confirmed is no longer what stands here.
    row.state, row.recorded_by = YearState.DRAFT, by.name
    row.save(update_fields=[*old, "state", "recorded_by"])
    return row, old | held, {name: new[name] for name in old} | carried


def _record(by: Actor, action: str, change: audit.Change, reason: str) -> None:
    if change.new is not None:
        audit.record(by=by, action=action, change=change, reason=reason)


def refuse_double_causes(named: Iterable[str | None]) -> None:
    """Refuse (REG-034) a main cause that is named among the others too."""
    causes = [cause for cause in named if cause]
    if len(causes) != len(set(causes)):
        raise UserError(
            "REG-034",
            _("A cause of poverty is named twice."),
            remedy=_("Name one main cause and at most two others."),
            field="致贫原因",
        )


def _on(first: str, last: str, day: dt.date) -> Q:
    """The condition that a half-open period holds a day; an empty date is no limit."""
    began = Q(**{f"{first}__isnull": True}) | Q(**{f"{first}__lte": day})
    return began & (Q(**{f"{last}__isnull": True}) | Q(**{f"{last}__gt": day}))


def _stood_in(household: Household, day: dt.date) -> int:
    """The village where the household stood on a day; before its first placement on record, where it stands now."""
    placed = household.placements.filter(_on("started_on", "ended_on", day)).first()
    return placed.village if placed is not None else household.village


def village_of_row(row: YearRow) -> int:
    """The village that a yearly row counts for; of a county's row there is none."""
    assert isinstance(row, HouseholdYear | PersonYear | VillageYear)  # noqa: S101 - the fourth kind has a county
    return row.village


def _area_change(
    kind: str, division: Division, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None
) -> audit.Change:
    return audit.Change(kind, division.code, county_of(division.number), division.name, old, new)
