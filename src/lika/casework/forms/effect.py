"""Forms of the announcement: the day on which it takes effect, and which cases wait."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from lika.casework.actions.moving import LONGEST
from lika.casework.models import Case
from lika.core.forms import ActionForm, DayField


class AnnounceForm(ActionForm):
    """From when on the new status holds."""

    effective_on = DayField(
        label=_("Takes effect on"), help_text=_("The day of the announcement, unless the decision says another.")
    )


class HoldBackForm(ActionForm):
    """Cases that are not announced now, and why."""

    cases = forms.MultipleChoiceField(label=_("Cases"), widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST)

    def __init__(self, *args: Any, cases: Sequence[Case], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.MultipleChoiceField, self.fields["cases"])
        field.choices = [(str(each.pk), each.number) for each in cases]
