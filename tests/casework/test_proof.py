"""The record of a case proves itself: hashes, signatures, rosters, the order of steps, changed one by one. 演示数据"""

import copy
import datetime as dt
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from lika.casework import proof
from lika.casework.content import Decided, Taken, hash_of_roster, text_of

NUMBER = "2016TP621223100201-0001"
SINCE = dt.datetime(2016, 11, 1, 8, tzinfo=dt.UTC)
STAGES = [("proposal", False, 0), ("survey", True, 0), ("village", False, 2), ("county", False, 1), ("end", False, 0)]
OTHER = hashlib.sha256("演示：别的案件".encode()).hexdigest()
Record = dict[str, Any]


def taken(place: int, stage: str, to: str, result: str = "passed", reason: str = "") -> Taken:
    return Taken(stage, to, result, "", reason, "system:演示", SINCE + dt.timedelta(hours=place))


COURSE = [
    taken(0, "proposal", "proposal", "taken_in"),
    taken(1, "proposal", "survey"),
    taken(2, "survey", "village", "skipped", "演示：无需入户"),
    taken(3, "village", "proposal", "returned", "演示：缺材料"),
    taken(4, "proposal", "survey"),
    taken(5, "survey", "village"),
    taken(6, "village", "county"),
    taken(7, "county", "end"),
    taken(8, "end", "end"),
]


def at(place: int) -> str:
    return (SINCE + dt.timedelta(hours=place)).isoformat(timespec="microseconds")


def record() -> Record:
    """A case that was sent back once, signed by two in the village and on a roster of two in the county."""
    steps = [step for step in COURSE if step.stage in ("proposal", "survey")]
    text = text_of(
        Decided(NUMBER, "household", "", 621223100201, "exit", "demo@1", "", "", {"exit": 1}, 3, 1, steps)
    )  # fmt: skip
    own = hashlib.sha256(text.encode()).hexdigest()
    lines = sorted([own, OTHER])
    whole = hash_of_roster(lines)

    def signed(stage: str, slot: int, over: str, *, state: str = "holds", roster: str = "") -> Record:
        return {"stage": stage, "slot": slot, "sha256": over, "roster": roster, "state": state}

    return {
        "format": proof.FORMAT,
        "case": NUMBER,
        "state": "done",
        "stage": "end",
        "stages": [{"id": name, "optional": optional, "slots": slots} for name, optional, slots in STAGES],
        "left_out_of_texts": ["county", "village"],
        "steps": [
            {
                "at": step.at.isoformat(timespec="microseconds"), "stage": step.stage, "to_stage": step.to_stage,
                "result": step.result, "duty": step.duty, "reason": step.reason, "by": step.by,
            }
            for step in COURSE
        ],
        "signed": [{"stage": stage, "text": text, "sha256": own} for stage in ("village", "county")],
        "signatures": [
            signed("village", 0, OTHER, state="void"),
            signed("village", 0, own),
            signed("village", 1, own),
            signed("county", 0, whole, roster="R1"),
        ],
        "rosters": [{"id": "R1", "stage": "county", "sha256": whole, "line": own, "lines": lines}],
    }  # fmt: skip


def found(held: Record) -> list[tuple[str, str]]:
    return proof.findings(json.dumps(held, ensure_ascii=False).encode())


def test_a_whole_record_proves_itself() -> None:
    assert found(record()) == []


def _drop_step(held: Record) -> None:
    del held["steps"][7]


def _drop_first(held: Record) -> None:
    del held["steps"][0]


def _later(held: Record) -> None:
    held["steps"][7]["at"] = at(20)


def _jump(held: Record) -> None:
    held["steps"][7]["to_stage"] = "proposal"
    held["steps"][8] |= {"stage": "proposal", "to_stage": "survey"}
    held["stage"] = "survey"


def _leave_out(held: Record) -> None:
    held["steps"][7]["result"] = "skipped"


