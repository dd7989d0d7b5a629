"""What the record of a case proves by itself, far from any database: hashes, signatures, and the order of its steps.

Pure. `findings` asks nothing but the record, which `queries.record` writes and an appeal file or archive carries.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lika.casework.content import hash_of_roster

FORMAT = "lika-record/1"
UNREADABLE, STEPS, TEXT, SIGNED, ROSTER, UNSIGNED = (f"CAS-{number}" for number in range(165, 171))
HOLDS, CHANGED, VOID = "holds", "changed", "void"
_FORWARD, _BACK, _FIRST, _LEFT_OUT, _DONE = ("passed", "skipped"), "returned", "taken_in", "skipped", "done"

Record = Mapping[str, Any]
Found = Iterator[tuple[str, str]]


def findings(content: bytes) -> list[tuple[str, str]]:
    """What in a record does not agree with itself: the code, and where. Of an unreadable one that alone."""
    try:
        record: Record = json.loads(content)
        if record["format"] != FORMAT:
            raise ValueError("another format")
        checks = (_of_steps, _of_texts, _of_rosters, _of_signatures, _of_slots)
        return [found for check in checks for found in check(record)]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return [(UNREADABLE, type(error).__name__)]


def _of_steps(record: Record) -> Found:
    """The first takes the case in; each begins where the one before ended, no earlier, and goes where it may."""
    order = [each["id"] for each in record["stages"]]
    steps = record["steps"]
    if not steps or steps[0]["result"] != _FIRST:
        yield STEPS, "1"
    for place, step in enumerate(steps):
        before = steps[place - 1] if place else step | {"to_stage": step["stage"]}
        follows = step["stage"] == before["to_stage"] and step["at"] >= before["at"]
        if not follows or not _may_lead(record["stages"], order, step) or (place and step["result"] == _FIRST):
            yield STEPS, f"{place + 1}"
    if steps and steps[-1]["to_stage"] != record["stage"]:
        yield STEPS, record["stage"]


def _may_lead(stages: Sequence[Record], order: Sequence[str], step: Record) -> bool:
    """Forward to the next stage (at the last one, to the end), back to an earlier one, else it stays."""
    here, there = order.index(step["stage"]), order.index(step["to_stage"])
    if step["result"] in _FORWARD:
        leaves_out_what_may_not = step["result"] == _LEFT_OUT and not stages[here]["optional"]
        return there == min(here + 1, len(order) - 1) and not leaves_out_what_may_not
    return there < here if step["result"] == _BACK else there == here


def _of_texts(record: Record) -> Found:
    """What was laid before the signers has the hash that it says, is of this case, and tells its steps."""
    order = [each["id"] for each in record["stages"]]
    for each in record["signed"]:
        told = json.loads(each["text"])
        before = [stage for stage in order[: order.index(each["stage"])] if stage not in record["left_out_of_texts"]]
        steps = [_step(step) for step in record["steps"] if step["stage"] in before]
        whole = hashlib.sha256(each["text"].encode()).hexdigest() == each["sha256"]
        if not whole or told["number"] != record["case"] or [_step(step) for step in told["steps"]] != steps:
            yield TEXT, each["stage"]


def _step(step: Record) -> tuple[str, ...]:
    return tuple(step[name] for name in ("at", "stage", "to_stage", "result", "duty", "reason", "by"))


def _of_rosters(record: Record) -> Found:
    """The hash of a roster is that of all its lines, sorted, and the case's own line is one of them."""
    for each in record["rosters"]:
        lines = each["lines"]
        if lines != sorted(lines) or hash_of_roster(lines) != each["sha256"] or each["line"] not in lines:
            yield ROSTER, each["id"]


def _of_signatures(record: Record) -> Found:
    """One that holds is over the text of its stage, or over a roster whose line has that hash; another is not."""
    texts = {each["stage"]: each["sha256"] for each in record["signed"]}
    rosters = {each["id"]: each for each in record["rosters"]}
    for each in record["signatures"]:
        where = f"{each['stage']} {each['slot'] + 1}"
        roster = rosters[each["roster"]] if each["roster"] else None
        seen = each["sha256"] if roster is None else roster["line"]
        of_roster = roster is None or each["sha256"] == roster["sha256"]
        is_now = seen == texts.get(each["stage"])
        if not of_roster or (each["state"] == HOLDS and not is_now) or (each["state"] == CHANGED and is_now):
            yield SIGNED, where


def _of_slots(record: Record) -> Found:
    """A case that is done has a signature that holds in every slot of every stage but those that were left out."""
    if record["state"] != _DONE:
        return
    left_out = {each["stage"] for each in record["steps"] if each["result"] == _LEFT_OUT}
    held = {(each["stage"], each["slot"]) for each in record["signatures"] if each["state"] == HOLDS}
    for stage in record["stages"]:
        if stage["id"] not in left_out:
            missing = [slot for slot in range(stage["slots"]) if (stage["id"], slot) not in held]
            yield from ((UNSIGNED, f"{stage['id']} {slot + 1}") for slot in missing)
