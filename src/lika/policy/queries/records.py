"""How a pack has the register kept: what each kind of change asks for, and the accounts of income and cost."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lika.core import facts
from lika.core.language import Said
from lika.policy.choices import Basis
from lika.policy.packs.resolved import ResolvedAccount, ResolvedPack
from lika.policy.queries.basis import Based
from lika.policy.words import said


@dataclass(frozen=True)
class ChangeLine(Based):
    """A kind of change: whether a second person checks it, whether it needs evidence, and by which clause."""

    id: str
    label: Said
    checked: bool
    evidence: bool
    basis: Basis
    note: Said | None
    clause_ref: str
    clause_text: str
    origin: str


@dataclass(frozen=True)
class AccountLine:
    """An account, those above it from the uppermost on, and whether it counts toward exit (None: as those above)."""

    id: str
    label: Said
    above: tuple[Said, ...]
    counted: bool | None
    note: Said | None
    clause_ref: str
    clause_text: str
    origin: str


def change_lines(pack: ResolvedPack) -> tuple[ChangeLine, ...]:
    """The kinds of change of a pack, in its order."""
    return tuple(
        ChangeLine(
            id=item.id,
            label=Said(item.zh, item.en),
            checked=item.checked,
            evidence=item.evidence,
            basis=item.basis,
            note=said(item.note),
            clause_ref=item.clause.ref,
            clause_text=item.clause.text,
            origin=item.origin,
        )
        for item in pack.changes
    )


def account_lines(pack: ResolvedPack) -> tuple[AccountLine, ...]:
    """The accounts of a pack, in its order."""
    known = {item.id: item for item in pack.accounts}
    return tuple(
        AccountLine(
            id=item.id,
            label=Said(item.zh, item.en),
            above=tuple(reversed(list(_above(item, known)))),
            counted=item.counted,
            note=said(item.note),
            clause_ref=item.clause.ref,
            clause_text=item.clause.text,
            origin=item.origin,
        )
        for item in pack.accounts
    )


def _above(item: ResolvedAccount, known: Mapping[str, ResolvedAccount]) -> Iterator[Said]:
    """The accounts above one; a national one, which another pack holds, by the fact of its name."""
    while item.parent is not None:
        parent = known.get(item.parent)
        if parent is None:
            fact = facts.schema().units["household"][item.parent]
            yield Said(fact.zh, fact.en)
            return
        yield Said(parent.zh, parent.en)
        item = parent
