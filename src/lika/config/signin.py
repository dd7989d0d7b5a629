"""How people come in: accounts are made by administrators, nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's account rules with public sign-up closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
