"""What the actions on officials share: nobody keeps their own account, nobody keeps one beyond their area."""

import datetime as dt
from typing import TypeVar

from django.utils.translation import gettext as _

from lika.accounts.models import Grant, Official, Post
from lika.accounts.permissions import is_own, keeps_whole
from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import PermissionRefused, UserError
from lika.core.permissions import Permission

Held = TypeVar("Held", Post, Grant)


def refuse_self(by: Actor, official: Official) -> None:
    """ACC-003: nobody keeps their own posts, grants or account."""
    if is_own(by, official):
        raise PermissionRefused(
            "ACC-003",
            _("Nobody keeps their own account, posts or grants."),
            remedy=_("Ask another administrator."),
        )


def refuse_day(last_day: dt.date, begins: dt.date, ends: dt.date | None) -> None:
    """ACC-007: a later end would be a new post or grant, with checks of its own."""
    if last_day < begins or (ends is not None and last_day > ends):
        raise UserError(
            "ACC-007",
            _("It can end sooner, not before it begins and not later than it would."),
            remedy=_("Choose another day, or give a new one."),
            field="valid_to",
        )


def refuse_dates(begins: dt.date, ends: dt.date | None) -> None:
    """ACC-019: an end before the beginning."""
    if ends is not None and ends < begins:
        raise UserError(
            "ACC-019",
            _("The last day lies before the first."),
            remedy=_("Correct the days, or leave the last one empty."),
            field="valid_to",
        )


def require_whole(by: Actor, official: Official) -> None:
    """Whoever keeps an account must keep everything that it opens. Raises ACC-001, ACC-003, ACC-017."""
    by.require(Permission.ACCOUNTS_MANAGE)
    refuse_self(by, official)
    if not keeps_whole(by, official):
        raise PermissionRefused(
            "ACC-017",
            _("This official also holds posts or grants outside your area."),
            remedy=_("Ask the office of the level above to do it."),
        )


def county_of(code: str) -> int:
    """The county (six digits) in whose chain the audit row of a place stands."""
    return int(code[:6]) if len(code) >= 6 else 0


def end_early(held: Held, *, by: Actor, last_day: dt.date, action: str, county: int) -> Held:
    """A post or grant ends with the given day, and the audit tells it. Raises ACC-003, ACC-007."""
    refuse_self(by, held.official)
    refuse_day(last_day, held.valid_from, held.valid_to)
    change = audit.Change("official", held.official_id, county=county, old={"to": held.valid_to}, new={"to": last_day})
    held.valid_to = last_day
    held.save(update_fields=["valid_to"])
    audit.record(by=by, action=action, change=change)
    return held
