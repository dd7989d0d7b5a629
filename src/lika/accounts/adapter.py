"""How people come in: accounts are made by administrators, nobody signs up."""

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from lika.accounts import actions
from lika.accounts.models import User
from lika.accounts.queries import actor_of
from lika.core.errors import UserError


class ClosedAdapter(DefaultAccountAdapter):
    """allauth's account rules with public sign-up closed, and ours on passwords."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The user of a name and password.

        Refused with the reason: an expired one-time password (ACC-015), and everything while sign-in is closed after
        too many failed attempts (ACC-025).
        """
        typed = str(credentials.get("username") or credentials.get("email") or "")
        address = self.get_client_ip(request)
        try:
            actions.refuse_closed(typed=typed, address=address)
            user = cast("User | None", super().authenticate(request, **credentials))
            if user is None:
                actions.note_failure(typed=typed, address=address)
            else:
                actions.note_success(user=user)
                actions.refuse_expired(user)
        except UserError as error:
            raise ValidationError(str(error)) from error
        return user

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """allauth would count failed attempts in the memory of one process; `closing` counts them for all."""

    def clean_password(self, password: str, user: User | None = None) -> str:
        """Django's validators, and not the password that the account has already (ACC-016)."""
        super().clean_password(password, user)
        if user is not None:
            try:
                actions.refuse_same(user, password)
            except UserError as error:
                raise ValidationError(str(error)) from error
        return password

    def set_password(self, user: User, password: str) -> None:
        """The change of one's own password, which the audit keeps and which ends a one-time password."""
        actions.change_own_password(by=actor_of(user), password=password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return str(settings.LOGIN_REDIRECT_URL)
