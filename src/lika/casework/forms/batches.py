"""The filter of the list of batches; the reason with which an empty one is closed."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from lika.casework.actions.moving import LONGEST
from lika.casework.models import Campaign
from lika.casework.queries.listing import BatchFilter
from lika.core.forms import ActionForm
from lika.divisions.models import Division
from lika.divisions.names import place_name
from lika.policy.choices import StageKind


class CloseForm(ActionForm):
    """Why nobody is to be decided on."""

    reason = forms.CharField(label=_("Reason"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}))


_SELECT = {"class": "form-select"}
# What the reader is after; closed ones are looked up, not worked on.
SHOWN = (("", _("All under way")), ("mine", _("Waiting for me")), ("late", _("Late")), ("closed", _("Closed")))


def named(campaign: Campaign) -> str:
    """A campaign in words: its year and kind, and where."""
    said = _text("%(year)s: %(kind)s") % {"year": campaign.year, "kind": campaign.get_kind_display()}
    return f"{said} · {place_name(campaign.division.name)}"


class BatchFilterForm(forms.Form):
    """What the list of batches is narrowed to; what an address says wrongly narrows nothing."""

    show = forms.ChoiceField(label=_("Show"), required=False, choices=SHOWN, widget=forms.Select(attrs=_SELECT))
    campaign = forms.ChoiceField(label=_("Campaign"), required=False, widget=forms.Select(attrs=_SELECT))
    kind = forms.ChoiceField(label=_("Stage"), required=False, widget=forms.Select(attrs=_SELECT))
    division = forms.ChoiceField(label=_("Division"), required=False, widget=forms.Select(attrs=_SELECT))

    def __init__(self, *args: Any, campaigns: Sequence[Campaign], places: Sequence[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        all_of_them = ("", _("All"))
        self._choices("campaign", [all_of_them, *((str(each.pk), named(each)) for each in campaigns)])
        self._choices("kind", [all_of_them, *StageKind.choices])
        self._choices("division", [all_of_them, *((each.code, place_name(each.name)) for each in places)])

    def _choices(self, name: str, given: Sequence[tuple[str, Any]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = given

    def wanted(self) -> BatchFilter:
        """What the reader asks for."""
        self.is_valid()
        given = self.cleaned_data
        show = given.get("show", "")
        return BatchFilter(
            campaign=UUID(given["campaign"]) if given.get("campaign") else None,
            kind=StageKind(given["kind"]) if given.get("kind") else None,
            division=given.get("division", ""),
            late=show == "late",
            mine=show == "mine",
            closed=show == "closed",
        )
