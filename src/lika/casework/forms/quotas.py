"""Forms of campaigns and quotas."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from lika.casework.actions.quotas import LONGEST, MOST_PERSONS
from lika.casework.choices import NUMBERED, Basis, CampaignKind, SplitMethod
from lika.casework.queries.quotas import Split
from lika.core.forms import ActionForm, DayField
from lika.divisions.models import Division

EARLIEST, LATEST = 2013, 2099


class OpenCampaignForm(ActionForm):
    """What is said when a campaign is opened."""

    kind = forms.ChoiceField(label=_("Kind"), choices=CampaignKind)
    division = forms.ChoiceField(label=_("Division"))
    year = forms.IntegerField(label=_("Year"), min_value=EARLIEST, max_value=LATEST)
    size = forms.IntegerField(
        label=_("Number of persons"),
        min_value=0,
        max_value=MOST_PERSONS,
        required=False,
        help_text=_("Only for the size of identification and the yearly reduction plan."),
    )
    document = forms.CharField(
        label=_("Document"),
        max_length=LONGEST,
        help_text=_("Where the number or the task comes from, with its number."),
    )
    pack = forms.ChoiceField(label=_("Policy pack"), required=False)
    time_point = DayField(label=_("Standard time point"), required=False)
    due_on = DayField(label=_("Every village has its number by"), required=False)

    def __init__(self, *args: Any, places: Sequence[Division], packs: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["division"]).choices = [(each.code, each.name) for each in places]
        cast(forms.ChoiceField, self.fields["pack"]).choices = [("", _("None chosen")), *packs]

    def clean_size(self) -> int | None:
        """A kind that splits a number of persons needs one."""
        size: int | None = self.cleaned_data["size"]
        if size is None and self.cleaned_data.get("kind") in NUMBERED:
            remedy = _("Enter the number that the level above gave.")
            raise forms.ValidationError(_("This kind splits a number of persons."), params={"remedy": remedy})
        return size


class SizeForm(ActionForm):
    """Another number for the whole campaign."""

    size = forms.IntegerField(label=_("Number of persons"), min_value=0, max_value=MOST_PERSONS)
    document = forms.CharField(label=_("Document"), max_length=LONGEST)


class ProposeForm(ActionForm):
    """By what and how the number is split."""

    basis = forms.ChoiceField(label=_("Measured by"), choices=Basis)
    method = forms.ChoiceField(
        label=_("Rounding"),
        choices=SplitMethod,
        help_text=_("Webster never lowers anybody when the whole number is raised later."),
    )


class ByHandForm(ActionForm):
    """The numbers of the divisions below, each under its code, and why they differ from what was proposed."""

    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST, required=False, help_text=_("Such as the meeting that decided it.")
    )

    def __init__(self, *args: Any, split: Split, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._codes = [line.quota.division_id for line in split.lines]
        for line in split.lines:
            cap = MOST_PERSONS if line.quota.cap is None else line.quota.cap
            self.fields[line.quota.division_id] = forms.IntegerField(
                label=line.quota.division.name,
                min_value=0,
                max_value=cap,
                initial=line.quota.allocated,
                widget=forms.NumberInput(
                    attrs={"class": "form-control", "data-part": "", "data-proposed": line.quota.proposed}
                ),
            )

    @property
    def numbers(self) -> dict[str, int]:
        """The numbers given, by code."""
        return {code: self.cleaned_data[code] for code in self._codes}


class TakeBackForm(ActionForm):
    """Why a published split is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=LONGEST)
