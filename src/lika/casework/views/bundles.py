"""The papers of all notices of an area: asked for, how far they are, taken, what was left out."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lika.accounts.access import actor, requires
from lika.accounts.queries import UserActor
from lika.casework.actions import bundles as actions
from lika.casework.forms.bundles import BundleForm
from lika.casework.models import NoticeBundle
from lika.casework.queries import bundles as reads
from lika.casework.views.common import tabs_for
from lika.core.errors import UserError
from lika.core.permissions import Permission

_ON_THE_PAGE = ("CAS-145", "CAS-147")  # it went on meanwhile: the page shows how it stands


@requires(Permission.REGISTER_EXPORT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bundles(request: HttpRequest) -> HttpResponse:
    """Ask for the papers of all that hangs now; what was asked for in the area. `campaign` chooses one beforehand."""
    who = actor(request)
    choices = reads.choices_for(who)
    chosen = {"campaign": request.GET.get("campaign", "")}
    form = BundleForm(request.POST or None, choices=choices, initial=chosen)
    made: list[NoticeBundle] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if form.accepts(lambda: made.append(actions.ask_for_bundle(by=who, **given))):
            actions.begin_bundle(made[0])
            return redirect("casework:bundle", made[0].pk)
    context = {"form": form, "lines": reads.listed(who), "tabs": tabs_for(request, "batches")}
    return render(request, "casework/bundles.html", context, status=422 if form.errors else 200)


@requires(Permission.REGISTER_EXPORT)
@never_cache
@require_GET
def bundle(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How far the papers are, the way to take them, and which notices could not be printed."""
    found = reads.progress_of(actor(request), pk)
    context = {
        "progress": found,
        "bundle": found.bundle,
        "left_out": reads.left_out_of(found.bundle) if found.left_out else [],
        "tabs": tabs_for(request, "batches"),
    }
    return render(request, "casework/bundle.html", context)


@requires(Permission.REGISTER_EXPORT)
@never_cache
@require_GET
def progress(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How far it is; once it is over, the word to load the page again."""
    found = reads.progress_of(actor(request), pk)
    if not found.is_going:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "casework/parts/bundle_progress.html", {"progress": found})


def _acting(act: Callable[[UserActor, uuid.UUID], object]) -> Callable[..., HttpResponse]:
    """The view that does something with a bundle and shows its page again."""

    @requires(Permission.REGISTER_EXPORT)
    @never_cache
    @require_POST
    def view(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        try:
            act(actor(request), pk)
        except UserError as error:
            _tell(request, error)
        return redirect("casework:bundle", pk)

    return view


# Stop after the township that is being printed.
stop = _acting(lambda who, pk: actions.stop_bundle(by=who, bundle=pk))
# Go on with what was stopped, failed or was killed.
go_on = _acting(lambda who, pk: actions.begin_bundle(actions.go_on(by=who, bundle=pk)))


@requires(Permission.REGISTER_EXPORT)
@never_cache
@require_POST
def take(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The ZIP. By POST: taking it is a write, of a row in the audit."""
    try:
        name, content = actions.take_bundle(by=actor(request), bundle=pk)
    except UserError as error:
        _tell(request, error)
        return redirect("casework:bundle", pk)
    disposition = content_disposition_header(as_attachment=True, filename=name) or ""
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/zip", headers=headers)


def _tell(request: HttpRequest, error: UserError) -> None:
    if error.code not in _ON_THE_PAGE:
        raise error
    messages.error(request, f"{error.message} {error.remedy}")
