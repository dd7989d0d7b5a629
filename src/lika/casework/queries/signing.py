"""What is signed, what is to be signed next, and whether a signature still holds.

A signature holds while it is not void and the case is what it was: the hash that was signed is the hash now.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from lika.casework.choices import ROSTER_LEVELS
from lika.casework.content import Decided, Taken, hash_of
from lika.casework.models import Case, RosterEntry, Signature, Step
from lika.policy.choices import StageKind
from lika.policy.queries.procedures import Procedure, ProcedureStage, Slot


@dataclass(frozen=True)
class SlotState:
    """One slot of a stage for one case, with the signature in it; `holds` says whether that still counts.

    `entry` is the case's line of the roster on which the signature was given.
    """

    case: Case
    stage: ProcedureStage
    index: int
    slot: Slot
    signature: Signature | None = None
    entry: RosterEntry | None = None
    holds: bool = False


@dataclass(frozen=True)
class Signed:
    """The slots of a case from the first signature stage to the one asked for, in the order of signing."""

    case: Case
    hashes: Mapping[str, str]
    slots: Sequence[SlotState]

    @property
    def missing(self) -> SlotState | None:
        """The slot that is to be signed next; None where all are."""
        return next((each for each in self.slots if not each.holds), None)

    def at(self, stage: str, index: int) -> SlotState:
        """One slot. Raises StopIteration where there is none."""
        return next(each for each in self.slots if each.stage.id == stage and each.index == index)


def stages_signed(procedure: Procedure, stage: str) -> list[ProcedureStage]:
    """The stages with slots that nobody may leave out, up to and with one."""
    found = []
    for each in procedure.stages:
        if each.slots and (not each.optional or each.id == stage):
            found.append(each)
        if each.id == stage:
            break
    return found


def signed(cases: Collection[Case], procedure: Procedure, stage: str) -> dict[UUID, Signed]:
    """What is signed of some cases of one procedure, up to a stage. Five queries whatever their number."""
    stages = stages_signed(procedure, stage)
    hashes = hashes_of(cases, procedure, [each.id for each in stages])
    by_case, by_roster, entries = _signatures(cases, [each.id for each in stages])
    found = {}
    for case in cases:
        slots = []
        for each in stages:
            now = hashes[case.pk][each.id]
            entry = entries.get((case.pk, each.id)) if each.level in ROSTER_LEVELS else None
            for index, slot in enumerate(each.slots):
                if each.level in ROSTER_LEVELS:
                    given = by_roster.get((entry.roster_id, index)) if entry else None
                    holds = given is not None and entry is not None and entry.content_hash == now
                else:
                    given = by_case.get((case.pk, each.id, index))
                    holds = given is not None and given.content_hash == now
                slots.append(SlotState(case, each, index, slot, given, entry, holds))
        found[case.pk] = Signed(case, hashes[case.pk], slots)
    return found


def hashes_of(cases: Collection[Case], procedure: Procedure, stages: Sequence[str]) -> dict[UUID, dict[str, str]]:
    """The hashes of some cases as those who sign at each of the stages see them. Two queries."""
    return {
        case: {stage: hash_of(each) for stage, each in decided.items()}
        for case, decided in decided_of(cases, procedure, stages).items()
    }


def decided_of(cases: Collection[Case], procedure: Procedure, stages: Sequence[str]) -> dict[UUID, dict[str, Decided]]:
    """What is decided of some cases as those who sign at each of the stages see it. Two queries."""
    ids = [each.pk for each in cases]
    steps: dict[UUID, list[Step]] = defaultdict(list)
    for step in Step.objects.filter(case__in=ids).order_by("at", "id"):
        steps[step.case_id].append(step)
    digests = dict(Case.objects.filter(pk__in=ids).values_list("pk", "screening__digest"))
    order = [each.id for each in procedure.stages]
    left_out = signing_stages(procedure)
    return {
        case.pk: {
            stage: _decided(
                case, procedure, digests[case.pk] or "", steps[case.pk], set(_before(order, stage)) - left_out
            )
            for stage in stages
        }
        for case in cases
    }


def signing_stages(procedure: Procedure) -> set[str]:
    """The stages whose steps nobody signs: a signature is over the decision, not over the other signatures."""
    return {each.id for each in procedure.stages if each.kind is StageKind.SIGNATURES}


def _before(order: Sequence[str], stage: str) -> Sequence[str]:
    return order[: order.index(stage)]


def _decided(case: Case, procedure: Procedure, digest: str, steps: Sequence[Step], counted: set[str]) -> Decided:
    return Decided(
        number=case.number, unit=case.unit, household=str(case.household_id or ""), division=case.division,
        procedure=procedure.id, pack=procedure.pack, screening=str(case.screening_id or ""), digest=digest,
        verdicts=case.verdicts, persons=case.persons, place=case.place,
        steps=[
            Taken(each.stage, each.to_stage, each.result, each.duty, each.reason, each.by_name, each.at)
            for each in steps
            if each.stage in counted
        ],
    )  # fmt: skip


_Entries = dict[tuple[UUID, str], RosterEntry]


def _signatures(
    cases: Collection[Case], stages: Sequence[str]
) -> tuple[dict[tuple[UUID, str, int], Signature], dict[tuple[UUID, int], Signature], _Entries]:
    ids = [each.pk for each in cases]
    live = Signature.objects.filter(case__in=ids, stage__in=stages, void_at=None).select_related("official", "witness")
    by_case = {(each.case_id, each.stage, each.slot): each for each in live if each.case_id}
    entries: _Entries = {
        (each.case_id, each.stage): each
        for each in RosterEntry.objects.filter(case__in=ids, stage__in=stages, void_at=None)
    }
    rosters = {each.roster_id for each in entries.values()}
    given = Signature.objects.filter(roster__in=rosters).select_related("official", "witness")
    return by_case, {(each.roster_id, each.slot): each for each in given if each.roster_id}, entries
