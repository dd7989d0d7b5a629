"""The yearly rows of one village or county, and what their reader may do with them."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from lika.core.actors import Actor, outside_area
from lika.core.areas import Area
from lika.core.permissions import Permission
from lika.divisions.choices import Level
from lika.divisions.models import Division
from lika.register.choices import Subject, YearState
from lika.register.models import CountyYear, OpenYear, VillageYear

_WHOLE_COUNTY = 10**6  # village codes below a county


@dataclass(frozen=True)
class AreaYear:
    """A yearly row of a village or county. Villages' drafts are filled and confirmed in their round, never here."""

    id: UUID
    subject: Subject
    data_year: int
    period_from: dt.date
    period_to: dt.date
    state: str
    recorded_by: str
    recorded_at: dt.datetime
    may_correct: bool
    may_enter: bool
    may_confirm: bool
    may_lock: bool


def area_years(*, by: Actor, division: Division) -> tuple[AreaYear, ...]:
    """The rows of a village or county, latest first. Raises ACC-001, ACC-002 (no part of it in sight)."""
    by.require(Permission.REGISTER_VIEW)
    if not by.area.meet(Area.of([division.code])):
        raise outside_area(division=division.code)
    changes = by.area_for(Permission.REGISTER_CHANGE).covers(division.code)
    confirms = by.area_for(Permission.REGISTER_CONFIRM).covers(division.code)
    of_county = division.level == Level.COUNTY
    rows: Iterator[CountyYear | VillageYear] = (
        CountyYear.objects.filter(county=division.number).order_by("-data_year").iterator()
        if of_county
        else VillageYear.objects.filter(village=division.number).order_by("-data_year").iterator()
    )
    return tuple(
        AreaYear(
            id=row.pk,
            subject=Subject.COUNTY_YEAR if of_county else Subject.VILLAGE_YEAR,
            data_year=row.data_year,
            period_from=row.period_from,
            period_to=row.period_to,
            state=row.state,
            recorded_by=row.recorded_by,
            recorded_at=row.recorded_at,
            may_correct=changes and row.state == YearState.LOCKED,
            may_enter=changes and of_county and row.state != YearState.LOCKED,
            may_confirm=confirms and of_county and row.state == YearState.DRAFT and row.recorded_by != by.name,
            may_lock=confirms and of_county and row.state == YearState.CONFIRMED,
        )
        for row in rows
    )


@dataclass(frozen=True)
class CountyYearsWaiting:
    """Counties (12-digit code, data year) whose figures somebody has to enter, and whose draft waits for a check."""

    enter: tuple[tuple[int, int], ...] = ()
    confirm: tuple[tuple[int, int], ...] = ()


def county_years_waiting(*, by: Actor) -> CountyYearsWaiting:
    """What county years ask of the actor: a year that is being collected is entered, the latest draft confirmed.

    Two queries, none for whoever keeps no whole county.
    """
    area = Area(
        tuple(
            (low, high)
            for low, high in by.area_for(Permission.REGISTER_CHANGE).ranges
            if high - low + 1 >= _WHOLE_COUNTY
        )
    )
    if not area:
        return CountyYearsWaiting()
    latest = {
        row.county: row
        for row in CountyYear.objects.filter(area.where("county")).order_by("county", "-data_year").distinct("county")
    }
    opened = OpenYear.objects.filter(area.where("low")).order_by("low", "data_year").values_list("low", "data_year")
    begun = {(low, year) for low, year in opened if low % _WHOLE_COUNTY == 0}  # a township's round asks villages alone
    confirms = by.area_for(Permission.REGISTER_CONFIRM)
    return CountyYearsWaiting(
        enter=tuple(
            sorted(
                (county, year)
                for county, year in begun
                if area.covers(f"{county:012d}") and (county not in latest or latest[county].data_year < year)
            )
        ),
        confirm=tuple(
            (county, row.data_year)
            for county, row in sorted(latest.items())
            if row.state == YearState.DRAFT and row.recorded_by != by.name and confirms.covers(f"{county:012d}")
        ),
    )
