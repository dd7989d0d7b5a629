"""The filters of the list of screenings; what to try on which household, what a scenario changes, what to compare."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from lika.snapshots.actions.scenarios import LONGEST_NAME
from lika.snapshots.choices import ScreeningState
from lika.snapshots.queries.trying import LONGEST


class ScreeningFilterForm(forms.Form):
    """The selects above the list. Nothing is required; a value outside its list is refused."""

    pack = forms.ChoiceField(label=_("Policy pack"), required=False)
    state = forms.ChoiceField(label=_("State"), choices=[("", _("All")), *ScreeningState.choices], required=False)

    def __init__(self, *args: Any, packs: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["pack"]).choices = [("", _("All")), *packs]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"


class TryForm(forms.Form):
    """An expression in the criteria language and a household's number."""

    text = forms.CharField(
        max_length=LONGEST,
        label=_("Expression"),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("Labels or English names of facts, param.… for parameters, met('…') for criteria of the pack."),
    )
    number = forms.CharField(
        max_length=40, label=_("Household number"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    pack = forms.ChoiceField(label=_("Policy pack"), required=False)

    def __init__(self, *args: Any, packs: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(packs) > 1:
            cast(forms.ChoiceField, self.fields["pack"]).choices = packs
        else:
            del self.fields["pack"]


class ScenarioForm(forms.Form):
    """What a scenario says and changes; a parameter left empty keeps its value. `parameters` are their ids."""

    name = forms.CharField(
        max_length=LONGEST_NAME, label=_("Name of the scenario"), help_text=_("What is tried, in a few words.")
    )
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))
    criterion = forms.ChoiceField(label=_("Criterion to change"), required=False)
    expression = forms.CharField(
        max_length=LONGEST,
        label=_("Its expression"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("Labels or English names of facts, param.… for parameters, met('…') for criteria of the pack."),
    )
    cost_of = forms.ChoiceField(label=_("Cost by criterion"), required=False)
    amount = forms.CharField(
        max_length=LONGEST,
        label=_("Amount per unit"),
        required=False,
        help_text=_("What one unit that meets it costs: a number or an expression, such as 500 * members."),
    )

    def __init__(
        self, *args: Any, parameters: Sequence[str], criteria: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in ("criterion", "cost_of"):
            cast(forms.ChoiceField, self.fields[name]).choices = [("", _("None")), *criteria]
        self._parameters = parameters
        for each in parameters:
            widget = forms.TextInput(attrs={"autocomplete": "off"})
            self.fields[f"p-{each}"] = forms.CharField(max_length=200, label=each, required=False, widget=widget)

    def changes(self) -> dict[str, dict[str, str]]:
        """What `save_scenario` takes, from what was typed."""
        given = self.cleaned_data
        typed = {each: given[f"p-{each}"] for each in self._parameters if given[f"p-{each}"]}
        expression = given["expression"].replace("\r\n", "\n")
        return {
            "parameters": typed,
            "criteria": {given["criterion"]: expression} if given["criterion"] else {},
            "amounts": {given["cost_of"]: given["amount"]} if given["cost_of"] else {},
        }

    def clean(self) -> dict[str, Any]:
        """What is typed without saying of which criterion would be lost without a word."""
        given = super().clean() or {}
        for what, of in (("expression", "criterion"), ("amount", "cost_of")):
            if given.get(what) and not given.get(of):
                self.add_error(
                    of, forms.ValidationError(_("Choose a criterion."), params={"remedy": _("Take one from the list.")})
                )
        return given


class AgainstForm(forms.Form):
    """Which other screening of its area one is held against; the division that the reader looks at is kept."""

    old = forms.ChoiceField(
        label=_("The old one"),
        help_text=_(
            "Another screening of the same area: an earlier year, another version of the pack, or a trial run."
        ),
        error_messages={
            "required": _("Choose a screening."),
            "invalid_choice": _("There is no such screening in your area."),
        },
    )
    division = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, screenings: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["old"]).choices = screenings


class TruthForm(forms.Form):
    """What is held to be true: by POST, as every expression of one's own, so it stands in no address."""

    truth = forms.CharField(
        max_length=LONGEST,
        required=False,
        label=_("Held to be true"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("A condition, such as poverty = 'poor' or met('…')."),
    )
    true_by = forms.ChoiceField(
        label=_("Or the result of a screening"),
        required=False,
        help_text=_("The same criterion there, such as that of the next year's snapshot."),
    )
    of = forms.ChoiceField(label=_("Criterion"))

    def __init__(
        self, *args: Any, criteria: Sequence[tuple[str, str]], screenings: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["of"]).choices = criteria
        cast(forms.ChoiceField, self.fields["true_by"]).choices = [("", _("None")), *screenings]

    def clean(self) -> dict[str, Any]:
        """One truth, not two and not none."""
        given = super().clean() or {}
        if bool(given.get("truth")) == bool(given.get("true_by")) and not self.errors:
            remedy = _("Take either a condition or a screening.")
            self.add_error("truth", forms.ValidationError(_("Name one truth."), params={"remedy": remedy}))
        return given
