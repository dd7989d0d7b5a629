"""The lists of the application as they leave: each under the name that stands in the address of its export."""

from collections import ChainMap
from collections.abc import Mapping

from lika.console.leaving import (
    analysed,
    cases,
    collected,
    governed,
    helped,
    households,
    kept,
    quality,
    reported,
    screened,
)
from lika.reports.leaving import LeavingList, Reading, given_lists

_OWN: dict[str, LeavingList] = {
    "households": households.HOUSEHOLDS,
    "persons": households.PERSONS,
    "search": households.SEARCH,
    "imports": collected.IMPORTS,
    "findings": collected.FINDINGS,
    "comparison": collected.COMPARISON,
    "rounds": collected.ROUNDS,
    "round": collected.PROGRESS,
    "submission": collected.SUBMISSION,
    "screenings": screened.SCREENINGS,
    "units": screened.UNITS,
    "moved": screened.MOVED,
    "in-error": screened.IN_ERROR,
    "faults": quality.FAULTS,
    "leads": quality.LEADS,
    "duties": governed.DUTIES,
    "requests": governed.REQUESTS,
    "surveys": governed.SURVEYS,
    "visits": governed.VISITS,
    "coverage": helped.COVERAGE,
    "unpaired": helped.UNPAIRED,
    "pairings": helped.PAIRINGS,
    "helpers": helped.HELPERS,
    "proposals": helped.PROPOSALS,
    "campaigns": cases.CAMPAIGNS,
    "quotas": cases.QUOTAS,
    "rolling": cases.ROLLING,
    "workdays": cases.DAYS,
    "changes": kept.CHANGES,
    "history": kept.HISTORY,
    "officials": kept.OFFICIALS,
    "audit": kept.AUDIT,
    "analysis": analysed.TABLE,
    "cells": analysed.CELLS,
    "villages": analysed.VILLAGES,
    "report": reported.REPORT,
}

LISTS: Mapping[str, LeavingList] = ChainMap(_OWN, given_lists())

__all__ = ["LISTS", "LeavingList", "Reading"]
