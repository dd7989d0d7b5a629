"""What can be picked: the facts of a unit, its verdicts, its divisions. A name that is not here is refused."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lika.core.errors import NotFound
from lika.core.language import Said
from lika.engine.schema import CodeList, Fact
from lika.engine.types import BooleanType, CodeType, DateType, IntegerType, TextType
from lika.snapshots.choices import UnitKind
from lika.snapshots.models import ScreenedCriterion
from lika.snapshots.queries import analysis


class Kind(StrEnum):
    """How a field can be used."""

    PLACE = "place"
    CODE = "code"
    BOOLEAN = "boolean"
    NUMBER = "number"
    VERDICT = "verdict"
    SEVERAL = "several"
    MEASURES = "measures"
    OVERLAP = "overlap"


#: Division levels by the key of their field.
LEVELS = {"county": 3, "township": 4, "village": 5}
_PLACES = (
    ("county", Said("县（市、区）", "County")),
    ("township", Said("乡镇", "Township")),
    ("village", Said("村", "Village")),
)
#: The facts that hold one cause each; a household belongs to each of its causes.
CAUSES = ("main_cause", "other_cause_1", "other_cause_2")
VERDICT_MARK = "met."
HOUSEHOLD_MARK = "household."

GROUPS = {
    "place": gettext_lazy("Divisions"),
    "own": gettext_lazy("Facts"),
    "items": gettext_lazy("Collected in this place"),
    "above": gettext_lazy("Facts of the household"),
    "verdict": gettext_lazy("Results of the current screening"),
}


@dataclass(frozen=True)
class Field:
    """Something to pick. `unit` is whose it is; `group` the heading that it stands under in lists."""

    key: str
    unit: str
    kind: Kind
    label: Said
    group: str
    fact: Fact | None = None
    code_list: CodeList | None = None
    criterion: ScreenedCriterion | None = None
    parts: tuple[Fact, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether it is a whole number: then each of its values can be a group."""
        return self.fact is not None and isinstance(self.fact.type, IntegerType)

    @property
    def measured_in(self) -> str:
        """The unit of its amounts: 元; empty where it has none."""
        return str(Said(self.fact.unit or "", self.fact.unit_en or "")) if self.fact else ""

    @property
    def filters(self) -> bool:
        """Whether it can narrow what is counted."""
        return self.kind not in {Kind.PLACE, Kind.MEASURES, Kind.OVERLAP}


class Catalogue:
    """The fields of a unit over some sources: facts that the snapshot has, criteria of the current screening."""

    def __init__(self, found: analysis.Sources, unit: UnitKind, *, with_verdicts: bool) -> None:
        self.unit = str(unit)
        self.found = found
        self.language = analysis.language_of(found)
        self.criteria = found.criteria() if with_verdicts else ()
        self.fields: Mapping[str, Field] = {each.key: each for each in self._all()}

    def field(self, key: str) -> Field:
        """A field. Raises REP-003 where there is none."""
        found = self.fields.get(key)
        if found is None:
            raise NotFound(
                "REP-003",
                _("There is nothing called %(key)s to count by.") % {"key": key[:80]},
                remedy=_("Choose from the lists of the analysis page."),
            )
        return found

    def grouped(self, kinds: Sequence[Kind]) -> list[tuple[str, list[Field]]]:
        """The fields of some kinds under their headings, for lists to choose from."""
        listed = [
            (str(heading), [each for each in self.fields.values() if each.group == group and each.kind in kinds])
            for group, heading in GROUPS.items()
        ]
        return [(heading, fields) for heading, fields in listed if fields]

    @cached_property
    def measures(self) -> tuple[ScreenedCriterion, ...]:
        """The measures that households come under, in the pack's order: the same as on the page of the screening."""
        listed = {item.criterion: item for item in self.criteria if item.unit_kind == UnitKind.HOUSEHOLD}
        return tuple(listed[name] for name in analysis.measures_of(self.found) if name in listed)

    def _all(self) -> Iterator[Field]:
        for key, label in _PLACES:
            yield Field(key, self.unit, Kind.PLACE, label, "place")
        yield from self._facts(self.unit, "own", "")
        if self.unit == UnitKind.PERSON:
            yield from self._facts("household", "above", HOUSEHOLD_MARK)
        for item in self.criteria:
            if item.unit_kind in {self.unit, "household" if self.unit == UnitKind.PERSON else self.unit}:
                label = Said(item.zh, item.en)
                key = f"{VERDICT_MARK}{item.criterion}"
                yield Field(key, item.unit_kind, Kind.VERDICT, label, "verdict", criterion=item)
        if self.unit != UnitKind.VILLAGE and self.measures:
            yield Field("measures", "household", Kind.MEASURES, Said("措施（逐项）", "Measures, one by one"), "verdict")
            yield Field("overlap", "household", Kind.OVERLAP, Said("措施组合", "Measures together"), "verdict")

    def _facts(self, unit: str, group: str, mark: str) -> Iterator[Field]:
        facts = self.language.schema.units.get(unit, {})
        stored = self.found.columns().get(unit, {})
        if all(name in stored for name in CAUSES) and unit == "household":
            label = Said("致贫原因（主要和其他）", "Causes of poverty, main and other")
            listed = self._list(facts[CAUSES[0]])
            parts = tuple(facts[name] for name in CAUSES)
            yield Field(f"{mark}causes", unit, Kind.SEVERAL, label, group, code_list=listed, parts=parts)
        for fact in facts.values():
            kind = _kind(fact)
            if kind is not None and (fact.formula is not None or fact.name in stored):
                collected = not mark and (unit, fact.name) in self.language.items
                yield Field(
                    f"{mark}{fact.name}",
                    unit,
                    kind,
                    Said(fact.zh, fact.en),
                    "items" if collected else group,
                    fact=fact,
                    code_list=self._list(fact),
                )

    def _list(self, fact: Fact) -> CodeList | None:
        return self.language.schema.code_lists[fact.type.list_id] if isinstance(fact.type, CodeType) else None


def _kind(fact: Fact) -> Kind | None:
    match fact.type:
        case BooleanType():
            return Kind.BOOLEAN
        case CodeType():
            return Kind.CODE
        case TextType() | DateType():
            return None
    return Kind.NUMBER
