"""Forms of the announcement: the day on which it takes effect, and which cases wait."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from lika.casework.actions.moving import LONGEST
from lika.casework.models import Campaign
from lika.casework.queries.courses import CaseLine
from lika.core.forms import ActionForm, DayField

_CHECKS = forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})


class AnnounceForm(ActionForm):
    """From when on the new status holds."""

    effective_on = DayField(
        label=_("Takes effect on"), help_text=_("The day of the announcement, unless the decision says another.")
    )


class HoldBackForm(ActionForm):
    """Cases that are not announced now, and why."""

    cases = forms.MultipleChoiceField(label=_("Cases"), widget=_CHECKS)
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST)

    def __init__(self, *args: Any, cases: Sequence[CaseLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.MultipleChoiceField, self.fields["cases"])
        field.choices = [(str(each.case.pk), each.label) for each in cases]


class CorrectForm(ActionForm):
    """In which work a wrong decision is corrected, why, and the paper that shows it."""

    campaign = forms.ChoiceField(
        label=_("In which work"),
        widget=forms.Select(attrs={"class": "form-select"}),
        help_text=_("Those begun here whose procedure leads from where it stands now."),
    )
    reason = forms.CharField(label=_("What was wrong"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))
    evidence = forms.FileField(label=_("Paper or photograph"), help_text=_("It lies in the file of the new case."))

    def __init__(self, *args: Any, campaigns: Sequence[Campaign], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(each.pk), f"{each.year} {each.get_kind_display()} · {each.document}") for each in campaigns]
        cast(forms.ChoiceField, self.fields["campaign"]).choices = named
