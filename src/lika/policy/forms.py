"""Which two packs to lay side by side. Nothing personal: it lives in the address."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from lika.policy.models import PackVersion


class CompareForm(forms.Form):
    """Two loaded versions, each on a day of its own or on the nearest to today."""

    one = forms.ChoiceField(label=_("One pack"))
    one_on = forms.DateField(label=_("on the day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    other = forms.ChoiceField(label=_("Another pack"))
    other_on = forms.DateField(label=_("on the day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, packs: Sequence[PackVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(row.reference, f"{row.title} · {row.reference}") for row in packs]
        for name in ("one", "other"):
            cast(forms.ChoiceField, self.fields[name]).choices = choices
