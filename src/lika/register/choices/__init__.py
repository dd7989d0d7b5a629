"""Code lists and states of the register."""

from lika.register.choices.lists import CODE_LISTS, HEAD, by_id
from lika.register.choices.states import (
    MOVES,
    POVERTY_MOVES,
    STILL_POOR,
    YEAR_MOVES,
    Axis,
    MonitoringStatus,
    PoorAreaStatus,
    PovertyStatus,
    UnitKind,
    YearState,
)

__all__ = [
    "CODE_LISTS",
    "HEAD",
    "MOVES",
    "POVERTY_MOVES",
    "STILL_POOR",
    "YEAR_MOVES",
    "Axis",
    "MonitoringStatus",
    "PoorAreaStatus",
    "PovertyStatus",
    "UnitKind",
    "YearState",
    "by_id",
]
