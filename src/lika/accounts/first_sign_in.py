"""Who signed in with a password that somebody else has seen changes it before anything else."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

CHANGE_PAGE = "account_change_password"
_OPEN = frozenset({CHANGE_PAGE, "account_logout"})


def change_first(get_response: Callable[[HttpRequest], HttpResponse]) -> "ChangeFirstMiddleware":
    """The middleware factory named in the settings."""
    return ChangeFirstMiddleware(get_response)


class ChangeFirstMiddleware:
    """Leads every address but sign-out and the change page to the change page while the password must be changed.

    Pages that are open to strangers (the language switch, the health page) stay open.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, _args: object, _kwargs: object) -> HttpResponse | None:
        if getattr(view, "permission", "") == "public" or not getattr(request.user, "must_change_password", False):
            return None
        if request.resolver_match is not None and request.resolver_match.view_name in _OPEN:
            return None
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(reverse(CHANGE_PAGE))
        return redirect(CHANGE_PAGE)
