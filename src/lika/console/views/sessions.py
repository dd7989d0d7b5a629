"""Where one's own account is signed in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from lika.accounts import sessions as signed
from lika.accounts.access import actor, signed_in


@signed_in
@never_cache
def sessions(request: HttpRequest) -> HttpResponse:
    """The places where the account is signed in."""
    found = signed.sessions_of(actor(request).user, current=request.session.session_key or "")
    others = sum(not row.current for row in found)
    return render(request, "console/sessions.html", {"sessions": found, "others": others})


@signed_in
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End one of them, or with no `session` all others."""
    wanted = request.POST.get("session", "")
    session = int(wanted) if wanted.isascii() and wanted.isdigit() else None
    current = request.session.session_key or ""
    if wanted and session is None:
        return redirect("console:sessions")
    ended = signed.end_sessions(by=actor(request), session=session, current=current)
    if ended:
        said = ngettext("%(count)d session ended.", "%(count)d sessions ended.", ended)
        messages.success(request, said % {"count": ended})
    else:
        messages.info(request, _("That session has ended already."))
    return redirect("console:sessions")
