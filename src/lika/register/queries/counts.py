"""Numbers of an area: counts by status, by division below, by cause; and the years of villages and counties.

Counts name nobody, so these functions take an area, not an actor: the caller passes the part of its
actor's area that it shows (`actor.area.meet(…)`). Households by status are kept by the database
(docs/adr/kept-counts.md): a village is asked for once, however many households it has.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, QuerySet, Sum

from lika.core.areas import CODE_LENGTH, DIGITS_OF_LEVEL, Area
from lika.divisions.choices import Level
from lika.divisions.models import Division
from lika.register.choices import STILL_POOR, PoorAreaStatus
from lika.register.models import AreaStatus, CountyYear, HouseholdYear, OpenYear, StatusCount, VillageYear
from lika.register.queries.detail import YearView, area_years_told


@dataclass(frozen=True)
class StatusCounts:
    """Households and their members now, by CL-POVSTAT."""

    households: Mapping[str, int] = field(default_factory=dict)
    persons: Mapping[str, int] = field(default_factory=dict)

    def of(self, statuses: Iterable[str]) -> tuple[int, int]:
        """Households and persons in some statuses."""
        chosen = frozenset(map(str, statuses))
        return (
            sum(number for status, number in self.households.items() if status in chosen),
            sum(number for status, number in self.persons.items() if status in chosen),
        )

    @classmethod
    def joined(cls, parts: Iterable["StatusCounts"]) -> Self:
        """The counts of several areas together."""
        households: Counter[str] = Counter()
        persons: Counter[str] = Counter()
        for part in parts:
            households.update(part.households)
            persons.update(part.persons)
        return cls(dict(households), dict(persons))

    @property
    def total(self) -> tuple[int, int]:
        """All households and persons, poor or not."""
        return sum(self.households.values()), sum(self.persons.values())

    @property
    def poor(self) -> tuple[int, int]:
        """Those that count as poor wherever the poor are counted."""
        return self.of(STILL_POOR)


@dataclass(frozen=True)
class DivisionCounts:
    """The counts of one division."""

    code: str
    name: str
    counts: StatusCounts


def status_counts(area: Area) -> StatusCounts:
    """Households and persons of an area by poverty status. One query."""
    counted = _kept(area).values_list("poverty_status").annotate(Sum("households"), Sum("members"))
    return _by_status(counted)


def division_counts(area: Area, level: Level) -> list[DivisionCounts]:
    """The counts of every division of a level (village at the lowest) that lies in the area, by code. Two queries.

    Divisions without households are listed too, with nothing; households of a division that the table of
    divisions does not know are listed under its code.
    """
    width = 10 ** (CODE_LENGTH - DIGITS_OF_LEVEL[level])
    named = dict(_divisions_in(area, level).values_list("code", "name"))
    found: dict[str, list[tuple[str, int, int]]] = {}
    grouped = _kept(area).annotate(part=F("village") / width).values_list("part", "poverty_status")
    for part, status, households, members in grouped.annotate(Sum("households"), Sum("members")):
        if households:
            found.setdefault(str(part * width), []).append((status, households, members))
    return [
        DivisionCounts(code, named.get(code, code), _by_status(found.get(code, ())))
        for code in sorted({*named, *found})
    ]


def cause_counts(area: Area, year: int, statuses: Iterable[str] = STILL_POOR) -> dict[str, int]:
    """Households in some statuses now by their main cause in a data year, the most frequent first.

    Households without a recorded cause stand under "".
    """
    rows = HouseholdYear.objects.filter(
        area.where("household__village"), data_year=year, household__poverty_status__in=sorted(map(str, statuses))
    )
    counted = rows.values_list("main_cause").annotate(number=Count("pk")).order_by("-number", "main_cause")
    return {cause or "": number for cause, number in counted}


def data_years(area: Area) -> list[int]:
    """The data years that households of an area have rows for, latest first.

    A year counts once it is no longer being collected in all of the area (`OpenYear`).
    """
    lows, highs = [low for low, _high in area.ranges], [high for _low, high in area.ranges]
    with connection.cursor() as cursor:  # a door in the second wall: villages ask this of their whole county
        cursor.execute(
            "SELECT year FROM lika_data_years(%s::bigint[], %s::bigint[]) AS year ORDER BY year DESC", [lows, highs]
        )
        return [year for (year,) in cursor.fetchall()]


def villages_without_year(area: Area, year: int) -> list[str]:
    """The villages of an area with households and without a single household's row of a data year, by code."""
    of_year = HouseholdYear.objects.filter(village=OuterRef("village"), data_year=year)
    held = _kept(area).filter(~Exists(of_year)).values_list("village").annotate(number=Sum("households"))
    return [str(village) for village, number in sorted(held) if number]


