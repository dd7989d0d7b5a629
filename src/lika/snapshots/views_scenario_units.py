"""Lists of a scenario's errors: who is missed and who is wrongly in, in a division and within sight."""

import uuid

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lika.accounts.access import actor, requires
from lika.core.pages import number_of_page
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.snapshots.choices import UnitKind
from lika.snapshots.moved_lists import in_error_list
from lika.snapshots.units import units_shown

_ASKED = ("which", "criterion", "division", "truth", "true_by")


@requires(Permission.SCREENING_VIEW)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@transaction.atomic  # it only reads: told once, the bounds of its reader hold for all of it
def units(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """`which` of them, by which `criterion`, in which `division`, against which `truth`, on which `page`.

    By POST alone, for an expression of one's own stands in no address: whoever comes by one is led to the scenario.
    """
    if request.method != "POST":
        return redirect("snapshots:scenario", pk=pk)
    who, given = actor(request), request.POST
    asked = in_error_list(who, pk, given)
    found = asked.page(who, number_of_page(str(given.get("page", ""))))
    context = {
        "asked": asked,
        "scenario": asked.scenario,
        "screening": asked.trial,
        "criterion": asked.criterion,
        "division": divisions.place(f"{asked.division:012d}"),
        "list": found,
        "lines": units_shown(who, asked.criterion.unit_kind, found.units),
        "unit": UnitKind(asked.criterion.unit_kind),
        "posted": [(name, str(given.get(name, ""))) for name in _ASKED],  # the next page asks for it again
        "truth": str(given.get("truth", "")),
        "true_by": str(given.get("true_by", "")),
    }
    return render(request, "snapshots/scenario_units.html", context)
