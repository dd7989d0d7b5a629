"""Giving and ending posts."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lika.accounts.actions.common import county_of, end_early, refuse_dates, refuse_self
from lika.accounts.choices import POST_LEVELS, Role
from lika.accounts.models import Official, Post
from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import NotFound, UserError
from lika.core.permissions import Permission
from lika.divisions.models import Division


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
    """A post for an official.

    Raises ACC-002, ACC-003, ACC-005 (the role does not fit the division's level), ACC-006 (no such division),
    ACC-018 (held already), ACC-019 (days out of order).
    """
    by.require(Permission.ACCOUNTS_MANAGE, division=division)
    refuse_self(by, official)
    refuse_dates(valid_from, valid_to)
    place = _place_for(role, division)
    try:
        with transaction.atomic():
            post = Post.objects.create(
                official=official,
                role=role,
                division=place,
                sector=sector,
                title=title,
                valid_from=valid_from,
                valid_to=valid_to,
            )
    except IntegrityError as error:
        raise UserError(
            "ACC-018",
            _("The official holds this post already, from the same day."),
            remedy=_("End it first, or choose another day."),
            field="valid_from",
        ) from error
    new = {"role": role, "division": division, "sector": sector, "title": title, "from": valid_from, "to": valid_to}
    audit.record(
        by=by, action="post.given", change=audit.Change("official", official.id, county=county_of(division), new=new)
    )
    return post


def _place_for(role: Role, division: str) -> Division:
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
    return place


@transaction.atomic
def end_post(*, by: Actor, post: Post, last_day: dt.date) -> Post:
    """The post ends with the given day: sooner than before, never later. Raises ACC-002, ACC-003, ACC-007."""
    by.require(Permission.ACCOUNTS_MANAGE, division=post.division_id)
    return end_early(post, by=by, last_day=last_day, action="post.ended", county=county_of(post.division_id))
