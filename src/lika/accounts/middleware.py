"""What lies around every page: its reader's bounds; and user errors as pages.

An error's page says what happened and what to do next, with a stable code and never a traceback.
"""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from lika.accounts.access import actor
from lika.core import bounds
from lika.core.errors import NotFound, PermissionRefused, UserError


def whole_addresses(get_response: Callable[[HttpRequest], HttpResponse]) -> "WholeAddressMiddleware":
    """The middleware factory named in the settings."""
    return WholeAddressMiddleware(get_response)


class WholeAddressMiddleware:
    """Refuses NUL characters in the query of an address (ACC-012): the database can hold none, so none is asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: object, _args: object, _kwargs: object) -> HttpResponse | None:
        if not any("\0" in text for name, texts in request.GET.lists() for text in (name, *texts)):
            return None
        error = UserError(
            "ACC-012",
            _("The address holds a character that no text has."),
            remedy=_("Go back and use the links of the page."),
        )
        return render(request, "error.html", {"error": error}, status=400)


def user_errors(get_response: Callable[[HttpRequest], HttpResponse]) -> "UserErrorMiddleware":
    """The middleware factory named in the settings."""
    return UserErrorMiddleware(get_response)


class UserErrorMiddleware:
    """Shows a `UserError` as 403, 404 or 400 with `error.html`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, UserError):
            return None
        status = 403 if isinstance(exception, PermissionRefused) else 404 if isinstance(exception, NotFound) else 400
        return render(request, "error.html", {"error": exception}, status=status)


def within_bounds(get_response: Callable[[HttpRequest], HttpResponse]) -> "BoundsMiddleware":
    """The middleware factory named in the settings."""
    return BoundsMiddleware(get_response)


class BoundsMiddleware:
    """Tells the database within which bounds it answers this reader (docs/adr/second-wall.md).

    A page that only reads is one transaction, so that they are told once. Where an action writes, each of its
    transactions begins with them. A stranger has none and sees no row of a household.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.get_response(request)
        own = actor(request).bounds
        reads = request.method in ("GET", "HEAD")
        with bounds.told(own), transaction.atomic(savepoint=False) if reads else nullcontext():
            response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse):
            parts = cast("Iterator[bytes]", response.streaming_content)  # served by WSGI: none is asynchronous
            response.streaming_content = bounds.told_throughout(own, parts)
        return response
