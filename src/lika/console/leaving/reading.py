"""A list as it may leave: who may read it, and what one reader gets of it by what stands in its address."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise

from lika.accounts.queries import UserActor
from lika.console.lists import no_such_list
from lika.console.names import path_name
from lika.core.areas import CODE_LENGTH
from lika.core.language import chosen
from lika.core.leaving import Field, Row
from lika.core.permissions import Permission
from lika.divisions import queries as divisions


@dataclass(frozen=True)
class Reading:
    """What a reader gets of a list: the columns, the rows as the screen shows them to this reader, and how many.

    `rows` is asked once, with whether persons leave in full: only then what no screen shows unasked (identity numbers,
    telephones, accounts) is read. `division` is the 12-digit code that the list is about ("" for all in sight);
    `filters` say in words what it was narrowed to; `asked` is what the audit keeps of that, and names nobody. `title`
    is its own where the list has none that fits.
    """

    fields: Sequence[Field]
    total: int
    rows: Callable[[bool], Iterator[Row]]
    division: str = ""
    filters: Sequence[str] = ()
    asked: Mapping[str, object] = field(default_factory=dict)
    title: str = ""


@dataclass(frozen=True)
class LeavingList:
    """A list of the application; `read` asks the same queries as its page, and refuses what that refuses.

    `personal`: it has columns that tell of single persons, which may be asked for in full.
    """

    title: str | Promise
    permission: Permission
    read: Callable[[UserActor, QueryDict], Reading]
    personal: bool = False


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
        if value:
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
