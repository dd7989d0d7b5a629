"""What the address of the list of households asks for, checked: for its page and for the file it leaves as."""

from dataclasses import dataclass

from django.db.models import Q
from django.http import QueryDict

from lika.accounts.queries import UserActor, sight_of
from lika.console.forms import HouseholdFilterForm
from lika.console.queries import verdicts
from lika.console.queries.changes import day_asked
from lika.console.queries.focus import Focus, focus_of, last_of
from lika.console.queries.named import Named, named_list
from lika.core.permissions import Permission
from lika.register import queries as register
from lika.reports.queries.lists import ListBehind, list_behind

# How an address names a cell of an analysis.
CELL = ("analysis", "row", "column", "part")


@dataclass(frozen=True)
class Choice:
    """What the address asks for, checked."""

    focus: Focus | None
    screening: verdicts.Current | None
    form: HouseholdFilterForm
    wanted: register.HouseholdFilter
    condition: Q
    in_full: bool
    behind: ListBehind | None
    named: Named | None

    @property
    def narrowed(self) -> bool:
        """Whether something but the cell of an analysis leaves households out."""
        below = self.focus is not None and len(self.focus.path) > 1
        return below or any(self.form.data.get(name) for name in self.form.fields if name != "pack")

    @property
    def filtered(self) -> bool:
        """Whether anything is left out of what the user may see."""
        return self.behind is not None or self.named is not None or self.narrowed


def _named_in(who: UserActor, focus: Focus | None) -> bool:
    """Whether the user may read names in the focus, or anywhere without one: only then is an order by them offered."""
    named = sight_of(who, Permission.REGISTER_PERSONAL)
    return bool(named) if focus is None or not named.area else bool(named.area.meet(focus.area))


def choice_of(who: UserActor, given: QueryDict) -> Choice:
    """Read the filters of an address. A value outside its list does not filter; the form says what is wrong with it."""
    codes = given.getlist("division")
    behind = _behind(who, given)
    # The cell of an analysis says where; the whole way down to a division is not asked beside it.
    focus = focus_of(who, last_of(codes)) if behind is None or any(codes) else None
    pack = str(given.get("pack", ""))
    in_full = _named_in(who, focus if any(codes) else None)
    day = day_asked(str(given.get("as_of", "")))
    # Verdicts are of their own time points: beside another day they would mislead.
    screening = verdicts.current(who, focus, pack) if day is None else None
    form = HouseholdFilterForm(
        given,
        criteria=screening.choices if screening else (),
        packs=screening.packs if screening else (),
        in_full=in_full,
    )
    form.is_valid()
    asked = form.cleaned_data
    # Without a division chosen, households granted one by one are in the list too.
    division = focus.division.code if focus and any(codes) else ""
    condition = Q()
    if screening and asked.get("criterion") and asked.get("result"):
        condition = verdicts.condition(who, screening, asked["criterion"], asked["result"], division or None)
        division = ""  # households counted there, even those that have moved since
    if behind is not None:
        condition &= behind.condition
    named = named_list(who, focus if any(codes) else None, screening, given)
    if named is not None:
        condition &= named.condition
    wanted = register.HouseholdFilter(
        division=division,
        poverty=form.statuses(),
        cause=asked.get("cause", ""),
        year=screening.newest.snapshot.data_year if screening else 0,
        sort=str(given.get("sort") or "number"),
        as_of=day,
        untold_since=asked.get("untold_since"),
    )
    return Choice(focus, screening, form, wanted, condition, in_full, behind, named)


def _behind(who: UserActor, given: QueryDict) -> ListBehind | None:
    """The cell of an analysis that the address names; its households as they were counted."""
    if not given.get("analysis"):
        return None
    row, column = (str(given[name]) if name in given else None for name in ("row", "column"))
    return list_behind(who, str(given["analysis"]), row, column, str(given.get("part", "")))
