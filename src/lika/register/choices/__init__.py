"""Code lists and states of the register."""

from lika.register.choices.lists import CODE_LISTS, by_id
from lika.register.choices.states import (
    Axis,
    MonitoringStatus,
    PoorAreaStatus,
    PovertyStatus,
    UnitKind,
    YearState,
)

__all__ = [
    "CODE_LISTS",
    "Axis",
    "MonitoringStatus",
    "PoorAreaStatus",
    "PovertyStatus",
    "UnitKind",
    "YearState",
    "by_id",
]
