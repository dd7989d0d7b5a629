"""Figures as people read them: in a table of divisions, on a screen, and as the cells of a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lika.core.language import Said
from lika.core.leaving import Field, Kind, Row
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.engine.amounts import RATIO, value_words
from lika.engine.figures.parts import FigureValue
from lika.engine.messages import Words
from lika.engine.ranges import round_half_away
from lika.engine.schema import Schema
from lika.engine.screening.rollups import SPAN_OF_LEVEL, level_of
from lika.engine.types import DecimalType
from lika.policy.packs.report_form import Figure
from lika.snapshots.queries.reporting import Reported

_NO_SCHEMA = Schema({})


@dataclass(frozen=True)
class FigureCell:
    """A figure of a division in words. `open` is None where it is known; `missing`: it waits for its basis."""

    text: str
    open: str | None = None
    missing: bool = False


@dataclass(frozen=True)
class DivisionLine:
    """A division with its figures, in the order of the report."""

    code: str
    name: str
    level: Level
    cells: tuple[FigureCell, ...]


def lines_of(found: Reported, codes: Sequence[int]) -> list[DivisionLine]:
    """The lines of some divisions, in one query."""
    names = {code: each.name for code, each in divisions.by_codes(f"{code:012d}" for code in codes).items()}
    return [
        DivisionLine(
            f"{code:012d}",
            names.get(f"{code:012d}", f"{code:012d}"),
            Level(level_of(code)),
            tuple(cell_of(each.item, found.value(code, each.item.id)) for each in found.figures),
        )
        for code in codes
    ]


def below(found: Reported, division: int | None = None) -> list[int]:
    """A division (that of the snapshot unless given) and those directly below it, as far as the report tells of them.

    Where it does not tell of the level below, those of the next level that it does.
    """
    top = found.snapshot.division if division is None else division
    own = level_of(top)
    inside = [
        [code for code in codes if code // SPAN_OF_LEVEL[own] * SPAN_OF_LEVEL[own] == top]
        for level, codes in sorted(found.divisions.items())
        if level > own
    ]
    head = [top] if top in found.divisions.get(own, ()) else []
    return head + (inside[0] if inside else [])


def cell_of(figure: Figure, value: FigureValue | None) -> FigureCell:
    """A figure in words; where it cannot be known, between what it lies and how many units leave it open."""
    if value is None:
        return FigureCell(_("Basis to be supplied"), missing=True)
    number = value.value
    if number is not None and number.single:
        return FigureCell(_said(figure, number))
    parts = []
    if number is not None:
        parts.append(_said(figure, number))
    if value.undecided:
        said = ngettext("%(count)d unit in question", "%(count)d units in question", value.undecided)
        parts.append(said % {"count": value.undecided})
    elif number is None:
        parts.append(_("nothing to count or to divide by"))
    return FigureCell(_("Cannot be known"), _("; ").join(parts))


def _said(figure: Figure, number: object) -> str:
    measure = Words(figure.unit_shown.zh, figure.unit_shown.en)
    return str(Said(*value_words(number, DecimalType(figure.places), _NO_SCHEMA, measure, figure.places)))


# As a file


def fields_of(found: Reported) -> list[Field]:
    """The columns of a file: the division, then each figure and how many units leave it open."""
    columns = [
        Field("level", gettext_lazy("Level"), width=10),
        Field("code", gettext_lazy("Code"), width=16),
        Field("name", gettext_lazy("Division"), width=24),
    ]
    for each in found.figures:
        title = str(Said(each.item.zh, each.item.en))
        share = each.item.unit_shown.zh == RATIO.zh
        kind = Kind.SHARE if share else Kind.NUMBER if each.item.places else Kind.WHOLE
        columns.append(Field(each.item.id, title, kind, width=16))
        open_title = _("%(figure)s: units in question") % {"figure": title}
        columns.append(Field(f"{each.item.id}_open", open_title, Kind.WHOLE))
    return columns


def rows_of(found: Reported) -> Iterator[Row]:
    """A row for each division, from the highest level down. What cannot be known is empty."""
    for codes in (codes for _level, codes in sorted(found.divisions.items())):
        names = {code: each.name for code, each in divisions.by_codes(f"{code:012d}" for code in codes).items()}
        for code in codes:
            text = f"{code:012d}"
            row: dict[str, str | int | Decimal | None] = {
                "level": str(Level(level_of(code)).label),
                "code": text,
                "name": names.get(text, text),
            }
            for each in found.figures:
                value = found.value(code, each.item.id)
                row[each.item.id] = None if value is None else plain(each.item, value)
                row[f"{each.item.id}_open"] = None if value is None else value.undecided
            yield row


def plain(figure: Figure, value: FigureValue) -> Decimal | int | None:
    """The number with the places of the figure; None where it cannot be known."""
    number = value.value
    if number is None or not number.single:
        return None
    rounded = round_half_away(number.low, figure.places)
    if not figure.places:
        return int(rounded)
    return Decimal(int(rounded * 10**figure.places)).scaleb(-figure.places)
