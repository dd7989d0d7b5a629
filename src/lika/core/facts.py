"""The fact registry: what may be asked about a unit, and where its columns come from.

Apps fill it in `AppConfig.ready()`; `policy` reads the schema, `snapshots` reads the providers, and
neither imports the app that declared them.

A provider is one SELECT. It yields the key column of its unit (`person_id`, `household_id`, or the
bigint code `village` / `county`) and one column per fact, named as the fact. It may use the
parameters

    %(at)s      the standard time point (date) of the year asked for
    %(year)s    the data year asked for
    %(low)s, %(high)s   the closed range of village codes in scope

A yearly provider is run once more for each lag its facts declare, with `at` and `year` moved back. It
should then ask for the units that ever stood in scope, for they may have stood elsewhere in that year.
A literal percent sign is written twice.
Exactly one provider of each unit is its spine: it decides which units exist, and also yields the
keys of the units above (person: household_id, village; household: village).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from lika.engine.schema import CodeList, Fact, Schema


@dataclass(frozen=True)
class Provider:
    """A SELECT that yields facts of one unit."""

    unit: str
    name: str
    facts: tuple[Fact, ...]
    sql: str
    yearly: bool = False
    spine: bool = False


_providers: list[Provider] = []
_formulas: dict[str, list[Fact]] = {}
_code_lists: dict[str, CodeList] = {}


def declare_code_lists(lists: Iterable[CodeList]) -> None:
    """Make code lists known; an id may be declared once."""
    for code_list in lists:
        if _code_lists.setdefault(code_list.id, code_list) is not code_list:
            raise ValueError(f"code list {code_list.id} is declared twice")


def declare(provider: Provider) -> None:
    """Make a provider and its facts known; a fact of a unit may be declared once."""
    _refuse_again(provider.unit, provider.facts)
    if provider.spine and any(known.spine and known.unit == provider.unit for known in _providers):
        raise ValueError(f"{provider.unit} has two spines")
    _providers.append(provider)


def declare_formulas(unit: str, facts: Iterable[Fact]) -> None:
    """Make derived facts known: they have a formula and no column."""
    derived = list(facts)
    _refuse_again(unit, derived)
    _formulas.setdefault(unit, []).extend(derived)


def _refuse_again(unit: str, facts: Iterable[Fact]) -> None:
    taken = {fact.name for known in _providers if known.unit == unit for fact in known.facts}
    taken |= {fact.name for fact in _formulas.get(unit, [])}
    again = taken & {fact.name for fact in facts}
    if again:
        raise ValueError(f"facts of {unit} declared twice: {sorted(again)}")


def providers(unit: str) -> tuple[Provider, ...]:
    """The providers of a unit, its spine first."""
    found = [provider for provider in _providers if provider.unit == unit]
    return tuple(sorted(found, key=lambda provider: not provider.spine))


def schema() -> Schema:
    """Everything that criteria may ask, as the engine wants it."""
    units: dict[str, dict[str, Fact]] = {}
    for provider in _providers:
        units.setdefault(provider.unit, {}).update({fact.name: fact for fact in provider.facts})
    for unit, facts in _formulas.items():
        units.setdefault(unit, {}).update({fact.name: fact for fact in facts})
    return Schema(units=units, code_lists=dict(_code_lists))
