"""Lists of households that a link names: those behind a figure of the home page."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from lika.accounts.queries import UserActor
from lika.console.figures import definition, known
from lika.console.queries.figures import Asked, household_set, meaning_of
from lika.console.queries.figures.sets import of_persons
from lika.console.queries.focus import Focus
from lika.console.queries.verdicts import Current
from lika.core.errors import NotFound
from lika.core.permissions import Permission

_FIRST_YEAR, _LAST_YEAR = 1949, 2999


@dataclass(frozen=True)
class Named:
    """A list by its name: what it holds, the place in a document (empty: none), and how the address asks for it."""

    title: str
    text: str
    source: str
    condition: Q
    address: Sequence[tuple[str, str]]


def named_list(who: UserActor, focus: Focus | None, screening: Current | None, given: QueryDict) -> Named | None:
    """What the address names; None where it names nothing.

    Raises ACC-001 for a figure of persons to readers who see none, CON-004 for a list that there is not.
    """
    key = given.get("figure", "")
    if not key:
        return None
    year = given.get("year", "")
    if not known(key) or not (year.isascii() and year.isdigit() and _FIRST_YEAR <= int(year) <= _LAST_YEAR):
        raise _no_such_list()
    if of_persons(key):
        who.require(Permission.REGISTER_PERSONAL)
    condition = household_set(key, Asked(who, focus, screening, [int(year)]))
    if condition is None:
        raise _no_such_list()
    meaning = meaning_of(definition(key), int(year))
    return Named(meaning.word, meaning.text, meaning.source, condition, [("figure", key), ("year", year)])


def _no_such_list() -> NotFound:
    return NotFound("CON-004", _("There is no such list of households."), remedy=_("Click a number on your home page."))
