"""The forms of rounds: opening one, the yearly forms made from the facts that they ask, remarks and notes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from lika.collection.rounds.choices import LONGEST_REMARK
from lika.collection.rounds.models import FieldRemark
from lika.collection.rounds.words import codes_of, label_of, unit_of, words_of
from lika.core.forms import ActionForm, DayField
from lika.engine.schema import Fact
from lika.engine.types import BooleanType, CodeType, DateType, DecimalType, IntegerType
from lika.register.queries import WholeYear, YearPart
from lika.register.values import LONGEST_TEXT

_EMPTY = ("", "—")
_ANSWERS = {True: "yes", False: "no"}


def _answer(text: str) -> bool:
    return text == "yes"


def field_of(fact: Fact) -> forms.Field:
    """The field that asks for a fact. Bounds and places are the register's matter; empty is unknown."""
    more: dict[str, Any] = {"label": label_of(fact), "required": False}
    match fact.type:
        case BooleanType():
            choices = [_EMPTY, ("yes", _("Yes")), ("no", _("No"))]
            return forms.TypedChoiceField(choices=choices, coerce=_answer, empty_value=None, **more)
        case CodeType():
            return forms.TypedChoiceField(choices=[_EMPTY, *codes_of(fact)], empty_value=None, **more)
        case IntegerType():
            return forms.IntegerField(widget=forms.TextInput(attrs={"inputmode": "numeric"}), **more)
        case DecimalType():
            return forms.DecimalField(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **more)
        case DateType():
            return DayField(**more)
    return forms.CharField(max_length=LONGEST_TEXT, empty_value=None, **more)


@dataclass(frozen=True)
class FieldLine:
    """A field with its unit, what stood there last year, whether it differs now, and what the township remarked."""

    bound: Any
    unit: str
    last: str
    differs: bool
    remarks: Sequence[FieldRemark]


class PartForm(forms.Form):
    """The yearly form of a household, a member or a village; it begins with last year's values."""

    def __init__(self, part: YearPart, facts: Sequence[Fact], data: Any = None) -> None:
        super().__init__(data, prefix=str(part.id or part.unit) if part.unit == "person" else part.unit)
        self.part, self.facts = part, facts
        for fact in facts:
            self.fields[fact.name] = field_of(fact)
            held = part.shown(fact.name)
            self.initial[fact.name] = _ANSWERS[held] if isinstance(held, bool) else held
            self.fields[fact.name].widget.attrs["autocomplete"] = "off"

    def lines(self, remarks: Sequence[FieldRemark], names: Sequence[str] | None = None) -> list[FieldLine]:
        """The fields, of some names or of all, each with what is told beside it."""
        return [
            FieldLine(
                bound=self[fact.name],
                unit=unit_of(fact),
                last=words_of(fact, self.part.before.get(fact.name)) if self.part.before_year else "",
                differs=self.part.differs(fact.name),
                remarks=[remark for remark in remarks if remark.field == fact.name],
            )
            for fact in self.facts
            if names is None or fact.name in names
        ]


class HouseholdForm:
    """The forms of a household and its members as one, with the remark on it."""

    def __init__(self, whole: WholeYear, data: Mapping[str, Any] | None = None, remark: str = "") -> None:
        self.whole = whole
        self.own = PartForm(whole.own, whole.facts["household"], data)
        self.members = [PartForm(part, whole.facts["person"], data) for part in whole.members]
        self.note = RemarkForm(data, initial={"remark": remark})

    def is_valid(self) -> bool:
        """Whether all of it can be read."""
        return all([each.is_valid() for each in self._forms()])  # noqa: C419 - each shows its own errors

    def _forms(self) -> Iterator[forms.Form]:
        yield from (self.own, *self.members, self.note)


class RemarkForm(forms.Form):
    """Why something is in doubt, or right although a rule asks."""

    remark = forms.CharField(
        label=_("Remark"),
        max_length=LONGEST_REMARK,
        required=False,
        help_text=_("Needed where a rule asks for it, and where the household is in doubt."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class PeriodForm(ActionForm):
    """The reference period (标准时期) of a year."""

    period_from = DayField(label=_("Reference period from"))
    period_to = DayField(label=_("Reference period to"), help_text=_("The standard time point of the year."))


class OpenForm(PeriodForm):
    """Opening a round."""

    field_order = ("division", "data_year", "period_from", "period_to")

    division = forms.ChoiceField(label=_("Area"))
    data_year = forms.IntegerField(label=_("Data year"), min_value=2000, max_value=2100)
    fill_by = DayField(label=_("Villages hand in by"))
    audit_by = DayField(label=_("Townships audit by"))

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["division"]).choices = places


class ReturnForm(ActionForm):
    """Returning to the village: by when to mend, and a word to it."""

    mend_by = DayField(label=_("To be mended by"))
    note = forms.CharField(label=_("Short note"), max_length=LONGEST_REMARK, required=False)


class ExtendForm(ActionForm):
    """A later day for one village."""

    due_on = DayField(label=_("New last day"))
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REMARK)


class StandInForm(ActionForm):
    """Why the county passes in the township's place."""

    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REMARK)


class WorkbookForm(ActionForm):
    """The filled workbook of the round."""

    file = forms.FileField(
        label=_("Filled workbook"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": _("Choose a workbook."), "empty": _("The file is empty.")},
    )
    finish = forms.BooleanField(
        label=_("I have gone through every household: count as filled what is whole and breaks no rule"),
        required=False,
    )


class NoteForm(ActionForm):
    """A word to whoever comes next."""

    note = forms.CharField(label=_("Short note"), max_length=LONGEST_REMARK, required=False)


class FieldRemarkForm(ActionForm):
    """A remark on a field of a household, a member or the village."""

    at = forms.ChoiceField(label=_("Where in the form"))
    text = forms.CharField(label=_("What is wrong"), max_length=LONGEST_REMARK)

    def __init__(self, *args: Any, places: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["at"]).choices = places
