"""From when on data counts as ageing, and as old: as packs in force say. Where none does nobody judges."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from lika.policy.packs.resolved import ResolvedPack
from lika.policy.queries.in_force import parameters_in_force

# The parameters: up to so many days after its time point data is fresh; after so many it is old.
FRESH_DAYS, OLD_DAYS = "data_fresh_days", "data_old_days"


class AgeLevel(TextChoices):
    """How old data is by the limits of a pack."""

    FRESH = "fresh", _("Fresh")
    AGEING = "ageing", _("Ageing")
    OLD = "old", _("Old")
    NOT_JUDGED = "", _("Not judged: basis to be supplied")


@dataclass(frozen=True)
class Limits:
    """The limits in days that hold in a place, and where they are said; None where no pack in force gives both."""

    fresh: int | None = None
    old: int | None = None
    basis: str = ""

    def level_of(self, days: int) -> AgeLevel:
        """The level of data whose time point lies so many days back."""
        if self.fresh is None or self.old is None:
            return AgeLevel.NOT_JUDGED
        if days <= self.fresh:
            return AgeLevel.FRESH
        return AgeLevel.OLD if days > self.old else AgeLevel.AGEING


def limits_in(division: str, at: dt.date, packs: Sequence[ResolvedPack] | None = None) -> Limits:
    """The limits of a division on a day. One query, or none where the packs in use are given."""
    found = parameters_in_force((FRESH_DAYS, OLD_DAYS), division=division, at=at, packs=packs)
    fresh, old = found.get(FRESH_DAYS), found.get(OLD_DAYS)
    if fresh is None or old is None or not isinstance(fresh.value, int) or not isinstance(old.value, int):
        return Limits()
    return Limits(fresh.value, old.value, f"{fresh.pack} {fresh.clause_ref}")
