"""The income ledger of a household and year: entries, totals by account, and how they stand to the year's totals."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from lika.core.actors import Actor
from lika.core.areas import CODE_LENGTH
from lika.core.permissions import Permission
from lika.policy.choices import NATIONAL_ACCOUNTS
from lika.policy.record import Account, AccountBook, accounts_for
from lika.register.choices import TotalsFrom, YearState
from lika.register.models import Household, HouseholdYear, IncomeEntry, LedgerChoice, Membership
from lika.register.queries.scope import household_visible_to, seen_in_full

COST = "expense_operating"
_CENT = Decimal("0.01")
_ZERO = Decimal("0.00")


@dataclass(frozen=True)
class EntryView:
    """A line of the ledger. `account` None where no pack declares it any more; `state`: waiting, counts, withdrawn."""

    id: UUID
    account_id: str
    account: Account | None
    on: dt.date
    quantity: Decimal | None
    amount: Decimal
    document: UUID | None
    remark: str
    recorder: str
    recorded_at: dt.datetime
    checker: str
    withdrawn_by: str
    withdrawn_reason: str
    state: str
    may_confirm: bool
    may_withdraw: bool


@dataclass(frozen=True)
class AccountTotal:
    """An account with what the ledger holds under it and below it; `entered` is the year's own total of a national
    one, None where it is not known."""

    account: Account
    ledger: Decimal
    entered: Decimal | None
    compared: bool

    @property
    def difference(self) -> Decimal | None:
        """Ledger less what was entered; None where there is nothing to compare: one of them, or all of a ledger."""
        return self.ledger - self.entered if self.compared and self.entered is not None else None


@dataclass(frozen=True)
class Ledger:
    """The ledger of a household and year. Without `in_full` its reader sees that there is one and no amounts.

    `totals_from` is None while it is open: nothing was entered, or both are there, differ, and nobody has decided.
    `counted` leaves out what a document does not count toward the stable income of an exit. Amounts a head are worked
    out with the members of the year. `change` is the share by which income per head differs from last year's; it is
    `pointed_out` where a pack gives a share for it (`book.change_share`) and it is larger.
    """

    household: Household
    data_year: int
    period: tuple[dt.date, dt.date]
    year: HouseholdYear | None
    in_full: bool
    book: AccountBook
    entries: tuple[EntryView, ...]
    totals: tuple[AccountTotal, ...]
    waiting: int
    members: int
    net: Decimal
    counted: Decimal
    per_head: Decimal | None
    last_per_head: Decimal | None
    change: Decimal | None
    choice: LedgerChoice | None
    totals_from: TotalsFrom | None
    unsettled: bool
    may_add: bool
    may_settle: bool

    @property
    def is_locked(self) -> bool:
        """Whether the year is closed: then nothing is added, confirmed or withdrawn."""
        return self.year is not None and self.year.state == YearState.LOCKED

    @property
    def pointed_out(self) -> bool:
        """Whether the change against last year is larger than the share that a pack gives."""
        limit = self.book.change_share
        return limit is not None and self.change is not None and abs(self.change) > limit


def income_ledger(*, by: Actor, household: UUID, data_year: int) -> Ledger:
    """The ledger of a year. Raises ACC-001, REG-001. So many queries however many entries."""
    record = household_visible_to(by, household)
    year = HouseholdYear.objects.filter(household=record, data_year=data_year).first()
    village = year.village if year is not None else record.village
    period = (year.period_from, year.period_to) if year is not None else calendar_year(data_year)
    book = accounts_for(f"{village:0{CODE_LENGTH}d}", period[1])
    in_full = seen_in_full(by).holds(village=record.village, household=record.pk)
    rows = list(IncomeEntry.objects.filter(household=record, data_year=data_year).order_by("on", "recorded_at"))
    counting = [row for row in rows if row.checked_at is not None and row.withdrawn_at is None]
    choice = LedgerChoice.objects.filter(household=record, data_year=data_year).order_by("-decided_at").first()
    totals = _totals(book, counting, year)
    members = year.members if year is not None else Membership.objects.filter(household=record, left_on=None).count()
    net, counted = _net(counting), _net([row for row in counting if _counts(book, row.ledger_account)])
    source, unsettled = _source(year, rows, counting, choice)
    own = year.net_income if year is not None and year.net_income is not None else (net if counting else None)
    here, last = _a_head(own, members), _last(record, data_year)
    open_year = year is None or year.state != YearState.LOCKED
    changes_here = record.village in by.area_for(Permission.REGISTER_CHANGE) and open_year and in_full
    confirms = record.village in by.area_for(Permission.REGISTER_CONFIRM) and open_year and in_full
    entries = tuple(_entry(by, book, row, changes_here, confirms) for row in rows) if in_full else ()
    return Ledger(
        household=record,
        data_year=data_year,
        period=period,
        year=year,
        in_full=in_full,
        book=book,
        entries=entries,
        totals=totals if in_full else (),
        waiting=sum(row.checked_at is None and row.withdrawn_at is None for row in rows),
        members=members,
        net=net if in_full else _ZERO,
        counted=counted if in_full else _ZERO,
        per_head=here if in_full else None,
        last_per_head=last if in_full else None,
        change=_change(here, last) if in_full else None,
        choice=choice,
        totals_from=source,
        unsettled=unsettled,
        may_add=changes_here,
        may_settle=changes_here and bool(counting),
    )


def calendar_year(data_year: int) -> tuple[dt.date, dt.date]:
    """The period of a year that nothing was entered for yet."""
    return dt.date(data_year, 1, 1), dt.date(data_year, 12, 31)


def national_totals(entries: Iterable[IncomeEntry]) -> dict[str, Decimal]:
    """What entries add up to by national account; an account without entries is missing."""
    totals: dict[str, Decimal] = {}
    for row in entries:
        totals[row.national] = totals.get(row.national, _ZERO) + row.amount
    return totals


def unsettled_years(years: Sequence[HouseholdYear]) -> list[HouseholdYear]:
    """The years whose totals differ from their ledger, where nobody has decided. At most two queries."""
    entries: dict[tuple[UUID, int], list[IncomeEntry]] = {}
    for row in IncomeEntry.objects.filter(household__in={year.household_id for year in years}):
        entries.setdefault((row.household_id, row.data_year), []).append(row)
    if not entries:
        return []
    choices = LedgerChoice.objects.filter(household__in={household for household, _year in entries})
    last = {(choice.household_id, choice.data_year): choice for choice in choices.order_by("decided_at")}
    found = []
    for year in years:
        key = (year.household_id, year.data_year)
        rows = entries.get(key, [])
        counting = [row for row in rows if row.checked_at is not None and row.withdrawn_at is None]
        if _source(year, rows, counting, last.get(key))[1]:
            found.append(year)
    return found


def entries_to_confirm(*, by: Actor) -> tuple[int, tuple[UUID, int] | None]:
    """How many entries wait for the actor's word, and the household and year of the oldest. At most two queries."""
    waiting = IncomeEntry.objects.filter(
        by.area_for(Permission.REGISTER_CONFIRM).where(), checked_at=None, withdrawn_at=None
    ).exclude(recorder=by.name)
    count = waiting.count()
    return count, waiting.order_by("recorded_at").values_list("household_id", "data_year").first() if count else None


