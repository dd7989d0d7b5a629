"""Code lists and states of the register."""

from lika.register.choices.lists import CODE_LISTS, by_id
from lika.register.choices.states import (
    POVERTY_MOVES,
    STILL_POOR,
    Axis,
    MonitoringStatus,
    PoorAreaStatus,
    PovertyStatus,
    UnitKind,
    YearState,
)

__all__ = [
    "CODE_LISTS",
    "POVERTY_MOVES",
    "STILL_POOR",
    "Axis",
    "MonitoringStatus",
    "PoorAreaStatus",
    "PovertyStatus",
    "UnitKind",
    "YearState",
    "by_id",
]