def village_years(code: str) -> tuple[YearView, ...]:
    """The yearly forms of a village, latest first. Public values."""
    return area_years_told(list(VillageYear.objects.filter(village=int(code)).order_by("-data_year")))


def county_years(code: str) -> tuple[YearView, ...]:
    """The yearly forms of a county, latest first. Public values."""
    return area_years_told(list(CountyYear.objects.filter(county=int(code)).order_by("-data_year")))


def rural_populations(area: Area, level: Level) -> dict[str, int]:
    """The rural registered population of the divisions of a level, by code, from the latest forms. Two queries.

    Of villages and townships the forms of villages are added up, above them those of counties; a division is left
    out where one of them has households and no form with that number. Public values.
    """
    forms, name = _populated_forms(area, level)
    latest = forms.order_by(name, "-data_year").distinct(name)
    known = dict(latest.values_list(name, "rural_registered_population"))
    unit = 10 ** (CODE_LENGTH - DIGITS_OF_LEVEL[Level.COUNTY]) if name == "county" else 1
    held = _kept(area).annotate(unit=F("village") / unit * unit).values_list("unit").annotate(Sum("households"))
    width = 10 ** (CODE_LENGTH - DIGITS_OF_LEVEL[level])
    missing = {unit // width for unit, households in held if households and unit not in known}
    found: Counter[int] = Counter()
    for code, population in known.items():
        found[code // width] += population
    return {str(part * width): population for part, population in found.items() if part not in missing}


def rural_by_year(area: Area, level: Level) -> dict[int, int]:
    """The rural registered population of a division of a level by data year, from the forms of that year. One query.

    A year that fewer villages or counties gave a form for than another is left out: its sum is not that of the whole.
    Public values.
    """
    forms, _name = _populated_forms(area, level)
    summed = forms.order_by().values("data_year").annotate(forms=Count("pk"), sum=Sum("rural_registered_population"))
    rows = list(summed.values_list("data_year", "forms", "sum"))
    most = max((number for _year, number, _sum in rows), default=0)
    return {year: total for year, number, total in rows if number == most}


def _populated_forms(area: Area, level: Level) -> tuple[QuerySet[VillageYear] | QuerySet[CountyYear], str]:
    """The forms that tell the rural registered population of divisions of a level, and what says where each lies."""
    forms, name = (VillageYear.objects, "village") if level > Level.COUNTY else (CountyYear.objects, "county")
    return forms.filter(area.where(name), ~_collecting(name), rural_registered_population__isnull=False), name


def poor_area_statuses(codes: Iterable[str]) -> dict[str, str]:
    """Poor-area status now (CL-POORAREA) of villages and counties; the unnamed are no poor areas."""
    wanted = list(codes)
    rows = AreaStatus.objects.filter(division__in=map(int, wanted)).values_list("division", "poor_area")
    known = {str(division): status for division, status in rows}
    return {code: known.get(code, PoorAreaStatus.NONE.value) for code in wanted}


def _collecting(place: str) -> Exists:
    """That the year of a form is still being collected at its village or county."""
    here = {"low__lte": OuterRef(place), "high__gte": OuterRef(place), "data_year": OuterRef("data_year")}
    return Exists(OpenYear.objects.filter(**here))


def _kept(area: Area) -> QuerySet[StatusCount]:
    return StatusCount.objects.filter(area.where()).order_by()


def _by_status(counted: Iterable[tuple[str, int, int]]) -> StatusCounts:
    """From (status, households, members)."""
    rows = [row for row in counted if row[1]]
    return StatusCounts(
        {status: households for status, households, _persons in rows},
        {status: persons for status, _households, persons in rows if persons},
    )


def _divisions_in(area: Area, level: Level) -> QuerySet[Division]:
    return Division.objects.filter(area.where("number"), level=level, valid_to=None)
