"""One household: who, members, years, history, and why."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor, sight_of
from lika.console import facts
from lika.console.forms import RevealForm
from lika.console.queries import household as words
from lika.console.queries.focus import way_to
from lika.console.queries.why import why
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.register import queries as register
from lika.register.actions.reveal import HouseholdSecret, PersonSecret, reveal_household, reveal_person
from lika.register.choices import PovertyStatus, YearState
from lika.register.queries import HouseholdView


@requires(Permission.REGISTER_VIEW)
@never_cache
def household(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The household's page. Raises REG-001 where it is not in sight."""
    found = register.household_detail(by=actor(request), household=pk)
    form = RevealForm(choices=words.secrets(found))
    return render(
        request,
        "console/household.html",
        _page(actor(request), found, request.GET.get("pack", "")) | {"reveal_form": form},
    )


@requires(Permission.REGISTER_REVEAL)
@never_cache
@require_POST
def reveal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One masked value in full, for a reason that the audit keeps. Never by an address: the answer is to a POST."""
    who = actor(request)
    found = register.household_detail(by=who, household=pk)
    who.require(Permission.REGISTER_REVEAL, village=found.village)  # a masked page offers nothing to choose
    form = RevealForm(request.POST, choices=words.secrets(found))
    context = {"household": found, "masked": words.masked_lines(found), "may_reveal": True, "reveal_form": form}
    if form.is_valid():
        what, reason = form.cleaned_data["what"], form.cleaned_data["reason"]
        label = dict(words.secrets(found))[what]
        context["revealed"] = words.Line(label, _reveal(who, pk, what, reason) or facts.NOTHING)
        context["reveal_form"] = RevealForm(choices=words.secrets(found))
    if request.headers.get("HX-Request"):
        return render(request, "console/household/reveal.html", context)
    return render(request, "console/household.html", _page(who, found) | context)


def _reveal(who: UserActor, pk: UUID, what: str, reason: str) -> str:
    if what in set(HouseholdSecret):
        return reveal_household(by=who, household=pk, field=HouseholdSecret(what), reason=reason)
    return reveal_person(by=who, household=pk, person=UUID(what), field=PersonSecret.ID_NUMBER, reason=reason)


def _page(who: UserActor, found: HouseholdView, pack: str = "") -> dict[str, Any]:
    of_year = next((member.year for member in found.members if member.year), None)
    # Ages belong to the data beside them: the end of that year, not the day on which somebody looks.
    on = of_year.period_to if of_year else timezone.localdate()
    lines = [(member.is_open, words.member_line(member, on)) for member in found.members]
    return {
        "household": found,
        "poverty_label": PovertyStatus(found.poverty_status).label,
        "path": way_to(who, str(found.village)),  # none for a household granted alone
        "base": words.base_lines(found),
        "masked": words.masked_lines(found),
        "may_reveal": found.village in who.area_for(Permission.REGISTER_REVEAL),
        "members": [line for is_open, line in lines if is_open],
        "former_members": [line for is_open, line in lines if not is_open],
        "members_year": of_year.data_year if of_year else None,
        "years": [{"data_year": year.data_year, "state": YearState(year.state).label} for year in found.years],
        "groups": facts.table("household", words.YEAR_GROUPS, [year.values for year in found.years])
        + facts.collected_table([year.items for year in found.years]),
        "chart": words.income_chart(found),
        "events": [words.event_line(event) for event in reversed(found.history)],
        "placements": [words.placement_line(placement) for placement in found.placements],
        **_why(who, found, pack),
        "may_see_screening": sight_of(who, Permission.SCREENING_VIEW).holds(village=found.village, household=found.id),
    }


def _why(who: UserActor, found: HouseholdView, pack: str) -> dict[str, Any]:
    """The reasons, or why there are none: what is wrong with a snapshot keeps nobody from the household."""
    try:
        return {"why": why(who, found, pack), "why_error": None}
    except UserError as error:
        return {"why": None, "why_error": error}
