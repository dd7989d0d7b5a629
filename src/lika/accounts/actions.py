"""Named writes: accounts, officials, posts and grants.

Whoever keeps accounts may do so only inside their own area, and never for themselves: nobody widens
their own sight.
"""

import datetime as dt
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lika.accounts.choices import POST_LEVELS, GrantKind, Role
from lika.accounts.models import Grant, Official, Post, User
from lika.core import audit
from lika.core.actors import Actor
from lika.core.areas import range_of
from lika.core.errors import NotFound, PermissionRefused, UserError
from lika.core.permissions import Permission
from lika.divisions.models import Division


def _refuse_self(by: Actor, official: Official) -> None:
    if by.official_id is not None and by.official_id == official.id:
        raise PermissionRefused(
            "ACC-003",
            _("Nobody gives a post or a grant to themselves."),
            remedy=_("Ask another administrator."),
        )


def _refuse_weak(user: User, password: str) -> None:
    try:
        User.username_validator(user.username)  # no colon: `system:` names processes in the audit
    except ValidationError as error:
        raise UserError(
            "ACC-009", " ".join(error.messages), remedy=_("Use letters, digits and @ . + - _."), field="username"
        ) from error
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise UserError(
            "ACC-008", " ".join(error.messages), remedy=_("Choose a longer, less common password."), field="password"
        ) from error


def _refuse_day(last_day: dt.date, begins: dt.date, ends: dt.date | None) -> None:
    """A later end would be a new post or grant, with checks of its own."""
    if last_day < begins or (ends is not None and last_day > ends):
        raise UserError(
            "ACC-007",
            _("It can end sooner, not before it begins and not later than it would."),
            remedy=_("Choose another day, or give a new one."),
            field="valid_to",
        )


def _county(code: str) -> int:
    return int(code[:6]) if len(code) >= 6 else 0


@transaction.atomic
def add_official(
    *,
    by: Actor,
    name: str,
    organisation: str = "",
    username: str | None = None,
    password: str | None = None,
    email: str = "",
) -> Official:
    """A person with posts; with a user name they can sign in.

    Raises ACC-004 when the user name is taken, ACC-008 for a weak password, ACC-009 for a user name that is none.
    """
    by.require(Permission.ACCOUNTS_MANAGE)
    user = None
    if username is not None:
        user = User(username=username, email=email)
        _refuse_weak(user, password or "")
        user.set_password(password)
        try:
            with transaction.atomic():
                user.save(force_insert=True)
        except IntegrityError as error:
            raise UserError(
                "ACC-004", _("This user name is taken."), remedy=_("Choose another user name."), field="username"
            ) from error
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
def give_post(
    *,
    by: Actor,
    official: Official,
    role: Role,
    division: str,
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    sector: str = "",
    title: str = "",
) -> Post:
    """A post for an official. Raises ACC-005 when the role does not fit the division's level."""
    by.require(Permission.ACCOUNTS_MANAGE, division=division)
    _refuse_self(by, official)
    place = Division.objects.filter(code=division).first()
    if place is None:
        raise NotFound("ACC-006", _("There is no such division."), remedy=_("Use a 12-digit code."), division=division)
    if place.level not in POST_LEVELS[role]:
        raise UserError(
            "ACC-005",
            _("This role does not exist at the level of this division."),
            remedy=_("Choose a division of the level where the post stands."),
            division=division,
            field="role",
        )
    post = Post.objects.create(
        official=official,
        role=role,
        division=place,
        sector=sector,
        title=title,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    new = {"role": role, "division": division, "sector": sector, "title": title, "from": valid_from, "to": valid_to}
    audit.record(
        by=by, action="post.given", change=audit.Change("official", official.id, county=_county(division), new=new)
    )
    return post


@transaction.atomic
def end_post(*, by: Actor, post: Post, last_day: dt.date) -> Post:
    """The post ends with the given day: sooner than before, never later. Raises ACC-003, ACC-007."""
    by.require(Permission.ACCOUNTS_MANAGE, division=post.division_id)
    _refuse_self(by, post.official)
    _refuse_day(last_day, post.valid_from, post.valid_to)
    old = post.valid_to
    post.valid_to = last_day
    post.save(update_fields=["valid_to"])
    audit.record(
        by=by,
        action="post.ended",
        change=audit.Change(
            "official", post.official_id, county=_county(post.division_id), old={"to": old}, new={"to": last_day}
        ),
    )
    return post


@transaction.atomic
def grant_village(
    *,
    by: Actor,
    official: Official,
    village: str,
    purpose: str,
    valid_from: dt.date,
    valid_to: dt.date | None,
) -> Grant:
    """Sight of one village for a purpose and a time."""
    by.require(Permission.ACCOUNTS_MANAGE, division=village)
    _refuse_self(by, official)
    grant = Grant.objects.create(
        official=official,
        kind=GrantKind.VILLAGE,
        village=range_of(village)[0],
        purpose=purpose,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    new = {"village": village, "purpose": purpose, "from": valid_from, "to": valid_to}
    audit.record(
        by=by, action="grant.given", change=audit.Change("official", official.id, county=_county(village), new=new)
    )
    return grant


@transaction.atomic
def grant_household(
    *,
    by: Actor,
    official: Official,
    household_id: UUID,
    village: str,
    purpose: str,
    valid_from: dt.date,
    valid_to: dt.date | None,
) -> Grant:
    """Sight of one household for a purpose and a time.

    `village` is where the household stands, which must lie in the keeper's area. Accounts cannot know: ask for a grant
    by `register.actions.grant_sight`, which does.
    """
    by.require(Permission.ACCOUNTS_MANAGE, division=village)
    _refuse_self(by, official)
    grant = Grant.objects.create(
        official=official,
        kind=GrantKind.HOUSEHOLD,
        household_id=household_id,
        village=range_of(village)[0],
        purpose=purpose,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    new = {"household": household_id, "purpose": purpose, "from": valid_from, "to": valid_to}
    audit.record(
        by=by, action="grant.given", change=audit.Change("official", official.id, county=_county(village), new=new)
    )
    return grant


@transaction.atomic
def end_grant(*, by: Actor, grant: Grant, last_day: dt.date) -> Grant:
    """The grant ends with the given day: sooner than before, never later. Raises ACC-002, ACC-003, ACC-007."""
    by.require(Permission.ACCOUNTS_MANAGE, village=grant.village)
    _refuse_self(by, grant.official)
    _refuse_day(last_day, grant.valid_from, grant.valid_to)
    old = grant.valid_to
    grant.valid_to = last_day
    grant.save(update_fields=["valid_to"])
    audit.record(
        by=by,
        action="grant.ended",
        change=audit.Change("official", grant.official_id, old={"to": old}, new={"to": last_day}),
    )
    return grant
