"""Forms of what the public sent: taken up against a case of its notice, or refused with a reason."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from lika.core.forms import ActionForm
from lika.disclosure.models import Inbox


class TakeUpForm(ActionForm):
    """Against which case of the notice it is."""

    case = forms.ChoiceField(label=_("Against case"), widget=forms.Select(attrs={"class": "form-select"}))

    def __init__(self, *args: Any, cases: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["case"]).choices = [("", _("Choose the case that it is about")), *cases]


class RefuseForm(ActionForm):
    """Why it is no objection against anybody on the list."""

    reason = forms.CharField(
        label=_("Reason, if it is no objection"), max_length=Inbox._meta.get_field("refused").max_length
    )
