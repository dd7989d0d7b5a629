"""Forms of surveys."""

import re
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lika.accounts.models import Official
from lika.core.forms import ActionForm, DayField
from lika.divisions.models import Division
from lika.divisions.names import place_name
from lika.governance.actions.surveys import LONGEST
from lika.governance.choices import VisitResult


class SurveyForm(ActionForm):
    """Which village is surveyed, and what for."""

    village = forms.ChoiceField(label=_("Village"))
    purpose = forms.CharField(label=_("Purpose of the survey"), max_length=LONGEST["purpose"])
    due_on = DayField(label=_("To be finished by"), required=False)

    def __init__(self, *args: Any, villages: Iterable[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("None chosen")), *((each.code, place_name(each.name)) for each in villages)]
        cast(forms.ChoiceField, self.fields["village"]).choices = choices


class TaskForm(ActionForm):
    """Two surveyors and their households."""

    first = forms.ChoiceField(label=_("First surveyor"))
    second = forms.ChoiceField(label=_("Second surveyor"))
    numbers = forms.CharField(
        label=_("Household numbers"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Empty for all that no list has yet."),
    )

    def __init__(self, *args: Any, officials: Iterable[Official], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [
            ("", _("None chosen")),
            *((str(each.pk), f"{each.name} {each.organisation}".strip()) for each in officials),
        ]
        for name in ("first", "second"):
            cast(forms.ChoiceField, self.fields[name]).choices = known

    def wanted(self) -> list[str] | None:
        """The numbers entered, by blank, comma or line; None for all."""
        return (
            re.split(r"[\s,，、;；]+", self.cleaned_data["numbers"].strip()) if self.cleaned_data["numbers"] else None
        )


class VisitForm(ActionForm):
    """What came of a visit."""

    visited_on = DayField(label=_("Visited on"), initial=timezone.localdate)
    result = forms.ChoiceField(label=_("Result of the visit"), choices=VisitResult.choices)
    notes_given = forms.BooleanField(
        label=_("The notes on help were explained and handed over"),
        required=False,
        help_text=_("The household signs for them on the paper list."),
    )
    note = forms.CharField(
        label=_("Remark"), max_length=LONGEST["note"], required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
