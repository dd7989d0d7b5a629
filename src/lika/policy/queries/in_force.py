"""One parameter by its name, as it holds in a place on a day, whichever pack says it."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lika.engine.schema import ParameterValue
from lika.policy.packs.resolved import ResolvedPack
from lika.policy.ruling import active_packs, ruling_in


@dataclass(frozen=True)
class InForce:
    """A value, the pack (`id@version`) that says it, and its clause."""

    value: ParameterValue
    pack: str
    clause_ref: str


def parameter_in_force(name: str, *, division: str, at: dt.date) -> InForce | None:
    """The value that an active pack gives in a whole division on a day; None where none does (待补充依据)."""
    return parameters_in_force((name,), division=division, at=at).get(name)


def parameters_in_force(
    names: Collection[str], *, division: str, at: dt.date, packs: Sequence[ResolvedPack] | None = None
) -> dict[str, InForce]:
    """The same of several, by name, without those that no pack gives. One query, or none where `packs` are given.

    Of two packs that of the narrower area holds.
    """
    found: dict[str, InForce] = {}
    for pack in ruling_in(division, at, active_packs() if packs is None else packs):  # the widest first: overwritten
        for item in pack.parameters:
            if item.id in names and (value := item.value_at(at)) is not None:
                found[item.id] = InForce(value, pack.reference, item.clause.ref)
    return found
