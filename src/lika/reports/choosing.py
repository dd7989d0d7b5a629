"""The form of the analysis page: what can be chosen, and what is chosen now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from lika.accounts.queries import UserActor
from lika.core.areas import DIGITS_OF_LEVEL
from lika.core.language import Said
from lika.divisions import queries as divisions
from lika.divisions.codes import ancestor_codes, full_code
from lika.divisions.names import place_name
from lika.reports.asking import NO, YES
from lika.reports.definition import UNITS, UNKNOWN, Axis, Definition, Picked
from lika.reports.fields import Catalogue, Field, Kind
from lika.reports.titles import COUNT_WORDS, UNIT_WORDS, WHAT_WORDS, picked_title, value_word
from lika.snapshots.choices import Result, UnitKind
from lika.snapshots.queries.analysis import AMOUNTS, What

_GROUPABLE = tuple(Kind)
_FITTING = {
    **dict.fromkeys(AMOUNTS, (Kind.NUMBER,)),
    What.SHARE: (Kind.BOOLEAN, Kind.VERDICT, Kind.CODE),
    What.KNOWN: (Kind.BOOLEAN, Kind.VERDICT, Kind.CODE, Kind.NUMBER),
}
_FILTERABLE = (Kind.CODE, Kind.BOOLEAN, Kind.NUMBER, Kind.VERDICT, Kind.SEVERAL)


@dataclass(frozen=True)
class Option:
    """A choice, and whether it is the one chosen."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True)
class Select:
    """A select of the form: choices under headings; a heading may be empty."""

    name: str
    label: str
    groups: Sequence[tuple[str, Sequence[Option]]]


@dataclass(frozen=True)
class Chip:
    """A filter that narrows the table; `without` is the page without it, `key` opens its choices again."""

    text: str
    key: str
    without: str


@dataclass(frozen=True)
class Picker:
    """The choices of one field: boxes to tick, or two ends of a range; `name` is the name of the boxes."""

    field: Field
    name: str
    options: Sequence[Option]
    low: str = ""
    high: str = ""

    @property
    def is_range(self) -> bool:
        return not self.options


@dataclass(frozen=True)
class AxisChoice:
    """Rows or columns: the select, and the edges where a number is chosen."""

    select: Select
    edges_name: str
    edges: str
    takes_edges: bool


@dataclass(frozen=True)
class Choosing:
    """The whole form."""

    unit: Select
    what: Select
    of: Select | None
    of_values: Picker | None
    rows: AxisChoice
    columns: AxisChoice
    division: Select | None
    pack: Select | None
    adding: Select
    picker: Picker | None
    chips: Sequence[Chip]
    hidden: Sequence[tuple[str, str]]
    parameters: Sequence[Option]


def choosing(by: UserActor, definition: Definition, catalogue: Catalogue, adding: str = "") -> Choosing:
    """The form for what is chosen; `adding` is the field whose values are being picked."""
    picker = _picker(definition, catalogue, adding)
    open_key = picker.field.key if picker else ""
    return Choosing(
        unit=Select(
            "u", _("What is counted"), [("", [Option(str(u), str(UNIT_WORDS[u]), u == definition.unit) for u in UNITS])]
        ),
        what=Select("m", _("Counted as"), [("", list(_whats(definition)))]),
        of=_of(definition, catalogue),
        of_values=_of_values(definition, catalogue),
        rows=_axis("r", _("Rows of the table"), definition.rows, catalogue),
        columns=_axis("c", _("Columns of the table"), definition.columns, catalogue),
        division=_divisions(by, definition),
        pack=_packs(definition, catalogue),
        adding=Select("add", _("Filter by"), _fields(catalogue, _FILTERABLE, open_key, _("Choose …"))),
        picker=picker,
        chips=[_chip(definition, picked, catalogue) for picked in definition.filters],
        hidden=[("f", str(picked)) for picked in definition.filters if picked.key != open_key],
        parameters=list(_parameters(catalogue)),
    )


def address(definition: Definition) -> str:
    """The page of an analysis."""
    text = str(definition)
    return f"{reverse('reports:analysis')}?{text}" if text else f"{reverse('reports:analysis')}?u={definition.unit}"


