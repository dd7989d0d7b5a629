"""A small sound procedure for the small sound pack, as plain values that tests bend and write as YAML."""

import copy
import json
from collections.abc import Callable
from typing import Any

from tests.policy.conftest import FILES

CLAUSE = {"ref": "T §1", "text": "超过标准"}
NOTE = {"zh": "按国家退出机制补足", "en": "from the national frame"}
SOURCES = FILES["SOURCES.md"].replace(
    "`parameters.yaml`: line |", "`parameters.yaml`: line; `procedures/exit.yaml`: leave |"
)


def stage(stage_id: str, kind: str, level: str, by: str, **more: Any) -> dict[str, Any]:
    return {
        "id": stage_id, "zh": "环节", "en": "Stage", "kind": kind, "level": level, "by": [by], "clause": CLAUSE, **more,
    }  # fmt: skip


SOUND: dict[str, Any] = {
    "id": "leave",
    "unit": "household",
    "purpose": "exit",
    "zh": "退出",
    "en": "Exit",
    "clause": CLAUSE,
    "stages": [
        stage("meeting", "meeting", "village", "representatives", criteria=["income"], strike_out=True),
        stage("verified", "verification", "village", "resident_team", returns=["meeting"]),
        stage(
            "hung", "public_notice", "village", "village_committee",
            days=7, day_kind="calendar", places=["village"], returns=["verified"],
        ),
        stage("signed", "signatures", "township", "township_government", signatures=["township_head", "station_head"]),
        stage("checked", "check", "county", "county_office", returns=["meeting", "signed"], strike_out=True),
        stage("sampled", "evaluation", "prefecture", "evaluator", optional=True),
        stage("announced", "announcement", "county", "county_office", places=["village"]),
        stage("entered", "recording", "township", "township_government"),
    ],
    "effect": {"from": ["21"], "to": "30", "support_kept": True, "clause": CLAUSE},
}  # fmt: skip


def bent(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    """The sound procedure after a change in place."""
    procedure = copy.deepcopy(SOUND)
    change(procedure)
    return procedure


def files(*procedures: dict[str, Any]) -> dict[str, str]:
    """The files of a pack that holds procedures. JSON is YAML; one stage stands on one line."""
    lines = []
    for procedure in procedures:
        rest = {key: value for key, value in procedure.items() if key != "stages"}
        lines.append("- " + json.dumps(rest, ensure_ascii=False)[:-1] + ', "stages": [')
        lines += ["    " + json.dumps(each, ensure_ascii=False) + "," for each in procedure["stages"]]
        lines.append("    ]}")
    return {"procedures/exit.yaml": "\n".join(lines) + "\n", "SOURCES.md": SOURCES}
