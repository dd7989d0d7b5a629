"""Forms of the work calendar."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lika.casework.actions.days import LONGEST
from lika.casework.choices import DayMark
from lika.core.forms import ActionForm, DayField

# A year of days to count: no period of a procedure is longer.
MOST_DAYS = 366


class SpecialDayForm(ActionForm):
    """A day that is not what its weekday says."""

    day = DayField(label=_("Day"))
    mark = forms.ChoiceField(label=_("Kind of day"), choices=DayMark)
    note = forms.CharField(
        label=_("Name of the holiday"), max_length=LONGEST["note"], help_text=_("Such as National Day.")
    )
    source = forms.CharField(
        label=_("Document"), max_length=LONGEST["source"], help_text=_("The notice that arranges it, with its number.")
    )


class ConfirmYearForm(ActionForm):
    """That a year is published and entered."""

    source = forms.CharField(
        label=_("Document"), max_length=LONGEST["source"], help_text=_("The notice that arranges it, with its number.")
    )


class ReopenYearForm(ActionForm):
    """Why a year is open again."""

    source = forms.CharField(label=_("Reason"), max_length=LONGEST["source"])


class CountForm(forms.Form):
    """A period to be counted: the day of posting, how many days of which kind."""

    posted_on = DayField(label=_("Posted on"))
    days = forms.IntegerField(label=_("Number of days"), min_value=1, max_value=MOST_DAYS)
    kind = forms.ChoiceField(
        label=_("Kind of days"), choices=(("working", _("Working days")), ("calendar", _("Calendar days")))
    )
