"""Named writes: taking a snapshot, handing it up, taking one in, merging; screening; scenarios; making current."""

from lika.snapshots.actions.handing import distrust, hand_up, receive, report_duplicates, trust
from lika.snapshots.actions.merging import merge
from lika.snapshots.actions.scenario_runs import ask_for_run, begin_run, do_run
from lika.snapshots.actions.scenarios import run_scenario, save_scenario
from lika.snapshots.actions.screenings import screen
from lika.snapshots.actions.snapshots import take

__all__ = [
    "ask_for_run",
    "begin_run",
    "distrust",
    "do_run",
    "hand_up",
    "merge",
    "receive",
    "report_duplicates",
    "run_scenario",
    "save_scenario",
    "screen",
    "take",
    "trust",
]
