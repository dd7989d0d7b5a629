"""How the register is kept in a place on a day: what a change asks for, and the accounts of income and cost.

As with the rules of quality, the national library (`NATIONAL`) ships with Lika and holds from the first day, and where
two packs declare one kind of change or one account, that of the narrower area holds. Where no pack says anything of a
kind of change, a second person must check it.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from lika.core.language import Said
from lika.engine.schema import ParameterValue
from lika.policy.choices import NATIONAL_ACCOUNTS, Basis
from lika.policy.packs.record import national_of
from lika.policy.packs.resolved import ResolvedAccount, ResolvedChange, ResolvedPack, ResolvedParameter
from lika.policy.ruling import widest_first

NATIONAL = "cn/record"
# The share of last year's income per head above which a change is pointed out; without a value none is.
INCOME_CHANGE = "income_change_share"


@dataclass(frozen=True)
class ChangeRuling:
    """What a kind of change asks for; `item` is what the pack says, None where none says anything."""

    checked: bool
    evidence: bool
    item: ResolvedChange | None = None
    pack: str = ""


STRICT = ChangeRuling(checked=True, evidence=False)


@dataclass(frozen=True)
class Account:
    """An account as it holds: its national account, how deep it lies below that, and whether it counts toward exit.

    `counted` is None where no document says so.
    """

    item: ResolvedAccount
    national: str
    depth: int
    counted: bool | None

    @property
    def id(self) -> str:
        """Its id, under which entries are kept."""
        return self.item.id

    @property
    def title(self) -> Said:
        """What it is called."""
        return Said(self.item.zh, self.item.en)


@dataclass(frozen=True)
class AccountBook:
    """The accounts of a place and day by id, each below its parent, national ones in their order."""

    accounts: Mapping[str, Account]
    change_share: Decimal | None
    change_parameter: ResolvedParameter | None

    @property
    def is_demo(self) -> bool:
        """Whether the share of change was set for the demonstration."""
        return self.change_parameter is not None and self.change_parameter.basis is Basis.DEMO


def change_ruling(kind: str, division: str, at: dt.date) -> ChangeRuling:
    """What a kind of change asks for in a whole division on a day. What no pack says is asked strictly."""
    found = STRICT
    for pack in widest_first(NATIONAL, division, at):
        if any(removed.kind == "change" and removed.id == kind for removed in pack.removed):
            found = STRICT
        item = next((item for item in pack.changes if item.id == kind), None)
        if item is not None:
            found = ChangeRuling(item.checked, item.evidence, item, pack.reference)
    return found


def accounts_for(division: str, at: dt.date) -> AccountBook:
    """The accounts that income and cost are entered under in a whole division on a day."""
    items: dict[str, ResolvedAccount] = {}
    share: ResolvedParameter | None = None
    for pack in widest_first(NATIONAL, division, at):
        for removed in pack.removed:
            if removed.kind == "account":
                items.pop(removed.id, None)
        items |= {item.id: item for item in pack.accounts}
        share = _share_of(pack) or share
    value: ParameterValue = None if share is None else share.value_at(at)
    return AccountBook(dict(_tree(items)), value if isinstance(value, Decimal) else None, share)


def _share_of(pack: ResolvedPack) -> ResolvedParameter | None:
    return next((item for item in pack.parameters if item.id == INCOME_CHANGE), None)


def _tree(items: Mapping[str, ResolvedAccount]) -> "list[tuple[str, Account]]":
    """The accounts, each followed by those below it; what leads to no national account of this place is left out."""
    below: dict[str | None, list[ResolvedAccount]] = {}
    for item in items.values():
        below.setdefault(item.parent, []).append(item)
    found: list[tuple[str, Account]] = []

    def add(item: ResolvedAccount, national: str, depth: int, counted: bool | None) -> None:
        counts = counted if item.counted is None else item.counted
        found.append((item.id, Account(item, national, depth, counts)))
        for child in below.get(item.id, ()):
            add(child, national, depth + 1, counts)

    for name in NATIONAL_ACCOUNTS:
        if name in items and national_of(name, items) == name:
            add(items[name], name, 0, None)
    return found