def query_of(asked: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The form's fields as a definition's: ticked boxes joined to the field they belong to, a range put together."""
    query = {name: list(texts) for name, texts in asked.items()}
    values = [text for text in query.pop("vv", []) if text]
    measured = (query.get("v") or [""])[-1]
    if values and measured and ":" not in measured:
        query["v"] = [f"{measured}:{'|'.join(values)}"]
    merged: dict[str, list[str]] = {}
    for text in query.get("f", []):
        key, _colon, rest = text.strip().partition(":")
        if rest and ".." not in rest:
            merged.setdefault(key, []).append(rest)
    ranges = [text for text in query.get("f", []) if ".." in text]
    low, high, key = ((query.pop(name, None) or [""])[-1].strip() for name in ("low", "high", "range"))
    if key and (low or high):
        ranges = [text for text in ranges if text.partition(":")[0] != key] + [f"{key}:{low}..{high}"]
    query["f"] = [f"{key}:{'|'.join(rest)}" for key, rest in merged.items()] + ranges
    return query


def _units(definition: Definition) -> Iterable[Option]:
    return (Option(str(unit), str(UNIT_WORDS[unit]), unit == definition.unit) for unit in UNITS)


def _whats(definition: Definition) -> Iterable[Option]:
    for what in What:
        if what == What.PERSONS and definition.unit != UnitKind.HOUSEHOLD:
            continue
        label = COUNT_WORDS[definition.unit] if what == What.COUNT else WHAT_WORDS[what]
        yield Option(str(what), str(label), what == definition.what)


def _of(definition: Definition, catalogue: Catalogue) -> Select | None:
    kinds = _FITTING.get(definition.what)
    if kinds is None:
        return None
    return Select(
        "v", _("Of what"), _fields(catalogue, kinds, definition.of.key if definition.of else "", _("Choose …"))
    )


def _of_values(definition: Definition, catalogue: Catalogue) -> Picker | None:
    """The codes that count for a share of a coded fact."""
    field = catalogue.fields.get(definition.of.key) if definition.of else None
    if definition.what != What.SHARE or definition.of is None or field is None or field.kind != Kind.CODE:
        return None
    return Picker(field, "vv", [each for each in _values(field, "", definition.of) if each.value != UNKNOWN])


def _axis(name: str, label: str, axis: Axis | None, catalogue: Catalogue) -> AxisChoice:
    field = catalogue.fields.get(axis.key) if axis else None
    select = Select(name, label, _fields(catalogue, _GROUPABLE, axis.key if axis else "", _("None")))
    edges = ", ".join(axis.edges) if axis else ""
    return AxisChoice(select, f"{name}b", edges, field is not None and field.kind == Kind.NUMBER)


def _fields(
    catalogue: Catalogue, kinds: Sequence[Kind], chosen: str, nothing: str
) -> list[tuple[str, Sequence[Option]]]:
    listed = [
        (heading, [Option(each.key, str(each.label), each.key == chosen) for each in fields])
        for heading, fields in catalogue.grouped(kinds)
    ]
    return [("", [Option("", nothing)]), *listed]


def _picker(definition: Definition, catalogue: Catalogue, adding: str) -> Picker | None:
    field = catalogue.fields.get(adding)
    if field is None or not field.filters:
        return None
    picked = next((each for each in definition.filters if each.key == adding), Picked(adding))
    if field.kind == Kind.NUMBER:
        return Picker(field, "range", [], picked.low, picked.high)
    return Picker(field, "f", list(_values(field, f"{field.key}:", picked)))


def _values(field: Field, mark: str, picked: Picked) -> Iterable[Option]:
    if field.kind == Kind.BOOLEAN:
        codes = [YES, NO, UNKNOWN]
    elif field.kind == Kind.VERDICT:
        codes = list(Result.values)
    else:
        codes = [*(item.code for item in field.code_list.items), UNKNOWN] if field.code_list else [UNKNOWN]
    for code in codes:
        yield Option(f"{mark}{code}", value_word(field, code), code in picked.values)


def _chip(definition: Definition, picked: Picked, catalogue: Catalogue) -> Chip:
    left = tuple(each for each in definition.filters if each != picked)
    known = picked.key in catalogue.fields
    text = picked_title(picked, catalogue) if known else str(picked)
    return Chip(text, picked.key, address(definition.but(filters=left)))


def _divisions(by: UserActor, definition: Definition) -> Select | None:
    """The actor's own divisions, the way down to the one chosen, and what lies below it."""
    own = [f"{low:012d}" for low, high in by.area.ranges if high - low in _SPANS]
    way = [definition.division] if definition.division else own[:1]
    steps = [code for code in (*ancestor_codes(way[0]), way[0]) if by.area.covers(code)] if way else []
    listed = divisions.by_codes({*own, *steps})
    below = divisions.children_of_each(way[:1])[full_code(way[0])] if way and _has_below(way[0]) else []
    found = {**dict(sorted(listed.items())), **{each.code: each for each in below}}
    options = [
        Option(code, place_name(each.name), code == definition.division)
        for code, each in found.items()
        if by.area.covers(code)
    ]
    if not options:
        return None
    return Select("d", _("Area"), [("", [Option("", _("Everything in sight")), *options])])


_SPANS = frozenset(10 ** (DIGITS_OF_LEVEL[5] - digits) - 1 for digits in DIGITS_OF_LEVEL.values())


def _has_below(code: str) -> bool:
    return code.endswith("000")


def _packs(definition: Definition, catalogue: Catalogue) -> Select | None:
    packs = catalogue.found.packs
    if len(packs) < 2:
        return None
    screening = catalogue.found.screening
    current = definition.pack or (screening.pack_id if screening else "")
    return Select("p", _("Policy pack"), [("", [Option(key, title, key == current) for key, title in packs])])


def _parameters(catalogue: Catalogue) -> Iterable[Option]:
    """The numbers of the pack, for the edges of bands."""
    for name, spec in catalogue.language.parameters.items():
        if spec.type.kind in {"integer", "decimal"} and spec.value is not None:
            yield Option(f"param.{name}", str(Said(spec.zh, spec.en)))
