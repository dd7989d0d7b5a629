"""Forms of the yearly plan's list: which whole households are planned to exit, which not any more, and since when."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lika.casework.actions.moving import LONGEST
from lika.core.forms import ActionForm, DayField
from lika.register.queries import HouseholdRow


class TakeOffForm(ActionForm):
    """Households that are taken off the list again, since when and why."""

    off = forms.MultipleChoiceField(
        label=_("Households"), error_messages={"required": _("Choose at least one household.")}
    )
    taken_off_on = DayField(label=_("Taken off on"), initial=timezone.localdate)
    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What is not met, as it was found. It is kept with the change of status."),
    )  # fmt: skip

    def __init__(self, *args: Any, rows: Sequence[HouseholdRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.MultipleChoiceField, self.fields["off"])
        field.choices = [(str(each.id), each.number) for each in rows]

    @property
    def chosen(self) -> list[UUID]:
        """The households ticked."""
        return [UUID(key) for key in self.cleaned_data["off"]]

    @property
    def ticked(self) -> frozenset[str]:
        """What was sent, so that a refused form shows it again."""
        return frozenset(self["off"].value() or ())


class ExitListForm(ActionForm):
    """Households of a village, in the order of its register."""

    households = forms.MultipleChoiceField(
        label=_("Households"), error_messages={"required": _("Choose at least one household.")}
    )
    listed_on = DayField(
        label=_("Listed on"), initial=timezone.localdate, help_text=_("The day of the decision on the list.")
    )

    def __init__(self, *args: Any, rows: Sequence[HouseholdRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._order = [str(each.id) for each in rows]
        field = cast(forms.MultipleChoiceField, self.fields["households"])
        field.choices = [(str(each.id), each.number) for each in rows]

    @property
    def chosen(self) -> list[UUID]:
        """The households ticked, in the order of the page."""
        ticked = set(self.cleaned_data["households"])
        return [UUID(key) for key in self._order if key in ticked]

    @property
    def ticked(self) -> frozenset[str]:
        """What was sent, so that a refused form shows it again."""
        return frozenset(self["households"].value() or ())
