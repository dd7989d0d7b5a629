"""Forms of signing: by account, on the screen, on paper."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lika.casework.choices import SignatureKind
from lika.core.forms import ActionForm

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
