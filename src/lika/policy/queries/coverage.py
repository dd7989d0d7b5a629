"""Which verdicts of each criterion the golden cases show, and how many of them stand exactly on a line."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from lika.core.language import Said
from lika.engine.facts_json import read_facts
from lika.policy import resolve
from lika.policy.choices import Verdict
from lika.policy.packs.boundaries import on_a_line
from lika.policy.packs.resolved import ResolvedCase, ResolvedCriterion, ResolvedPack, from_text
from lika.policy.queries.packs import stored
from lika.policy.resolve import CompiledPack


@dataclass(frozen=True)
class Coverage:
    """The golden cases of one criterion. `lacking` are verdicts that it can give and that no case shows."""

    id: str
    label: Said
    met: int
    not_met: int
    unknown: int
    on_line: int
    lacking: tuple[Verdict, ...]

    @property
    def cases(self) -> int:
        """All cases that expect something of it."""
        return self.met + self.not_met + self.unknown


def coverage_of(pack: ResolvedPack) -> tuple[Coverage, ...]:
    """The coverage of every criterion, in the pack's order.

    The cases of a pack that this one extends count for the criteria taken over from it. A pack never changes: it is
    worked out once per process.
    """
    key = (pack.reference, pack.sha256)
    if key not in _KNOWN:
        if len(_KNOWN) >= _MOST:
            _KNOWN.clear()
        _KNOWN[key] = tuple(_coverages(pack))
    return _KNOWN[key]


_KNOWN: dict[tuple[str, str], tuple[Coverage, ...]] = {}
_MOST = 32


def _coverages(pack: ResolvedPack) -> Iterator[Coverage]:
    seen: dict[str, Counter[str]] = {}
    for origin in _line(pack):
        compiled = _compiled_once(origin)
        for case in origin.cases:
            for name, verdict, on_line in _shown(compiled(case), case):
                item = pack.criterion(name)
                if item is not None and (origin is pack or item.origin == origin.reference):
                    seen.setdefault(name, Counter()).update([verdict, *(["on_line"] if on_line else [])])
    for item in pack.criteria:
        counts = seen.get(item.id, Counter())
        yield Coverage(
            id=item.id,
            label=Said(item.zh, item.en),
            met=counts[Verdict.MET],
            not_met=counts[Verdict.NOT_MET],
            unknown=counts[Verdict.UNKNOWN],
            on_line=counts["on_line"],
            lacking=tuple(verdict for verdict in _possible(item) if not counts[verdict]),
        )


def _line(pack: ResolvedPack) -> Iterator[ResolvedPack]:
    """The pack, and those that it extends as far as they are loaded."""
    found: ResolvedPack | None = pack
    while found is not None:
        yield found
        found = stored(found.base) if found.base else None


def _possible(item: ResolvedCriterion) -> Iterable[Verdict]:
    wanted: Iterable[Verdict] = Verdict if item.expression is not None else (Verdict.UNKNOWN,)
    return [verdict for verdict in wanted if verdict not in item.never]


def _compiled_once(pack: ResolvedPack) -> Callable[[ResolvedCase], CompiledPack]:
    """The pack as a case wants it; cases of one day with the same assumptions share it."""
    types = {item.id: item.type for item in pack.parameters}
    known: dict[tuple[dt.date, tuple[tuple[str, str], ...]], CompiledPack] = {}

    def compiled(case: ResolvedCase) -> CompiledPack:
        key = (case.at, tuple(sorted(case.assume.items())))
        if key not in known:
            assume = {name: from_text(types[name], text) for name, text in case.assume.items()}
            known[key] = resolve.compiled(pack, at=case.at, assume=assume)
        return known[key]

    return compiled


def _shown(compiled: CompiledPack, case: ResolvedCase) -> Iterator[tuple[str, str, bool]]:
    document = read_facts({**case.facts, "reference_date": case.at}, compiled.checked.schema)
    for name, verdict in case.expect.items():
        yield name, verdict, on_a_line(compiled.checked.by_id[name], document)
