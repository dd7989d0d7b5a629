"""Forms of pairing: units, helpers, proposals and what settles them."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from lika.accounts.models import Official
from lika.assistance.actions.proposals import LONGEST_REASON
from lika.assistance.actions.units import LONGEST
from lika.assistance.choices import Affiliation, Rank
from lika.assistance.models import Helper, HelpingUnit, Pairing
from lika.core.forms import ActionForm
from lika.divisions.models import Division
from lika.divisions.names import place_name

_YES_NO = ((None, _("Not stated")), (True, _("Yes")), (False, _("No")))


class UnitForm(ActionForm):
    """A new helping unit."""

    name = forms.CharField(label=_("Name of the unit"), max_length=LONGEST["name"])
    affiliation = forms.ChoiceField(label=_("Affiliation"), choices=Affiliation.choices, initial=Affiliation.COUNTY)
    division = forms.ChoiceField(label=_("Where it helps"))
    contact = forms.CharField(
        label=_("Contact person"),
        max_length=LONGEST["contact"],
        required=False,
        help_text=_("Who is asked about its helpers."),
    )

    def __init__(self, *args: Any, places: Iterable[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(place.code, place_name(place.name)) for place in places]
        cast(forms.ChoiceField, self.fields["division"]).choices = choices


class VillagesForm(ActionForm):
    """The villages that a unit is answerable for."""

    villages = forms.MultipleChoiceField(
        label=_("Villages it answers for"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, villages: Iterable[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.MultipleChoiceField, self.fields["villages"])
        field.choices = [(place.code, place_name(place.name)) for place in villages]


class HelperForm(ActionForm):
    """A helper that a unit names: an official of the place, or a person by name."""

    official = forms.ChoiceField(label=_("Official"), required=False)
    name = forms.CharField(
        label=_("Or a name"),
        max_length=LONGEST["person"],
        required=False,
        help_text=_("Somebody without a post here. They need no account."),
    )
    rank = forms.ChoiceField(label=_("Rank of the official"), choices=Rank.choices, initial=Rank.STAFF)
    title = forms.CharField(label=_("Post held"), max_length=LONGEST["title"], required=False)
    phone = forms.CharField(
        label=_("Telephone at work"),
        max_length=LONGEST["phone"],
        required=False,
        help_text=_("Printed in the household's handbook."),
    )
    party_member = forms.TypedChoiceField(
        label=_("Party member"),
        choices=_YES_NO,
        required=False,
        coerce={"True": True, "False": False}.get,
        empty_value=None,
    )

    def __init__(self, *args: Any, officials: Iterable[Official], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(str(each.pk), f"{each.name} · {each.organisation}".rstrip(" ·")) for each in officials]
        cast(forms.ChoiceField, self.fields["official"]).choices = [("", _("A person by name")), *known]


def _label(helper: Helper) -> str:
    return f"{helper.official.name} · {helper.unit.name}"


class ProposeForm(ActionForm):
    """A helper for some households, with the reason."""

    helper = forms.ChoiceField(label=_("Helper"))
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON)

    def __init__(self, *args: Any, helpers: Iterable[Helper], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["helper"]).choices = [(str(each.pk), _label(each)) for each in helpers]


class ChangeForm(ProposeForm):
    """Another helper for one household; nobody, where it was removed from the register."""

    ends = forms.ChoiceField(label=_("In place of"), required=False)

    def __init__(self, *args: Any, helpers: Iterable[Helper], holding: Iterable[Pairing], **kwargs: Any) -> None:
        super().__init__(*args, helpers=helpers, **kwargs)
        here = [(str(each.pk), _label(each.helper)) for each in holding]
        cast(forms.ChoiceField, self.fields["ends"]).choices = [*here, ("", _("Nobody: one more helper"))]
        choice = cast(forms.ChoiceField, self.fields["helper"])
        choice.required = False
        choice.choices = [("", _("Nobody: the pairing ends")), *cast(Any, choice.choices)]
        self.order_fields(["ends", "helper", "reason"])


class PairsForm(ActionForm):
    """An assignment as it was shown: a line for each household, with its helper."""

    pairs = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON)

    def clean_pairs(self) -> list[tuple[UUID, UUID]]:
        """The pairs of ids. What is no pair of ids was not shown by us."""
        try:
            return [
                (UUID(household), UUID(helper))
                for household, helper in (line.split() for line in self.cleaned_data["pairs"].split(";") if line)
            ]
        except ValueError as error:
            raise forms.ValidationError(_("Look at the suggestion again.")) from error


class StepForm(ActionForm):
    """A word with a step: needed where something is sent back or withdrawn."""

    note = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON)


class PairingFilterForm(forms.Form):
    """What the list of pairings is narrowed to."""

    unit = forms.ChoiceField(label=_("Helping unit"), required=False)

    def __init__(self, *args: Any, units: Iterable[HelpingUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["unit"])
        field.choices = [("", _("All")), *((str(each.pk), each.name) for each in units)]
        field.widget.attrs["class"] = "form-select"
