"""The forms that propose changes of a household. What the action refuses stands beside the field it names."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lika.console.facts import declared, heading, label
from lika.core.errors import ManyErrors, UserError
from lika.core.forms import ActionForm, DayField
from lika.engine.schema import CodeList, Fact
from lika.engine.types import BooleanType, CodeType, DateType, DecimalType, IntegerType
from lika.register.actions.changes import Grounds
from lika.register.choices import HEAD, Subject, lists
from lika.register.queries import MemberView

Choices = Sequence[tuple[str, str]]
LONGEST = 200
_RELATION = "relation_"
# How the register names some fields where a form has another name.
_OTHER_NAMES = {"姓名": "name", "与户主关系": "relation", "民族": "ethnicity", "性别": "sex", "户编号": "number"}


def _codes(code_list: CodeList, only: Iterable[str] | None = None, empty: bool = True) -> Any:
    """The choices of a code list in the language of the page."""
    wanted = None if only is None else frozenset(only)

    def choices() -> list[tuple[str, str]]:
        held = [(item.code, label(item)) for item in code_list.items if wanted is None or item.code in wanted]
        return [("", "—"), *held] if empty else held

    return lazy(choices, list)


class ChangeForm(ActionForm):
    """What every change states: since when, why, and what shows it."""

    effective_on = DayField(label=_("Holds from"), initial=timezone.localdate)
    reason = forms.CharField(label=_("Why it is changed"), max_length=LONGEST)
    evidence = forms.CharField(
        label=_("Evidence"),
        max_length=LONGEST,
        required=False,
        help_text=_("Which paper shows it: register book, certificate, agreement."),
    )

    def __init__(self, *args: Any, members: Sequence[MemberView] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = [member for member in members if member.is_open]
        if "person" in self.fields:
            named = [(str(member.id), member.name) for member in self.members]
            cast(forms.ChoiceField, self.fields["person"]).choices = [("", "—"), *named]
        for name in ("effective_on", "reason", "evidence"):  # the last lines of every form
            self.fields[name] = self.fields.pop(name)

    def grounds(self) -> Grounds:
        """Day, reason and evidence."""
        given = self.cleaned_data
        return Grounds(given["effective_on"], given["reason"], given["evidence"])

    def member(self) -> UUID:
        """The member chosen."""
        return UUID(self.cleaned_data["person"])

    def refuse(self, error: UserError) -> None:
        """Show an action's refusal, or all of several, each at the field that it names, else above the form."""
        for each in error.errors if isinstance(error, ManyErrors) else (error,):
            named = str(each.where.get("field", ""))
            field = _OTHER_NAMES.get(named, named)
            said = f"{each.message} ({each.code})" if field in self.fields else f"{named} {each.message} ({each.code})"
            self.add_error(
                field if field in self.fields else None,
                forms.ValidationError(said.strip(), params={"remedy": each.remedy}),
            )

    def add_relations(self, members: Iterable[MemberView], *, words: str, initial: bool = True) -> None:
        """A select for each member: the relation to the head."""
        for member in members:
            self.fields[f"{_RELATION}{member.id}"] = forms.ChoiceField(
                label=words % {"name": member.name},
                choices=_codes(lists.RELATION),
                initial=member.relation if initial else "",
                required=initial,
            )
        for name in ("effective_on", "reason", "evidence"):
            self.fields[name] = self.fields.pop(name)

    def relations(self) -> dict[UUID, str]:
        """The relations chosen, by person."""
        return {
            UUID(name.removeprefix(_RELATION)): value
            for name, value in self.cleaned_data.items()
            if name.startswith(_RELATION) and value
        }


