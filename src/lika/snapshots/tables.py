"""What the screening pages show: numbers with the lists behind them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from lika.core.actors import Actor
from lika.snapshots.choices import Result, UnitKind
from lika.snapshots.models import ScreenedCriterion, Screening
from lika.snapshots.queries import Counts, Row, Table, criteria_of, is_current_everywhere, may_single_out


@dataclass(frozen=True)
class Cell:
    """A number and the list that it counts; no number where the division has no unit of the kind."""

    result: Result
    number: int | None
    url: str


@dataclass(frozen=True)
class CriterionLine:
    """A criterion with its three numbers in the division shown."""

    criterion: ScreenedCriterion
    counts: Counts
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class DivisionLine:
    """A division below the one shown, with one number per criterion."""

    name: str
    code: str
    url: str
    cells: tuple[Cell, ...]


class Lists:
    """Addresses of the lists behind the numbers of one screening and kind of unit.

    Households of a current screening are shown by the list of households; all others by the screening's own list.
    There is none of a trial's criterion that would tell the actor what is personal.
    """

    def __init__(self, by: Actor, found: Screening, unit: str, division: int) -> None:
        told = (item for item in criteria_of(found, unit) if may_single_out(by, found, item, division))
        self._told = frozenset(item.criterion for item in told)
        in_register = unit == UnitKind.HOUSEHOLD and is_current_everywhere(found, unit)
        self._base = reverse("console:households") if in_register else reverse("snapshots:units", args=[found.pk])
        self._fixed = {"pack": found.pack_id} if in_register else {}

    def url(self, criterion: str, result: Result, division: str) -> str:
        """The list of the units that a number counts; empty where there is none for the actor."""
        if criterion not in self._told:
            return ""
        query = {**self._fixed, "criterion": criterion, "result": result.value, "division": division}
        return f"{self._base}?{urlencode(query)}"


def criterion_lines(table: Table, lists: Lists) -> Iterator[CriterionLine]:
    """The division shown, criterion by criterion."""
    for item, counts in zip(table.criteria, table.own.counts, strict=True):
        if counts is not None:
            cells = tuple(_cell(lists, item, result, table.own, counts) for result in Result)
            yield CriterionLine(item, counts, cells)


def division_lines(table: Table, lists: Lists, result: Result, page: str) -> Iterator[DivisionLine]:
    """The divisions below, with the numbers of one result; `page` is the address of the page of a division."""
    for row in table.rows:
        cells = tuple(
            _cell(lists, item, result, row, counts) for item, counts in zip(table.criteria, row.counts, strict=True)
        )
        url = f"{page}&{urlencode({'division': row.code})}" if table.goes_down else ""
        yield DivisionLine(row.name, row.code, url, cells)


def _cell(lists: Lists, item: ScreenedCriterion, result: Result, row: Row, counts: Counts | None) -> Cell:
    if counts is None:
        return Cell(result, None, "")
    number = {Result.MET: counts.met, Result.NOT_MET: counts.not_met, Result.UNKNOWN: counts.unknown}[result]
    return Cell(result, number, lists.url(item.criterion, result, row.code) if number else "")


def measure_titles(measures: Sequence[str], criteria: Sequence[ScreenedCriterion]) -> list[str]:
    """The titles of some measures, in the pack's order."""
    return [item.title for item in criteria if item.criterion in measures]
