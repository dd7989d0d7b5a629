"""How old the data of a household is, in words: time point, days since, and the level where a pack has limits."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from lika.core.areas import CODE_LENGTH, DIGITS_OF_LEVEL
from lika.core.language import chosen
from lika.divisions.choices import Level
from lika.engine.amounts import date_words
from lika.policy.ages import AgeLevel, Limits, limits_in
from lika.policy.ruling import active_packs
from lika.register.choices import YearState
from lika.register.queries import HouseholdRow, HouseholdView

SIGNS = {AgeLevel.FRESH: "done", AgeLevel.AGEING: "waiting", AgeLevel.OLD: "late", AgeLevel.NOT_JUDGED: "plain"}


@dataclass(frozen=True)
class Age:
    """The time point of the latest data (None: no yearly data), and its level."""

    on: dt.date | None
    level: AgeLevel

    @property
    def sign(self) -> str:
        """The sign of the level."""
        return SIGNS[self.level]

    @property
    def level_label(self) -> str:
        """The level in words."""
        return str(self.level.label)


def ages_of(rows: Sequence[HouseholdRow]) -> list[Age]:
    """The ages of the lines of a list, in their order. One query, none where there is no line."""
    today, limits, packs = timezone.localdate(), dict[str, Limits](), active_packs() if rows else []
    found = []
    for row in rows:
        county = f"{row.village:0{CODE_LENGTH}d}"[: DIGITS_OF_LEVEL[Level.COUNTY]]
        if county not in limits:
            limits[county] = limits_in(county, today, packs)
        level = AgeLevel.NOT_JUDGED if row.data_on is None else limits[county].level_of((today - row.data_on).days)
        found.append(Age(row.data_on, level))
    return found


def data_age_words(household: HouseholdView) -> str:
    """What the page of a household says of the age of its data; empty without yearly data. One query."""
    if not household.years:
        return ""
    newest, today = household.years[0], household.as_of or timezone.localdate()
    days = (today - newest.period_to).days
    level = limits_in(f"{household.village:0{CODE_LENGTH}d}", today).level_of(days)
    checked = next((year.data_year for year in household.years if year.state != YearState.DRAFT), None)
    told = _("never confirmed") if checked is None else _("last confirmed: data of %(year)s") % {"year": checked}
    return _("%(day)s, %(days)s days ago (%(level)s); %(told)s") % {
        "day": chosen(*date_words(newest.period_to)),
        "days": f"{days:,}",
        "level": level.label,
        "told": told,
    }
