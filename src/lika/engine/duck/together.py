"""The verdicts of several units as SQL texts, so that what upper units gather of a lower one is worked out once.

A village's share of households is about households: with the household's own criteria it costs next to nothing,
in a query of its own all households and persons would be read and joined again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import ibis
from ibis.backends.sql import SQLBackend

from lika.engine.criteria import CheckedSet
from lika.engine.duck.frames import Frames, gathered_of
from lika.engine.duck.run import lowering_for, sql_of, verdict_table
from lika.engine.duck.sources import OWN_KEYS, Source
from lika.engine.schema import rank


@dataclass(frozen=True)
class Together:
    """SQL texts by unit. That of the lowest also gives the columns ``carried``: the others read them from one table."""

    texts: Mapping[str, str]
    carried: tuple[str, ...] = ()


def together(
    criteria: CheckedSet,
    units: Sequence[str],
    sources: Mapping[str, Source],
    backend: SQLBackend,
    *,
    kept: str,
    reference_date: date | None = None,
    along: Sequence[str] = (),
) -> Together:
    """The queries of ``units``, lowest first; those above it read ``carried`` of the lowest from the table ``kept``.

    ``along`` are columns of the lowest unit's own table that come along. Raises ``TableError`` as ``duck.run`` does.
    """
    base, *above = sorted(units, key=rank)
    lowering = lowering_for(sources)
    bodies = gathered_of(base, [cell for unit in above for cell in lowering.verdicts(criteria, unit).values()])
    frames = Frames(sources, reference_date)
    table = verdict_table(criteria, base, frames, lowering, along=along, carried=bodies)
    texts = {base: sql_of(backend, table)}
    if not above:
        return Together(texts)
    columns = [name for name in (*sources[base].keys(), *map(frames.name, bodies)) if name != OWN_KEYS.get(base)]
    there = ibis.table({name: table[name].type() for name in columns}, name=kept)
    upper = replace(
        frames,
        sources={**sources, base: Source(base, there)},
        worked={base: frozenset(map(id, bodies))},
    )
    texts |= {unit: sql_of(backend, verdict_table(criteria, unit, upper, lowering)) for unit in above}
    return Together(texts, tuple(columns))
