"""Forms of the service window."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lika.accounts.models import Official
from lika.core.forms import ActionForm, DayField
from lika.divisions.models import Division
from lika.divisions.names import place_name
from lika.governance.actions.requests import LONGEST
from lika.governance.choices import Channel, Outcome, RequestKind, RequestState
from lika.governance.queries.requests import LATE
from lika.register.actions.common import LONGEST_REASON


class RequestForm(ActionForm):
    """What the window writes down of a request. Nothing of it goes into an address or a log."""

    township = forms.ChoiceField(label=_("Township"))
    kind = forms.ChoiceField(label=_("Matter"), choices=RequestKind.choices)
    applicant = forms.CharField(
        label=_("Applicant"), max_length=LONGEST["applicant"], widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=LONGEST["phone"],
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )
    household = forms.CharField(
        label=_("Household number"),
        max_length=30,
        required=False,
        help_text=_("Empty where the household is not in the register."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = forms.CharField(
        label=_("What is asked"), max_length=LONGEST["text"], widget=forms.Textarea(attrs={"rows": 4})
    )
    channel = forms.ChoiceField(label=_("How it came in"), choices=Channel.choices)
    received_on = DayField(label=_("Received on"), initial=timezone.localdate)
    received_by = forms.CharField(label=_("Received by"), max_length=80)
    due_on = DayField(label=_("Reply by"), required=False)

    def __init__(self, *args: Any, windows: Iterable[Division], day_given: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(each.code, place_name(each.name)) for each in windows]
        cast(forms.ChoiceField, self.fields["township"]).choices = known
        if len(known) == 1:
            self.fields["township"].widget = forms.HiddenInput()
            self.fields["township"].initial = known[0][0]
        self.fields["due_on"].required = not day_given
        self.fields["due_on"].help_text = (
            _("Empty for the last day that the policy gives.")
            if day_given
            else _("No policy in force says how many days there are (basis to be supplied): set the day.")
        )


class AssignRequestForm(ActionForm):
    """Who deals with a request."""

    to = forms.ChoiceField(label=_("Assigned to"))
    note = forms.CharField(label=_("Remark"), max_length=LONGEST["note"], required=False)

    def __init__(self, *args: Any, officials: Iterable[Official], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["to"]).choices = [
            ("", _("None chosen")),
            *((str(each.pk), f"{each.name} {each.organisation}".strip()) for each in officials),
        ]


class ReplyForm(ActionForm):
    """What became of it, and the reply to the applicant."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices)
    reply = forms.CharField(
        label=_("Reply to the applicant"), max_length=LONGEST["text"], widget=forms.Textarea(attrs={"rows": 4})
    )


class NoteForm(ActionForm):
    """Why: of a reply that goes back, of a request that is taken back."""

    note = forms.CharField(label=_("Reason"), max_length=LONGEST["note"])


class CloseForm(ActionForm):
    """When and how the applicant was told."""

    told_on = DayField(label=_("Told on"), initial=timezone.localdate)
    told_by = forms.ChoiceField(label=_("Told how"), choices=Channel.choices)


class PhoneForm(ActionForm):
    """Why somebody wants to see the telephone."""

    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST_REASON, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class RequestFilterForm(forms.Form):
    """What the list is narrowed to."""

    state = forms.ChoiceField(label=_("State"), required=False)
    kind = forms.ChoiceField(label=_("Matter"), required=False)
    number = forms.CharField(label=_("Number of the request"), max_length=30, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [("", _("Open requests")), (LATE, _("Late")), *RequestState.choices]
        cast(forms.ChoiceField, self.fields["state"]).choices = states
        cast(forms.ChoiceField, self.fields["kind"]).choices = [("", _("All")), *RequestKind.choices]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
