"""Giving and ending sight of one village or one household."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lika.accounts.actions.common import county_of, end_early, refuse_dates, refuse_self
from lika.accounts.choices import GrantKind
from lika.accounts.models import Grant, Official
from lika.core import audit
from lika.core.actors import Actor
from lika.core.areas import range_of
from lika.core.errors import UserError
from lika.core.permissions import Permission


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
    """Sight of one village for a purpose and a time. Raises ACC-002, ACC-003, ACC-019, ACC-024 (no village's code)."""
    low, high = range_of(village)
    if low != high:
        raise UserError(
            "ACC-024",
            _("Sight is granted of a household or of a village, not of a larger area."),
            remedy=_("Enter the number of the household, or choose a village."),
            field="number",
        )
    return _give(
        by, official, {"village": village}, purpose, valid_from, valid_to, kind=GrantKind.VILLAGE, place=village
    )


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
    """Sight of one household for a purpose and a time. Raises ACC-002, ACC-003, ACC-019.

    `village` is where the household stands, which must lie in the keeper's area. Accounts cannot know: ask for a grant
    by `register.actions.grant_sight`, which does.
    """
    told = {"household": household_id}
    return _give(by, official, told, purpose, valid_from, valid_to, kind=GrantKind.HOUSEHOLD, place=village)


def _give(
    by: Actor,
    official: Official,
    told: dict[str, Any],
    purpose: str,
    valid_from: dt.date,
    valid_to: dt.date | None,
    *,
    kind: GrantKind,
    place: str,
) -> Grant:
    """A grant with its audit row, which tells what is seen (`told`); `place` is the village that it lies in."""
    by.require(Permission.ACCOUNTS_MANAGE, division=place)
    refuse_self(by, official)
    refuse_dates(valid_from, valid_to)
    grant = Grant.objects.create(
        official=official,
        kind=kind,
        household_id=told.get("household"),
        village=range_of(place)[0],
        purpose=purpose,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    new = {**told, "purpose": purpose, "from": valid_from, "to": valid_to}
    audit.record(
        by=by, action="grant.given", change=audit.Change("official", official.id, county=county_of(place), new=new)
    )
    return grant


@transaction.atomic
def end_grant(*, by: Actor, grant: Grant, last_day: dt.date) -> Grant:
    """The grant ends with the given day: sooner than before, never later. Raises ACC-002, ACC-003, ACC-007."""
    by.require(Permission.ACCOUNTS_MANAGE, village=grant.village)
    return end_early(grant, by=by, last_day=last_day, action="grant.ended", county=county_of(str(grant.village)))
