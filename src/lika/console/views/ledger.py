"""The income ledger of a household and year: entries, totals, and what is decided about them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor
from lika.console.document_forms import WithdrawForm
from lika.console.ledger_forms import EntryForm, SettleForm
from lika.console.queries.focus import way_to
from lika.console.queries.lines import IncomeLine, income_line
from lika.console.queries.why import why
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.register import queries as register
from lika.register.actions import ledger as actions
from lika.register.choices import TotalsFrom
from lika.register.queries import EntryView, HouseholdView, Ledger


@dataclass(frozen=True)
class Line:
    """An entry with the form that withdraws it and the address of its paper."""

    entry: EntryView
    withdraw_form: WithdrawForm


@requires(Permission.REGISTER_VIEW)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def household_income(request: HttpRequest, pk: UUID, year: int) -> HttpResponse:
    """The ledger of a year, and making an entry. Raises REG-001, and ACC-001 to whoever may not enter anything."""
    who = actor(request)
    found = register.income_ledger(by=who, household=pk, data_year=year)
    form = _entry_form(who, found, request)
    if request.method == "POST":
        who.require(Permission.REGISTER_CHANGE, village=found.household.village)
        if form.is_valid() and form.accepts(
            lambda: actions.add_entry(by=who, household=pk, data_year=year, entry=form.entry())
        ):
            messages.success(request, _("Entered: it counts once somebody else confirms it."))
            return redirect("console:household-income", pk, year)
    return _page(request, found, entry_form=form)


@requires(Permission.REGISTER_CONFIRM)
@require_POST
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A second person finds an entry right. Raises INC-004, INC-005, INC-006."""
    entry = actions.confirm_entry(by=actor(request), entry=pk)
    messages.success(request, _("The entry is confirmed."))
    return redirect("console:household-income", entry.household_id, entry.data_year)


@requires(Permission.REGISTER_CHANGE)
@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A wrong entry counts no more. Raises INC-004, INC-006, REG-060."""
    form = WithdrawForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    entry = actions.withdraw_entry(by=actor(request), entry=pk, reason=reason)
    messages.success(request, _("The entry is withdrawn."))
    return redirect("console:household-income", entry.household_id, entry.data_year)


@requires(Permission.REGISTER_CHANGE)
@require_POST
def settle(request: HttpRequest, pk: UUID, year: int) -> HttpResponse:
    """Decide what the year's totals come from; what can be mended is told in the form."""
    who, form = actor(request), SettleForm(request.POST)
    found = register.income_ledger(by=who, household=pk, data_year=year)
    if form.is_valid():
        source, reason = TotalsFrom(form.cleaned_data["totals_from"]), form.cleaned_data["reason"]
        if form.accepts(
            lambda: actions.settle_totals(by=who, household=pk, data_year=year, totals_from=source, reason=reason)
        ):
            messages.success(request, _("The totals of the year are settled."))
            return redirect("console:household-income", pk, year)
    return _page(request, found, settle_form=form)


def _page(request: HttpRequest, found: Ledger, **given: Any) -> HttpResponse:
    who = actor(request)
    household = register.household_detail(by=who, household=found.household.pk)
    lines = [Line(entry, WithdrawForm(auto_id=f"e{entry.id.hex[-8:]}-%s")) for entry in found.entries]
    forms = {"entry_form": _entry_form(who, found, None), "settle_form": SettleForm()} | given
    status = 422 if any(form.errors for form in given.values()) else 200
    context = {
        "ledger": found,
        "household": household,
        "path": way_to(who, str(household.village)),
        "lines": lines,
        "line": _line(who, household, found),
        "years": sorted({each.data_year for each in household.years} | {found.data_year}, reverse=True),
        "may_see_papers": bool(found.in_full),
        **forms,
    }
    return render(request, "console/household_income.html", context, status=status)


def _entry_form(who: UserActor, found: Ledger, request: HttpRequest | None) -> EntryForm:
    given = (request.POST,) if request is not None and request.method == "POST" else ()
    papers = register.household_documents(by=who, household=found.household.pk) if found.may_add else ()
    return EntryForm(*given, accounts=found.book.accounts.values(), papers=papers)


def _line(who: UserActor, household: HouseholdView, found: Ledger) -> IncomeLine | None:
    """The line of the year, by the pack that judges this household; none where nothing judges it yet."""
    if not found.in_full:
        return None
    try:
        reasons = why(who, household, "")
    except UserError:  # a snapshot that is missing keeps nobody from the ledger
        return None
    return income_line(reasons.screening, [(found.data_year, found.period[1])]) if reasons else None
