"""An analysis counted and put into words: the table that the page, the file and the chart show."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from lika.core.actors import Actor
from lika.reports.asking import question_of
from lika.reports.definition import UNKNOWN, Definition
from lika.reports.fields import Catalogue
from lika.reports.queries.headings import Heading, all_together, headings
from lika.snapshots.choices import UnitKind
from lika.snapshots.queries import analysis
from lika.snapshots.queries.analysis import ALL, Counted, Cube, Question, What

_NOTHING = Counted(0, 0, 0, 0, None)
_SHARE_PLACES = Decimal("0.0001")
_MEAN_PLACES = 2


@dataclass(frozen=True)
class Cell:
    """A number with the list behind it. `value` is None where it cannot be said; shares are parts of 1.

    `part` says which of the cell's units the list holds, `listed` how many they are. `unknown` are those of whom the
    value is unknown: they are told, never dropped.
    """

    value: int | Decimal | None
    counted: Counted
    listed: int
    url: str
    unknown: int
    unknown_url: str


@dataclass(frozen=True)
class Line:
    """A row of the table."""

    heading: Heading
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """A counted analysis. The first of `lines` is the total, as in the statistical yearbooks; the last of `columns`."""

    definition: Definition
    question: Question
    catalogue: Catalogue
    cube: Cube
    columns: tuple[Heading, ...]
    lines: tuple[Line, ...]

    @property
    def what(self) -> What:
        return self.question.what

    @property
    def is_share(self) -> bool:
        """Whether the values are parts of 1."""
        return self.what in {What.SHARE, What.KNOWN}

    @property
    def places(self) -> int:
        """The decimal places of the values."""
        if self.what in {What.MEAN, What.MEDIAN}:
            return max(self.cube.places, _MEAN_PLACES)
        return self.cube.places

    @property
    def whole(self) -> Cell:
        """The cell of everything."""
        return self.lines[0].cells[-1]

    @property
    def groups(self) -> tuple[Line, ...]:
        """The lines without the total."""
        return tuple(line for line in self.lines if not line.heading.total)

    @property
    def empty(self) -> bool:
        """Whether nothing was counted."""
        return self.whole.counted.units == 0


def table_of(by: Actor, definition: Definition, catalogue: Catalogue) -> Table:
    """Count an analysis in the actor's sight. Errors as of `question_of` and `analysis.count`."""
    question = question_of(definition, catalogue)
    cube = analysis.count(by, catalogue.found, question)
    rows = (all_together(), *headings(definition.rows, catalogue, [row for row, _column in cube.cells]))
    columns = (*headings(definition.columns, catalogue, [column for _row, column in cube.cells]), all_together())
    if definition.rows is not None and definition.rows.key == "overlap":
        rows = tuple(sorted(rows, key=lambda each: (not each.total, -cube.cells[each.key, ALL].units)))
    maker = _Cells(definition, question, cube)
    lines = tuple(Line(row, tuple(maker.cell(row, column) for column in columns)) for row in rows)
    return Table(definition, question, catalogue, cube, columns, lines)


class _Cells:
    """Makes the cells of one table."""

    def __init__(self, definition: Definition, question: Question, cube: Cube) -> None:
        self.question, self.cube = question, cube
        villages = question.unit == UnitKind.VILLAGE
        self.list_page = reverse("reports:villages" if villages else "console:households")
        self.fixed = {"analysis": str(definition)}

    def cell(self, row: Heading, column: Heading) -> Cell:
        counted = self.cube.cells.get((row.key, column.key), _NOTHING)
        part, listed = self._behind(counted)
        asked = self.question.of is not None
        unknown = counted.units - counted.known if asked else 0
        return Cell(
            value=self._value(counted),
            counted=counted,
            listed=listed,
            url=self._url(row, column, part) if listed else "",
            unknown=unknown,
            unknown_url=self._url(row, column, "unknown") if unknown else "",
        )

    def _behind(self, counted: Counted) -> tuple[str, int]:
        """Which units the number is made of, and how many."""
        if self.question.of is None:
            return "all", counted.units
        if self.question.what == What.SHARE:
            return "yes", counted.yes
        return "known", counted.known

    def _value(self, counted: Counted) -> int | Decimal | None:
        match self.question.what:
            case What.COUNT:
                return counted.units
            case What.PERSONS:
                return counted.persons
            case What.SHARE:
                return _share(counted.yes, counted.known)
            case What.KNOWN:
                return _share(counted.known, counted.units)
        if counted.number is None:
            return None
        number = Decimal(counted.number).scaleb(-self.cube.places)
        if self.question.what in {What.MEAN, What.MEDIAN}:
            parts = counted.known if self.question.what == What.MEAN else 2
            step = Decimal(1).scaleb(-max(self.cube.places, _MEAN_PLACES))
            return (number / parts).quantize(step, ROUND_HALF_UP)
        return number

    def _url(self, row: Heading, column: Heading, part: str) -> str:
        if not self.cube.listed:
            return ""
        asked = dict(self.fixed)
        for name, heading in (("row", row), ("column", column)):
            if not heading.total:
                asked[name] = UNKNOWN if heading.key is None else str(heading.key)
        if part != "all":
            asked["part"] = part
        return f"{self.list_page}?{urlencode(asked)}"


def _share(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) / whole).quantize(_SHARE_PLACES, ROUND_HALF_UP) if whole else None


def notes(table: Table) -> Sequence[str]:
    """What a reader must know to read the numbers rightly."""
    found = []
    keys = {axis.key.rpartition(".")[2] for axis in (table.definition.rows, table.definition.columns) if axis}
    if "causes" in keys:
        found.append(_("A household with several causes is counted under each; the total counts it once."))
    if "measures" in keys:
        found.append(_("A household under several measures is counted under each; the total counts it once."))
    if "overlap" in keys:
        found.append(_("A measure that cannot be judged for a household counts as not received."))
    if table.question.of is not None and table.what != What.KNOWN:
        found.append(_("Values are of those known; how many are unknown stands beside them."))
    if table.catalogue.found.left_out:
        found.append(
            _("%(n)s counties whose current snapshot is of another day are left out.")
            % {"n": table.catalogue.found.left_out}
        )
    if not table.cube.listed:
        found.append(_("The numbers read what is personal: the lists behind them are not open to you."))
    return found
