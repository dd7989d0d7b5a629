"""Lists of households that a link names: those behind a figure or a change that the home page tells of."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts import queries as accounts
from lika.accounts.queries import UserActor
from lika.console.figures import definition, known
from lika.console.queries.figures import Asked, household_set, meaning_of
from lika.console.queries.figures.sets import of_persons
from lika.console.queries.focus import Focus
from lika.console.queries.news import Since, households_turned, listed, turn_title
from lika.console.queries.verdicts import Current
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.register.choices import PovertyStatus
from lika.register.queries import sets
from lika.snapshots.choices import Result
from lika.snapshots.queries import Turn

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
    if given.get("figure"):
        return _of_figure(Asked(who, focus, screening, [_year(str(given.get("year", "")))]), str(given["figure"]))
    if given.get("changed"):
        return _of_change(Since(who, _moment(str(given.get("since", ""))), focus, screening), given)
    return None


def _of_figure(asked: Asked, key: str) -> Named:
    if not known(key):
        raise _no_such_list()
    if of_persons(key):
        asked.who.require(Permission.REGISTER_PERSONAL)
    condition = household_set(key, asked)
    if condition is None:
        raise _no_such_list()
    meaning = meaning_of(definition(key), asked.year)
    address = [("figure", key), ("year", str(asked.year))]
    return Named(meaning.word, meaning.text, meaning.source, condition, address)


def _of_change(since: Since, given: QueryDict) -> Named:
    kind, to, was = (str(given.get(name, "")) for name in ("changed", "to", "was"))
    day = _("Since %(moment)s.") % {"moment": f"{timezone.localtime(since.moment):%Y-%m-%d %H:%M}"}
    kept = [(name, str(given[name])) for name in ("changed", "to", "was", "since") if given.get(name)]
    if kind == "new":
        return Named(_("New in the register"), day, "", sets.recorded_since(since.moment), kept)
    if kind == "status" and to in PovertyStatus.values:
        title = _("Poverty status now: %(status)s") % {"status": PovertyStatus(to).label}
        return Named(title, day, "", sets.changed_to(since.known, to, since.moment), kept)
    if kind == "verdict" and since.screening is not None and {to, was} <= set(Result.values):
        turn = Turn(Result(was), Result(to))
        title = turn_title(since.screening, turn)
        return Named(title, day, "", listed(households_turned(since.screening, since.moment).get(turn, ())), kept)
    if kind == "granted" and since.who.official_id is not None:
        found = accounts.own_changes(since.who.official_id, since.moment, timezone.localdate())
        return Named(_("Newly granted to you"), day, "", Q(id__in=found.households), kept)
    raise _no_such_list()


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and _FIRST_YEAR <= int(text) <= _LAST_YEAR):
        raise _no_such_list()
    return int(text)


def _moment(text: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise _no_such_list() from error
    if moment.tzinfo is None:
        raise _no_such_list()
    return moment


def _no_such_list() -> NotFound:
    return NotFound("CON-004", _("There is no such list of households."), remedy=_("Click a number on your home page."))
