"""Pages without data."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lika.accounts.access import signed_in


@signed_in
def help_page(request: HttpRequest) -> HttpResponse:
    """How to work with Lika, in a page."""
    return render(request, "console/help.html")
