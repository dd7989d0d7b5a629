"""Why a household meets a criterion or not, arranged for the screen: by the pack's groups, with clause and values."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lika.console.queries.lines import compiled_of
from lika.console.queries.missing import Missing, missing_facts
from lika.console.queries.origins import origins_of
from lika.console.queries.verdicts import pack_title
from lika.core.actors import Actor
from lika.core.language import listed
from lika.engine.amounts import date_words
from lika.engine.explain import Explanation
from lika.engine.shown import ParameterShown
from lika.policy import queries as policy
from lika.policy.queries import CriterionView, PackView
from lika.register.queries import HouseholdView
from lika.snapshots import queries as snapshots
from lika.snapshots.choices import Result, UnitKind
from lika.snapshots.explanations import UnitExplained
from lika.snapshots.models import Screening
from lika.snapshots.queries import Explained
from lika.snapshots.queries.screenings import same_pack
from lika.snapshots.telling import RESULTS, Node, named, needs_node, node_of, origin_lines, said


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
    """Members by what was found of each; empty where the criterion looks at none."""

    met: str
    not_met: str
    unknown: str


@dataclass(frozen=True)
class Reason:
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
    reasons: Sequence[Reason]


@dataclass(frozen=True)
class Why:
    """What the current screening says of a household and why; `open` is what stands between it and the summary.

    `missing` is what is not recorded of that; empty for a reader who sees no personal data.
    """

    screening: Screening
    pack: PackView
    summary: Reason
    open: Sequence[Reason]
    groups: Sequence[Group]
    packs: Sequence[tuple[str, str]]
    missing: Sequence[Missing]


@dataclass(frozen=True)
class CurrentlyExplained:
    """A current screening of a household, explained; `packs` are all that it is currently screened by."""

    screening: Screening
    explained: UnitExplained
    packs: Mapping[str, str]


def current_of(by: Actor, household: HouseholdView, pack_id: str = "") -> CurrentlyExplained | None:
    """The current screening of the household by a pack, or by the one screened last, explained.

    None where it was not screened or may not be seen.
    """
    known = snapshots.verdicts_of(by, UnitKind.HOUSEHOLD, household.id, household.village)
    if not known:
        return None
    packs = {each.screening.pack_id: pack_title(each.screening) for each in known}
    found = next((each.screening for each in known if each.screening.pack_id == pack_id), known[0].screening)
    origins = origins_of(household, found.snapshot.data_year) if household.in_full else None
    explained = snapshots.explain_unit(
        by, found, UnitKind.HOUSEHOLD, household.id, near=household.village, origins=origins
    )
    return CurrentlyExplained(found, explained, packs)


def why(by: Actor, household: HouseholdView, pack_id: str = "") -> Why | None:
    """The current screening as `current_of`, arranged for the screen; None where there is none."""
    current = current_of(by, household, pack_id)
    if current is None:
        return None
    found, explained = current.screening, current.explained.criteria
    pack = _pack(found.pack, found.pack_sha256, found.snapshot.at)
    names = {str(member.id): member.name for member in household.members}
    reasons = {each.criterion.criterion: _reason(each, pack, names) for each in explained}
    summary = next((r for r in reasons.values() if r.item.summary), next(reversed(reasons.values())))
    open_ = list(_open(summary, reasons))
    unknown = {reason.id for reason in open_ if reason.result is Result.UNKNOWN}
    asked = [each for each in explained if each.criterion.criterion in unknown and household.in_full]
    missing = missing_facts(household, asked, compiled_of(found), found.snapshot.data_year) if asked else []
    return Why(found, pack, summary, open_, list(_groups(pack, reasons)), list(current.packs.items()), missing)


@lru_cache(maxsize=8)
def _pack(reference: str, sha256: str, at: dt.date) -> PackView:
    """The pack that a screening was run with, for showing; versions never change."""
    return policy.view(same_pack(reference, sha256), at=at)


def _groups(pack: PackView, reasons: Mapping[str, Reason]) -> Iterator[Group]:
    for group in pack.groups:
        inside = [reasons[item.id] for item in group.criteria if item.id in reasons and not item.summary]
        if inside:
            yield Group(str(group.label or ""), inside)


def _open(summary: Reason, reasons: Mapping[str, Reason]) -> Iterator[Reason]:
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


def _reason(each: Explained, pack: PackView, names: Mapping[str, str]) -> Reason:
    root = each.explanation
    item = pack.criterion(each.criterion.criterion)
    return Reason(
        id=item.id,
        title=str(item.label),
        result=RESULTS[root.answer if isinstance(root.answer, bool) else None],
        value=_value(root),
        words=named(said(root.words), names),
        reasons=[named(said(text), names) for text in root.reasons],
        parameters=[_parameter(shown, pack, item) for shown in _parameters(root)] if not item.missing else [],
        parts=[node_of(part, names, open_criteria=False) for part in root.parts],
        needs=needs_node(each.needs, names) if each.needs else None,
        origins=origin_lines(root),
        members=_members(root, names),
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
    for below in part.parts:
        if below.criterion is None:
            yield from _own(below)


def _parameter(shown: ParameterShown, pack: PackView, item: CriterionView) -> Parameter:
    demo = any(each.id == shown.name and each.demo for each in pack.parameters)
    own = f"{item.clause_ref} {item.clause_text}"  # stands below on the page
    since = said(date_words(shown.since)) if shown.since else ""
    return Parameter(
        said(shown.label), said(shown.value), shown.given, demo, since, "" if shown.clause == own else shown.clause
    )


def _members(root: Explanation, names: Mapping[str, str]) -> Members | None:
    rows = next((part.rows for part in _own(root) if part.rows is not None and part.rows.unit == "person"), None)
    if rows is None:
        return None
    return Members(*(listed([names.get(one, one) for one in ids]) for ids in (rows.met, rows.not_met, rows.unknown)))
