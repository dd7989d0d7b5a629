"""What patterns.yaml says, held against the searches that it names, the pack's parameters and the facts."""

from collections.abc import Iterator

from lika.engine.schema import Schema
from lika.policy.choices import PATTERN_ASKS, Pattern
from lika.policy.packs import faults
from lika.policy.packs.faults import Fault
from lika.policy.packs.folder import Item, PackFiles
from lika.policy.packs.form import PatternItem
from lika.policy.packs.resolved import ResolvedPack

_MONEY = "元"


def faults_of(files: PackFiles, pack: ResolvedPack, schema: Schema) -> Iterator[Fault]:
    """Patterns whose search lacks an answer, has one of another type, or compares what is no amount."""
    types = {parameter.id: parameter.type for parameter in pack.parameters}
    for item in files.patterns:
        looks_for = item.value.looks_for
        asked = {} if looks_for is None else PATTERN_ASKS.get(looks_for, {})
        if set(item.value.parameters) != set(asked):
            yield faults.search_unanswered(item.place(), item.value.id, asked)
            continue
        for name, parameter in item.value.parameters.items():
            if types.get(parameter) is not asked[name] and parameter not in files.broken:
                place = item.place("parameters", name)
                yield faults.search_answered_otherwise(place, parameter, asked[name].value)
        yield from _amount_faults(item, schema)


def _amount_faults(item: Item[PatternItem], schema: Schema) -> Iterator[Fault]:
    wanted = item.value.looks_for is Pattern.EQUAL_SHARES
    if wanted != bool(item.value.amounts):
        yield faults.search_unanswered(item.place(), item.value.id, ["amounts"] if wanted else [])
    for index, name in enumerate(item.value.amounts):
        fact = schema.fact("household", name)
        if fact is None or fact.unit != _MONEY:
            yield faults.amount_unknown(item.place("amounts", index), name, schema.nearest("household", name))
