"""A list as it may leave: who may read it, and what one reader gets of it by what stands in its address.

The console keeps the door (`lika.console.leaving`) and names the lists of the apps below it. An app beside it, which it
does not import, gives its lists when it is ready (`give`), as apps give their facts.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.functional import Promise

from lika.accounts.queries import UserActor
from lika.core.leaving import Field, Row
from lika.core.permissions import Permission


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


_given: dict[str, LeavingList] = {}


def give(page: str, wanted: LeavingList) -> None:
    """Let a list leave by the console's door, under the name that stands in the address of its export."""
    if _given.setdefault(page, wanted) is not wanted:
        raise ValueError(f"Two lists would leave as {page!r}.")


def given_lists() -> dict[str, LeavingList]:
    """The lists that apps beside the console gave, by name."""
    return _given
