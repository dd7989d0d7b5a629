"""How people come in: accounts are made by administrators, nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's account rules with public sign-up closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def without_mail(request: HttpRequest) -> HttpResponse:
    """In place of allauth's pages that send mail: to the sign-in page, or for who is signed in to the home page."""
    return redirect("account_login")
