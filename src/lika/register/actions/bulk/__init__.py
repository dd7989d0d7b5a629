"""Bulk loads into the register: stage, match, compare, publish in one transaction.

A door creates the staging tables, fills them by COPY, then in one transaction calls `match`, checks what it
wants by SQL over the `stage_*` and `match_*` tables, leaves out what it must, and calls `publish`.
"""

from lika.register.actions.bulk.items import match
from lika.register.actions.bulk.matching import JOINS, LEAVES, Present
from lika.register.actions.bulk.stage import (
    COUNTY_YEARS,
    HOUSEHOLD_YEARS,
    HOUSEHOLDS,
    ITEMS,
    PERSONS,
    VILLAGE_YEARS,
    Stage,
    create,
    drop,
    fill,
    value_columns,
)
from lika.register.actions.bulk.writing import Counts, Origin, counts, leave_out, publish

__all__ = [
    "COUNTY_YEARS",
    "HOUSEHOLDS",
    "HOUSEHOLD_YEARS",
    "ITEMS",
    "JOINS",
    "LEAVES",
    "PERSONS",
    "VILLAGE_YEARS",
    "Counts",
    "Origin",
    "Present",
    "Stage",
    "counts",
    "create",
    "drop",
    "fill",
    "leave_out",
    "match",
    "publish",
    "value_columns",
]
