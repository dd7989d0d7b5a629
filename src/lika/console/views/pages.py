"""Pages without data."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lika.accounts.access import signed_in
from lika.console.samples import samples


@signed_in
def help_page(request: HttpRequest) -> HttpResponse:
    """How to work with Lika, in a page."""
    return render(request, "console/help.html")


@signed_in
def design(request: HttpRequest) -> HttpResponse:
    """Every part of the design language with an invented example (docs/design.md)."""
    return render(request, "console/design.html", samples())
