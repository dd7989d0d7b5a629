"""The forms of the console. Filters live in the address and hold nothing personal; search text never does."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.db.models import TextChoices
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from lika.console.facts import label
from lika.core.forms import ActionForm
from lika.core.leaving import FileKind
from lika.register.choices import STILL_POOR, PovertyStatus
from lika.register.choices.lists import CAUSE
from lika.snapshots.choices import Result

Choices = Sequence[tuple[str, str]]

POOR = "poor"  # every status that counts as poor


def _causes() -> list[tuple[str, str]]:
    return [("", str(_("All"))), *((item.code, label(item)) for item in CAUSE.items)]


class HouseholdFilterForm(forms.Form):
    """The selects above the list. Nothing is required; a value outside its list is refused."""

    poverty = forms.ChoiceField(
        label=_("Poverty status"),
        choices=[("", _("All")), (POOR, _("Poor, all of them")), *PovertyStatus.choices],
        required=False,
    )
    cause = forms.ChoiceField(label=_("Main cause"), choices=lazy(_causes, list), required=False)
    pack = forms.ChoiceField(label=_("Policy pack"), required=False)
    criterion = forms.ChoiceField(label=_("Criterion"), required=False)
    result = forms.ChoiceField(label=_("Result"), choices=[("", _("All")), *Result.choices], required=False)
    as_of = forms.DateField(
        label=_("As of the day"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    untold_since = forms.DateField(
        label=_("Not updated since"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def statuses(self) -> frozenset[str]:
        """The poverty statuses asked for; empty for all."""
        chosen = self.cleaned_data.get("poverty", "")
        if chosen == POOR:
            return STILL_POOR
        return frozenset({chosen}) if chosen else frozenset()

    def __init__(self, *args: Any, criteria: Choices, packs: Choices, in_full: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not in_full:  # a list of the ill tells who is ill
            del self.fields["cause"]
        if len(packs) > 1:
            cast(forms.ChoiceField, self.fields["pack"]).choices = packs
        else:
            del self.fields["pack"]
        if criteria:
            cast(forms.ChoiceField, self.fields["criterion"]).choices = [("", _("All")), *criteria]
        else:  # nothing has been screened yet
            del self.fields["criterion"], self.fields["result"]
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-control" if name in ("as_of", "untold_since") else "form-select"


class HouseholdSearchForm(forms.Form):
    """A name, its pinyin, or a number in full. Always sent by POST."""

    text = forms.CharField(max_length=60, strip=True, label=_("Name, pinyin, household or identity number, telephone"))


class RevealPurpose(TextChoices):
    """What a masked value is wanted for, most of the time; anything else is said in words."""

    IDENTITY = "identity", _("Verify identity")
    CONTACT = "contact", _("Get in touch with the household")
    PAYMENT = "payment", _("Check a payment")
    CORRECTION = "correction", _("Correct the record")
    COMPLAINT = "complaint", _("Deal with a complaint or objection")
    INSPECTION = "inspection", _("Inspection or audit")


class PurposeForm(forms.Form):
    """Why somebody wants to see something: a purpose of the list, words, or both."""

    purpose = forms.ChoiceField(
        label=_("Reason"), choices=[("", _("Other, in words")), *RevealPurpose.choices], required=False
    )
    reason = forms.CharField(max_length=160, strip=True, label=_("In words"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        """Puts purpose and words together as the one reason that the audit keeps."""
        cleaned: dict[str, Any] = super().clean() or {}
        purpose = cleaned.get("purpose", "")
        parts = [str(RevealPurpose(purpose).label)] if purpose else []
        if cleaned.get("reason"):
            parts.append(cleaned["reason"])
        if not parts and "reason" not in self.errors:
            self.add_error(
                "reason",
                forms.ValidationError(
                    _("A reason is needed."), params={"remedy": _("Choose one from the list, or write it in words.")}
                ),
            )
        cleaned["reason"] = " · ".join(parts)
        return cleaned


class RevealForm(PurposeForm):
    """Which masked value somebody wants to see, and why."""

    what = forms.ChoiceField(label=_("What"))

    field_order = ("what", "purpose", "reason")

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["what"]).choices = choices


class TakeListForm(ActionForm):
    """What of a list shall leave, and why: `{% list_export %}` draws it.

    `definition` is the query of its address, `back` the address of its page.
    """

    definition = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    back = forms.CharField(required=False, widget=forms.HiddenInput)
    kind = forms.TypedChoiceField(
        label=_("File"),
        choices=[(FileKind.XLSX, "XLSX"), (FileKind.CSV, "CSV"), (FileKind.PARQUET, "Parquet")],
        coerce=FileKind,
        initial=FileKind.XLSX,
    )
    personal = forms.BooleanField(label=_("With personal data in full, where I may read them"), required=False)
    reason = forms.CharField(
        label=_("Purpose"), required=False, widget=forms.TextInput(attrs={"maxlength": 200, "autocomplete": "off"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["personal"].widget.attrs["data-requires"] = self["reason"].auto_id

    def given(self) -> dict[str, Any]:
        """What the action asks of a valid form."""
        return {name: value for name, value in self.cleaned_data.items() if name != "back"}
