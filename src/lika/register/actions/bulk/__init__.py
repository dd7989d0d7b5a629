"""Bulk loads into the register: stage, match, compare, publish in one transaction.

A door creates its staging area (or enters one that a killed load has left), fills it by COPY, then in one transaction
calls `match`, checks what it wants by SQL over the `stage_*` and `match_*` tables, leaves out what it must, and calls
`publish`.
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
    Fill,
    Stage,
    areas,
    create,
    cut_off,
    drop,
    enter,
    filling,
    hand_over,
    leave,
    note,
    noted,
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
    "Fill",
    "Origin",
    "Present",
    "Stage",
    "areas",
    "counts",
    "create",
    "cut_off",
    "drop",
    "enter",
    "filling",
    "hand_over",
    "leave",
    "leave_out",
    "match",
    "note",
    "noted",
    "publish",
    "value_columns",
]
