"""From a folder's items to the resolved pack: what they mean, what they inherit, what they replace or remove."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from lika.core.areas import CODE_LENGTH, range_of
from lika.engine.schema import CodeList
from lika.engine.types import CodeType, Type
from lika.policy.choices import Basis, CriterionKind, ItemType, ValueType
from lika.policy.packs import faults, sources
from lika.policy.packs.case_form import Case
from lika.policy.packs.faults import Fault
from lika.policy.packs.folder import Item, PackFiles
from lika.policy.packs.form import (
    AccountItem,
    ChangeItem,
    CollectedItem,
    Criterion,
    Deadline,
    DerivedFact,
    Head,
    Local,
    Parameter,
    PatternItem,
    QualityRule,
)
from lika.policy.packs.procedure_form import ProcedureItem
from lika.policy.packs.report_form import ReportItem
from lika.policy.packs.resolved import (
    ResolvedAccount,
    ResolvedCase,
    ResolvedChange,
    ResolvedClause,
    ResolvedCriterion,
    ResolvedDeadline,
    ResolvedFact,
    ResolvedItem,
    ResolvedPack,
    ResolvedParameter,
    ResolvedPattern,
    ResolvedProcedure,
    ResolvedRemoval,
    ResolvedReport,
    ResolvedRule,
    ResolvedValue,
    stored_case,
    to_text,
)
from lika.policy.packs.types import expected_of, type_of

Own = TypeVar(
    "Own",
    Parameter,
    CollectedItem,
    DerivedFact,
    Criterion,
    QualityRule,
    PatternItem,
    Deadline,
    ChangeItem,
    AccountItem,
    ProcedureItem,
    ReportItem,
)
Kept = TypeVar(
    "Kept",
    ResolvedParameter,
    ResolvedItem,
    ResolvedFact,
    ResolvedCriterion,
    ResolvedRule,
    ResolvedPattern,
    ResolvedDeadline,
    ResolvedChange,
    ResolvedAccount,
    ResolvedProcedure,
    ResolvedReport,
)
# The level of a division by the digits of its code that say something.
_LEVELS = {0: "nation", 2: "province", 4: "prefecture", 6: "county", 9: "township", 12: "village"}


@dataclass
class Resolution:
    """The work of resolving one pack: the result, and the faults met on the way."""

    files: PackFiles
    head: Head
    base: ResolvedPack | None
    code_lists: Mapping[str, CodeList]
    faults: list[Fault] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"{self.head.id}@{self.head.version}"

    def resolve(self) -> ResolvedPack:
        """The resolved pack. Where there are faults it is a best effort, good enough to look for more."""
        base = self.base
        parameters = self._merge("parameter", self.files.parameters, base.parameters if base else (), self._parameter)
        collected = self._merge("item", self.files.items, base.items if base else (), self._item)
        derived = self._merge("fact", self.files.facts, base.facts if base else (), self._fact)
        groups = (*(base.groups if base else ()), *self.head.groups)
        known_groups = [group.id for group in groups]
        for item in self.files.criteria:
            self._check_criterion(item, known_groups)
        criteria = self._merge("criterion", self.files.criteria, base.criteria if base else (), self._criterion)
        rules = self._merge("quality", self.files.quality, base.quality if base else (), self._rule)
        patterns = self._merge("pattern", self.files.patterns, base.patterns if base else (), self._pattern)
        calendar = self._merge("deadline", self.files.calendar, base.calendar if base else (), self._deadline)
        changes = self._merge("change", self.files.changes, base.changes if base else (), self._change)
        accounts = self._merge("account", self.files.accounts, base.accounts if base else (), self._account)
        procedures = self._merge("procedure", self.files.procedures, base.procedures if base else (), self._procedure)
        reports = self._merge("report", self.files.reports, base.reports if base else (), self._report)
        own_removals = tuple(
            ResolvedRemoval(**removal.model_dump(), origin=self.origin) for removal in self.head.remove
        )
        return ResolvedPack(
            id=self.head.id,
            version=self.head.version,
            title=self.head.title,
            jurisdiction=self.head.jurisdiction,
            valid=self.head.valid,
            document=self.head.document,
            demo=self.head.demo,
            base=base.reference if base else None,
            base_sha256=base.sha256 if base else None,
            groups=tuple({group.id: group for group in groups}.values()),
            parameters=parameters,
            items=collected,
            facts=derived,
            criteria=tuple(sorted(criteria, key=lambda item: (item.order, item.id))),
            quality=rules,
            patterns=patterns,
            calendar=calendar,
            changes=changes,
            accounts=accounts,
            procedures=procedures,
            reports=reports,
            removed=(*(base.removed if base else ()), *own_removals),
            cases=tuple(self._cases({item.id: item for item in parameters})),
            clauses=self._clauses(),
        )

    def _clauses(self) -> tuple[ResolvedClause, ...]:
        """The clauses of the document that the pack extends, then those of its own; its own words replace others."""
        rows = sources.rows_of(self.files.sources) if self.files.sources else []
        fates = {row.clause: row.fate for row in rows}
        own = [
            ResolvedClause(**dict(entry.value), fate=fates[entry.value.ref], origin=self.origin)
            for entry in self.files.clauses
            if entry.value.ref in fates
        ]
        inherited = self.base.clauses if self.base else ()
        return tuple({clause.ref: clause for clause in (*inherited, *own)}.values())

    # Inheritance

    def _merge(
        self,
        kind: str,
        own: list[Item[Own]],
        inherited: Iterable[Kept],
        resolved: Callable[[Item[Own]], Kept | None],
    ) -> tuple[Kept, ...]:
        """Inherited items, less those removed or replaced, then the own ones; what has no type is left out."""
        before = {item.id: item for item in inherited}
        removed = set(self._removals(kind, before))
        seen: set[str] = set()
        kept: dict[str, Kept] = {key: item for key, item in before.items() if key not in removed}
        for item in own:
            item_id = item.value.id
            if item_id in seen:
                self.faults.append(faults.double_id(item.place("id"), kind, item_id))
                continue
            seen.add(item_id)
            self._check_override(kind, item, before, removed)
            if (done := resolved(item)) is not None:
                kept[item_id] = done
            else:
                self.files.broken.add(item_id)
        return tuple(kept.values())

    def _removals(self, kind: str, before: Mapping[str, Any]) -> Iterator[str]:
        for index, removal in enumerate(self.head.remove):
            if removal.kind != kind:
                continue
            if removal.id in before:
                yield removal.id
            elif self.files.head is not None:
                place = self.files.head.place("remove", index, "id")
                self.faults.append(faults.remove_of_nothing(place, kind, removal.id, before))

    def _check_override(self, kind: str, item: Item[Own], before: Mapping[str, Kept], removed: set[str]) -> None:
        own, inherited = item.value, before.get(item.value.id)
        if own.override and (inherited is None or own.id in removed):
            self.faults.append(faults.override_of_nothing(item.place("override"), kind, own.id, before))
        elif inherited is not None and not own.override and own.id not in removed:
            self.faults.append(faults.override_not_said(item.place("id"), kind, own.id, inherited.origin))
        elif (unit := getattr(inherited, "unit", None)) is not None and unit != getattr(own, "unit", unit):
            self.faults.append(faults.override_changes_unit(item.place("unit"), own.id, unit))
        elif isinstance(inherited, ResolvedParameter) and isinstance(own, Parameter):
            self._check_local(item, inherited)

    def _check_local(self, item: Item[Any], inherited: ResolvedParameter) -> None:
        """Where the inherited parameter says who may set it and how far, the own values keep to that."""
        local = inherited.local
        if local is None:
            return
        low, high = range_of(self.head.jurisdiction)
        if _LEVELS[CODE_LENGTH + 1 - len(str(high - low + 1))] not in local.levels:
            self.faults.append(faults.local_level(item.place("id"), inherited.id, local.levels))
        for index, value in enumerate(item.value.values):
            if not within(value.value, local):
                bounds = f"{'…' if local.least is None else local.least} – {'…' if local.most is None else local.most}"
                place = item.place("values", index, "value")
                self.faults.append(faults.local_bounds(place, inherited.id, inherited.origin, bounds))

    # Items

    def _check_basis(self, item: Item[Own], *, has_content: bool, at: str) -> None:
        """Missing means empty and says why; given, read or for demonstration means there is something."""
        own = item.value
        if own.basis is Basis.MISSING and has_content:
            self.faults.append(faults.basis_with_content(item.place(at), own.id))
        if own.basis is not Basis.MISSING and not has_content:
            self.faults.append(faults.basis_without_content(item.place(at), own.id))
        if own.basis is not Basis.GIVEN and own.note is None:
            self.faults.append(faults.note_missing(item.place(), own.id))
        if own.basis is Basis.DEMO and not self.head.demo:
            self.faults.append(faults.demo_outside(item.place("basis"), own.id))

    def _type(self, item: Item[Parameter] | Item[CollectedItem] | Item[DerivedFact]) -> Type | None:
        own = item.value
        if own.type in (ValueType.CODE, ItemType.CODE) and own.codes not in self.code_lists:
            if own.codes is None:
                self.faults.append(faults.field_missing(item.place(), "codes"))
            else:
                self.faults.append(faults.list_unknown(item.place("codes"), own.codes, self.code_lists))
            return None
        if own.type in (ValueType.DECIMAL, ItemType.DECIMAL) and own.places is None:
            self.faults.append(faults.field_missing(item.place(), "places"))
            return None
        return type_of(own, self.code_lists)

    def _parameter(self, item: Item[Parameter]) -> ResolvedParameter | None:
        own = item.value
        self._check_basis(item, has_content=bool(own.values), at="values")
        declared = self._type(item)
        if declared is None:
            return None
        values: dict[dt.date, ResolvedValue] = {}
        for index, value in enumerate(own.values):
            text = to_text(own.type, own.places, value.value)
            if text is None or not _in_list(declared, text):
                place = item.place("values", index, "value")
                self.faults.append(faults.value_does_not_fit(place, own.id, expected_of(declared)))
                continue
            if value.since in values:
                self.faults.append(faults.double_date(item.place("values", index, "from"), own.id))
            values[value.since] = ResolvedValue(since=value.since, text=text, clause=value.clause)
        ordered = tuple(values[since] for since in sorted(values))
        return ResolvedParameter(**_fields(own, but=("values",)), values=ordered, origin=self.origin)

    def _item(self, item: Item[CollectedItem]) -> ResolvedItem | None:
        own = item.value
        self._check_basis(item, has_content=True, at="type")
        return None if self._type(item) is None else ResolvedItem(**_fields(own), origin=self.origin)

    def _fact(self, item: Item[DerivedFact]) -> ResolvedFact | None:
        own = item.value
        self._check_basis(item, has_content=True, at="formula")
        return None if self._type(item) is None else ResolvedFact(**_fields(own), origin=self.origin)

    def _criterion(self, item: Item[Criterion]) -> ResolvedCriterion:
        return ResolvedCriterion(**_fields(item.value), origin=self.origin)

    def _rule(self, item: Item[QualityRule]) -> ResolvedRule:
        self._check_basis(item, has_content=True, at="expression")
        return ResolvedRule(**_fields(item.value), origin=self.origin)

    def _pattern(self, item: Item[PatternItem]) -> ResolvedPattern:
        self._check_basis(item, has_content=item.value.looks_for is not None, at="looks_for")
        return ResolvedPattern(**_fields(item.value), origin=self.origin)

    def _deadline(self, item: Item[Deadline]) -> ResolvedDeadline:
        self._check_basis(item, has_content=item.value.due is not None, at="due")
        return ResolvedDeadline(**_fields(item.value), origin=self.origin)

    def _change(self, item: Item[ChangeItem]) -> ResolvedChange:
        self._check_basis(item, has_content=True, at="checked")
        return ResolvedChange(**_fields(item.value), origin=self.origin)

    def _account(self, item: Item[AccountItem]) -> ResolvedAccount:
        self._check_basis(item, has_content=True, at="id")
        return ResolvedAccount(**_fields(item.value), origin=self.origin)

    def _procedure(self, item: Item[ProcedureItem]) -> ResolvedProcedure:
        self._check_basis(item, has_content=True, at="stages")
        return ResolvedProcedure(**_fields(item.value), origin=self.origin)

    def _report(self, item: Item[ReportItem]) -> ResolvedReport:
        self._check_basis(item, has_content=True, at="figures")
        return ResolvedReport(**_fields(item.value), origin=self.origin)

    def _check_criterion(self, item: Item[Criterion], groups: list[str]) -> None:
        own = item.value
        self._check_basis(item, has_content=own.expression is not None, at="expression")
        if own.group is not None and own.group not in groups:
            self.faults.append(faults.group_unknown(item.place("group"), own.group, groups))
        wants = own.kind is CriterionKind.MEASURE
        if (own.label is not None) != wants or (own.statistic is not None) != wants:
            self.faults.append(faults.measure_fields(item.place(), own.id))

    # Golden cases

    def _cases(self, parameters: Mapping[str, ResolvedParameter]) -> Iterator[ResolvedCase]:
        seen: set[str] = set()
        for item in self.files.cases:
            own = item.value
            if own.id in seen:
                self.faults.append(faults.double_id(item.place("id"), "case", own.id))
                continue
            seen.add(own.id)
            yield stored_case(own, dict(self._assumed(item, parameters)))

    def _assumed(self, item: Item[Case], parameters: Mapping[str, ResolvedParameter]) -> Iterator[tuple[str, str]]:
        for name, value in item.value.assume.items():
            parameter = parameters.get(name)
            if parameter is None:
                if name not in self.files.broken:
                    self.faults.append(
                        faults.case_unknown_name(item.key_place("assume", name), "parameter", name, parameters)
                    )
                continue
            text = to_text(parameter.type, parameter.places, value)
            declared = type_of(parameter, self.code_lists)
            if text is None or not _in_list(declared, text):
                place = item.place("assume", name)
                self.faults.append(faults.value_does_not_fit(place, name, expected_of(declared)))
                continue
            yield name, text


def _fields(own: Own, but: tuple[str, ...] = ()) -> dict[str, Any]:
    """What the resolved item takes over as it is."""
    return {name: getattr(own, name) for name in type(own).model_fields if name not in ("override", *but)}


def within(value: Any, local: Local) -> bool:
    """Whether a number lies in the bounds; what is no number is refused elsewhere."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return True
    return (local.least is None or local.least <= value) and (local.most is None or value <= local.most)


def _in_list(declared: Type, text: str) -> bool:
    return not isinstance(declared, CodeType) or text in declared.values
