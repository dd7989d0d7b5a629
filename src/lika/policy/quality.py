"""The rules of quality that hold in a place on a day, and one unit held against them.

The national library (`NATIONAL`) ships with Lika and holds from the first day; a loaded version of it takes the place
of the shipped one. To it come the rules of the active packs that cover the whole place. Where two packs declare one
rule, that of the narrower area holds; what it removes does not hold there.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from lika.core import facts as registry
from lika.core.language import Said
from lika.engine import reference
from lika.engine.criteria import Checked, CheckedSet
from lika.engine.facts_json import Facts, FactsDocument, as_document
from lika.engine.schema import UNIT_NAMES, ParameterValue
from lika.policy import resolve
from lika.policy.choices import Dimension, Severity
from lika.policy.packs.resolved import ResolvedPack, ResolvedRule
from lika.policy.ruling import ever_loaded, widest_first

NATIONAL = "cn/quality"
# The parameter that says within how many days a fault is to be mended; without a value nobody is told a day.
DAYS_TO_FIX = "days_to_fix"


@dataclass(frozen=True)
class Rule:
    """A rule as it holds: what the pack says of it, its checked expression, and the pack (`id@version`)."""

    item: ResolvedRule
    checked: Checked
    pack: str

    @property
    def id(self) -> str:
        """Its code, the same wherever a fault is found."""
        return self.item.id

    @property
    def unit(self) -> str:
        """What it is about: person, household, village …"""
        return self.item.unit

    @property
    def title(self) -> Said:
        """What it is called."""
        return Said(self.item.zh, self.item.en)

    @property
    def message(self) -> Said:
        """What is wrong where it is broken."""
        return Said(self.item.message.zh, self.item.message.en)

    @property
    def remedy(self) -> Said:
        """What to do then."""
        return Said(self.item.remedy.zh, self.item.remedy.en)

    @property
    def severity(self) -> Severity:
        """Whether a fault blocks."""
        return self.item.severity

    @property
    def dimension(self) -> Dimension:
        """What is wanting."""
        return self.item.dimension

    @property
    def blocks(self) -> bool:
        """Whether nothing is saved that breaks it."""
        return self.item.severity is Severity.ERROR


@dataclass(frozen=True, eq=False)
class RuleBook:
    """The rules of a place and day. `packs` are the packs that they come from, with their hashes."""

    rules: Mapping[str, Rule]
    packs: tuple[tuple[str, str], ...]
    days_to_fix: int | None

    @cached_property
    def checked(self) -> CheckedSet:
        """All rules as a set that engines run."""
        return CheckedSet(registry.schema(), {}, tuple(rule.checked for rule in self.rules.values()))

    def of_unit(self, unit: str) -> tuple[Rule, ...]:
        """The rules about a unit."""
        return tuple(rule for rule in self.rules.values() if rule.unit == unit)

    def faults(self, unit: str, facts: Facts) -> tuple[Rule, ...]:
        """The rules that one unit, with the units below it, breaks. What is unknown breaks no rule.

        Raises `lika.engine.errors.FactsError` where the facts are not of the unit.
        """
        document = as_document(facts, registry.schema())
        return tuple(self._broken(self.of_unit(unit), document))

    @staticmethod
    def _broken(rules: tuple[Rule, ...], document: FactsDocument) -> Iterator[Rule]:
        for rule in rules:
            if reference.evaluate(rule.checked, document) is False:
                yield rule


def check(unit: str, facts: Facts, *, division: str, at: dt.date) -> tuple[Rule, ...]:
    """The rules of a place and day that a unit breaks, errors first: for the moment before it is saved."""
    broken = rules_for(division, at).faults(unit, facts)
    return tuple(sorted(broken, key=lambda rule: (not rule.blocks, rule.id)))


def rules_for(division: str, at: dt.date) -> RuleBook:
    """The rules that hold in a whole division on a day."""
    ruling = [pack for pack in widest_first(NATIONAL, division, at) if _brings(pack)]
    return _book(tuple(_Ruling(pack.sha256, pack) for pack in ruling), at)


def find(rule_id: str) -> ResolvedRule | None:
    """A rule by its id, for showing what was found by it: of an active pack, else of any that was ever loaded."""
    return next((found for pack in ever_loaded(NATIONAL) if (found := _rule_of(pack, rule_id)) is not None), None)


@dataclass(frozen=True)
class _Ruling:
    """A pack that rules somewhere, told from others by its hash."""

    sha256: str
    pack: ResolvedPack = field(compare=False)


@lru_cache(maxsize=32)
def _book(ruling: tuple[_Ruling, ...], at: dt.date) -> RuleBook:
    """The rules of packs from the widest to the narrowest."""
    rules: dict[str, Rule] = {}
    days: ParameterValue = None
    for pack in (each.pack for each in ruling):
        for removed in pack.removed:
            if removed.kind == "quality":
                rules.pop(removed.id, None)
        checked = resolve.compiled_rules(pack, at=at).by_id
        rules |= {item.id: Rule(item, checked[item.id], pack.reference) for item in pack.quality}
        days = next((item.value_at(at) for item in pack.parameters if item.id == DAYS_TO_FIX), days)
    ordered = sorted(rules.values(), key=lambda rule: UNIT_NAMES.index(rule.unit))
    packs = tuple((each.pack.reference, each.sha256) for each in ruling)
    return RuleBook({rule.id: rule for rule in ordered}, packs, days if isinstance(days, int) else None)


def _brings(pack: ResolvedPack) -> bool:
    """Whether a pack has a say in quality."""
    return bool(pack.quality) or any(removed.kind == "quality" for removed in pack.removed)


def _rule_of(pack: ResolvedPack, rule_id: str) -> ResolvedRule | None:
    return next((rule for rule in pack.quality if rule.id == rule_id), None)
