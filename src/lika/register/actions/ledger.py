"""Writing the income ledger: an entry, a second person's word, a withdrawal, and what the year's totals come from."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lika.core import audit
from lika.core.actors import Actor
from lika.core.areas import CODE_LENGTH
from lika.core.errors import NotFound, UserError
from lika.core.permissions import Permission
from lika.policy.choices import NATIONAL_ACCOUNTS
from lika.policy.record import accounts_for
from lika.register.actions.common import (
    LONGEST_REASON,
    change_of,
    locked_household,
    reason_of,
    refuse_future,
    text_refused,
    year_locked,
)
from lika.register.actions.years import Period, record_household_year
from lika.register.choices import DocumentOwner, TotalsFrom, YearState
from lika.register.models import Document, Household, HouseholdYear, IncomeEntry, LedgerChoice
from lika.register.queries.documents import document_in_sight, home_of, no_such_document
from lika.register.queries.ledger import calendar_year, national_totals
from lika.register.queries.scope import scope_of

_MOST = Decimal(10) ** 12


@dataclass(frozen=True)
class Entry:
    """What is entered: an account of the packs, a day, an amount in yuan; the quantity, paper and remark if any."""

    account: str
    on: dt.date
    amount: Decimal
    quantity: Decimal | None = None
    document: UUID | None = None
    remark: str = ""


@transaction.atomic
def add_entry(*, by: Actor, household: UUID, data_year: int, entry: Entry) -> IncomeEntry:
    """Enter an amount. It counts once somebody else confirms it.

    Raises ACC-001, ACC-002, REG-001, REG-019, REG-029, REG-030 (locked), INC-001 (no such account here), INC-002 (not
    in the period), INC-003 (no sound amount), DOC-009 (no such document of the household).
    """
    record = locked_household(by, Permission.REGISTER_CHANGE, household)
    year = _open_year(record, data_year)
    first, last = (year.period_from, year.period_to) if year is not None else calendar_year(data_year)
    village = year.village if year is not None else record.village
    account = accounts_for(f"{village:0{CODE_LENGTH}d}", last).accounts.get(entry.account)
    if account is None:
        raise UserError(
            "INC-001",
            _("There is no such account here."),
            remedy=_("Choose one from the list."),
            field="account",
        )
    refuse_future(entry.on, "on")
    if not first <= entry.on <= last:
        raise UserError(
            "INC-002",
            _("The day lies outside the reference period of the year."),
            remedy=_("Correct the day, or enter it in the ledger of its year."),
            field="on",
            year=data_year,
        )
    _refuse_amounts(entry)
    if len(entry.remark) > LONGEST_REASON:
        raise text_refused("remark", LONGEST_REASON)
    if entry.document is not None:
        _refuse_foreign(by, record, entry.document)
    made = IncomeEntry(
        household=record,
        data_year=data_year,
        village=record.village,
        ledger_account=account.id,
        national=account.national,
        on=entry.on,
        quantity=entry.quantity,
        amount=entry.amount,
        document_id=entry.document,
        remark=entry.remark.strip(),
        recorder=by.name,
    )
    made.save(force_insert=True)
    _note(by, "income.entered", record, made)
    return made


@transaction.atomic
def confirm_entry(*, by: Actor, entry: UUID) -> IncomeEntry:
    """A second person finds an entry right; it counts from then on.

    Raises ACC-001, ACC-002, REG-030, INC-004 (no such entry), INC-005 (entered by the actor), INC-006 (not waiting).
    """
    by.require(Permission.REGISTER_CONFIRM)
    found, record = _locked_entry(by, Permission.REGISTER_CONFIRM, entry)
    if found.checked_at is not None:
        raise _not_waiting()
    if found.recorder == by.name:
        raise UserError("INC-005", _("You made this entry yourself."), remedy=_("Have a second person confirm it."))
    found.checker, found.checked_at = by.name, timezone.now()
    found.save(update_fields=["checker", "checked_at"])
    _note(by, "income.confirmed", record, found)
    return found


@transaction.atomic
def withdraw_entry(*, by: Actor, entry: UUID, reason: str) -> IncomeEntry:
    """A wrong entry counts no more; it stays, with the reason. Raises as `confirm_entry`, REG-060 (no reason)."""
    by.require(Permission.REGISTER_CHANGE)
    found, record = _locked_entry(by, Permission.REGISTER_CHANGE, entry)
    text = reason_of(reason)
    found.withdrawn_by, found.withdrawn_at, found.withdrawn_reason = by.name, timezone.now(), text
    found.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_reason"])
    _note(by, "income.withdrawn", record, found, text)
    return found


@transaction.atomic
def settle_totals(*, by: Actor, household: UUID, data_year: int, totals_from: TotalsFrom, reason: str) -> LedgerChoice:
    """Decide what a year's totals come from: the ledger, whose sums are then written, or what was entered whole.

    Whoever wrote totals does not confirm the year. Raises ACC-001, ACC-002, REG-001, REG-030, REG-060 (no reason for
    leaving the ledger aside), INC-007 (entries wait to be confirmed), INC-009 (nothing to decide), REG-080.
    """
    record = locked_household(by, Permission.REGISTER_CHANGE, household)
    year = _open_year(record, data_year)
    rows = IncomeEntry.objects.filter(household=record, data_year=data_year, withdrawn_at=None)
    counting = [row for row in rows if row.checked_at is not None]
    if not counting or (year is None and totals_from == TotalsFrom.ENTERED):
        raise UserError(
            "INC-009",
            _("There is nothing to decide."),
            remedy=_("Enter and confirm income first, or the year's totals."),
        )
    if totals_from == TotalsFrom.LEDGER and len(counting) != len(rows):
        raise UserError(
            "INC-007",
            _("Entries of this year still wait to be confirmed."),
            remedy=_("Have a second person confirm them, or withdraw them."),
        )
    text = reason_of(reason, needed=totals_from == TotalsFrom.ENTERED)
    if totals_from == TotalsFrom.LEDGER:
        sums = national_totals(counting)
        first, last = (year.period_from, year.period_to) if year is not None else calendar_year(data_year)
        values = {name: sums.get(name, Decimal("0.00")) for name in NATIONAL_ACCOUNTS}
        record_household_year(
            by=by, household=record.id, period=Period(data_year, first, last), values=values, reason=text
        )
    made = LedgerChoice(
        household=record, data_year=data_year, village=record.village, totals_from=totals_from, reason=text,
        decided_by=by.name, decided_at=timezone.now(),
    )  # fmt: skip
    made.save(force_insert=True)
    new = {"year": data_year, "totals_from": totals_from}
    audit.record(by=by, action="income.settled", change=change_of(record, new=new), reason=text)
    return made


def _refuse_amounts(entry: Entry) -> None:
    for field, value in (("amount", entry.amount), ("quantity", entry.quantity)):
        if value is None:
            continue
        if not value.is_finite() or not 0 < value < _MOST or value != round(value, 2):
            raise UserError(
                "INC-003",
                _("The number must be above zero, with at most two places."),
                remedy=_("Enter what was received or paid; a cost too is above zero."),
                field=field,
            )


def _refuse_foreign(by: Actor, record: Household, document: UUID) -> None:
    """A paper of another household, or one that counts no more, is no evidence."""
    found: Document = document_in_sight(by, document)
    counts = found.withdrawn_at is None and found.replaced_by_id is None
    owned = found.owner_kind in (DocumentOwner.HOUSEHOLD, DocumentOwner.PERSON)
    if not counts or not owned or home_of(found)[0] != record.id:
        raise no_such_document()


def _open_year(record: Household, data_year: int) -> HouseholdYear | None:
    year = HouseholdYear.objects.filter(household=record, data_year=data_year).first()
    if year is not None and year.state == YearState.LOCKED:
        raise year_locked(year=data_year)
    return year


def _locked_entry(by: Actor, permission: Permission, entry: UUID) -> tuple[IncomeEntry, Household]:
    """The entry and its household, locked, where it is not withdrawn and its year not closed."""
    row = IncomeEntry.objects.filter(pk=entry).first()
    home = None if row is None else Household.objects.filter(scope_of(by).where(), pk=row.household_id).first()
    if row is None or home is None:
        raise NotFound(
            "INC-004", _("There is no such entry in your area."), remedy=_("Look at the household's income ledger.")
        )
    record = locked_household(by, permission, home.pk)
    _open_year(record, row.data_year)
    found = IncomeEntry.objects.select_for_update(of=("self",)).get(pk=entry)
    if found.withdrawn_at is not None:
        raise _not_waiting()
    return found, record


def _not_waiting() -> UserError:
    return UserError(
        "INC-006",
        _("The entry does not wait for this step."),
        remedy=_("Look at its state in the ledger."),
    )


def _note(by: Actor, action: str, record: Household, entry: IncomeEntry, reason: str = "") -> None:
    new = {
        "entry": entry.id, "year": entry.data_year, "account": entry.ledger_account, "on": entry.on,
        "amount": entry.amount,
        "document": entry.document_id,
    }  # fmt: skip
    audit.record(by=by, action=action, change=change_of(record, new=new), reason=reason)
