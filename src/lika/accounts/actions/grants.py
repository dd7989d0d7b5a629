"""Giving and ending sight of one village or one household."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lika.accounts.actions.common import county_of, end_early, refuse_dates, refuse_day, refuse_self
from lika.accounts.choices import GrantKind
from lika.accounts.models import Grant, Official
from lika.core import audit
from lika.core.actors import Actor
from lika.core.areas import CODE_LENGTH, range_of
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


@dataclass(frozen=True)
class Sight:
    """Sight of a household for an official, to be given; `village` is where it stands, as a number."""

    official: Official
    household: UUID
    village: int


@transaction.atomic
def grant_households(*, by: Actor, given: Sequence[Sight], purpose: str, valid_from: dt.date) -> list[Grant]:
    """The grants of `grant_household` for many at once, without an end, in the order given. Two inserts.

    Raises ACC-001, ACC-002, ACC-003.
    """
    for village in {each.village for each in given}:
        by.require(Permission.ACCOUNTS_MANAGE, village=village)
    for official in {each.official.pk: each.official for each in given}.values():
        refuse_self(by, official)
    grants = Grant.objects.bulk_create(
        Grant(
            official=each.official,
            kind=GrantKind.HOUSEHOLD,
            household_id=each.household,
            village=each.village,
            purpose=purpose,
            valid_from=valid_from,
        )
        for each in given
    )
    audit.record_many(
        by=by,
        action="grant.given",
        changes=[
            _change(grant, new={"household": grant.household_id, "purpose": purpose, "from": valid_from, "to": None})
            for grant in grants
        ],
    )
    return grants


@transaction.atomic
def end_grants(*, by: Actor, grants: Sequence[Grant], last_day: dt.date) -> None:
    """Grants of households that have no end yet end with a day. Raises ACC-001, ACC-002, ACC-003, ACC-007."""
    for grant in grants:
        by.require(Permission.ACCOUNTS_MANAGE, village=grant.village)
        refuse_self(by, grant.official)
        refuse_day(last_day, grant.valid_from, grant.valid_to)
    changes = [_change(grant, old={"to": grant.valid_to}, new={"to": last_day}) for grant in grants]
    Grant.objects.filter(pk__in=[grant.pk for grant in grants]).update(valid_to=last_day)
    audit.record_many(by=by, action="grant.ended", changes=changes)


def _change(grant: Grant, *, new: dict[str, Any], old: dict[str, Any] | None = None) -> audit.Change:
    county = county_of(f"{grant.village:0{CODE_LENGTH}d}")
    return audit.Change("official", grant.official_id, county=county, old=old, new=new)
