"""The dates of the work calendar (工作日程): as packs give them, and as days of a data year in a place."""

import datetime as dt
from dataclasses import dataclass

from lika.core.language import Said
from lika.policy.choices import Basis, CalendarTask
from lika.policy.packs.form import Due
from lika.policy.packs.resolved import ResolvedDeadline, ResolvedPack
from lika.policy.queries.basis import Based
from lika.policy.ruling import active_packs, ruling_in
from lika.policy.words import said

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True)
class DeadlineView(Based):
    """A date of the calendar for screens; `shown` is the day in words, None where no basis gives it."""

    id: str
    label: Said
    task: CalendarTask
    shown: Said | None
    basis: Basis
    note: Said | None

    @property
    def missing(self) -> bool:
        return self.shown is None


@dataclass(frozen=True)
class DueDay:
    """A date of the calendar in a data year, with the clause that sets it; `day` None: 待补充依据."""

    id: str
    label: Said
    task: CalendarTask
    day: dt.date | None
    clause_ref: str
    clause_text: str
    pack: str


def deadline_view(item: ResolvedDeadline) -> DeadlineView:
    """A date of the calendar as a pack gives it."""
    shown = None if item.due is None else _words(item.due)
    return DeadlineView(item.id, Said(item.zh, item.en), item.task, shown, item.basis, said(item.note))


def deadlines_for(division: str, data_year: int) -> tuple[DueDay, ...]:
    """What the active packs that rule in a whole division at the end of a data year say is due of it, by day.

    Where two packs give one date, that of the narrower area holds; what it removes does not hold there.
    """
    found: dict[str, DueDay] = {}
    for pack in ruling_in(division, dt.date(data_year, 12, 31), active_packs()):
        for removed in pack.removed:
            if removed.kind == "deadline":
                found.pop(removed.id, None)
        found |= {item.id: _due(pack, item, data_year) for item in pack.calendar}
    return tuple(sorted(found.values(), key=lambda due: (due.day is None, due.day or dt.date.min, due.id)))


def _due(pack: ResolvedPack, item: ResolvedDeadline, data_year: int) -> DueDay:
    return DueDay(
        item.id,
        Said(item.zh, item.en),
        item.task,
        item.day_in(data_year),
        item.clause.ref,
        item.clause.text,
        pack.reference,
    )


def _words(due: Due) -> Said:
    """次年1月底前 / by the end of January of the year that follows."""
    month = _MONTHS[due.month - 1]
    zh = f"{'次年' if due.years else '当年'}{due.month}月{f'{due.day}日' if due.day else '底'}前"
    day = f"by {due.day} {month}" if due.day else f"by the end of {month}"
    return Said(zh, f"{day} of the {'following' if due.years else 'same'} year")
