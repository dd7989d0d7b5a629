"""What to try on which household. Always sent by POST: neither stands in an address."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from lika.snapshots.queries.trying import LONGEST


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
