"""Tables of snapshots, screenings and the scenarios that are tried on them."""

from lika.snapshots.models.scenarios import Scenario, ScenarioChange
from lika.snapshots.models.screenings import (
    CurrentScreening,
    CurrentVerdict,
    MeasureCombination,
    RollUp,
    ScreenedCriterion,
    ScreenedUnit,
    Screening,
    Snapshot,
    SnapshotSender,
    StatusRollUp,
    VerdictFile,
)

__all__ = [
    "CurrentScreening",
    "CurrentVerdict",
    "MeasureCombination",
    "RollUp",
    "Scenario",
    "ScenarioChange",
    "ScreenedCriterion",
    "ScreenedUnit",
    "Screening",
    "Snapshot",
    "SnapshotSender",
    "StatusRollUp",
    "VerdictFile",
]
