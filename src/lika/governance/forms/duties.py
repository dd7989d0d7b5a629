"""Forms of duties."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from lika.accounts.models import Official
from lika.core.forms import ActionForm, DayField


class AppointDutyForm(ActionForm):
    """Who holds a duty from when: an official known here, or somebody by name."""

    official = forms.ChoiceField(label=_("Official"), required=False)
    name = forms.CharField(
        label=_("Or somebody who is not in the list"),
        max_length=80,
        required=False,
        help_text=_("They get no account: the administrator gives one where it is needed."),
    )
    organisation = forms.CharField(label=_("Organisation"), max_length=120, required=False)
    begins_on = DayField(label=_("First day"))
    reason = forms.CharField(
        label=_("Reason"), max_length=200, required=False, help_text=_("Such as the meeting that decided it.")
    )

    def __init__(self, *args: Any, officials: Iterable[Official], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(str(each.pk), f"{each.name} {each.organisation}".strip()) for each in officials]
        cast(forms.ChoiceField, self.fields["official"]).choices = [("", _("None chosen")), *known]

    def clean(self) -> dict[str, Any]:
        """One of the two, never both."""
        cleaned: dict[str, Any] = super().clean() or {}
        if bool(cleaned.get("official")) == bool(cleaned.get("name", "").strip()):
            self.add_error(
                "official",
                forms.ValidationError(
                    _("One person is needed, and no more."),
                    params={"remedy": _("Choose an official from the list, or enter a name.")},
                ),
            )
        return cleaned


class EndDutyForm(ActionForm):
    """The last day of a term, and why."""

    last_day = DayField(label=_("Last day"))
    reason = forms.CharField(label=_("Reason"), max_length=200)
