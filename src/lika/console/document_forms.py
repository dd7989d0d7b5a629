"""The forms of documents and photographs: adding one, withdrawing one."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lika.console.facts import label
from lika.core.forms import ActionForm, DayField
from lika.core.media import MediaType
from lika.register.actions.common import LONGEST_REASON
from lika.register.actions.documents import LONGEST_TITLE, Owner, Paper
from lika.register.choices import DocumentOwner
from lika.register.choices.lists import DOCUMENT_KIND
from lika.register.queries import MemberView

# The kind of CL-DOCKIND that shows why something was changed.
EVIDENCE = "10"


def _kinds() -> list[tuple[str, str]]:
    return [("", "—"), *((item.code, label(item)) for item in DOCUMENT_KIND.items)]


class DocumentForm(ActionForm):
    """A photograph taken now, or a file that is there already; what it is and of when."""

    kind = forms.ChoiceField(label=_("What it is"), choices=lazy(_kinds, list))
    photo = forms.FileField(
        label=_("Take a photograph"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
    file = forms.FileField(
        label=_("Or choose a file"),
        required=False,
        help_text=_("JPEG, PNG, WebP or PDF"),
        widget=forms.FileInput(attrs={"accept": ",".join(MediaType)}),
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=LONGEST_TITLE,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    dated_on = DayField(label=_("Taken or received on"), required=False)
    replaces = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """One file, from the camera or from the folder."""
        cleaned: dict[str, Any] = super().clean() or {}
        given = [name for name in ("photo", "file") if cleaned.get(name)]
        if len(given) != 1 and not {"photo", "file"} & set(self.errors):
            self.add_error(
                "file",
                forms.ValidationError(
                    _now("One file at a time is needed."),
                    params={"remedy": _now("Take a photograph or choose a file.")},
                ),
            )
        return cleaned

    def content(self) -> bytes:
        """The bytes of the file."""
        given = self.cleaned_data
        return cast(UploadedFile, given["photo"] or given["file"]).read()

    def paper(self) -> Paper:
        """What is said of the file."""
        given = self.cleaned_data
        return Paper(given["kind"], given["title"], given["dated_on"], given["replaces"])


class HouseholdDocumentForm(DocumentForm):
    """A document of the household, or of one of its members."""

    whose = forms.ChoiceField(label=_("Of whom"), required=False)

    field_order = ("kind", "whose", "photo", "file", "title", "dated_on", "replaces")

    def __init__(self, *args: Any, members: Sequence[MemberView], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(member.id), member.name) for member in members if member.is_open]
        whose = cast(forms.ChoiceField, self.fields["whose"])
        whose.choices = [("", _now("The whole household")), *named]

    def owner(self, household: UUID) -> Owner:
        """Whom the document belongs to."""
        chosen = self.cleaned_data["whose"]
        if chosen:
            return Owner(DocumentOwner.PERSON, UUID(chosen))
        return Owner(DocumentOwner.HOUSEHOLD, household)


class EvidenceForm(DocumentForm):
    """Evidence of a change; where it takes the place of another, why."""

    reason = forms.CharField(
        label=_("Why it is replaced"), max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self["replaces"].value():
            del self.fields["reason"]

    def paper(self) -> Paper:
        """What is said of the file, and why it takes the place of another."""
        return replace(super().paper(), reason=self.cleaned_data.get("reason", ""))


class WithdrawForm(ActionForm):
    """Why a document counts no more."""

    reason = forms.CharField(
        label=_("Why it is withdrawn"), max_length=LONGEST_REASON, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
