"""What only a demonstration answers: entering as one of its people, its guide and its workbooks.

Everywhere else each of these addresses is a 404, also for a request made by hand.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lika.accounts.access import public, requires, signed_in
from lika.console.demonstration import accounts_to_try
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.demo import guide
from lika.demo.loop import Files

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def on_demonstrations(view: View[P]) -> View[P]:
    """Outside demonstrations the address does not exist (DEM-005, 404)."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not settings.LIKA.demo:
            raise NotFound("DEM-005", _("This is no demonstration."), remedy=_("Sign in with your own account."))
        return view(request, *args, **kwargs)

    return guarded


@public
@on_demonstrations
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the invented people, by the password that the page tells anyway; the guide begins or goes on.

    Raises DEM-007 for anybody else, or where the password was changed or the account locked.
    """
    wanted = request.POST.get("username", "")
    account = next((one for one in accounts_to_try() if one.username == wanted), None)
    user = account and authenticate(request, username=account.username, password=account.password)
    if user is None:
        raise NotFound(
            "DEM-007",
            _("Nobody here can be entered as that."),
            remedy=_("Choose on the sign-in page."),
        )
    if request.user.is_authenticated:
        logout(request)
    response = cast(HttpResponse, perform_login(request, user, email_verification="none"))
    step = request.POST.get("step", "1")
    return redirect("demo:step", int(step)) if request.user.is_authenticated and step.isdecimal() else response


@signed_in
@on_demonstrations
@require_GET
def step(request: HttpRequest, number: int) -> HttpResponse:
    """Go to a step of the guide: on to its screen. Only the own session changes."""
    return redirect(guide.go_to(request, number))


@signed_in
@on_demonstrations
@require_POST
def dismiss(request: HttpRequest) -> HttpResponse:
    """Fold the guide."""
    guide.dismiss(request)
    return redirect("console:home")


@requires(Permission.REGISTER_IMPORT)
@on_demonstrations
@require_GET
def workbook(request: HttpRequest, name: str) -> HttpResponse:
    """One of the two small workbooks of the guide."""
    path = {"faulty.xlsx": Files().faulty, "corrected.xlsx": Files().corrected}.get(name)
    if path is None or not path.exists():
        raise NotFound("DEM-008", _("The demonstration has no such workbook."), remedy=_("Run `make demo` again."))
    disposition = content_disposition_header(as_attachment=True, filename=path.name) or ""
    return HttpResponse(path.read_bytes(), content_type=_XLSX, headers={"Content-Disposition": disposition})
