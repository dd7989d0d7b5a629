"""Saved views of lists: keep what is chosen under a name, open it, rename and share it, delete it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lika.accounts.access import actor, signed_in
from lika.console.lists import LISTS, ListPage, no_such_list
from lika.reports import actions
from lika.reports.choices import Page
from lika.reports.models import SavedView
from lika.reports.queries.views import view_of


def _list(page: str) -> ListPage:
    if page not in LISTS:
        raise no_such_list()
    return LISTS[page]


def _address(view: SavedView) -> str:
    return _list(view.page).address(view.definition)


@signed_in
@require_POST
def save(request: HttpRequest, page: str) -> HttpResponse:
    """Keep what was chosen on a list under a name. The action asks for the permission of the list."""
    kept_of = _list(page)
    view = actions.save_view(
        by=actor(request),
        page=Page(page),
        name=request.POST.get("name", ""),
        definition=kept_of.definition(QueryDict(request.POST.get("definition", ""))),
        shared=request.POST.get("shared") == "yes",
    )
    messages.success(request, _("Saved as “%(name)s”.") % {"name": view.name})
    return redirect(_address(view))


@signed_in
@require_GET
def open_view(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A saved view by its own address: on to the list with what it chooses. Raises REP-015."""
    view = view_of(actor(request), pk)
    return redirect("reports:view", view.pk) if view.page == Page.ANALYSIS else redirect(_address(view))


@signed_in
@require_POST
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another name, shared or not. Raises REP-015, REP-017, REP-018, REP-019."""
    name, shared = request.POST.get("name", ""), request.POST.get("shared") == "yes"
    view = actions.change_view(by=actor(request), view=pk, name=name, shared=shared)
    messages.success(request, _("The view “%(name)s” is changed.") % {"name": view.name})
    return redirect(_address(view))


@signed_in
@require_POST
def delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Delete one of one's own views; its filters stay chosen on the list. Raises REP-015, REP-018."""
    view = actions.delete_view(by=actor(request), view=pk)
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": view.name})
    return redirect(_address(view))
