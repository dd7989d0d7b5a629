"""Forms of a fault."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from lika.accounts.models import Official
from lika.core.forms import ActionForm, DayField
from lika.monitoring.actions.following import LONGEST
from lika.monitoring.actions.leads_deciding import LONGEST_REASON
from lika.monitoring.choices import CLEARS, FaultState, LeadState, LeadVerdict
from lika.policy.choices import Severity


class AssignForm(ActionForm):
    """Who mends the fault, until when."""

    to = forms.ChoiceField(label=_("Assigned to"))
    deadline = DayField(label=_("To be mended by"), required=False)

    def __init__(self, *args: Any, officials: Iterable[Official], **more: Any) -> None:
        super().__init__(*args, **more)
        cast(forms.ChoiceField, self.fields["to"]).choices = [
            ("", _("choose")),
            *((str(each.pk), f"{each.name} {each.organisation}".strip()) for each in officials),
        ]


class ExplainForm(ActionForm):
    """Why a warning is right as it is."""

    remark = forms.CharField(label=_("Remark"), max_length=LONGEST["remark"], widget=forms.Textarea(attrs={"rows": 3}))


_ONE = {"value": "1"}
_FIRST = {"state": [("", _("all that are not over"))], "severity": [("", _("all"))]}


class FaultFilterForm(forms.Form):
    """What the list of faults is narrowed to."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=())
    severity = forms.ChoiceField(label=_("Severity"), required=False, choices=())
    mine = forms.BooleanField(label=_("Assigned to you"), required=False, widget=forms.CheckboxInput(attrs=_ONE))
    late = forms.BooleanField(label=_("Late"), required=False, widget=forms.CheckboxInput(attrs=_ONE))

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        for name, choices in (("state", FaultState.choices), ("severity", Severity.choices)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = [*_FIRST[name], *choices]


_SELECT = {"class": "form-select"}


class LeadFilterForm(forms.Form):
    """What the list of leads is narrowed to."""

    pattern = forms.ChoiceField(
        label=_("What is looked for"), required=False, choices=(), widget=forms.Select(attrs=_SELECT)
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=(), widget=forms.Select(attrs=_SELECT))

    def __init__(self, *args: object, patterns: list[tuple[str, str]], **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        shown: dict[str, list[tuple[str, object]]] = {
            "pattern": [("", _("all")), *patterns],
            "state": [("", _("all that wait")), *LeadState.choices],
        }
        for name, choices in shown.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = choices


class DecideForm(forms.Form):
    """What a lead is, and why. Whoever sees one side only is not offered what would clear it."""

    verdict = forms.ChoiceField(label=_("Decision"), choices=())
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: object, offered: list[LeadVerdict], **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        field = self.fields["verdict"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        told = _("%(verdict)s (checked by a second person)")
        field.choices = [
            ("", _("choose")),
            *(
                (verdict.value, told % {"verdict": verdict.label} if verdict in CLEARS else verdict.label)
                for verdict in offered
            ),
        ]


class CheckForm(forms.Form):
    """The word of the second person; without a remark nothing is refused."""

    agree = forms.ChoiceField(
        label=_("Check"),
        choices=[
            ("", _("choose")),
            ("yes", _("Agree: the lead is cleared")),
            ("no", _("Refuse: it is open again")),
        ],
    )
    remark = forms.CharField(
        label=_("Remark"), required=False, max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 2})
    )
