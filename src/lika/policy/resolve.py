"""A resolved pack made ready to run: parameters valued at a date, every expression checked.

This is the door for those who run criteria (snapshots, golden cases, the command line). It needs the fact
registry and no database.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from lika.core import facts as registry
from lika.engine.amounts import value_words
from lika.engine.checker import compile_set
from lika.engine.criteria import CheckedSet, Criterion
from lika.engine.messages import Words
from lika.engine.schema import CodeList, Fact, ParameterSpec, ParameterValue, Schema
from lika.engine.types import BooleanType
from lika.engine.wording import NOT_GIVEN, Phrases
from lika.policy.packs.resolved import (
    ResolvedCriterion,
    ResolvedFact,
    ResolvedItem,
    ResolvedPack,
    ResolvedParameter,
    ResolvedRule,
)
from lika.policy.packs.types import type_of

# What a criterion without basis reads: a parameter that nobody can set. So it is unknown in every engine, by the
# ordinary rules, and its explanation says why.
BASIS_MISSING = ParameterSpec("basis_missing", "待补充依据", "basis to be supplied", BooleanType(), None)


@dataclass(frozen=True)
class CompiledPack:
    """A pack as it stands at a date."""

    pack: ResolvedPack
    at: dt.date
    checked: CheckedSet

    @property
    def is_valid(self) -> bool:
        """Whether the pack is in force at the date. Whoever runs it refuses, or marks the result 试算."""
        return self.pack.is_valid_at(self.at)


def compiled(pack: ResolvedPack, *, at: dt.date, assume: Mapping[str, ParameterValue] | None = None) -> CompiledPack:
    """The pack as it stands on a day. A parameter without value then is unknown, and so is all that needs it.

    `assume` replaces values for one run (golden cases, `lika policy eval --param`). Raises
    `lika.engine.errors.ExpressionError` where an expression does not hold against today's facts.
    """
    checked = compile_set(engine_criteria(pack), schema_of(pack), parameters_of(pack, at, assume))
    return CompiledPack(pack, at, checked)


def compiled_rules(
    pack: ResolvedPack, *, at: dt.date, assume: Mapping[str, ParameterValue] | None = None
) -> CheckedSet:
    """The pack's rules of quality as they stand on a day, apart from its criteria: no screening runs them.

    Raises `lika.engine.errors.ExpressionError` where an expression does not hold against today's facts.
    """
    return compile_set(engine_rules(pack), schema_of(pack), parameters_of(pack, at, assume))


def in_words(compiled_pack: CompiledPack) -> dict[str, Words]:
    """What each criterion asks, in the words of officials, by id; those without basis are left out."""
    phrases = Phrases(compiled_pack.checked.schema)
    given = {item.id for item in compiled_pack.pack.criteria if item.expression is not None}
    return {name: phrases.of(item.root) for name, item in compiled_pack.checked.by_id.items() if name in given}


def schema_of(pack: ResolvedPack | None) -> Schema:
    """The registered facts, and those that the pack collects or derives. Raises `SchemaError` where names clash."""
    schema = registry.schema()
    if pack is None or not (pack.items or pack.facts):
        return schema
    units: dict[str, dict[str, Fact]] = {unit: dict(facts) for unit, facts in schema.units.items()}
    for collected in pack.items:
        units.setdefault(collected.unit, {})[collected.id] = fact_of_item(collected, schema.code_lists)
    for item in pack.facts:
        units.setdefault(item.unit, {})[item.id] = _fact(item, schema)
    return Schema(units, schema.code_lists)


def parameters_of(
    pack: ResolvedPack, at: dt.date, assume: Mapping[str, ParameterValue] | None = None
) -> dict[str, ParameterSpec]:
    """The parameters as the engine wants them, by name."""
    lists = registry.schema().code_lists
    specs = {BASIS_MISSING.name: BASIS_MISSING}
    for item in pack.parameters:
        specs[item.id] = ParameterSpec(
            item.id,
            item.zh,
            item.en,
            type_of(item, lists),
            item.value_at(at),
            unit=item.unit_shown.zh if item.unit_shown else None,
            clause=_clause(item),
            unit_en=item.unit_shown.en if item.unit_shown else None,
            since=item.since_at(at),
        )
    for name, value in (assume or {}).items():
        specs[name] = replace(specs[name], value=value, since=None)  # assumed: no document gives it
    return specs


def parameter_in_words(pack: ResolvedPack, item: ResolvedParameter, at: dt.date) -> Words:
    """The value of a parameter on a day as explanations show it: 50,000.00元, 3%, 待补充依据."""
    value = item.value_at(at)
    if value is None:
        return NOT_GIVEN
    schema = schema_of(pack)
    measure = Words(item.unit_shown.zh, item.unit_shown.en) if item.unit_shown else None
    exact = Fraction(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value
    return value_words(exact, type_of(item, schema.code_lists), schema, measure)


def engine_criteria(pack: ResolvedPack) -> list[Criterion]:
    """The criteria as the engine wants them, in the order shown."""
    return [engine_criterion(item) for item in pack.criteria]


def engine_criterion(item: ResolvedCriterion) -> Criterion:
    """One criterion; without an expression it reads the parameter that nobody can set."""
    text = item.expression or f"param.{BASIS_MISSING.name}"
    return Criterion(item.id, item.unit, item.zh, item.en, text, _clause(item))


def engine_rules(pack: ResolvedPack) -> list[Criterion]:
    """The rules of quality as the engine wants them: a criterion is met where the rule finds no fault."""
    return [Criterion(item.id, item.unit, item.zh, item.en, item.expression, _clause(item)) for item in pack.quality]


def fact_of_item(item: ResolvedItem, code_lists: Mapping[str, CodeList]) -> Fact:
    """An item that a jurisdiction collects, as a fact like any other."""
    return Fact(
        item.id,
        item.zh,
        item.en,
        type_of(item, code_lists),
        unit=item.unit_shown.zh if item.unit_shown else None,
        unit_en=item.unit_shown.en if item.unit_shown else None,
        meaning_zh=item.meaning.zh if item.meaning else "",
        meaning_en=item.meaning.en if item.meaning else "",
        privacy=item.privacy.value,
        minimum=None if item.least is None else Decimal(item.least),
        maximum=None if item.most is None else Decimal(item.most),
        source=_clause(item),
    )


def _fact(item: ResolvedFact, schema: Schema) -> Fact:
    return Fact(
        item.id,
        item.zh,
        item.en,
        type_of(item, schema.code_lists),
        unit=item.unit_shown.zh if item.unit_shown else None,
        unit_en=item.unit_shown.en if item.unit_shown else None,
        formula=item.formula,
        source=_clause(item),
    )


def _clause(item: ResolvedParameter | ResolvedItem | ResolvedFact | ResolvedCriterion | ResolvedRule) -> str:
    return f"{item.clause.ref} {item.clause.text}"
