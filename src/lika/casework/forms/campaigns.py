"""Forms of a campaign's cases: beginning them, the deadline of a stage, an application, what was noticed."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from lika.casework.actions.candidates import LONGEST_LABEL, LONGEST_NAME
from lika.casework.actions.moving import LONGEST
from lika.casework.choices import ApplicationWay, SignalKind
from lika.core.forms import ActionForm, DayField
from lika.policy.queries.procedures import Procedure


class BeginForm(ActionForm):
    """By which procedure of the pack the cases go."""

    procedure = forms.ChoiceField(label=_("Procedure"))

    def __init__(self, *args: Any, procedures: Sequence[Procedure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [(each.id, str(each.title)) for each in procedures]
        cast(forms.ChoiceField, self.fields["procedure"]).choices = chosen


class DeadlineForm(ActionForm):
    """The day by which all cases are to be through a stage; without a day it is taken away."""

    stage = forms.ChoiceField(label=_("Stage"))
    due_on = DayField(label=_("Deadline"), required=False, help_text=_("Left empty, the stage has no deadline."))

    def __init__(self, *args: Any, procedure: Procedure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stages = [(each.id, str(each.title)) for each in procedure.stages]
        cast(forms.ChoiceField, self.fields["stage"]).choices = stages


class ApplyForm(ActionForm):
    """A household's application as it lies before the village."""

    household = forms.CharField(label=_("Household number"), max_length=40)
    way = forms.ChoiceField(label=_("How it reached the village"), choices=ApplicationWay)
    applied_on = DayField(label=_("Day of the application"))
    signed_by = forms.CharField(
        label=_("Who signed it"), max_length=LONGEST_NAME, help_text=_("A member of the household, by name.")
    )


class NoticeForm(ActionForm):
    """What was noticed about a household."""

    household = forms.CharField(label=_("Household number"), max_length=40)
    kind = forms.ChoiceField(label=_("What it rests on"), choices=SignalKind)
    label = forms.CharField(
        label=_("Its number or name"), max_length=LONGEST_LABEL, help_text=_("So that the record is found again.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))
