"""The second step of sign-in: a code of an app on the official's own telephone.

Everybody may set it up; whoever holds a post of a role that `LIKA_SECOND_FACTOR_ROLES` names must, before any other
page opens. Its secret lies encrypted. Codes that fail count like passwords that fail.
"""

import base64
from collections.abc import Callable
from typing import cast
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from lika.accounts import actions
from lika.accounts.access import actor
from lika.accounts.models import User
from lika.core import crypto
from lika.core.errors import UserError

SET_UP_PAGE = "mfa_activate_totp"
_OPEN = ("account_", "mfa_", "console:session")
# allauth hands over the text alone, not the row that it is for.
_PLACE = crypto.place("mfa_authenticator", "data", UUID(int=0))


class SealedFactorAdapter(DefaultMFAAdapter):
    """allauth's second step, with secrets encrypted and kept by whoever must have one."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(crypto.encrypt(text, _PLACE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.decrypt(base64.b64decode(encrypted_text), _PLACE)

    def get_totp_label(self, user: User) -> str:
        return user.get_username()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not must_have(context.request)


class CodeForm(AuthenticateForm):
    """The code at sign-in, or a recovery code in its place."""

    def clean_code(self) -> str:
        """Raises ValidationError, with ACC-025 after too many that were wrong."""
        typed, address = self.user.get_username(), get_adapter().get_client_ip(context.request)
        try:
            actions.refuse_closed(typed=typed, address=address)
        except UserError as error:
            raise ValidationError(str(error)) from error
        try:
            return cast(str, super().clean_code())
        except ValidationError:
            actions.note_failure(typed=typed, address=address)
            raise


def must_have(request: HttpRequest) -> bool:
    """Whether the person behind a request holds a role that must sign in by two steps."""
    wanted: frozenset[str] = settings.LIKA.second_factor_roles
    return bool(wanted and wanted & {str(role) for role in actor(request).roles})


def has(user: User) -> bool:
    """Whether an app is set up."""
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()


def set_up_first(get_response: Callable[[HttpRequest], HttpResponse]) -> "SetUpFirstMiddleware":
    """The middleware factory named in the settings."""
    return SetUpFirstMiddleware(get_response)


class SetUpFirstMiddleware:
    """Leads whoever must have a second step and has none to the page that sets it up, from every other page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, _args: object, _kwargs: object) -> HttpResponse | None:
        if getattr(view, "permission", "") == "public" or not request.user.is_authenticated:
            return None
        match = request.resolver_match
        if match is not None and match.view_name.startswith(_OPEN):
            return None
        if not must_have(request) or has(request.user):
            return None
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(reverse(SET_UP_PAGE))
        return redirect(SET_UP_PAGE)
