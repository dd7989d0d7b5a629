"""A batch in which nobody is to be decided on is closed by hand on its page."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from lika.accounts.access import requires
from lika.casework.actions import empty_batches
from lika.casework.forms.batches import CloseForm
from lika.casework.views.acts import done, seen
from lika.core.permissions import Permission


@requires(Permission.CASEWORK_VIEW)
@never_cache
@require_POST
def close_batch(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Close a batch without cases, with the reason."""
    on, form = seen(request, pk), CloseForm(request.POST, auto_id="close_%s")
    return done(
        request, on, "empty_form", form,
        lambda who: empty_batches.close_empty(by=who, batch=pk, reason=form.cleaned_data["reason"]),
    )  # fmt: skip
