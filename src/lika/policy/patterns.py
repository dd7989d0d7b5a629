"""What is looked for across households in a place on a day: duplicates and evasion, as the packs declare it.

As with the rules of quality, the national library (`NATIONAL`) ships with Lika and holds from the first day, and where
two packs declare one pattern or parameter, that of the narrower area holds. A search whose numbers no document gives
(待补充依据) is not run: nobody is suspected by a number that nobody laid down.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from lika.core.language import Said
from lika.engine.schema import ParameterValue
from lika.policy.choices import Basis, Pattern
from lika.policy.packs.resolved import ResolvedPack, ResolvedParameter, ResolvedPattern
from lika.policy.ruling import ever_loaded, widest_first

NATIONAL = "cn/leads"


@dataclass(frozen=True)
class Answer:
    """The parameter that answers what a search asks; `value` None where the document gives none."""

    parameter: ResolvedParameter
    value: ParameterValue

    @property
    def is_demo(self) -> bool:
        """Whether the value was set for the demonstration."""
        return self.parameter.basis is Basis.DEMO


@dataclass(frozen=True)
class Sought:
    """A pattern as it holds: what the pack says of it, and the answers to what its search asks, by name."""

    item: ResolvedPattern
    answers: Mapping[str, Answer]

    @property
    def id(self) -> str:
        """Its id, the same wherever a lead is found."""
        return self.item.id

    @property
    def title(self) -> Said:
        """What it is called."""
        return Said(self.item.zh, self.item.en)

    @property
    def looks_for(self) -> Pattern | None:
        """The search; None where the register holds nothing that could show it."""
        return self.item.looks_for

    @property
    def lacking(self) -> tuple[Said, ...]:
        """The parameters that stand open: while there are any, the search is not run."""
        return tuple(
            Said(answer.parameter.zh, answer.parameter.en) for answer in self.answers.values() if answer.value is None
        )

    @property
    def runs(self) -> bool:
        """Whether it can be looked for."""
        return self.looks_for is not None and not self.lacking

    def values(self) -> dict[str, ParameterValue]:
        """What the search asks, answered."""
        return {name: answer.value for name, answer in self.answers.items()}


@dataclass(frozen=True)
class PatternBook:
    """The patterns of a place and day, by id. `packs` are the packs that they come from, with their hashes."""

    patterns: Mapping[str, Sought]
    packs: tuple[tuple[str, str], ...]

    def running(self) -> tuple[Sought, ...]:
        """Those that can be looked for."""
        return tuple(sought for sought in self.patterns.values() if sought.runs)


def patterns_for(division: str, at: dt.date) -> PatternBook:
    """The patterns that hold in a whole division on a day."""
    ruling = [pack for pack in widest_first(NATIONAL, division, at) if _brings(pack)]
    items: dict[str, ResolvedPattern] = {}
    parameters: dict[str, ResolvedParameter] = {}
    for pack in ruling:
        for removed in pack.removed:
            if removed.kind == "pattern":
                items.pop(removed.id, None)
        items |= {item.id: item for item in pack.patterns}
        parameters |= {item.id: item for item in pack.parameters}
    found = {
        item.id: Sought(
            item,
            {
                name: Answer(parameters[parameter], parameters[parameter].value_at(at))
                for name, parameter in item.parameters.items()
            },
        )
        for item in items.values()
    }
    return PatternBook(found, tuple((pack.reference, pack.sha256) for pack in ruling))


def find(pattern_id: str) -> ResolvedPattern | None:
    """A pattern by its id, for showing what was found by it: of an active pack, else of any that was ever loaded."""
    found = (item for pack in ever_loaded(NATIONAL) for item in pack.patterns if item.id == pattern_id)
    return next(found, None)


def _brings(pack: ResolvedPack) -> bool:
    """Whether a pack has a say in what is looked for."""
    return bool(pack.patterns) or any(removed.kind == "pattern" for removed in pack.removed)
