"""The groups of a table in words and in order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from lika.core.language import Said
from lika.divisions import queries as divisions
from lika.divisions.names import place_name
from lika.reports.asking import NO, YES, edge_value
from lika.reports.definition import Axis
from lika.reports.fields import LEVELS, Catalogue, Field, Kind
from lika.snapshots.choices import Result
from lika.snapshots.queries.analysis import ALL, UNDER_NONE, Key, Total


@dataclass(frozen=True)
class Heading:
    """A row or column: its key, its words; `below` is the code to go down to where it is a division."""

    key: Key | Total
    label: str
    below: str = ""
    members: tuple[int, ...] = ()

    @property
    def unknown(self) -> bool:
        """Whether it holds those of whom it is not known."""
        return self.key is None

    @property
    def total(self) -> bool:
        """Whether it sums up the others."""
        return isinstance(self.key, Total)


def headings(axis: Axis | None, catalogue: Catalogue, keys: Iterable[Key | Total]) -> tuple[Heading, ...]:
    """The groups that occur, in the order of their list, the unknown last; no total."""
    if axis is None:
        return ()
    field = catalogue.field(axis.key)
    found = {key for key in keys if not isinstance(key, Total)}
    words = _words(field, axis, catalogue, sorted(key for key in found if key is not None))
    listed = [heading for heading in words if heading.key in found or _always(field, axis)]
    return (*listed, Heading(None, _("Unknown value"))) if None in found else tuple(listed)


def all_together(label: str = "") -> Heading:
    """The heading of the totals."""
    return Heading(ALL, label or _("Total"))


def _always(field: Field, axis: Axis) -> bool:
    """Bands and results are shown though nothing lies in them: a band of none is a finding."""
    return bool(axis.edges) or field.kind == Kind.VERDICT


def _words(field: Field, axis: Axis, catalogue: Catalogue, keys: Sequence[str]) -> list[Heading]:
    match field.kind:
        case Kind.PLACE:
            return _places(keys, field)
        case Kind.BOOLEAN:
            return [Heading(YES, _("Yes")), Heading(NO, _("No"))]
        case Kind.VERDICT:
            return [Heading(YES, str(Result.MET.label)), Heading(NO, str(Result.NOT_MET.label))]
        case Kind.MEASURES:
            measures = [Heading(str(bit), item.title) for bit, item in enumerate(catalogue.measures)]
            return [*measures, Heading(str(UNDER_NONE), _("No measure"))]
        case Kind.OVERLAP:
            return [_combination(key, catalogue) for key in keys]
        case Kind.NUMBER if axis.edges:
            return _bands(axis, catalogue)
        case Kind.NUMBER:
            return [Heading(key, key) for key in sorted(keys, key=int)]
    items = field.code_list.items if field.code_list else ()
    return [Heading(item.code, str(Said(item.zh, item.en))) for item in items]


def _places(keys: Sequence[str], field: Field) -> list[Heading]:
    names: Mapping[str, str] = {
        code: place_name(division.name)
        for code, division in divisions.by_codes(code.zfill(12) for code in keys).items()
    }
    goes_down = LEVELS[field.key] < LEVELS["village"]
    return [Heading(key, names.get(key.zfill(12), key.zfill(12)), key.zfill(12) if goes_down else "") for key in keys]


def _combination(key: str, catalogue: Catalogue) -> Heading:
    measures = catalogue.measures
    members = tuple(bit for bit in range(len(measures)) if int(key) >> bit & 1)
    return Heading(key, " + ".join(measures[bit].title for bit in members) or _("No measure"), members=members)


def _bands(axis: Axis, catalogue: Catalogue) -> list[Heading]:
    edges = [_edge(edge, catalogue) for edge in axis.edges]
    first, last = edges[0], edges[-1]
    between = [
        Heading(str(band), _("%(low)s to below %(high)s") % {"low": low, "high": high})
        for band, (low, high) in enumerate(pairwise(edges), start=1)
    ]
    return [
        Heading("0", _("Below %(high)s") % {"high": first}),
        *between,
        Heading(str(len(edges)), _("%(low)s and above") % {"low": last}),
    ]


def _edge(edge: str, catalogue: Catalogue) -> str:
    value = f"{edge_value(edge, catalogue):,f}"
    value = value.rstrip("0").rstrip(".") if "." in value else value
    spec = catalogue.language.parameters.get(edge.removeprefix("param.")) if edge.startswith("param.") else None
    return f"{Said(spec.zh, spec.en)} {value}" if spec else value
