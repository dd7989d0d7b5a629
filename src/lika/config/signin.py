"""Pages of allauth that an installation without mail answers otherwise."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def without_mail(request: HttpRequest) -> HttpResponse:
    """In place of allauth's pages that send mail: to the sign-in page, or for who is signed in to the home page."""
    return redirect("account_login")
