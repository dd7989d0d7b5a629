"""The lists of the application as they leave: each under the name that stands in the address of its export."""

from collections.abc import Mapping

from lika.console.leaving import analysed, collected, governed, households, kept, quality, screened
from lika.console.leaving.reading import LeavingList, Reading

LISTS: Mapping[str, LeavingList] = {
    "households": households.HOUSEHOLDS,
    "persons": households.PERSONS,
    "search": households.SEARCH,
    "imports": collected.IMPORTS,
    "findings": collected.FINDINGS,
    "comparison": collected.COMPARISON,
    "rounds": collected.ROUNDS,
    "round": collected.PROGRESS,
    "screenings": screened.SCREENINGS,
    "units": screened.UNITS,
    "faults": quality.FAULTS,
    "leads": quality.LEADS,
    "duties": governed.DUTIES,
    "requests": governed.REQUESTS,
    "surveys": governed.SURVEYS,
    "changes": kept.CHANGES,
    "history": kept.HISTORY,
    "officials": kept.OFFICIALS,
    "audit": kept.AUDIT,
    "analysis": analysed.TABLE,
    "cells": analysed.CELLS,
    "villages": analysed.VILLAGES,
}

__all__ = ["LISTS", "LeavingList", "Reading"]
