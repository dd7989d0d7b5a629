"""The home page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lika.accounts.access import signed_in


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """What waits, the area on the map, the main numbers."""
    return render(request, "console/home.html")
