"""What the lists of the console share: what stands in an address, filters in words, places in words."""

from collections.abc import Iterable
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise

from lika.console.lists import no_such_list
from lika.console.names import path_name
from lika.core.areas import CODE_LENGTH
from lika.core.language import chosen
from lika.divisions import queries as divisions


def text(given: QueryDict, name: str) -> str:
    """One value of an address, empty where it is not given."""
    return str(given.get(name, ""))


def id_of(given: QueryDict) -> UUID:
    """What a list is of (`of=`), for lists that belong to a record. Raises CON-004."""
    try:
        return UUID(text(given, "of"))
    except ValueError as error:
        raise no_such_list() from error


def words_of(form: forms.Form) -> list[str]:
    """What a filter form was set to: the label of each field with the choice made."""
    form.is_valid()
    found = []
    for name, value in form.cleaned_data.items():
        if value is True:
            found.append(str(form.fields[name].label))
        elif value:
            asked = form.fields[name]
            choices = asked.widget.choices if isinstance(asked, forms.ChoiceField) else ()
            found.append(told(asked.label, {str(key): label for key, label in choices}.get(str(value), value)))
    return found


def told(label: str | Promise | None, value: object) -> str:
    """A filter in words: 贫困状态：贫困."""
    return f"{label}{chosen('：', ': ')}{value}"


def code_of(village: int) -> str:
    """The 12-digit code of a division that is kept as a number."""
    return f"{village:0{CODE_LENGTH}d}"


def places_of(villages: Iterable[int]) -> dict[int, str]:
    """The paths of some divisions in words, by code; one that is unknown by its digits. One query."""
    codes = {village: code_of(village) for village in villages}
    labels = divisions.path_labels(codes.values())
    return {village: path_name(labels.get(code, code)) for village, code in codes.items()}
