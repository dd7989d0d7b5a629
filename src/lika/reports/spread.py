"""An overlap and a matrix of one division as the tables that people read: by two, exactly, from where to where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from django.utils.translation import gettext as _

from lika.core.language import chosen, listed
from lika.engine.figures.parts import FigureValue
from lika.reports.figures import number_words
from lika.reports.models import ReportRun
from lika.reports.queries.runs import DivisionFigures

#: Combinations that are shown unfolded: of seven criteria there may be 127.
EXACT_SHOWN = 20
_NOTHING = Fraction(0)


@dataclass(frozen=True)
class SpreadCell:
    """Households, and the people in them below; `open`: which cannot be known. `own`: of a criterion with itself, or of
    who stayed. Texts are empty where the table says it elsewhere."""

    households: str
    people: str
    url: str = ""
    own: bool = False
    open: bool = False
    nothing: bool = False


#: Who is in neither of two snapshots: there is nothing to tell.
_NOBODY = SpreadCell("", "", nothing=True)


@dataclass(frozen=True)
class SpreadRow:
    """A row of cells, and their sum where the columns exclude each other."""

    title: str
    cells: tuple[SpreadCell, ...]
    total: SpreadCell | None = None


@dataclass(frozen=True)
class OverlapTable:
    """How criteria overlap: every two, then exactly which, the most frequent first and the `rest` after them."""

    heads: tuple[str, ...]
    rows: tuple[SpreadRow, ...]
    exact: tuple[SpreadRow, ...]
    rest: tuple[SpreadRow, ...]


@dataclass(frozen=True)
class MatrixTable:
    """From where (rows) to where (columns), with the sums of rows and columns."""

    heads: tuple[str, ...]
    rows: tuple[SpreadRow, ...]
    totals: SpreadRow


def overlap_table(run: ReportRun, own: DivisionFigures, links: Mapping[str, str]) -> OverlapTable | None:
    """The overlap of a division; None where the report has none."""
    if not run.overlap:
        return None
    names = [name for name, _zh, _en in run.overlap]
    titles = [chosen(zh, en) for _name, zh, en in run.overlap]
    rows = []
    for at, name in enumerate(names):
        cells = []
        for beside in range(len(names)):
            first, second = sorted((at, beside))
            figure = f"in_{name}" if at == beside else f"both_{names[first]}__{names[second]}"
            cells.append(_cell(own, figure, links, own_=at == beside))
        rows.append(SpreadRow(titles[at], tuple(cells)))
    said = dict(zip(names, titles, strict=True))
    sets = (some for size in range(1, len(names) + 1) for some in combinations(names, size))
    exact = [(listed(said[name] for name in some), f"only_{'__'.join(some)}") for some in sets]
    exact = sorted(exact, key=lambda each: -_least(own.value(each[1])))
    alone = [SpreadRow(title, (_cell(own, name, links),)) for title, name in exact if _exact(own.value(name)) != 0]
    return OverlapTable(tuple(titles), tuple(rows), tuple(alone[:EXACT_SHOWN]), tuple(alone[EXACT_SHOWN:]))


def matrix_table(run: ReportRun, own: DivisionFigures, links: Mapping[str, str]) -> MatrixTable | None:
    """The matrix of a division; None where the report has none."""
    if not run.matrix:
        return None
    codes = [code for code, _zh, _en in run.matrix]
    titles = [chosen(zh, en) for _code, zh, en in run.matrix]
    rows = []
    for before, title in zip(codes, titles, strict=True):
        names = [f"from_{before}__to_{after}" for after in codes]
        cells = [
            _NOBODY if run.before_id and before == after == codes[-1]
            else _cell(own, name, links, own_=before == after)
            for name, after in zip(names, codes, strict=True)
        ]  # fmt: skip
        rows.append(SpreadRow(title, tuple(cells), _sum(own, names)))
    columns = [[f"from_{before}__to_{after}" for before in codes] for after in codes]
    sums = tuple(_sum(own, names) for names in columns)
    whole = _sum(own, [name for names in columns for name in names])
    return MatrixTable(tuple(titles), tuple(rows), SpreadRow(_("Together"), sums, whole))


def _cell(own: DivisionFigures, figure: str, links: Mapping[str, str], *, own_: bool = False) -> SpreadCell:
    households, people = own.value(figure), own.value(f"{figure}_people")
    known = _exact(households)
    return SpreadCell(
        _told(households), _told(people), links.get(figure, "") if known else "", own_, known is None, known == 0
    )


def _sum(own: DivisionFigures, figures: Sequence[str]) -> SpreadCell:
    """What cells come to together, which nobody knows where one of them is open: a household that may stand in several
    of them would count in each."""
    ends = []
    for suffix in ("", "_people"):
        numbers = [_exact(own.value(f"{figure}{suffix}")) for figure in figures]
        ends.append(None if None in numbers else sum((each for each in numbers if each is not None), _NOTHING))
    households, people = ends
    return SpreadCell(_words(households), _words(people), open=households is None, nothing=households == 0)


def _told(value: FigureValue | None) -> str:
    """A number, or between which it lies; a cell that was left out is nothing everywhere."""
    number = None if value is None else value.value
    if value is None:
        return "0"
    if number is None:
        return _words(None)
    if number.single:
        return number_words(number.low)
    return _("%(low)s to %(high)s") % {"low": number_words(number.low), "high": number_words(number.high)}


def _words(number: Fraction | None) -> str:
    return _("Cannot be known") if number is None else number_words(number)


def _exact(value: FigureValue | None) -> Fraction | None:
    if value is None:
        return _NOTHING
    number = value.value
    return number.low if number is not None and number.single else None


def _least(value: FigureValue | None) -> Fraction:
    number = None if value is None else value.value
    return _NOTHING if number is None else number.low
