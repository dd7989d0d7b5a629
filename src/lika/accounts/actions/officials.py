"""Officials and the accounts that they sign in with."""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts import closing
from lika.accounts.actions.common import county_of, require_whole
from lika.accounts.actions.passwords import OneTimePassword, hand_out, one_time_password, refuse_weak
from lika.accounts.actions.posts import give_post
from lika.accounts.choices import Role
from lika.accounts.models import FailedSignIn, Official, User
from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.permissions import Permission


@dataclass(frozen=True)
class Appointed:
    """A new official, and the password to hand over where an account was opened."""

    official: Official
    password: OneTimePassword | None


@transaction.atomic
def add_official(
    *,
    by: Actor,
    name: str,
    organisation: str = "",
    username: str | None = None,
    password: str | None = None,
    email: str = "",
    keep_password: bool = False,
) -> Official:
    """A person with posts; with a user name they can sign in.

    Somebody else knows the password, so it must be changed at the first sign-in and expires like a one-time password,
    unless `keep_password` says that everybody may know it (demonstrations).

    Raises ACC-004 when the user name is taken, ACC-008 for a weak password, ACC-009 for a user name that is none.
    """
    by.require(Permission.ACCOUNTS_MANAGE)
    user = None
    if username is not None:
        user = User(username=username, email=email)
        _refuse_name(user)
        refuse_weak(user, password or "")
        hand_out(user, OneTimePassword(password or "", one_time_password().expires_at))
        if keep_password:
            user.must_change_password, user.password_expires_at = False, None
        _save_new(user)
    official = Official.objects.create(user=user, name=name, organisation=organisation)
    audit.record(
        by=by,
        action="official.added",
        change=audit.Change(
            "official", official.id, new={"name": name, "organisation": organisation, "username": username}
        ),
    )
    return official


@transaction.atomic
def name_person(*, by: Actor, permission: str, division: str, name: str, organisation: str = "") -> Official:
    """A person without post or account, so that something can be given to them by name (a duty, a survey).

    `permission` is that of the act which names them, held in the whole `division`. Raises ACC-001, ACC-002, ACC-027
    (no name).
    """
    by.require(permission, division=division)
    if not name.strip():
        raise UserError("ACC-027", _("The name is missing."), remedy=_("Enter the person's name."), field="name")
    official = Official.objects.create(name=name.strip(), organisation=organisation.strip())
    new = {"name": official.name, "organisation": official.organisation}
    change = audit.Change("official", official.id, county=county_of(division), new=new)
    audit.record(by=by, action="official.named", change=change)
    return official


@transaction.atomic
def appoint(
    *,
    by: Actor,
    name: str,
    role: Role,
    division: str,
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    organisation: str = "",
    sector: str = "",
    title: str = "",
    username: str = "",
) -> Appointed:
    """A new official with a first post and, where a user name is given, an account. All or nothing.

    Raises what `add_official`, `give_post` and `open_account` raise.
    """
    official = add_official(by=by, name=name, organisation=organisation)
    give_post(
        by=by, official=official, role=role, division=division, valid_from=valid_from, valid_to=valid_to,
        sector=sector, title=title,
    )  # fmt: skip
    return Appointed(official, open_account(by=by, official=official, username=username) if username else None)


@transaction.atomic
def open_account(*, by: Actor, official: Official, username: str) -> OneTimePassword:
    """An account for an official who has none; returns the password to hand over.

    Raises ACC-003, ACC-004 (name taken), ACC-009 (no user name), ACC-013 (has one), ACC-017 (posts elsewhere).
    """
    require_whole(by, official)
    if official.user_id is not None:
        raise UserError("ACC-013", _("This official has an account."), remedy=_("Give a new password instead."))
    user, given = User(username=username), one_time_password()
    _refuse_name(user)
    hand_out(user, given)
    _save_new(user)
    official.user = user
    official.save(update_fields=["user"])
    _record(by, "account.opened", official, new={"username": username, "expires": given.expires_at})
    return given


@transaction.atomic
def reset_password(*, by: Actor, official: Official) -> OneTimePassword:
    """A new one-time password in place of the old one, which stops to work everywhere at once.

    Raises ACC-003, ACC-014 (no account), ACC-017 (posts elsewhere: the password would open those too).
    """
    user, given = _account_of(by, official), one_time_password()
    hand_out(user, given)
    user.save(update_fields=["password", "must_change_password", "password_expires_at"])
    _record(by, "password.reset", official, new={"expires": given.expires_at})
    return given


@transaction.atomic
def lock_account(*, by: Actor, official: Official) -> None:
    """The account signs in no more, and who is signed in with it is out. Raises ACC-003, ACC-014, ACC-017."""
    _set_active(by, official, active=False)


@transaction.atomic
def unlock_account(*, by: Actor, official: Official) -> None:
    """The account may sign in again, with the password it had: also where failed attempts closed it for a while.

    Raises ACC-003, ACC-014, ACC-017.
    """
    user = _account_of(by, official)
    forgotten, _each = FailedSignIn.objects.filter(account__in=closing.names_of(user)).delete()
    if forgotten and user.is_active:
        _record(by, "account.unlocked", official, new={"failed": forgotten})
    _set_active(by, official, active=True)


def _set_active(by: Actor, official: Official, *, active: bool) -> None:
    user = _account_of(by, official)
    if user.is_active == active:
        return
    user.is_active = active
    user.save(update_fields=["is_active"])
    _record(by, "account.unlocked" if active else "account.locked", official, new={"at": timezone.now()})


def _account_of(by: Actor, official: Official) -> User:
    """The account, locked for this transaction, of an official whom the actor may keep as a whole."""
    require_whole(by, official)
    if official.user_id is None:
        raise UserError("ACC-014", _("This official has no account."), remedy=_("Open one first."))
    return User.objects.select_for_update().get(pk=official.user_id)


def _refuse_name(user: User) -> None:
    try:
        User.username_validator(user.username)  # no colon: `system:` names processes in the audit
    except ValidationError as error:
        raise UserError(
            "ACC-009", " ".join(error.messages), remedy=_("Use letters, digits and @ . + - _."), field="username"
        ) from error


def _save_new(user: User) -> None:
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise UserError(
            "ACC-004", _("This user name is taken."), remedy=_("Choose another user name."), field="username"
        ) from error


def _record(by: Actor, action: str, official: Official, *, new: audit.Values) -> None:
    audit.record(by=by, action=action, change=audit.Change("official", official.id, new=new))
