"""The forms of the console. Filters live in the address and hold nothing personal; search text never does."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from lika.console.facts import label
from lika.register.choices import STILL_POOR, PovertyStatus
from lika.register.choices.lists import CAUSE
from lika.snapshots.choices import Result

Choices = Sequence[tuple[str, str]]

POOR = "poor"  # every status that counts as poor


def _causes() -> list[tuple[str, str]]:
    return [("", str(_("All"))), *((item.code, label(item)) for item in CAUSE.items)]


class HouseholdFilterForm(forms.Form):
    """The selects above the list. Nothing is required; a value outside its list is refused."""

    poverty = forms.ChoiceField(
        label=_("Poverty status"),
        choices=[("", _("All")), (POOR, _("Poor, all of them")), *PovertyStatus.choices],
        required=False,
    )
    cause = forms.ChoiceField(label=_("Main cause"), choices=lazy(_causes, list), required=False)
    pack = forms.ChoiceField(label=_("Policy pack"), required=False)
    criterion = forms.ChoiceField(label=_("Criterion"), required=False)
    result = forms.ChoiceField(label=_("Result"), choices=[("", _("All")), *Result.choices], required=False)

    def statuses(self) -> frozenset[str]:
        """The poverty statuses asked for; empty for all."""
        chosen = self.cleaned_data.get("poverty", "")
        if chosen == POOR:
            return STILL_POOR
        return frozenset({chosen}) if chosen else frozenset()

    def __init__(self, *args: Any, criteria: Choices, packs: Choices, in_full: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not in_full:  # a list of the ill tells who is ill
            del self.fields["cause"]
        if len(packs) > 1:
            cast(forms.ChoiceField, self.fields["pack"]).choices = packs
        else:
            del self.fields["pack"]
        if criteria:
            cast(forms.ChoiceField, self.fields["criterion"]).choices = [("", _("All")), *criteria]
        else:  # nothing has been screened yet
            del self.fields["criterion"], self.fields["result"]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"


class HouseholdSearchForm(forms.Form):
    """A name, a household number or an identity number. Always sent by POST."""

    text = forms.CharField(max_length=60, strip=True, label=_("Name, household number or identity number"))


class RevealForm(forms.Form):
    """Which masked value somebody wants to see, and why."""

    what = forms.ChoiceField(label=_("What"))
    reason = forms.CharField(max_length=200, strip=True, label=_("Reason"))

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["what"]).choices = choices
        self.fields["what"].widget.attrs["class"] = "form-select"
        self.fields["reason"].widget.attrs |= {"class": "form-control", "autocomplete": "off"}
