"""Named writes of rounds; each checks permission and scope itself, and writes its audit row."""

from lika.collection.rounds.actions.auditing import (
    add_remark,
    drop_remark,
    lock_submission,
    pass_submission,
    return_submission,
    send_back,
)
from lika.collection.rounds.actions.filling import (
    Filled,
    Filling,
    confirm_unchanged,
    fill_household,
    fill_village,
    take_up,
)
from lika.collection.rounds.actions.opening import Dates, open_round
from lika.collection.rounds.actions.submitting import submit

__all__ = [
    "Dates",
    "Filled",
    "Filling",
    "add_remark",
    "confirm_unchanged",
    "drop_remark",
    "fill_household",
    "fill_village",
    "lock_submission",
    "open_round",
    "pass_submission",
    "return_submission",
    "send_back",
    "submit",
    "take_up",
]