class JoinForm(ChangeForm):
    """Who joins: with an identity number, or the reason why there is none."""

    name = forms.CharField(label=_("Name"), max_length=60)
    identity = forms.CharField(
        label=_("Identity number"), max_length=30, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    no_id_reason = forms.ChoiceField(label=_("Why there is no number"), choices=_codes(lists.NO_ID), required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=_codes(lists.SEX), required=False)
    birth_date = DayField(label=_("Date of birth"), required=False)
    ethnicity = forms.ChoiceField(label=_("Ethnicity"), choices=_codes(lists.ETHNIC), required=False)
    relation = forms.ChoiceField(label=_("Relation to head"), choices=_codes(lists.RELATION))
    reason_code = forms.ChoiceField(label=_("Kind of change"), choices=_codes(lists.MEMBER_CHANGE, lists.MEMBER_JOINS))


class LeaveForm(ChangeForm):
    """Who leaves; where it is the head, the relations to the new one."""

    person = forms.ChoiceField(label=_("Who"))
    reason_code = forms.ChoiceField(label=_("Kind of change"), choices=_codes(lists.MEMBER_CHANGE, lists.MEMBER_LEAVES))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_relations(self.members, words=_now("Relation of %(name)s, who stays, to the head"))

    def relations(self) -> dict[UUID, str]:
        """Of those who stay."""
        return {person: value for person, value in super().relations().items() if person != self.member()}


class AwayForm(ChangeForm):
    """Who is away, or adopted, and stays a member."""

    person = forms.ChoiceField(label=_("Who"))
    reason_code = forms.ChoiceField(label=_("Kind of change"), choices=_codes(lists.MEMBER_CHANGE, lists.MEMBER_STAYS))


class CorrectForm(ChangeForm):
    """Data of the household, or of the member chosen. What is left empty stays as it is."""

    person = forms.ChoiceField(
        label=_("Whose data"), required=False, help_text=_("Empty: those of the household itself.")
    )
    phone = forms.CharField(label=_("Telephone"), max_length=20, required=False)
    address = forms.CharField(label=_("Address"), max_length=LONGEST, required=False)
    bank_name = forms.CharField(label=_("Bank"), max_length=60, required=False)
    bank_account = forms.CharField(label=_("Bank account"), max_length=30, required=False)
    attribute = forms.ChoiceField(
        label=_("Household attribute"), choices=_codes(lists.HOUSEHOLD_ATTRIBUTE), required=False
    )
    name = forms.CharField(label=_("Name"), max_length=60, required=False)
    identity = forms.CharField(label=_("Identity number"), max_length=30, required=False)
    ethnicity = forms.ChoiceField(label=_("Ethnicity"), choices=_codes(lists.ETHNIC), required=False)
    relation = forms.ChoiceField(
        label=_("Relation to head"),
        choices=_codes(lists.RELATION, {item.code for item in lists.RELATION.items} - {HEAD}),
        required=False,
    )
    _OF_PERSON = frozenset({"name", "identity", "ethnicity", "relation"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name not in ("person", "effective_on", "reason", "evidence"):
                field.widget.attrs["autocomplete"] = "off"

    def whose(self) -> UUID | None:
        """The member chosen; None: the household."""
        return self.member() if self.cleaned_data["person"] else None

    def values(self) -> dict[str, Any]:
        """What is given, of the member or of the household."""
        mine = self._OF_PERSON if self.whose() else set(self.fields) - self._OF_PERSON
        besides = {"person", "effective_on", "reason", "evidence"}
        return {name: value for name, value in self.cleaned_data.items() if name in mine - besides and value}


class HeadForm(ChangeForm):
    """The relation of every member to the new head."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_relations(self.members, words=_now("%(name)s is the new head's"))


class SplitForm(ChangeForm):
    """The number of the new household, and the relation in it of those who leave for it."""

    number = forms.CharField(label=_("Number of the new household"), max_length=30)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = _now("%(name)s in the new household (empty: stays)")
        self.add_relations(self.members, words=words, initial=False)


class MergeForm(ChangeForm):
    """The number of the other household; once it is known, the relation of each of its members to the head here."""

    number = forms.CharField(label=_("Number of the household that ends"), max_length=30)

    def __init__(self, *args: Any, joining: Sequence[MemberView] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.joining = [member for member in joining if member.is_open]
        self.add_relations(self.joining, words=_now("Relation of %(name)s to the head"), initial=True)
        for member in self.joining:
            self.fields[f"{_RELATION}{member.id}"].initial = ""


class MoveForm(ChangeForm):
    """Where to: a village of the county chosen, be it another than the household's."""

    village = forms.ChoiceField(label=_("Moves to"))

    def __init__(self, *args: Any, villages: Sequence[tuple[str, Choices]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["village"]).choices = [("", "—"), *villages]


class YearForm(ChangeForm):
    """A locked year of the household, of a member or of an area, one value of it, and what it should be."""

    row = forms.ChoiceField(label=_("Locked year"))
    field = forms.ChoiceField(label=_("Item"))
    value = forms.CharField(
        label=_("Correct value"),
        max_length=LONGEST,
        required=False,
        help_text=_("A number, a day like 2016-06-30, yes or no, or the words of the list. Empty: unknown."),
    )

    def __init__(self, *args: Any, rows: Choices, fields: Mapping[str, Fact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facts = fields
        cast(forms.ChoiceField, self.fields["row"]).choices = [("", "—"), *rows]
        named = [(name, heading(fact)) for name, fact in fields.items()]
        cast(forms.ChoiceField, self.fields["field"]).choices = [("", "—"), *named]

    def clean(self) -> dict[str, Any]:
        """Reads the value as the item has it."""
        cleaned: dict[str, Any] = super().clean() or {}
        fact = self.facts.get(cleaned.get("field", ""))
        if fact is not None and "value" in cleaned:
            try:
                cleaned["value"] = read_value(fact, cleaned["value"])
            except ValueError:
                remedy = _("Enter what the item asks for.")
                self.add_error(
                    "value",
                    forms.ValidationError(_("The value is of another kind than the item."), params={"remedy": remedy}),
                )
        return cleaned

    def asked(self) -> tuple[Subject, UUID, dict[str, Any]]:
        """The row, and the value that it should hold."""
        given = self.cleaned_data
        subject, _colon, row = given["row"].partition(":")
        return Subject(subject), UUID(row), {given["field"].partition(":")[2]: given["value"]}


def read_value(fact: Fact, text: str) -> Any:
    """A typed value of a fact; empty is unknown. Raises ValueError where the text is none."""
    typed = text.strip()
    if not typed:
        return None
    if isinstance(fact.type, BooleanType):
        if typed.lower() not in _ANSWERS:
            raise ValueError(fact.name)
        return _ANSWERS[typed.lower()]
    if isinstance(fact.type, CodeType):
        return _code(fact.type, typed)
    if isinstance(fact.type, IntegerType):
        return int(typed)
    if isinstance(fact.type, DecimalType):
        try:
            return Decimal(typed.replace(",", ""))
        except InvalidOperation as error:
            raise ValueError(fact.name) from error
    return DayField().to_python(typed) if isinstance(fact.type, DateType) else typed


_ANSWERS = {"是": True, "yes": True, "否": False, "no": False}


def _code(kind: CodeType, text: str) -> str:
    for item in declared().code_lists[kind.list_id].items:
        if text in (item.code, item.zh, item.en):
            return item.code
    raise ValueError(kind.list_id)


class RemarkForm(ActionForm):
    """Why a change is refused or taken back."""

    remark = forms.CharField(label=_("Reason"), max_length=LONGEST)


class UndoForm(ActionForm):
    """Why a change is undone, and what shows it."""

    reason = forms.CharField(label=_("Reason"), max_length=LONGEST)
    evidence = forms.CharField(label=_("Evidence"), max_length=LONGEST, required=False)
