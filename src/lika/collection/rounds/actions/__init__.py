"""Named writes of rounds; each checks permission and scope itself, and writes its audit row."""

from lika.collection.rounds.actions.auditing import (
    add_remark,
    drop_remark,
    lock_submission,
    pass_for_township,
    pass_submission,
    return_submission,
    send_back,
)
from lika.collection.rounds.actions.bringing import bring_workbook, take_workbook
from lika.collection.rounds.actions.extending import extend_due
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
from lika.collection.rounds.actions.workbooks import begin_workbook, do_workbook, keep_workbook

__all__ = [
    "Dates",
    "Filled",
    "Filling",
    "add_remark",
    "begin_workbook",
    "bring_workbook",
    "confirm_unchanged",
    "do_workbook",
    "drop_remark",
    "extend_due",
    "fill_household",
    "fill_village",
    "keep_workbook",
    "lock_submission",
    "open_round",
    "pass_for_township",
    "pass_submission",
    "return_submission",
    "send_back",
    "submit",
    "take_up",
    "take_workbook",
]
