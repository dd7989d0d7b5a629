"""Named writes: accounts, officials, posts and grants.

Whoever keeps accounts may do so only inside their own area, and never for themselves: nobody widens
their own sight.
"""

import datetime as dt
from uuid import UUID

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


def _require_area(by: Actor, code: str) -> None:
    """An account keeper works inside the area of their own post."""
    by.require(Permission.ACCOUNTS_MANAGE)
    if not by.reach.covers(code):
        raise PermissionRefused(
            "ACC-002",
            _("This lies outside your area."),
            remedy=_("Ask the office responsible for that area."),
            division=code,
        )


def _refuse_self(by: Actor, official: Official) -> None:
    if by.official_id is not None and by.official_id == official.id:
        raise PermissionRefused(
            "ACC-003",
            _("Nobody gives a post or a grant to themselves."),
            remedy=_("Ask another administrator."),
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
    """A person with posts; with a user name they can sign in. Raises ACC-004 when the user name is taken."""
    by.require(Permission.ACCOUNTS_MANAGE)
    user = None
    if username is not None:
        user = User(username=username, email=email)
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
    _require_area(by, division)
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
    """The post ends with the given day. Raises ACC-007 when that lies before its start."""
    _require_area(by, post.division_id)
    if last_day < post.valid_from:
        raise UserError(
            "ACC-007", _("A post cannot end before it begins."), remedy=_("Choose a later day."), field="valid_to"
        )
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
    _require_area(by, village)
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
    """Sight of one household for a purpose and a time. `village` is where the household stands: the keeper's reach."""
    _require_area(by, village)
    _refuse_self(by, official)
    grant = Grant.objects.create(
        official=official,
        kind=GrantKind.HOUSEHOLD,
        household_id=household_id,
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
    """The grant ends with the given day."""
    by.require(Permission.ACCOUNTS_MANAGE)
    old = grant.valid_to
    grant.valid_to = last_day
    grant.save(update_fields=["valid_to"])
    audit.record(
        by=by,
        action="grant.ended",
        change=audit.Change("official", grant.official_id, old={"to": old}, new={"to": last_day}),
    )
    return grant