def _elsewhere(held: Record) -> None:
    held["state"], held["stage"] = "open", "county"


def _reason(held: Record) -> None:
    held["steps"][2]["reason"] = "演示：已入户"


def _who(held: Record) -> None:
    held["steps"][1]["by"] = "system:别人"


def _text(held: Record) -> None:
    held["signed"][0]["text"] = held["signed"][0]["text"].replace('"persons":3', '"persons":4')


def _rehashed(held: Record) -> None:
    _text(held)
    held["signed"][0]["sha256"] = hashlib.sha256(held["signed"][0]["text"].encode()).hexdigest()


def _another_case(held: Record) -> None:
    held["case"] = NUMBER.replace("0001", "0002")


def _line_added(held: Record) -> None:
    held["rosters"][0]["lines"] = sorted([*held["rosters"][0]["lines"], "f" * 64])


def _line_order(held: Record) -> None:
    held["rosters"][0]["lines"] = held["rosters"][0]["lines"][::-1]


def _not_on_it(held: Record) -> None:
    held["rosters"][0]["line"] = "f" * 64


def _another_roster(held: Record) -> None:
    held["rosters"][0]["sha256"] = OTHER


def _void_counts(held: Record) -> None:
    held["signatures"][0]["state"] = "holds"


def _counts_no_more(held: Record) -> None:
    held["signatures"][2]["state"] = "changed"


def _unsigned(held: Record) -> None:
    del held["signatures"][2]


def _roster_unsigned(held: Record) -> None:
    del held["signatures"][3]


def _other_format(held: Record) -> None:
    held["format"] = "lika-record/9"


def _without_steps(held: Record) -> None:
    del held["steps"]


TAMPERED: dict[Callable[[Record], None], list[tuple[str, str]]] = {
    _drop_step: [("CAS-166", "8")],
    _drop_first: [("CAS-166", "1"), ("CAS-167", "village"), ("CAS-167", "county")],
    _later: [("CAS-166", "9")],
    _jump: [("CAS-166", "8"), ("CAS-167", "village"), ("CAS-167", "county")],
    _leave_out: [("CAS-166", "8")],
    _elsewhere: [("CAS-166", "county")],
    _reason: [("CAS-167", "village"), ("CAS-167", "county")],
    _who: [("CAS-167", "village"), ("CAS-167", "county")],
    _text: [("CAS-167", "village")],
    _rehashed: [("CAS-168", "village 1"), ("CAS-168", "village 2")],
    _another_case: [("CAS-167", "village"), ("CAS-167", "county")],
    _line_added: [("CAS-169", "R1")],
    _line_order: [("CAS-169", "R1")],
    _not_on_it: [("CAS-169", "R1"), ("CAS-168", "county 1")],
    _another_roster: [("CAS-169", "R1"), ("CAS-168", "county 1")],
    _void_counts: [("CAS-168", "village 1")],
    _counts_no_more: [("CAS-168", "village 2"), ("CAS-170", "village 2")],
    _unsigned: [("CAS-170", "village 2")],
    _roster_unsigned: [("CAS-170", "county 1")],
    _other_format: [("CAS-165", "ValueError")],
    _without_steps: [("CAS-165", "KeyError")],
}


@pytest.mark.parametrize("change", TAMPERED, ids=lambda each: each.__name__.strip("_"))
def test_what_is_changed_is_named(change: Callable[[Record], None]) -> None:
    held = copy.deepcopy(record())
    change(held)
    assert found(held) == TAMPERED[change]


def test_what_is_no_record_is_said_to_be_none() -> None:
    assert [proof.findings(content) for content in (b"", b"[]", b'"lika"', b"\xff")] == [
        [("CAS-165", "JSONDecodeError")], [("CAS-165", "TypeError")], [("CAS-165", "TypeError")],
        [("CAS-165", "UnicodeDecodeError")],
    ]  # fmt: skip
