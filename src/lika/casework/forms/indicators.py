"""The form of an indicator sheet: for every item whether it is met, and in words why."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from lika.casework.actions.indicators import LONGEST, Finding, SelfEvaluation
from lika.casework.queries.indicators import Item
from lika.core.forms import ActionForm

ANSWERS = (("", "—"), ("yes", _("Met")), ("no", _("Not met")))


class SheetForm(ActionForm):
    """Fields of every item, under its place on the sheet. With `evidence` it is the unit's own evaluation."""

    def __init__(self, *args: Any, items: Sequence[Item], evidence: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items, self.evidence = items, evidence
        for item in items:
            of = item.indicator
            self.fields[f"met-{of.position}"] = forms.ChoiceField(label=_("Result"), choices=ANSWERS)
            self.fields[f"text-{of.position}"] = forms.CharField(
                label=_("In words"), max_length=LONGEST, required=False
            )
            if evidence:
                self.fields[f"evidence-{of.position}"] = forms.CharField(label=_("Evidence"), max_length=LONGEST)
                self.initial[f"text-{of.position}"] = of.self_text
                self.initial[f"evidence-{of.position}"] = of.evidence
                self.initial[f"met-{of.position}"] = {True: "yes", False: "no", None: ""}[of.self_met]

    def rows(self) -> Iterator[tuple[Item, list[BoundField]]]:
        """Each item with its fields."""
        for item in self.items:
            names = ["met", "text", *(["evidence"] if self.evidence else [])]
            yield item, [self[f"{name}-{item.indicator.position}"] for name in names]

    def evaluations(self) -> dict[str, SelfEvaluation]:
        """What the unit says of itself, by criterion."""
        return {
            item.indicator.criterion: SelfEvaluation(
                self._given("met", item) == "yes", self._given("text", item), self._given("evidence", item)
            )
            for item in self.items
        }

    def findings(self) -> dict[str, Finding]:
        """What the level found, by criterion."""
        return {
            item.indicator.criterion: Finding(self._given("met", item) == "yes", self._given("text", item))
            for item in self.items
        }

    def _given(self, name: str, item: Item) -> str:
        return str(self.cleaned_data[f"{name}-{item.indicator.position}"])
