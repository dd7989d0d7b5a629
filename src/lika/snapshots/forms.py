"""The filters of the list of screenings; and what to try on which household: by POST, so it stands in no address."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from lika.snapshots.choices import ScreeningState
from lika.snapshots.queries.trying import LONGEST


class ScreeningFilterForm(forms.Form):
    """The selects above the list. Nothing is required; a value outside its list is refused."""

    pack = forms.ChoiceField(label=_("Policy pack"), required=False)
    state = forms.ChoiceField(label=_("State"), choices=[("", _("All")), *ScreeningState.choices], required=False)

    def __init__(self, *args: Any, packs: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["pack"]).choices = [("", _("All")), *packs]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"


class TryForm(forms.Form):
    """An expression in the criteria language and a household's number."""

    text = forms.CharField(
        max_length=LONGEST,
        label=_("Expression"),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("Labels or English names of facts, param.… for parameters, met('…') for criteria of the pack."),
    )
    number = forms.CharField(
        max_length=40, label=_("Household number"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    pack = forms.ChoiceField(label=_("Policy pack"), required=False)

    def __init__(self, *args: Any, packs: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(packs) > 1:
            cast(forms.ChoiceField, self.fields["pack"]).choices = packs
        else:
            del self.fields["pack"]
