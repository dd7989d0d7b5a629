"""Code lists and states of the register."""

from lika.register.choices.changes import OPEN_STATES, ChangeKind, ChangeState, Subject
from lika.register.choices.documents import OPEN_KINDS, DocumentOwner
from lika.register.choices.ledger import TotalsFrom
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
    "OPEN_KINDS",
    "OPEN_STATES",
    "POVERTY_MOVES",
    "STILL_POOR",
    "YEAR_MOVES",
    "Axis",
    "ChangeKind",
    "ChangeState",
    "DocumentOwner",
    "MonitoringStatus",
    "PoorAreaStatus",
    "PovertyStatus",
    "Subject",
    "TotalsFrom",
    "UnitKind",
    "YearState",
    "by_id",
]
