"""Named reads of snapshots, screenings and verdicts. Those that name units take the actor and stay in their scope."""

from lika.snapshots.queries.rollups import Counts, Overlap, Row, Table, counts_by_division, overlaps, roots, table
from lika.snapshots.queries.screenings import (
    criteria_of,
    current_screening,
    screening,
    screenings,
    summary_of,
    totals,
)
from lika.snapshots.queries.snapshots import findings, refuse_altered, snapshot, snapshots
from lika.snapshots.queries.verdicts import (
    UnitAt,
    UnitPage,
    UnitVerdicts,
    criterion_of,
    is_current_everywhere,
    results_of,
    units_by_verdict,
    verdict_condition,
    verdicts_of,
)

__all__ = [
    "Counts",
    "Overlap",
    "Row",
    "Table",
    "UnitAt",
    "UnitPage",
    "UnitVerdicts",
    "counts_by_division",
    "criteria_of",
    "criterion_of",
    "current_screening",
    "findings",
    "is_current_everywhere",
    "overlaps",
    "refuse_altered",
    "results_of",
    "roots",
    "screening",
    "screenings",
    "snapshot",
    "snapshots",
    "summary_of",
    "table",
    "totals",
    "units_by_verdict",
    "verdict_condition",
    "verdicts_of",
]
