"""Changes of the register without loss: proposed by one person, agreed to by another, undone by another change."""

from lika.register.actions.changes.flow import Grounds, accept_handover, check_change, refuse_change
from lika.register.actions.changes.households import propose_head, propose_merge, propose_move, propose_split
from lika.register.actions.changes.members import propose_away, propose_correction, propose_join, propose_leave
from lika.register.actions.changes.undo import propose_undo
from lika.register.actions.changes.years import propose_year_correction

__all__ = [
    "Grounds",
    "accept_handover",
    "check_change",
    "propose_away",
    "propose_correction",
    "propose_head",
    "propose_join",
    "propose_leave",
    "propose_merge",
    "propose_move",
    "propose_split",
    "propose_undo",
    "propose_year_correction",
    "refuse_change",
]
