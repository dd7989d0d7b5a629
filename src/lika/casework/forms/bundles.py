"""What the papers of all notices are asked for with: where, of which campaign and kind, what for."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from lika.casework.choices import NoticeKind
from lika.casework.queries.bundles import BundleChoices
from lika.collection.exporting.actions import LONGEST_REASON
from lika.core.forms import ActionForm


class BundleForm(ActionForm):
    """Area, campaign, kind, purpose."""

    division = forms.ChoiceField(label=_("Area"))
    campaign = forms.TypedChoiceField(label=_("Campaign"), required=False, empty_value=None)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("Notices and announcements")), *NoticeKind.choices]
    )
    reason = forms.CharField(
        label=_("Purpose"), max_length=LONGEST_REASON, help_text=_("The audit keeps it, as in: to be posted.")
    )

    def __init__(self, *args: Any, choices: BundleChoices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["division"]).choices = list(choices.places)
        campaigns = [(str(each.pk), f"{each.year} {each.get_kind_display()}") for each in choices.campaigns]
        cast(forms.ChoiceField, self.fields["campaign"]).choices = [("", str(_("All campaigns"))), *campaigns]
