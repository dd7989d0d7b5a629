"""A pack clause by clause: the document's words, and what is done with each."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from lika.core.language import Said
from lika.engine.criteria import Checked
from lika.engine.errors import ExpressionError
from lika.engine.messages import Words
from lika.engine.typed import Derived, FactRead, walk
from lika.policy import resolve
from lika.policy.choices import Fate
from lika.policy.packs.resolved import ResolvedPack, ResolvedProcedure, ResolvedReport
from lika.policy.queries.calendar import DeadlineView, deadline_view
from lika.policy.queries.packs import CriterionView, ItemView, PackView, ParameterView
from lika.policy.words import said

T = TypeVar("T")


@dataclass(frozen=True)
class CriterionLine:
    """A criterion with what it asks in words (None where it asks nothing yet) and the facts that it reads."""

    item: CriterionView
    words: Said | None
    reads: tuple[Said, ...]


@dataclass(frozen=True)
class FactLine:
    """A fact that the pack derives from others."""

    id: str
    label: Said
    formula: str


@dataclass(frozen=True)
class StepLine:
    """A procedure, and which of its stages rest on a clause; none where the clause is that of the whole."""

    id: str
    label: Said
    stages: tuple[Said, ...]


@dataclass(frozen=True)
class ReportedLine:
    """A report, and which of its figures rest on a clause."""

    id: str
    label: Said
    figures: tuple[Said, ...]


@dataclass(frozen=True)
class ClauseLine:
    """A clause of the document and what came of it. `label` is None where the pack holds no words of its own for it.

    `note` says what is open where the clause is not carried.
    """

    ref: str
    label: Said | None
    text: str
    fate: Fate
    note: Said | None
    criteria: tuple[CriterionLine, ...]
    parameters: tuple[ParameterView, ...]
    items: tuple[ItemView, ...]
    facts: tuple[FactLine, ...]
    deadlines: tuple[DeadlineView, ...] = ()
    steps: tuple[StepLine, ...] = ()
    reports: tuple[ReportedLine, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether the document demands what the sources do not give: 待补充依据."""
        return self.fate is Fate.NOT_IN_SOURCES


@dataclass(frozen=True)
class ClausesRead:
    """The clauses in the document's order; `problem` says why an old version no longer fits this installation."""

    lines: tuple[ClauseLine, ...]
    problem: ExpressionError | None


def clause_lines(pack: ResolvedPack, view: PackView, *, at: dt.date) -> ClausesRead:
    """The clauses of a pack as they stand on a day. A clause that is only cited comes last, in the citation's words."""
    words: Mapping[str, Words] = {}
    checked: Mapping[str, Checked] = {}
    problem = None
    try:
        compiled = resolve.compiled(pack, at=at)
        words, checked = resolve.in_words(compiled), compiled.checked.by_id
    except ExpressionError as error:
        problem = error
    criteria = [(item.clause_ref, _criterion(item, words, checked)) for item in view.criteria]
    parameters = [(item.clause_ref, item) for item in view.parameters]
    items = [(item.clause_ref, item) for item in view.items]
    facts = [(item.clause.ref, FactLine(item.id, Said(item.zh, item.en), item.formula)) for item in pack.facts]
    deadlines = [(item.clause.ref, deadline_view(item)) for item in pack.calendar]
    steps = [(ref, step) for item in pack.procedures for ref, step in _steps(item)]
    reports = [(ref, report) for item in pack.reports for ref, report in _reported(item)]
    lines = [
        ClauseLine(
            ref=ref,
            label=label,
            text=text,
            fate=fate,
            note=note,
            criteria=_of(ref, criteria),
            parameters=_of(ref, parameters),
            items=_of(ref, items),
            facts=_of(ref, facts),
            deadlines=_of(ref, deadlines),
            steps=_of(ref, steps),
            reports=_of(ref, reports),
        )
        for ref, label, text, fate, note in _clauses(pack)
    ]
    return ClausesRead(tuple(lines), problem)


def _clauses(pack: ResolvedPack) -> list[tuple[str, Said | None, str, Fate, Said | None]]:
    known = [(one.ref, Said(one.zh, one.en), one.text, one.fate, said(one.note)) for one in pack.clauses]
    cited: dict[str, dict[str, None]] = {}
    for item in (*pack.parameters, *pack.items, *pack.facts, *pack.criteria, *pack.calendar):
        cited.setdefault(item.clause.ref, {})[item.clause.text] = None
    wholes: tuple[ResolvedProcedure | ResolvedReport, ...] = (*pack.procedures, *pack.reports)
    for whole in wholes:
        for clause in whole.clauses().values():
            cited.setdefault(clause.ref, {})[clause.text] = None
    there = {one.ref for one in pack.clauses}
    return known + [
        (ref, None, "……".join(texts), Fate.CARRIED, None) for ref, texts in cited.items() if ref not in there
    ]


def _of(ref: str, pairs: Iterable[tuple[str, T]]) -> tuple[T, ...]:
    return tuple(item for cited, item in pairs if cited == ref)


def _steps(item: ResolvedProcedure) -> list[tuple[str, StepLine]]:
    """A procedure under each clause that it cites, with the stages that cite it."""
    refs = dict.fromkeys(clause.ref for clause in item.clauses().values())
    label = Said(item.zh, item.en)
    return [
        (ref, StepLine(item.id, label, tuple(Said(one.zh, one.en) for one in item.stages if one.clause.ref == ref)))
        for ref in refs
    ]


def _reported(item: ResolvedReport) -> list[tuple[str, ReportedLine]]:
    """A report under each clause that it cites, with the figures that cite it."""
    refs = dict.fromkeys(clause.ref for clause in item.clauses().values())
    label, cited = Said(item.zh, item.en), {ref: [one for one in item.figures if one.clause.ref == ref] for ref in refs}
    return [(ref, ReportedLine(item.id, label, tuple(Said(one.zh, one.en) for one in cited[ref]))) for ref in refs]


def _criterion(item: CriterionView, words: Mapping[str, Words], checked: Mapping[str, Checked]) -> CriterionLine:
    in_words = words.get(item.id)
    reads = _reads(checked[item.id]) if in_words is not None else ()
    return CriterionLine(item, None if in_words is None else Said(in_words.zh, in_words.en), reads)


def _reads(checked: Checked) -> tuple[Said, ...]:
    """The labels of the facts that the expression itself names, each once; criteria that it names read their own."""
    named = [term for term in walk(checked.root) if isinstance(term, FactRead | Derived)]
    return tuple({term.fact.name: Said(term.fact.zh, term.fact.en) for term in named}.values())
