"""Named reads of snapshots, screenings and verdicts. Those that name units take the actor and stay in their scope."""

from lika.snapshots.queries.explaining import Explained, explain_criterion, explain_unit
from lika.snapshots.queries.history import counts_over_time, counts_within
from lika.snapshots.queries.listing import NEWEST_FIRST, ScreeningFilter, find_screenings, packs_screened
from lika.snapshots.queries.past import PastResult, past_results
from lika.snapshots.queries.rollups import (
    Counts,
    Overlap,
    Row,
    Table,
    counts_by_division,
    overlaps,
    rollup_table,
    roots,
)
from lika.snapshots.queries.screenings import (
    criteria_of,
    current_among,
    current_screening,
    get_screening,
    list_screenings,
    newer_current,
    summary_of,
    totals,
    units_of,
)
from lika.snapshots.queries.snapshots import findings, get_snapshot, list_snapshots, refuse_altered
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
    "NEWEST_FIRST",
    "Counts",
    "Explained",
    "Overlap",
    "PastResult",
    "Row",
    "ScreeningFilter",
    "Table",
    "UnitAt",
    "UnitPage",
    "UnitVerdicts",
    "counts_by_division",
    "counts_over_time",
    "counts_within",
    "criteria_of",
    "criterion_of",
    "current_among",
    "current_screening",
    "explain_criterion",
    "explain_unit",
    "find_screenings",
    "findings",
    "get_screening",
    "get_snapshot",
    "is_current_everywhere",
    "list_screenings",
    "list_snapshots",
    "newer_current",
    "overlaps",
    "packs_screened",
    "past_results",
    "refuse_altered",
    "results_of",
    "rollup_table",
    "roots",
    "summary_of",
    "totals",
    "units_by_verdict",
    "units_of",
    "verdict_condition",
    "verdicts_of",
]
