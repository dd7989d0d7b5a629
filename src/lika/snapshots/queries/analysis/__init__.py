"""Counting units of the current snapshots by their facts and verdicts, and the households behind every number."""

from lika.snapshots.queries.analysis.cube import MOST_CELLS, PARTS, Behind, Cube, behind, count
from lika.snapshots.queries.analysis.language import Language, checked, language_of, measures_of
from lika.snapshots.queries.analysis.picking import UNDER_NONE
from lika.snapshots.queries.analysis.request import (
    ALL,
    AMOUNTS,
    SINGLE_VALUES,
    Condition,
    Counted,
    Expression,
    Grouping,
    Key,
    Level,
    Measures,
    Question,
    Several,
    Total,
    Unknown,
    Verdict,
    VerdictIn,
    What,
)
from lika.snapshots.queries.analysis.sight import area_of
from lika.snapshots.queries.analysis.sources import Source, Sources, sources

__all__ = [
    "ALL",
    "AMOUNTS",
    "MOST_CELLS",
    "PARTS",
    "SINGLE_VALUES",
    "UNDER_NONE",
    "Behind",
    "Condition",
    "Counted",
    "Cube",
    "Expression",
    "Grouping",
    "Key",
    "Language",
    "Level",
    "Measures",
    "Question",
    "Several",
    "Source",
    "Sources",
    "Total",
    "Unknown",
    "Verdict",
    "VerdictIn",
    "What",
    "area_of",
    "behind",
    "checked",
    "count",
    "language_of",
    "measures_of",
    "sources",
]
