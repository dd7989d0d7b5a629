"""The list of households, and the search that leaves no trace of its text."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor
from lika.console.choosing import CELL, Choice, choice_of
from lika.console.forms import HouseholdSearchForm
from lika.console.queries import households as listing
from lika.console.queries import verdicts
from lika.console.queries.focus import cascade
from lika.console.queries.found import search_groups
from lika.core.pages import page_of
from lika.core.permissions import Permission
from lika.register import queries as register


@requires(Permission.REGISTER_VIEW)
def households(request: HttpRequest) -> HttpResponse:
    """The list, filtered and sorted by what stands in the address."""
    who = actor(request)
    choice = choice_of(who, request.GET)
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
    context = {"search_text": text, "groups": search_groups(groups), "total": sum(len(group.hits) for group in groups)}
    return render(request, "console/household_search.html", context)


def _summary_title(screening: verdicts.Current | None) -> str:
    return screening.title if screening else _("Result")
