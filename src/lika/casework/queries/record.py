"""The record of cases for programs: what was signed as text, by whom, on which roster, and every step in order.

`lika.casework.proof` checks it far from the database. It names no household: numbers, ids, hashes, users and reasons.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from lika.casework import proof
from lika.casework.content import Decided, hash_of, text_of
from lika.casework.models import Case, Roster, RosterEntry, Signature, Step
from lika.casework.queries.signing import decided_of, signing_stages
from lika.policy.queries.procedures import Procedure

Given = Sequence[tuple[Signature, str, RosterEntry | None]]


def records_of(cases: Collection[Case], procedure: Procedure) -> dict[str, bytes]:
    """The record of each case by its number, as JSON. Seven queries, and one for each roster."""
    order = [each.id for each in procedure.stages]
    slotted = [each.id for each in procedure.stages if each.slots]
    decided = decided_of(cases, procedure, slotted)
    given = signatures_of(cases, {case: _hashes(each) for case, each in decided.items()})
    lines: dict[UUID, list[str]] = {}
    steps: dict[UUID, list[Step]] = defaultdict(list)
    for step in Step.objects.filter(case__in=[each.pk for each in cases]).order_by("at", "id"):
        steps[step.case_id].append(step)
    found = {}
    for case in cases:
        reached = order[: order.index(case.stage) + 1]
        record = {
            "format": proof.FORMAT,
            "case": case.number,
            "state": case.state,
            "stage": case.stage,
            "stages": [
                {"id": each.id, "optional": each.optional, "slots": len(each.slots)} for each in procedure.stages
            ],
            "left_out_of_texts": sorted(signing_stages(procedure)),
            "steps": [_step(each) for each in steps[case.pk]],
            "signed": [
                {"stage": stage, "text": text_of(each), "sha256": hash_of(each)}
                for stage, each in decided[case.pk].items()
                if stage in reached
            ],
            "signatures": [_signature(*each) for each in given[case.pk]],
            "rosters": _rosters([entry for _row, _state, entry in given[case.pk] if entry], lines),
        }
        found[case.number] = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True).encode()
    return found


def signatures_of(cases: Collection[Case], hashes: Mapping[UUID, Mapping[str, str]]) -> dict[UUID, Given]:
    """All signatures over each case or a roster with it, void ones too, with their state and line. Two queries.

    `hashes` are those that the cases have now, by stage.
    """
    ids = [each.pk for each in cases]
    related = ("official", "witness", "signatory__deputy_of__official", "paper", "authorisation")
    found: dict[UUID, list[tuple[Signature, str, RosterEntry | None]]] = defaultdict(list)
    for row in Signature.objects.filter(case__in=ids).select_related(*related):
        if row.case_id is not None:
            is_now = row.content_hash == hashes[row.case_id].get(row.stage)
            found[row.case_id].append((row, _state(row.void_at, is_now=is_now), None))
    entries = list(RosterEntry.objects.filter(case__in=ids).select_related("roster__division"))
    by_roster: dict[UUID, list[Signature]] = defaultdict(list)
    for row in Signature.objects.filter(roster__in={each.roster_id for each in entries}).select_related(*related):
        if row.roster_id is not None:
            by_roster[row.roster_id].append(row)
    for entry in entries:
        is_now = entry.content_hash == hashes[entry.case_id].get(entry.stage)
        state = _state(entry.void_at, is_now=is_now)
        found[entry.case_id] += [(row, state, entry) for row in by_roster[entry.roster_id]]
    return {case: sorted(found[case], key=lambda each: (each[0].at, each[0].pk)) for case in ids}


def hashes_on(roster: UUID) -> list[str]:
    """The hashes of all lines of a roster, sorted, whoever asks: a hash tells of nobody. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM lika_roster_hashes(%s) AS hash ORDER BY hash", [roster])
        return [each for (each,) in cursor.fetchall()]


def _hashes(decided: Mapping[str, Decided]) -> dict[str, str]:
    return {stage: hash_of(each) for stage, each in decided.items()}


def _state(void_at: dt.datetime | None, *, is_now: bool) -> str:
    if void_at is not None:
        return proof.VOID
    return proof.HOLDS if is_now else proof.CHANGED


def _step(row: Step) -> dict[str, str]:
    return {
        "at": _moment(row.at), "stage": row.stage, "to_stage": row.to_stage, "result": row.result, "duty": row.duty,
        "reason": row.reason, "by": row.by_name,
    }  # fmt: skip


def _signature(row: Signature, state: str, entry: RosterEntry | None) -> dict[str, Any]:
    return {
        "stage": row.stage, "slot": row.slot, "capacity": row.capacity, "kind": row.kind, "at": _moment(row.at),
        "sha256": row.content_hash, "roster": str(entry.roster_id) if entry else "", "state": state,
        "void_reason": entry.void_reason if entry else row.void_reason,
        "paper": row.paper.sha256 if row.paper else "",
        "authorisation": row.authorisation.sha256 if row.authorisation else "",
    }  # fmt: skip


def _rosters(entries: Collection[RosterEntry], lines: dict[UUID, list[str]]) -> list[dict[str, Any]]:
    """Each roster once; `lines` keeps what was read of it for the next case."""
    found = {each.roster_id: each for each in entries}
    for roster in found:
        lines.setdefault(roster, [])
        lines[roster] = lines[roster] or hashes_on(roster)
    return [
        {**_named(each.roster), "line": each.content_hash, "lines": lines[key]}
        for key, each in sorted(found.items())
    ]  # fmt: skip


def _named(roster: Roster) -> dict[str, str]:
    return {"id": str(roster.pk), "stage": roster.stage, "sha256": roster.content_hash}


def _moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")
