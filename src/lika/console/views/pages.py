"""Pages without data: help, glossary, the parts of the screens."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from lika.accounts.access import actor, signed_in
from lika.accounts.choices import Role
from lika.console import glossary as words
from lika.console.data_protection import sections
from lika.console.role_help import help_of
from lika.console.samples import samples
from lika.core.errors import NotFound


@signed_in
def help_page(request: HttpRequest) -> HttpResponse:
    """How to work with Lika, in a page, and the way to the help of each role."""
    own = actor(request).roles
    return render(request, "console/help.html", {"roles": sorted(Role, key=lambda role: role not in own), "own": own})


@signed_in
def role_help(request: HttpRequest, role: str) -> HttpResponse:
    """The help of a role, on one sheet of paper. Raises WEB-010 for a role that there is not."""
    if role not in Role.values:
        raise NotFound("WEB-010", _("There is no such role."), remedy=_("Choose one from the help page."))
    return render(request, "console/help_role.html", {"help": help_of(Role(role))})


@signed_in
def glossary(request: HttpRequest) -> HttpResponse:
    """All words with their meaning, or those that `?q=` finds."""
    text = request.GET.get("q", "")[:40]
    return render(request, "console/glossary.html", {"terms": words.found(text), "text": text})


@signed_in
def data_protection(request: HttpRequest) -> HttpResponse:
    """Which personal data are kept, what for, and who sees them."""
    return render(request, "console/data_protection.html", {"sections": sections()})


@signed_in
def design(request: HttpRequest) -> HttpResponse:
    """Every part of the design language with an invented example (docs/design.md)."""
    return render(request, "console/design.html", samples())
