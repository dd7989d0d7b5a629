"""A wrong decision corrected from the page of its case: another case, in a campaign that leads from where it stands."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lika.accounts.access import actor, requires
from lika.casework.actions import corrections
from lika.casework.forms.effect import CorrectForm
from lika.casework.models import Case
from lika.casework.queries import cases as reads
from lika.casework.queries.effects import correcting_campaigns
from lika.casework.views.common import tabs_for
from lika.core.permissions import Permission


@requires(Permission.CAMPAIGN_OPEN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def correct(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Open the case that corrects another; on to its page."""
    who = actor(request)
    wrong = reads.case_in_sight(who, pk)
    campaigns = correcting_campaigns(who, wrong)
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = CorrectForm(*data, campaigns=campaigns)
    made: list[Case] = []

    def act() -> None:
        given = form.cleaned_data
        fresh = corrections.correct(
            by=who, case=pk, campaign=uuid.UUID(given["campaign"]), reason=given["reason"],
            evidence=given["evidence"].read(),
        )  # fmt: skip
        made.append(fresh)

    if form.is_valid() and form.accepts(act):
        messages.success(request, _("Case %(number)s is taken in.") % {"number": made[0].number})
        return redirect("casework:case", pk=made[0].pk)
    context = {
        "case": wrong,
        "batch": wrong.batch,
        "form": form if campaigns else None,
        "tabs": tabs_for(request, "batches"),
    }
    return render(request, "casework/correct.html", context, status=422 if form.errors else 200)
