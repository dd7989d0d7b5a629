"""Named reads of the register. Everything about households passes through `households_visible_to`."""

from lika.register.queries.counts import (
    DivisionCounts,
    StatusCounts,
    cause_counts,
    county_years,
    data_years,
    division_counts,
    poor_area_statuses,
    status_counts,
    village_years,
    villages_without_year,
)
from lika.register.queries.detail import (
    HouseholdView,
    MemberView,
    PlacementView,
    StatusView,
    YearView,
    household_detail,
)
from lika.register.queries.listing import (
    SORT_KEYS,
    HouseholdFilter,
    HouseholdList,
    HouseholdRow,
    find_households,
    latest_year,
    list_households,
    rows_of,
)
from lika.register.queries.scope import (
    household_visible_to,
    households_visible_to,
    persons_visible_to,
    scope_of,
    seen_in_full,
)
from lika.register.queries.traces import Trace, household_traces

__all__ = [
    "SORT_KEYS",
    "DivisionCounts",
    "HouseholdFilter",
    "HouseholdList",
    "HouseholdRow",
    "HouseholdView",
    "MemberView",
    "PlacementView",
    "StatusCounts",
    "StatusView",
    "Trace",
    "YearView",
    "cause_counts",
    "county_years",
    "data_years",
    "division_counts",
    "find_households",
    "household_detail",
    "household_traces",
    "household_visible_to",
    "households_visible_to",
    "latest_year",
    "list_households",
    "persons_visible_to",
    "poor_area_statuses",
    "rows_of",
    "scope_of",
    "seen_in_full",
    "status_counts",
    "village_years",
    "villages_without_year",
]
