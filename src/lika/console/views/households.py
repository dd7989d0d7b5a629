"""The list of households, and the search that leaves no trace of its text."""

from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor, sight_of
from lika.console.forms import HouseholdFilterForm, HouseholdSearchForm
from lika.console.queries import households as listing
from lika.console.queries import verdicts
from lika.console.queries.changes import day_asked
from lika.console.queries.focus import Focus, cascade, focus_of, last_of
from lika.console.queries.found import search_groups
from lika.console.queries.named import Named, named_list
from lika.core.pages import page_of
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


def choice_of(request: HttpRequest) -> Choice:
    """Read the filters. A value outside its list does not filter; the form says what is wrong with it."""
    codes = request.GET.getlist("division")
    who = actor(request)
    behind = _behind(request)
    # The cell of an analysis says where; the whole way down to a division is not asked beside it.
    focus = focus_of(who, last_of(codes)) if behind is None or any(codes) else None
    pack = request.GET.get("pack", "")
    in_full = _named_in(who, focus if any(codes) else None)
    day = day_asked(request.GET.get("as_of", ""))
    # Verdicts are of their own time points: beside another day they would mislead.
    screening = verdicts.current(who, focus, pack) if day is None else None
    form = HouseholdFilterForm(
        request.GET,
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
    named = named_list(who, focus if any(codes) else None, screening, request.GET)
    if named is not None:
        condition &= named.condition
    wanted = register.HouseholdFilter(
        division=division,
        poverty=form.statuses(),
        cause=asked.get("cause", ""),
        year=screening.newest.snapshot.data_year if screening else 0,
        sort=request.GET.get("sort") or "number",
        as_of=day,
        untold_since=asked.get("untold_since"),
    )
    return Choice(focus, screening, form, wanted, condition, in_full, behind, named)


def _behind(request: HttpRequest) -> ListBehind | None:
    """The cell of an analysis that the address names; its households as they were counted."""
    if not request.GET.get("analysis"):
        return None
    row, column = (request.GET.get(name) for name in ("row", "column"))
    return list_behind(actor(request), request.GET["analysis"], row, column, request.GET.get("part", ""))


@requires(Permission.REGISTER_VIEW)
def households(request: HttpRequest) -> HttpResponse:
    """The list, filtered and sorted by what stands in the address."""
    choice = choice_of(request)
    who = actor(request)
    found = register.list_households(
        by=who,
        wanted=choice.wanted,
        page=page_of(request),
        condition=choice.condition,
    )
    shown = listing.lines(found.rows, verdicts.of_households(who, choice.screening, [row.id for row in found.rows]))
    return render(
        request,
        "console/households.html",
        {
            "focus": choice.focus,
            "cascade": cascade(choice.focus) if choice.focus else [],
            "form": choice.form,
            "filtered": choice.filtered,
            "sort": choice.wanted.sort,
            "columns": listing.columns(
                choice.wanted.sort,
                _summary_title(choice.screening),
                in_full=choice.in_full,
            ),
            "list": found,
            "lines": shown,
            "as_of": choice.wanted.as_of,
            "moved_away": _moved_away(actor(request), choice.wanted),
            "behind": choice.behind,
            "named": choice.named,
            "persons": _persons(who, choice) if choice.named else None,
            "carried": _carried(request, choice),
            "gone": len(choice.behind.households) - found.total if choice.behind and not choice.narrowed else 0,
        },
    )


def _carried(request: HttpRequest, choice: Choice) -> list[tuple[str, str]]:
    """What the filters leave as it is: the cell of an analysis, or the name of the list."""
    cell = [(name, request.GET[name]) for name in CELL if name in request.GET] if choice.behind else []
    return [*cell, *(choice.named.address if choice.named else ())]


def _persons(who: UserActor, choice: Choice) -> int:
    """The people of the whole list: a figure may count them."""
    return register.members_of(register.find_households(by=who, wanted=choice.wanted).filter(choice.condition))


def _moved_away(who: UserActor, wanted: register.HouseholdFilter) -> int:
    """Of an earlier day: those who stood here then and are shown by the village where they live now."""
    return 0 if wanted.as_of is None else register.moved_away_since(who, wanted.division, wanted.as_of)


@requires(Permission.REGISTER_VIEW)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Find by name, pinyin, or a number in full. The text comes by POST and goes nowhere else."""
    form = HouseholdSearchForm(request.POST)
    if request.method == "GET" or not form.is_valid():
        return redirect("console:households")
    text = form.cleaned_data["text"]
    groups = register.search(by=actor(request), text=text)
    found = {hit.household for group in groups for hit in group.hits}
    if len(found) == 1 and not any(group.more for group in groups):
        return redirect("console:household", found.pop())
    return render(request, "console/household_search.html", {"search_text": text, "groups": search_groups(groups)})


def _summary_title(screening: verdicts.Current | None) -> str:
    return screening.title if screening else _("Result")
