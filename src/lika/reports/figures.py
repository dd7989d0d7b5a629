"""Figures of a report as people read them: in words with what they are made of, and as the cells of a file."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from lika.core.language import Said, listed
from lika.core.leaving import Field, Kind, Row, in_blocks
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.engine.amounts import RATIO, value_words
from lika.engine.figures.parts import Added, FigureValue
from lika.engine.messages import Words
from lika.engine.ranges import Range, round_half_away
from lika.engine.schema import Schema
from lika.engine.types import DecimalType
from lika.reports.models import ReportDivision, ReportFigure, ReportRun
from lika.reports.numbers import small_in, smallest_unmarked
from lika.reports.queries.runs import DivisionFigures, Sight
from lika.reports.titles import COUNT_WORDS
from lika.snapshots.choices import UnitKind

_NO_SCHEMA = Schema({})
_PART_PLACES = 2  # of what stands above and below of a quotient: yuan have two, people none


@dataclass(frozen=True)
class FigureCell:
    """A figure of a division in words. `open` is None where it is known; `missing`: it waits for its basis; `withheld`:
    it would tell this reader what single households have.

    `numerator` and `denominator` are what a quotient is made of; "" for a plain number.
    """

    text: str
    open: str | None = None
    missing: bool = False
    numerator: str = ""
    denominator: str = ""
    withheld: bool = False


@dataclass(frozen=True)
class DivisionLine:
    """A division with some of its figures."""

    code: str
    name: str
    level: Level
    cells: tuple[FigureCell, ...]


def lines_of(rows: Sequence[DivisionFigures], figures: Sequence[ReportFigure]) -> list[DivisionLine]:
    """The lines of some divisions, in one query."""
    names = names_of(row.division for row in rows)
    return [
        DivisionLine(
            f"{row.division:012d}",
            names[row.division],
            Level(row.level),
            tuple(cell_of(each, row) for each in figures),
        )
        for row in rows
    ]


def names_of(codes: Iterable[int]) -> dict[int, str]:
    """The names of divisions; a code that no division has any more stands for itself."""
    wanted = [f"{code:012d}" for code in codes]
    known = divisions.places(wanted)
    return {int(code): known[code].name if code in known else code for code in wanted}


def cell_of(figure: ReportFigure, row: DivisionFigures) -> FigureCell:
    """A figure of a division in words; where it cannot be known, between what it lies and which units leave it open."""
    if figure.figure in row.withheld:
        return FigureCell(_("Not shown"), withheld=True)
    value = row.value(figure.figure)
    if value is None:
        return FigureCell(_("Basis to be supplied"), missing=True)
    number = value.value
    above = below = ""
    if value.denominator is not None:
        above, below = part_words(value.numerator), part_words(value.denominator)
    if number is not None and number.single:
        return FigureCell(_said(figure, number), None, False, above, below)
    parts = [] if number is None else [_said(figure, number)]
    open_ = open_words(figure, value)
    if open_:
        parts.append(open_)
    elif number is None:
        parts.append(_("nothing to count or to divide by"))
    return FigureCell(_("Cannot be known"), _("; ").join(parts), False, above, below)


def open_words(figure: ReportFigure, value: FigureValue) -> str:
    """Which units leave a figure open, each kind by itself; "" where none does."""
    counted = value.undecided(figure.units)
    if not counted:
        return ""
    return _("%(units)s in question") % {"units": listed(_units(unit, count) for unit, count in counted.items())}


def _units(unit: str, count: int) -> str:
    told_of = {
        "household": ngettext("%(count)d household", "%(count)d households", count),
        "person": ngettext("%(count)d person", "%(count)d persons", count),
        "village": ngettext("%(count)d village", "%(count)d villages", count),
    }
    return told_of[unit] % {"count": count}


def part_words(part: Added) -> str:
    """What stands above or below of a quotient, as a plain number; "" where it is not one."""
    if part.low is None or part.low != part.high:
        return ""
    return number_words(part.low)


def number_words(number: Fraction) -> str:
    """A number with thousands apart, and with two places where it is no whole one."""
    if number.denominator == 1:
        return f"{number.numerator:,}"
    cents = round_half_away(number, _PART_PLACES)
    return f"{Decimal(int(cents * 10**_PART_PLACES)).scaleb(-_PART_PLACES):,}"


def _said(figure: ReportFigure, number: Range) -> str:
    measure = Words(figure.measure_zh, figure.measure_en)
    return str(Said(*value_words(number, DecimalType(figure.places), _NO_SCHEMA, measure, figure.places)))


# As a file


def marks_of(run: ReportRun, figures: Sequence[ReportFigure], small: int) -> list[tuple[str, str]]:
    """What a file says above its table: what it was made of, that so many small numbers stand in it, and which amounts
    a reader may not find in every row."""
    marks = [
        (_("Snapshot"), run.snapshot_id),
        *([(_("Earlier snapshot"), run.before_id)] if run.before_id else []),
        (_("Policy pack"), run.pack),
        (_("Clause"), f"{run.clause_ref} {run.clause_text}"),
        (_("Digest"), run.digest),
    ]
    guarded = [each.title for each in figures if each.told_to is not None]
    if guarded:
        marks.append(
            (_("Not shown everywhere"), f"{listed(guarded)}{pgettext('before a value', ': ')}{withheld_words()}")
        )
    warning = small_warning(small)
    return [*marks, (_("Small numbers"), warning)] if warning else marks


def withheld_words() -> str:
    """Why an amount is not shown, and to whom it is."""
    return _(
        "Amounts of persons are shown to those who may read about these persons, and to others down to the level where"
        " every sum is of at least %(least)s households or persons."
    ) % {"least": smallest_unmarked()}


def small_of(rows: Iterable[DivisionFigures], figures: Sequence[ReportFigure]) -> int:
    """How many numbers in some rows point at people."""
    return sum(small_in(row.value(each.figure), each.units) for row in rows for each in figures)


def small_warning(small: int) -> str:
    """That so many numbers stand in what is shown that point at people; "" where there are none."""
    if not small:
        return ""
    return _(
        "%(count)s numbers of people or households are from 1 to %(most)s, which points at people: for work in the"
        " office, not to be published as they are."
    ) % {"count": f"{small:,}", "most": smallest_unmarked() - 1}


def fields_of(figures: Sequence[ReportFigure]) -> list[Field]:
    """The columns of a file: the division, then each figure, what it is made of and how many units leave it open."""
    columns = [
        Field("level", gettext_lazy("Level"), width=10),
        Field("code", gettext_lazy("Code"), width=16),
        Field("name", gettext_lazy("Division"), width=24),
    ]
    for each in figures:
        kind = Kind.NUMBER if each.places else Kind.WHOLE
        share = each.measure_zh == RATIO.zh
        columns.append(Field(each.figure, each.title, Kind.SHARE if share else kind, width=16))
        if len(each.units) > 1:
            above, below = _("%(figure)s: numerator"), _("%(figure)s: denominator")
            columns.append(Field(f"{each.figure}_above", above % {"figure": each.title}, Kind.NUMBER))
            columns.append(Field(f"{each.figure}_below", below % {"figure": each.title}, Kind.NUMBER))
        for unit in dict.fromkeys(each.units):
            title = _("%(figure)s: %(unit)s in question") % {"figure": each.title, "unit": COUNT_WORDS[UnitKind(unit)]}
            columns.append(Field(_open_key(each, unit), title, Kind.WHOLE))
    columns.append(Field("small", gettext_lazy("Small numbers"), Kind.WHOLE))
    return columns


def _open_key(figure: ReportFigure, unit: str) -> str:
    return f"{figure.figure}_open_{unit}"


def rows_of(rows: Iterable[ReportDivision], figures: Sequence[ReportFigure], sight: Sight) -> Iterator[Row]:
    """A row for each division, in the order given. What cannot be known, and what is not shown, is empty."""
    for block in in_blocks(rows):
        names = names_of(row.division for row in block)
        for row in map(sight.read, block):
            line: dict[str, str | int | Decimal | None] = {
                "level": str(Level(row.level).label),
                "code": f"{row.division:012d}",
                "name": names[row.division],
                "small": small_of([row], figures),
            }
            for each in figures:
                line.update(_cells(each, row.value(each.figure)))
            yield line


def _cells(figure: ReportFigure, value: FigureValue | None) -> dict[str, int | Decimal | None]:
    cells: dict[str, int | Decimal | None] = {figure.figure: None if value is None else plain(figure, value)}
    if value is None:
        return cells
    open_ = value.undecided(figure.units)
    cells.update({_open_key(figure, unit): open_.get(unit, 0) for unit in figure.units})
    if value.denominator is not None:
        for end, part in (("above", value.numerator), ("below", value.denominator)):
            cells[f"{figure.figure}_{end}"] = _part_cell(part)
    return cells


def _part_cell(part: Added) -> int | Decimal | None:
    """What stands above or below of a quotient: people are whole, yuan have two places; empty where it is not known."""
    if part.low is None or part.low != part.high:
        return None
    return part.low.numerator if part.low.denominator == 1 else rounded(part.low, _PART_PLACES)


def plain(figure: ReportFigure, value: FigureValue) -> Decimal | int | None:
    """The number with the places of the figure; None where it cannot be known."""
    number = value.value
    if number is None or not number.single:
        return None
    whole = round_half_away(number.low, figure.places)
    return rounded(whole, figure.places) if figure.places else int(whole)


def rounded(number: Fraction, places: int) -> Decimal:
    """A number with so many decimal places."""
    return Decimal(int(round_half_away(number, places) * 10**places)).scaleb(-places)