def _source(
    year: HouseholdYear | None, rows: list[IncomeEntry], counting: list[IncomeEntry], choice: LedgerChoice | None
) -> tuple[TotalsFrom | None, bool]:
    """Where the totals come from, and whether that is still to be decided."""
    entered = year is not None and any(getattr(year, name) is not None for name in NATIONAL_ACCOUNTS)
    if not counting:
        return (TotalsFrom.ENTERED if entered else None), False
    moved = max(max(filter(None, (row.checked_at, row.withdrawn_at))) for row in rows if row.checked_at is not None)
    held = choice is not None and choice.decided_at >= moved
    agrees = year is not None and _differences(year, counting) == {}
    if choice is not None and choice.totals_from == TotalsFrom.LEDGER and agrees:
        return TotalsFrom.LEDGER, False
    if choice is not None and held and choice.totals_from == TotalsFrom.ENTERED:
        return TotalsFrom.ENTERED, False
    return None, True


def _differences(year: HouseholdYear, counting: Iterable[IncomeEntry]) -> dict[str, Decimal | None]:
    totals = national_totals(counting)
    return {name: getattr(year, name) for name in NATIONAL_ACCOUNTS if getattr(year, name) != totals.get(name, _ZERO)}


def _totals(book: AccountBook, counting: Iterable[IncomeEntry], year: HouseholdYear | None) -> tuple[AccountTotal, ...]:
    """Every account that holds something or is national; what stands under an account counts for those above it."""
    sums: dict[str, Decimal] = {}
    for row in counting:
        here: str | None = row.ledger_account if row.ledger_account in book.accounts else row.national
        while here is not None:
            sums[here] = sums.get(here, _ZERO) + row.amount
            here = book.accounts[here].item.parent if here in book.accounts else None
    return tuple(
        AccountTotal(
            account,
            sums.get(name, _ZERO),
            None if year is None or account.depth else getattr(year, account.national),
            compared=bool(sums),
        )
        for name, account in book.accounts.items()
        if not account.depth or name in sums
    )


def _net(counting: Iterable[IncomeEntry]) -> Decimal:
    return sum((-row.amount if row.national == COST else row.amount for row in counting), _ZERO)


def _counts(book: AccountBook, account: str) -> bool:
    """Whether it counts toward the stable income of an exit: it does unless a document says that it does not."""
    return account not in book.accounts or book.accounts[account].counted is not False


def _a_head(net: Decimal | None, members: int) -> Decimal | None:
    return (net / members).quantize(_CENT, ROUND_HALF_UP) if net is not None and members else None


def _last(record: Household, data_year: int) -> Decimal | None:
    before = HouseholdYear.objects.filter(household=record, data_year=data_year - 1).first()
    return None if before is None else _a_head(before.net_income, before.members)


def _change(here: Decimal | None, last: Decimal | None) -> Decimal | None:
    return (here - last) / last if here is not None and last is not None and last > 0 else None


def _entry(by: Actor, book: AccountBook, row: IncomeEntry, changes: bool, confirms: bool) -> EntryView:
    state = "withdrawn" if row.withdrawn_at is not None else "counts" if row.checked_at is not None else "waiting"
    return EntryView(
        id=row.pk,
        account_id=row.ledger_account,
        account=book.accounts.get(row.ledger_account),
        on=row.on,
        quantity=row.quantity,
        amount=row.amount,
        document=row.document_id,
        remark=row.remark,
        recorder=row.recorder,
        recorded_at=row.recorded_at,
        checker=row.checker,
        withdrawn_by=row.withdrawn_by,
        withdrawn_reason=row.withdrawn_reason,
        state=state,
        may_confirm=state == "waiting" and confirms and row.recorder != by.name,
        may_withdraw=state != "withdrawn" and changes,
    )
