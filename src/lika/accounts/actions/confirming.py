"""That the person at the screen is the holder of the account: asked again, in the request of an act that binds them."""

import datetime as dt
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts.actions.signin import note_failure, note_success, refuse_closed
from lika.accounts.models import User
from lika.core.actors import Actor
from lika.core.errors import UserError

# A confirmation is for the request in which it was given, and a slow one at that.
LASTS = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Confirmation:
    """Who proved to be the holder of their account, and when."""

    name: str
    at: dt.datetime

    def is_of(self, by: Actor) -> bool:
        """Whether it is the actor's own, and given just now."""
        return self.name == by.name and timezone.now() - self.at <= LASTS


def confirm_holder(*, by: Actor, secret: str, address: str) -> Confirmation:
    """The holder of an account by its password, or by the code of the app where one is set up.

    What fails counts as a failed sign-in: too many close the account for a while. Never within a transaction that is
    rolled back, or nothing would be counted. Raises ACC-025 (closed), ACC-028 (wrong).
    """
    refuse_closed(typed=by.name, address=address)
    user = User.objects.filter(username=by.name, is_active=True).first()
    if user is None or not (_is_code(user, secret) or user.check_password(secret)):
        note_failure(typed=by.name, address=address)
        raise UserError(
            "ACC-028",
            _("Password or code is wrong."),
            remedy=_("Enter the password of your account, or the code of your app."),
            field="secret",
        )
    note_success(user=user)
    return Confirmation(user.get_username(), timezone.now())


def _is_code(user: User, secret: str) -> bool:
    app = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).first()
    return app is not None and bool(app.wrap().validate_code(secret.strip()))
