"""The public pages: no sign-in, no session, nothing but publications. Caches may keep them for a while."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lika.accounts.access import public
from lika.core.errors import NotFound, UserError
from lika.core.pages import page_of
from lika.disclosure import content, told
from lika.disclosure.content import Block, Content, Figures
from lika.disclosure.queries import published as queries

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

PUBLICATIONS_A_PAGE = 20
KEPT_SECONDS = 300  # what is withdrawn is gone from caches after five minutes


def open_page(view: View[P]) -> View[P]:
    """Open to everyone, for reading only, kept by caches; what is not there is a page of its own (404)."""

    @public
    @require_safe
    @wraps(view)
    def answered(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except NotFound as error:
            return render(request, "disclosure/open/error.html", {"error": error}, status=404)
        patch_cache_control(response, public=True, max_age=KEPT_SECONDS)
        patch_vary_headers(response, ["Cookie", "Accept-Language"])  # the language
        return response

    return answered


@open_page
def help_page(request: HttpRequest) -> HttpResponse:
    """What one of the people can do, here and at the office."""
    return render(request, "disclosure/open/help.html", {"hotline": told.hotline()})


@open_page
def publications(request: HttpRequest) -> HttpResponse:
    """What was published, newest first; `?q=` a division by name or code."""
    text = request.GET.get("q", "").replace("\0", "").strip()[: queries.MOST_LETTERS]
    page = Paginator(queries.published(text), PUBLICATIONS_A_PAGE).get_page(page_of(request))
    context = {
        "text": text,
        "page": page,
        "list": {"page": page.number, "pages": page.paginator.num_pages},
        "hotline": told.hotline(),
    }
    return render(request, "disclosure/open/publications.html", context)


@open_page
def publication(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One publication; of figures, `?in=` the villages of a township. A withdrawn one says why and shows no more."""
    found = queries.publication(pk)
    read = content.read(found.content)
    context = {
        "publication": found,
        "document": found,
        "content": read,
        "township": _township(read, request.GET.get("in", "")),
        "text": request.GET.get("q", "")[: queries.MOST_LETTERS],
        "phone": told.office_phone(found.division),
        "hotline": told.hotline(),
    }
    return render(request, "disclosure/open/publication.html", context)


@open_page
def content_file(_request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The content letter for letter: its SHA-256 is the one that the page names. Withdrawn: DIS-020."""
    found = queries.publication(pk)
    if hasattr(found, "withdrawal"):
        raise queries.nothing_there()
    return HttpResponse(found.content.encode(), content_type="application/json; charset=utf-8")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page of an address that the public site does not have."""
    return render(request, "disclosure/open/error.html", {"error": queries.nothing_there()}, status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """The page of a fault of ours."""
    error = UserError("WEB-500", _("Something went wrong on our side"), remedy=_("Try once more later."))
    return render(request, "disclosure/open/error.html", {"error": error}, status=500)


def _township(read: Content, code: str) -> Block | None:
    """The township asked for; the only one where there is one."""
    if not isinstance(read, Figures):
        return None
    if len(read.townships) == 1:
        return read.townships[0]
    return next((block for block in read.townships if block.own.code == code), None)
