"""The forms of the pages of officials."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lika.accounts.choices import AccountState, Role, Sector
from lika.accounts.keeping import OfficialFilter
from lika.accounts.models import Grant, Official, Post, User
from lika.core.forms import ActionForm, DayField


def _longest(model: type[Any], field: str) -> int:
    return int(model._meta.get_field(field).max_length)


class OfficialFilterForm(forms.Form):
    """The filters above the list; nothing is required."""

    text = forms.CharField(label=_("Name, organisation or user name"), max_length=120, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=[("", _("All")), *Role.choices], required=False)
    state = forms.ChoiceField(label=_("Account"), choices=[("", _("All")), *AccountState.choices], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            is_select = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if is_select else "form-control"

    def wanted(self, division: str) -> OfficialFilter:
        """What the address asks of the list; `division` is the one that it leads to, where it names one at all."""
        self.is_valid()
        given = cast(QueryDict, self.data)
        return OfficialFilter(
            text=self.cleaned_data.get("text", ""),
            division=division if any(given.getlist("division")) else "",
            role=self.cleaned_data.get("role", ""),
            state=self.cleaned_data.get("state", ""),
            sort=str(given.get("sort") or "name"),
        )


class PostForm(ActionForm):
    """A post at a division that was chosen before; only roles that may stand there are offered."""

    role = forms.ChoiceField(label=_("Role"))
    sector = forms.ChoiceField(label=_("Line of work"), choices=Sector.choices, required=False)
    title = forms.CharField(label=_("Title of the post"), max_length=_longest(Post, "title"), required=False)
    valid_from = DayField(label=_("First day"), initial=timezone.localdate)
    valid_to = DayField(label=_("Last day"), required=False, help_text=_("Empty where no end is fixed."))

    def __init__(self, *args: Any, roles: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["role"]).choices = roles


class AppointForm(PostForm):
    """A new official with a first post; with a user name, an account too."""

    name = forms.CharField(label=_("Name"), max_length=_longest(Official, "name"))
    organisation = forms.CharField(
        label=_("Organisation"), max_length=_longest(Official, "organisation"), required=False
    )
    username = forms.CharField(
        label=_("User name"),
        max_length=_longest(User, "username"),
        required=False,
        help_text=_("Empty where the official needs no account, as many helpers do."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    field_order = ("name", "organisation", "role", "sector", "title", "valid_from", "valid_to", "username")


class GrantForm(ActionForm):
    """Sight of one household, or of the whole village that was chosen before."""

    number = forms.CharField(
        label=_("Household number"),
        max_length=40,
        required=False,
        help_text=_("Empty for all households of the village."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    purpose = forms.CharField(label=_("Purpose"), max_length=_longest(Grant, "purpose"))
    valid_from = DayField(label=_("First day"), initial=timezone.localdate)
    valid_to = DayField(label=_("Last day"), required=False, help_text=_("Empty where no end is fixed."))


class EndForm(ActionForm):
    """The last day of a post or a grant."""

    valid_to = DayField(label=_("Last day"), initial=timezone.localdate)


class AccountForm(ActionForm):
    """The name to sign in with."""

    username = forms.CharField(
        label=_("User name"),
        max_length=_longest(User, "username"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
