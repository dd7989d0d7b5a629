"""The form of an indicator sheet: for every item whether it is met, and in words why."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from lika.casework.actions.indicators import LONGEST, Finding, SelfEvaluation
from lika.casework.queries.indicators import Item
from lika.core.forms import ActionForm
from lika.core.media import MediaType

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
            self.fields[f"file-{of.position}"] = forms.FileField(
                label=_("Photograph or file"),
                help_text=_("JPEG, PNG, WebP or PDF"),
                required=False,
                widget=forms.FileInput(attrs={"accept": ",".join(("image/*", *MediaType))}),
            )
            if evidence:
                self.fields[f"evidence-{of.position}"] = forms.CharField(
                    label=_("Evidence"), max_length=LONGEST, required=False
                )
                self.initial[f"text-{of.position}"] = of.self_text
                self.initial[f"evidence-{of.position}"] = of.evidence
                self.initial[f"met-{of.position}"] = {True: "yes", False: "no", None: ""}[of.self_met]

    def rows(self) -> Iterator[tuple[Item, list[BoundField]]]:
        """Each item with its fields."""
        for item in self.items:
            names = ["met", "text", *(["evidence"] if self.evidence else []), "file"]
            yield item, [self[f"{name}-{item.indicator.position}"] for name in names]

    def clean(self) -> dict[str, Any]:
        """The unit's own word on an item names a paper, or a file shows it."""
        said = super().clean() or self.cleaned_data
        for item in self.items if self.evidence else ():
            place = item.indicator.position
            kept = any(each.view.counts for each in item.files)
            if not (said.get(f"evidence-{place}") or said.get(f"file-{place}") or kept):
                self.add_error(f"evidence-{place}", _("Name the paper that shows it, or upload it."))
        return said

    def evaluations(self) -> dict[str, SelfEvaluation]:
        """What the unit says of itself, by criterion."""
        return {
            item.indicator.criterion: SelfEvaluation(
                self._given("met", item) == "yes",
                self._given("text", item),
                self._given("evidence", item),
                self._file(item),
            )
            for item in self.items
        }

    def findings(self) -> dict[str, Finding]:
        """What the level found, by criterion."""
        return {
            item.indicator.criterion: Finding(
                self._given("met", item) == "yes", self._given("text", item), self._file(item)
            )
            for item in self.items
        }

    def _given(self, name: str, item: Item) -> str:
        return str(self.cleaned_data[f"{name}-{item.indicator.position}"])

    def _file(self, item: Item) -> bytes | None:
        given = self.cleaned_data[f"file-{item.indicator.position}"]
        return None if given is None else cast(UploadedFile, given).read()
