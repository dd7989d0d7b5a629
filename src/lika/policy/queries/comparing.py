"""Two packs, or one pack on two days, side by side."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from lika.core.language import Said, chosen
from lika.policy import resolve
from lika.policy.choices import Basis, CriterionKind, ValueType
from lika.policy.packs.differences import FieldChange, ItemChange, item_changes
from lika.policy.packs.form import ItemFields
from lika.policy.packs.resolved import ResolvedCriterion, ResolvedPack, ResolvedParameter
from lika.policy.queries.procedure_lines import ProcedureLine, differences_of, procedure_lines

_TOKEN = re.compile(r"\s+|[\w.]+|'[^']*'|.", re.DOTALL)


@dataclass(frozen=True)
class Piece:
    """A run of an expression's text; `changed` where the other side has something else there."""

    text: str
    changed: bool


@dataclass(frozen=True)
class Side:
    """An item on one side: its label, and its expression in pieces."""

    label: Said
    pieces: tuple[Piece, ...] = ()
    shown: Said | None = None


@dataclass(frozen=True)
class Pair:
    """An item on both sides; None where a side lacks it. `details` are further fields that differ, in words."""

    id: str
    before: Side | None
    after: Side | None
    details: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """What differs. `parameters` are those whose value on the two days or whose declaration differs."""

    parameters: tuple[Pair, ...]
    criteria: tuple[Pair, ...]
    procedures: tuple[Pair, ...]
    others: tuple[str, ...]
    same_parameters: int
    same_criteria: int
    same_procedures: int

    @property
    def alike(self) -> bool:
        """Whether both rule alike."""
        return not (self.parameters or self.criteria or self.procedures or self.others)


def compare(before: ResolvedPack, before_on: dt.date, after: ResolvedPack, after_on: dt.date) -> Comparison:
    """What differs between one pack on a day and another on a day."""
    parameters = tuple(_parameters(before, before_on, after, after_on))
    criteria = tuple(_criteria(before, after))
    procedures = tuple(_procedures(before, before_on, after, after_on))
    collected = [
        *item_changes("item", before.items, after.items),
        *item_changes("fact", before.facts, after.facts),
        *item_changes("deadline", before.calendar, after.calendar),
        *item_changes("report", before.reports, after.reports),
    ]
    return Comparison(
        parameters,
        criteria,
        procedures,
        tuple(change.line() for change in collected),
        _shared(before.parameters, after.parameters, parameters),
        _shared(before.criteria, after.criteria, criteria),
        _shared(before.procedures, after.procedures, procedures),
    )


def _shared(before: Sequence[ItemFields], after: Sequence[ItemFields], different: Sequence[Pair]) -> int:
    both = {item.id for item in before} & {item.id for item in after}
    return len(both - {pair.id for pair in different})


def _parameters(before: ResolvedPack, before_on: dt.date, after: ResolvedPack, after_on: dt.date) -> Iterator[Pair]:
    old, new = {item.id: item for item in before.parameters}, {item.id: item for item in after.parameters}
    told = {change.id: change for change in item_changes("parameter", before.parameters, after.parameters)}
    for key in dict.fromkeys([*old, *new]):
        left = _valued(before, old.get(key), before_on)
        right = _valued(after, new.get(key), after_on)
        details = _details(told.get(key), but=("values",))
        if left is None or right is None or left.shown != right.shown or details:
            yield Pair(key, left, right, details)


def _valued(pack: ResolvedPack, item: ResolvedParameter | None, on: dt.date) -> Side | None:
    if item is None:
        return None
    given = item.value_at(on) is not None
    return Side(Said(item.zh, item.en), shown=Said(*resolve.parameter_in_words(pack, item, on)) if given else None)


def _criteria(before: ResolvedPack, after: ResolvedPack) -> Iterator[Pair]:
    old, new = {item.id: item for item in before.criteria}, {item.id: item for item in after.criteria}
    for change in item_changes("criterion", before.criteria, after.criteria):
        left, right = _pieces(old.get(change.id), new.get(change.id))
        yield Pair(
            change.id,
            _side(old.get(change.id), left),
            _side(new.get(change.id), right),
            _details(change, but=("expression",)),
        )


def _procedures(before: ResolvedPack, before_on: dt.date, after: ResolvedPack, after_on: dt.date) -> Iterator[Pair]:
    old = {item.id: item for item in procedure_lines(before, at=before_on)}
    new = {item.id: item for item in procedure_lines(after, at=after_on)}
    for key in dict.fromkeys([*old, *new]):
        left, right = old.get(key), new.get(key)
        details = () if left is None or right is None else tuple(differences_of(left, right))
        if left is None or right is None or details:
            yield Pair(key, _procedure_side(left), _procedure_side(right), details)


def _procedure_side(item: ProcedureLine | None) -> Side | None:
    return None if item is None else Side(item.title, shown=item.sum)


def _side(item: ResolvedCriterion | None, pieces: tuple[Piece, ...]) -> Side | None:
    return None if item is None else Side(Said(item.zh, item.en), pieces)


# What the fields of items are called. The names in both languages are one: that of the reader is told. What is not here
# (order, group …) changes nothing but the looks.
_FIELDS: Mapping[str, Promise] = {
    "zh": gettext_lazy("What it is called"),
    "en": gettext_lazy("What it is called"),
    "clause": gettext_lazy("Clause"),
    "basis": gettext_lazy("Basis"),
    "note": gettext_lazy("Remark"),
    "unit": gettext_lazy("Unit of the register"),
    "kind": gettext_lazy("Kind"),
    "summary": gettext_lazy("Sums up"),
    "label": gettext_lazy("On the platform"),
    "statistic": gettext_lazy("Source of the statistics"),
    "type": gettext_lazy("Type of value"),
    "places": gettext_lazy("Decimal places"),
    "codes": gettext_lazy("Code list"),
    "unit_shown": gettext_lazy("Unit"),
    "local": gettext_lazy("May be set lower down"),
}
_WORDS: Mapping[str, type[TextChoices]] = {"basis": Basis, "kind": CriterionKind, "type": ValueType}


def _details(change: ItemChange | None, *, but: tuple[str, ...]) -> tuple[str, ...]:
    """The other fields that differ, in the reader's words."""
    other = chosen("en", "zh")
    fields = () if change is None else change.fields
    return tuple(_in_words(field) for field in fields if field.name in _FIELDS and field.name not in (*but, other))


def _in_words(field: FieldChange) -> str:
    old, new = field.old, field.new
    if (words := _WORDS.get(field.name)) is not None:
        old, new = str(words(old).label), str(words(new).label)
    return FieldChange(str(_FIELDS[field.name]), old, new).line()


def _pieces(
    old: ResolvedCriterion | None, new: ResolvedCriterion | None
) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both expressions cut where they differ; where one stands alone there is nothing to hold it against."""
    left, right = ((item.expression or "").strip() if item else "" for item in (old, new))
    if not left or not right:
        return ((Piece(left, changed=False),) if left else (), (Piece(right, changed=False),) if right else ())
    one, other = _TOKEN.findall(left), _TOKEN.findall(right)
    cut = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    return (
        tuple(Piece("".join(one[a:b]), tag != "equal") for tag, a, b, _c, _d in cut if a < b),
        tuple(Piece("".join(other[c:d]), tag != "equal") for tag, _a, _b, c, d in cut if c < d),
    )
