"""Forms of signing: by account, on the screen, on paper; who signs in which capacity."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from lika.casework.actions.signatories import LONGEST
from lika.casework.choices import SignatureKind, StepResult
from lika.casework.forms.lines import OutcomesForm
from lika.core.forms import ActionForm, DayField
from lika.policy.choices import Capacity

Choices = Sequence[tuple[str, Any]]
_PNG = "data:image/png;base64,"


class AccountForm(ActionForm):
    """The signer's own password, or the code of the app."""

    secret = forms.CharField(
        label=_("Password or code"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class SheetForm(ActionForm):
    """Ink drawn in the field, or a sheet photographed; who saw it, who signed, and for which case if for one alone."""

    case = forms.ChoiceField(label=_("Case"), required=False)
    signatory = forms.ChoiceField(label=_("Who signed"), required=False)
    witness = forms.ChoiceField(label=_("Witness"))
    file = forms.FileField(label=_("Photograph or scan of the sheet"))
    drawing = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: SignatureKind, choices: Mapping[str, Choices], **options: Any) -> None:
        """`choices` of `case`, `signatory` and `witness`; what has none is not asked."""
        super().__init__(*args, **{"auto_id": f"{kind.value}_%s"} | options)
        self.kind = kind
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
            if not offered:
                del self.fields[name]
        del self.fields["drawing" if kind is SignatureKind.PAPER else "file"]

    def content(self) -> bytes:
        """What was drawn or photographed; empty where there is nothing."""
        given = self.cleaned_data
        if given.get("file"):
            return bytes(given["file"].read())
        text = given.get("drawing", "")
        try:
            return base64.b64decode(text.removeprefix(_PNG), validate=True) if text.startswith(_PNG) else b""
        except binascii.Error:
            return b""


class SendBackForm(OutcomesForm):
    """Cases that go back or are struck out instead of being signed; the others stay where they are."""

    def results(self) -> list[tuple[str, Any]]:
        """What the procedure allows at this stage, and to stay."""
        return [(StepResult.PASSED.value, _("Stays here")), *super().results()[1:]]


class SignatoryForm(ActionForm):
    """Who signs in a capacity from when on; a deputy with the authorisation."""

    capacity = forms.ChoiceField(label=_("Signs as"))
    official = forms.ChoiceField(label=_("Official"))
    valid_from = DayField(label=_("Valid from"))
    document = forms.CharField(
        label=_("Document"), max_length=LONGEST, help_text=_("The appointment, or a deputy's authorisation.")
    )
    deputy_of = forms.ChoiceField(label=_("Deputy of"), required=False)
    valid_to = DayField(label=_("Valid until"), required=False)
    authorisation = forms.FileField(label=_("Authorisation of the deputy, photographed"), required=False)

    def __init__(
        self, *args: Any, capacities: Choices, officials: Choices, holders: Choices, **options: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        offered = {"capacity": capacities, "official": [("", ""), *officials], "deputy_of": [("", ""), *holders]}
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        """What the action takes."""
        told = dict(self.cleaned_data)
        file = told.pop("authorisation")
        return told | {
            "official": UUID(told["official"]),
            "capacity": Capacity(told["capacity"]),
            "deputy_of": UUID(told["deputy_of"]) if told["deputy_of"] else None,
            "authorisation": file.read() if file else b"",
        }


class EndForm(ActionForm):
    """The last day on which somebody signs."""

    last_day = DayField(label=_("Last day"))
