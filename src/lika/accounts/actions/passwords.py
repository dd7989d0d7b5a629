"""Passwords: one-time ones that keepers hand out, and the own ones that replace them."""

import datetime as dt
import secrets
from dataclasses import dataclass, field

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts.choices import ONE_TIME_PASSWORD_DAYS
from lika.accounts.models import User
from lika.accounts.queries import UserActor
from lika.core import audit
from lika.core.errors import PermissionRefused, UserError

# Without what is misread on paper: 0 and o, 1 and l and i.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4


@dataclass(frozen=True)
class OneTimePassword:
    """A password to be handed over once; it is kept nowhere in clear, so it cannot be shown again."""

    password: str = field(repr=False)
    expires_at: dt.datetime


def one_time_password() -> OneTimePassword:
    """A new one: sixteen characters in four groups, easy to read out."""
    groups = ("".join(secrets.choice(_LETTERS) for _each in range(_GROUP)) for _each in range(_GROUPS))
    return OneTimePassword("-".join(groups), timezone.now() + dt.timedelta(days=ONE_TIME_PASSWORD_DAYS))


def hand_out(user: User, given: OneTimePassword) -> None:
    """Set it on the account, which is not saved here: its holder must change it, and before it expires."""
    user.set_password(given.password)
    user.must_change_password = True
    user.password_expires_at = given.expires_at


def refuse_weak(user: User, password: str) -> None:
    """ACC-008: what Django's validators say against it."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise UserError(
            "ACC-008", " ".join(error.messages), remedy=_("Choose a longer, less common password."), field="password"
        ) from error


def refuse_same(user: User, password: str) -> None:
    """ACC-016: a change must change something; somebody else may know a one-time password."""
    if user.check_password(password):
        raise UserError(
            "ACC-016",
            _("This is the password that you have now."),
            remedy=_("Choose another one."),
            field="password",
        )


def refuse_expired(user: User) -> None:
    """ACC-015: a one-time password that was not used in time."""
    if user.one_time_password_expired:
        raise UserError(
            "ACC-015",
            _("This one-time password has expired."),
            remedy=_("Ask your administrator for a new one."),
        )


@transaction.atomic
def change_own_password(*, by: UserActor, password: str) -> None:
    """The actor's own password from now on. Raises ACC-001 (nobody signed in), ACC-008 (weak), ACC-016 (unchanged)."""
    user = by.user
    if not User.objects.filter(pk=user.pk, is_active=True).exists():
        raise PermissionRefused(
            "ACC-001",
            _("You do not have the permission for this."),
            remedy=_("Ask your administrator which post holds it."),
        )
    refuse_weak(user, password)
    refuse_same(user, password)
    was_one_time = user.must_change_password
    user.set_password(password)
    user.must_change_password = False
    user.password_expires_at = None
    user.save(update_fields=["password", "must_change_password", "password_expires_at"])
    audit.record(
        by=by, action="password.changed", change=audit.Change("account", user.id, new={"was_one_time": was_one_time})
    )
