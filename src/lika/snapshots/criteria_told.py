"""The criteria of a unit as pages tell them: by the pack's groups, with result, working, standards, clause and needs.

One model and one part of a template (`snapshots/why/criterion.html`) for households, divisions and cases.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lika.core.language import chosen, listed
from lika.engine.amounts import date_words, many
from lika.engine.explain import Explanation
from lika.engine.reasons import MOST_NAMED
from lika.engine.schema import unit_words
from lika.engine.shown import ParameterShown
from lika.policy import queries as policy
from lika.policy.queries import CriterionView, PackView
from lika.snapshots.choices import Result, UnitKind
from lika.snapshots.explanations import Explained, UnitExplained
from lika.snapshots.models import Screening
from lika.snapshots.queries.screenings import same_pack
from lika.snapshots.telling import RESULTS, Node, member_nodes, needs_node, node_of, origin_lines, said


@dataclass(frozen=True)
class Parameter:
    """A standard that was used; `given` is False where it awaits a source, `demo` True where it is invented.

    `since` is the day from which it holds, in words; `clause` that of the parameter where it is another than its
    criterion's; empty where there is none.
    """

    label: str
    value: str
    given: bool
    demo: bool
    since: str
    clause: str


@dataclass(frozen=True)
class Members:
    """Lower units by what was found of each; empty where the criterion looks at none."""

    met: str
    not_met: str
    unknown: str


@dataclass(frozen=True)
class CriterionTold:
    """A criterion with all that its answer rests on. `value` is the one value that decides, where there is one.

    `parts` are the steps of the working, in which other criteria are only named; `needs` is what would have to change.
    """

    id: str
    title: str
    result: Result
    value: str
    words: str
    reasons: Sequence[str]
    parameters: Sequence[Parameter]
    parts: Sequence[Node]
    needs: Node | None
    origins: Sequence[str]
    members: Members | None
    item: CriterionView
    document: str


@dataclass(frozen=True)
class Group:
    """Criteria under a heading of the pack."""

    title: str
    reasons: Sequence[CriterionTold]


@dataclass(frozen=True)
class UnitTold:
    """What a screening says of a unit and why; `open` is what stands between it and the summary."""

    screening: Screening
    pack: PackView
    criteria: Sequence[CriterionTold]
    summary: CriterionTold
    open: Sequence[CriterionTold]
    groups: Sequence[Group]


def unit_told(found: Screening, unit: UnitExplained) -> UnitTold:
    """All criteria about a unit that a screening judged. Raises POL-051 and SCR-006 where its pack is gone."""
    pack = _pack(found.pack, found.pack_sha256, found.snapshot.at)
    reasons = {each.criterion.criterion: _reason(each, pack, unit) for each in unit.criteria}
    summary = next((r for r in reasons.values() if r.item.summary), next(reversed(reasons.values())))
    open_ = list(_open(summary, reasons))
    return UnitTold(found, pack, list(reasons.values()), summary, open_, list(_groups(pack, reasons)))


@lru_cache(maxsize=8)
def _pack(reference: str, sha256: str, at: dt.date) -> PackView:
    """The pack that a screening was run with, for showing; versions never change."""
    return policy.view(same_pack(reference, sha256), at=at)


def _groups(pack: PackView, reasons: Mapping[str, CriterionTold]) -> Iterator[Group]:
    for group in pack.groups:
        inside = [reasons[item.id] for item in group.criteria if item.id in reasons and not item.summary]
        if inside:
            yield Group(str(group.label or ""), inside)


def _open(summary: CriterionTold, reasons: Mapping[str, CriterionTold]) -> Iterator[CriterionTold]:
    """The criteria that the summary names and that are not met, those that sum up others replaced by them."""
    for name in _named(summary.parts):
        reason = reasons.get(name)
        if reason is None or reason.result is Result.MET:
            continue
        below = list(_open(reason, reasons))
        yield from below or [reason]


def _named(parts: Iterable[Node]) -> Iterator[str]:
    for part in parts:
        if part.criterion:
            yield part.criterion
        else:
            yield from _named(part.children)


def _reason(each: Explained, pack: PackView, unit: UnitExplained) -> CriterionTold:
    root = each.explanation
    item = pack.criterion(each.criterion.criterion)
    return CriterionTold(
        id=item.id,
        title=str(item.label),
        result=RESULTS[root.answer if isinstance(root.answer, bool) else None],
        value=_value(root),
        words=said(root.words),
        reasons=[said(text) for text in root.reasons],
        parameters=[_parameter(shown, pack, item) for shown in _parameters(root)] if not item.missing else [],
        parts=[
            *(node_of(part, open_criteria=False) for part in root.parts),
            *member_nodes(root, open_criteria=False),
        ],
        needs=needs_node(each.needs) if each.needs else None,
        origins=origin_lines(root),
        members=_members(root, unit),
        item=item,
        document=said(each.clause.document),
    )


def _value(root: Explanation) -> str:
    """The value that decides: the only fact of a comparison, or the only number worked out for it."""
    if len(root.facts) == 1:
        return said(root.facts[0].value)
    numbers = [part for part in root.parts if not isinstance(part.answer, bool) and not part.criterion and part.rows]
    return said(numbers[0].value) if len(numbers) == 1 else ""


def _parameters(root: Explanation) -> Iterator[ParameterShown]:
    """The parameters read for this criterion itself, not those of criteria it names; each once."""
    seen = set()
    for part in _own(root):
        for shown in part.parameters:
            if shown.name not in seen:
                seen.add(shown.name)
                yield shown


def _own(part: Explanation) -> Iterator[Explanation]:
    yield part
    for below in (*part.parts, *part.members):
        if below.criterion is None:
            yield from _own(below)


def _parameter(shown: ParameterShown, pack: PackView, item: CriterionView) -> Parameter:
    demo = any(each.id == shown.name and each.demo for each in pack.parameters)
    own = f"{item.clause_ref} {item.clause_text}"  # stands below on the page
    since = said(date_words(shown.since)) if shown.since else ""
    return Parameter(
        said(shown.label), said(shown.value), shown.given, demo, since, "" if shown.clause == own else shown.clause
    )


def _members(root: Explanation, unit: UnitExplained) -> Members | None:
    """Members of a household, and what lies below a division: by name where they are few, else how many."""
    rows = next((part.rows for part in _own(root) if part.rows is not None), None)
    if rows is None or not (rows.met or rows.not_met or rows.unknown):
        return None
    words = unit_words(rows.unit)

    def told(ids: Sequence[str]) -> str:
        if len(ids) > MOST_NAMED and unit.unit != UnitKind.HOUSEHOLD:
            return chosen(f"共{len(ids)}{words.zh}", f"{len(ids)} {many(words.en)}")
        return listed(said(unit.names[one]) for one in ids)

    return Members(*(told(ids) for ids in (rows.met, rows.not_met, rows.unknown)))
