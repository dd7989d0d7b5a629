"""Forms of notices and objections: making, posting, faults; receiving and the next step of an objection."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lika.accounts.models import Official
from lika.casework.actions.objections import LONGEST, Said
from lika.casework.choices import ObjectionChannel, PostingFault
from lika.casework.models import Notice, Posting
from lika.casework.queries.courses import CaseLine
from lika.core.forms import ActionForm, DayField

# The database is asked what time it is; the clock of this machine may be ahead by some seconds.
_BEFORE = dt.timedelta(minutes=1)
_SELECT = forms.Select(attrs={"class": "form-select"})
_CHANNELS = [(each.value, each.label) for each in (ObjectionChannel.TELEPHONE, ObjectionChannel.PAPER)]
_DECISIONS = [("dismiss", _("Dismiss")), ("uphold", _("Uphold"))]


def place_of(posting: Posting) -> str:
    """A place where a notice hangs, in words."""
    return f"{posting.get_place_display()} {posting.division.name}"


class OpenNoticeForm(ActionForm):
    """Fix the list and where people call."""

    phone = forms.CharField(label=_("Telephone of the office"), max_length=20)


class PostForm(ActionForm):
    """A place where the notice hangs since a day, with its photograph."""

    posting = forms.ChoiceField(label=_("Place"), widget=_SELECT)
    posted_on = DayField(label=_("Hangs since"), initial=timezone.localdate)
    proof = forms.FileField(label=_("Photograph of the posting"))
    late_reason = forms.CharField(label=_("Why it is entered on a later day"), max_length=500, required=False)

    def __init__(self, *args: Any, postings: Iterable[Posting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["posting"].choices = [(str(each.pk), place_of(each)) for each in postings]  # type: ignore[attr-defined]


class FaultForm(ActionForm):
    """A posting that counts no more."""

    posting = forms.ChoiceField(label=_("Place"), widget=_SELECT)
    fault = forms.ChoiceField(label=_("What happened"), choices=PostingFault.choices[1:], widget=_SELECT)
    fault_on = DayField(label=_("On what day"), initial=timezone.localdate)
    reason = forms.CharField(label=_("What was found"), max_length=500)

    def __init__(self, *args: Any, postings: Iterable[Posting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["posting"].choices = [(str(each.pk), place_of(each)) for each in postings]  # type: ignore[attr-defined]


class TakeDownForm(ActionForm):
    """A notice whose list was wrong."""

    notice = forms.ChoiceField(label=_("Which notice"), widget=_SELECT)
    reason = forms.CharField(label=_("What was wrong with the list"), max_length=500)

    def __init__(self, *args: Any, notices: Iterable[Notice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(each.pk), f"{each.get_kind_display()} {each.round}") for each in notices]
        self.fields["notice"].choices = named  # type: ignore[attr-defined]


class ObjectionForm(ActionForm):
    """An objection by telephone or on paper. Its moment is that of entering it, unless another is said."""

    case = forms.ChoiceField(label=_("Case"), widget=_SELECT)
    channel = forms.ChoiceField(label=_("By what way it came"), choices=_CHANNELS, widget=_SELECT)
    text = forms.CharField(
        label=_("What was said"), max_length=LONGEST["text"], widget=forms.Textarea(attrs={"rows": 4})
    )
    name = forms.CharField(label=_("Name (empty: anonymous)"), max_length=LONGEST["name"], required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=LONGEST["phone"], required=False)

    def __init__(self, *args: Any, cases: Sequence[CaseLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["case"].choices = [(str(each.case.pk), each.label) for each in cases]  # type: ignore[attr-defined]


def said_of(given: Mapping[str, Any]) -> Said:
    """What a filled in `ObjectionForm` hands to the action."""
    return Said(
        ObjectionChannel(given["channel"]), given["text"], timezone.now() - _BEFORE, name=given["name"],
        phone=given["phone"],
    )  # fmt: skip


class AssignForm(ActionForm):
    """Who investigates."""

    to = forms.ChoiceField(label=_("Who investigates"), widget=_SELECT)

    def __init__(self, *args: Any, officials: Iterable[Official], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(str(each.pk), each.name) for each in officials]  # type: ignore[attr-defined]


class FindingForm(ActionForm):
    """What was found, with its evidence."""

    note = forms.CharField(
        label=_("What was found"), max_length=LONGEST["note"], widget=forms.Textarea(attrs={"rows": 4})
    )
    evidence = forms.FileField(label=_("Paper or photograph"))


class ReplyForm(ActionForm):
    """What whoever objected is told."""

    text = forms.CharField(label=_("Reply"), max_length=LONGEST["text"], widget=forms.Textarea(attrs={"rows": 4}))


class DecideObjectionForm(ActionForm):
    """Dismissed, or upheld with where the case goes."""

    decision = forms.ChoiceField(label=_("Decision on the objection"), choices=_DECISIONS, widget=_SELECT)
    to = forms.ChoiceField(label=_("If it is right, the case"), widget=_SELECT, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=500)

    def __init__(self, *args: Any, ways: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = list(ways)  # type: ignore[attr-defined]
