"""Forms of a fault."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lika.monitoring.actions.following import LONGEST
from lika.monitoring.choices import FaultState
from lika.policy.choices import Severity


class AssignForm(forms.Form):
    """Who mends the fault, until when."""

    to = forms.CharField(label=_("Assigned to"), max_length=LONGEST["assigned_to"])
    deadline = forms.DateField(
        label=_("To be mended by"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class ExplainForm(forms.Form):
    """Why a warning is right as it is."""

    remark = forms.CharField(label=_("Remark"), max_length=LONGEST["remark"], widget=forms.Textarea(attrs={"rows": 3}))


_FIRST = {"state": [("", _("all that are not over"))], "severity": [("", _("all"))]}


class FaultFilterForm(forms.Form):
    """What the list of faults is narrowed to."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=())
    severity = forms.ChoiceField(label=_("Severity"), required=False, choices=())

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        for name, choices in (("state", FaultState.choices), ("severity", Severity.choices)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = [*_FIRST[name], *choices]
