"""The forms of the console's lists. Filters live in the address and hold nothing personal; search text never does."""


from django import forms
from django.utils.translation import gettext_lazy as _


class HouseholdSearchForm(forms.Form):
    """A name, a household number or an identity number. Always sent by POST."""

    text = forms.CharField(max_length=60, strip=True, label=_("Name, household number or identity number"))
