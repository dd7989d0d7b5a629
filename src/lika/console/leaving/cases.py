"""Campaigns with their quotas, the rolling plan, and the work days of a place."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lika.accounts.places import place_asked
from lika.accounts.queries import UserActor
from lika.casework.models import Quota, SpecialDay
from lika.casework.queries import days
from lika.casework.queries import quotas as reads
from lika.casework.views.days import year_asked
from lika.console.leaving.reading import id_of, text, told
from lika.console.names import place_name
from lika.core.leaving import Field, Kind, Row
from lika.core.leaving.files import BLOCK
from lika.core.permissions import Permission
from lika.reports.leaving import LeavingList, Reading

_DIVISION = Field("division", gettext_lazy("Division"), width=24)
_CAMPAIGN = (
    Field("year", gettext_lazy("Year"), Kind.WHOLE),
    Field("campaign", gettext_lazy("Campaign")),
    _DIVISION,
    Field("persons", gettext_lazy("Persons"), Kind.WHOLE),
    Field("below", gettext_lazy("Below")),
    Field("due", gettext_lazy("Every village has its number by"), Kind.DAY),
    Field("document", gettext_lazy("Document"), width=32),
    Field("state", gettext_lazy("State")),
)
_QUOTA = (
    Field("level", gettext_lazy("Level")),
    _DIVISION,
    Field("above", gettext_lazy("Division above"), width=24),
    Field("weight", gettext_lazy("Weight"), Kind.WHOLE),
    Field("cap", gettext_lazy("At most"), Kind.WHOLE),
    Field("proposed", gettext_lazy("Proposed"), Kind.WHOLE),
    Field("persons", gettext_lazy("Persons"), Kind.WHOLE),
    Field("reason", gettext_lazy("Reason of the change"), width=32),
    Field("below", gettext_lazy("Below")),
    Field("published_on", gettext_lazy("Published on"), Kind.DAY),
)
_DAY = (
    Field("day", gettext_lazy("Day"), Kind.DAY),
    Field("kind", gettext_lazy("Kind of day")),
    Field("name", gettext_lazy("Name of the holiday"), width=24),
    Field("holds_in", gettext_lazy("Holds in"), width=24),
    Field("source", gettext_lazy("Source"), width=48),
)


def _campaigns(who: UserActor, _given: QueryDict) -> Reading:
    found = reads.uppermost(who)
    return Reading(fields=_CAMPAIGN, total=len(found), rows=lambda _personal: map(_campaign, found))


def _campaign(quota: Quota) -> Row:
    campaign = quota.campaign
    return {
        "year": campaign.year,
        "campaign": campaign.get_kind_display(),
        "division": place_name(quota.division.name),
        "persons": quota.allocated,
        "below": quota.get_split_display() if reads.is_split_further(quota) else "",
        "due": campaign.due_on,
        "document": campaign.document,
        "state": campaign.get_state_display(),
    }


def _quotas(who: UserActor, given: QueryDict) -> Reading:
    """The number of a division and all below it that the reader sees."""
    quota = reads.quota_in_sight(who, id_of(given), text(given, "division"))
    found, campaign = reads.tree_of(who, quota), quota.campaign
    return Reading(
        fields=_QUOTA,
        total=found.count(),
        rows=lambda _personal: _quota_rows(found),
        division=quota.division_id,
        filters=[told(_("Year"), campaign.year), str(campaign.get_kind_display())],
        asked={"campaign": str(campaign.pk)},
    )


def _quota_rows(found: QuerySet[Quota]) -> Iterator[Row]:
    for quota in found.select_related("parent__division").iterator(chunk_size=BLOCK):
        yield {
            "level": quota.division.get_level_display(),
            "division": place_name(quota.division.name),
            "above": place_name(quota.parent.division.name) if quota.parent else "",
            "weight": quota.weight,
            "cap": quota.cap,
            "proposed": quota.proposed,
            "persons": quota.allocated,
            "reason": quota.reason,
            "below": quota.get_split_display() if reads.is_split_further(quota) else "",
            "published_on": quota.published_on,
        }


def _rolling(who: UserActor, given: QueryDict) -> Reading:
    """The reduction plans side by side: a column for each year."""
    place = place_asked(who, Permission.CASEWORK_VIEW, text(given, "division"))
    plan = reads.rolling_plan(who, place)
    years = [Field(f"year_{year}", str(year), Kind.WHOLE) for year in plan.years]

    def rows() -> Iterator[Row]:
        for line in plan.lines:
            planned = {f"year_{year}": number for year, number in line.by_year}
            name = place_name(line.division.name)
            yield {"division": name, "poor": line.poor, **planned, "total": line.total}

    poor = Field("poor", gettext_lazy("Poor in the register"), Kind.WHOLE)
    return Reading(
        fields=(_DIVISION, poor, *years, Field("total", gettext_lazy("Sum of the years"), Kind.WHOLE)),
        total=len(plan.lines),
        rows=lambda _personal: rows(),
        division=place.code,
        asked={"years": list(plan.years)},
    )


def _days(who: UserActor, given: QueryDict) -> Reading:
    """The days of a year that are not what their weekday says, and whether the year is confirmed."""
    place = place_asked(who, Permission.CASEWORK_VIEW, text(given, "division"))
    year = year_asked(given)
    found = days.year_of(place.code, year)
    return Reading(
        fields=_DAY,
        total=len(found.days),
        rows=lambda _personal: map(_day, found.days),
        division=place.code,
        filters=[told(_("Year"), year), _("Confirmed") if found.confirmed else _("To be confirmed")],
        asked={"year": year},
    )


def _day(row: SpecialDay) -> Row:
    return {
        "day": row.day,
        "kind": row.get_mark_display(),
        "name": row.note,
        "holds_in": place_name(row.division.name) if row.division else _("Whole country"),
        "source": row.source,
    }


CAMPAIGNS = LeavingList(gettext_lazy("Campaigns"), Permission.CASEWORK_VIEW, _campaigns)
QUOTAS = LeavingList(gettext_lazy("Quotas of a campaign"), Permission.CASEWORK_VIEW, _quotas)
ROLLING = LeavingList(gettext_lazy("Rolling plan"), Permission.CASEWORK_VIEW, _rolling)
DAYS = LeavingList(gettext_lazy("Work days"), Permission.CASEWORK_VIEW, _days)
