"""The forms of the income ledger: an entry, its withdrawal, and what a year's totals come from."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lika.console.facts import code_label
from lika.core.forms import ActionForm, DayField
from lika.policy.record import Account
from lika.register.actions.common import LONGEST_REASON
from lika.register.actions.ledger import Entry
from lika.register.choices import TotalsFrom
from lika.register.choices.lists import DOCUMENT_KIND
from lika.register.queries import DocumentView

_DEEPER = "\u3000"  # a full-width space: a list of options keeps it


class EntryForm(ActionForm):
    """What was earned or spent, when, under which account, and which paper shows it."""

    account = forms.ChoiceField(label=_("Account of income or cost"))
    on = DayField(label=_("Received or paid on"))
    amount = forms.DecimalField(label=_("Amount"), max_digits=14, decimal_places=2)
    quantity = forms.DecimalField(label=_("Quantity"), max_digits=12, decimal_places=2, required=False)
    document = forms.ChoiceField(label=_("Paper that shows it"), required=False)
    remark = forms.CharField(
        label=_("Remark"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, accounts: Iterable[Account], papers: Iterable[DocumentView], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(account.id, f"{_DEEPER * account.depth}{account.title}") for account in accounts]
        cast(forms.ChoiceField, self.fields["account"]).choices = [("", "—"), *named]
        kept = [
            (str(paper.id), " · ".join(filter(None, (code_label(DOCUMENT_KIND, paper.kind), paper.title, paper.whose))))
            for paper in papers
            if paper.counts
        ]
        cast(forms.ChoiceField, self.fields["document"]).choices = [("", _now("None")), *kept]
        for name in ("amount", "quantity"):
            self.fields[name].widget.attrs |= {"inputmode": "decimal", "step": "0.01", "min": "0.01"}

    def entry(self) -> Entry:
        """What was entered."""
        given = self.cleaned_data
        paper = given["document"]
        return Entry(
            given["account"],
            given["on"],
            given["amount"],
            given["quantity"],
            UUID(paper) if paper else None,
            given["remark"],
        )


class SettleForm(ActionForm):
    """Which totals hold, and why where the ledger is left aside."""

    totals_from = forms.ChoiceField(label=_("The year's totals are"), choices=TotalsFrom.choices)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        required=False,
        help_text=_("Needed where the ledger is left aside."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
