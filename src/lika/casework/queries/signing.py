"""What is signed, what is to be signed next, and whether a signature still holds.

A signature holds while it is not void and the case is what it was: the hash that was signed is the hash now.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
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


def signed_before(cases: Collection[Case]) -> bool:
    """Whether anything was signed of some cases, one by one or on a roster, that nobody has voided. Two queries."""
    wanted = [case.pk for case in cases]
    alone = Signature.objects.filter(case__in=wanted, void_at=None).exists()
    rosters = Signature.objects.filter(void_at=None, roster__isnull=False).values("roster")
    return alone or RosterEntry.objects.filter(case__in=wanted, void_at=None, roster__in=rosters).exists()


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
    """What is signed of some cases of one procedure, up to a stage. At most five queries."""
    stages = stages_signed(procedure, stage)
    decided = _decided_by(cases, procedure)
    by_case, by_roster, entries = _signatures(cases, stages)
    found = {}
    for case in cases:
        slots = []
        hashes = _Hashes(decided, case, [each.id for each in stages])
        for each in stages:
            entry = entries.get((case.pk, each.id)) if each.level in ROSTER_LEVELS else None
            for index, slot in enumerate(each.slots):
                if each.level in ROSTER_LEVELS:
                    given = by_roster.get((entry.roster_id, index)) if entry else None
                    holds = given is not None and entry is not None and entry.content_hash == hashes[each.id]
                else:
                    given = by_case.get((case.pk, each.id, index))
                    holds = given is not None and given.content_hash == hashes[each.id]
                slots.append(SlotState(case, each, index, slot, given, entry, holds))
        found[case.pk] = Signed(case, hashes, slots)
    return found


def hashes_of(cases: Collection[Case], procedure: Procedure, stages: Sequence[str]) -> dict[UUID, dict[str, str]]:
    """The hashes of some cases as those who sign at each of the stages see them. Two queries."""
    return {
        case: {stage: hash_of(each) for stage, each in decided.items()}
        for case, decided in decided_of(cases, procedure, stages).items()
    }


def decided_of(cases: Collection[Case], procedure: Procedure, stages: Sequence[str]) -> dict[UUID, dict[str, Decided]]:
    """What is decided of some cases as those who sign at each of the stages see it. Two queries."""
    decided = _decided_by(cases, procedure)
    return {case.pk: {stage: decided(case, stage) for stage in stages} for case in cases}


def _decided_by(cases: Collection[Case], procedure: Procedure) -> Callable[[Case, str], Decided]:
    """What gives the content of one of some cases at a stage. Asks at most two queries, when it is first called."""
    order = [each.id for each in procedure.stages]
    left_out = signing_stages(procedure)

    @cache
    def read() -> tuple[Mapping[UUID, list[Step]], Mapping[UUID, str | None]]:
        steps: dict[UUID, list[Step]] = defaultdict(list)
        for step in Step.objects.filter(case__in=[each.pk for each in cases]).order_by("at", "id"):
            steps[step.case_id].append(step)
        return steps, _digests(cases)

    def decided(case: Case, stage: str) -> Decided:
        steps, digests = read()
        counted = set(_before(order, stage)) - left_out
        return _decided(case, procedure, digests[case.pk] or "", steps[case.pk], counted)

    return decided


def _digests(cases: Collection[Case]) -> dict[UUID, str | None]:
    """The digest of the screening that each case pins; a query only where they were read without `screening`."""
    if all(Case._meta.get_field("screening").is_cached(each) for each in cases):
        return {each.pk: each.screening.digest if each.screening else None for each in cases}
    found = Case.objects.filter(pk__in=[each.pk for each in cases])
    return dict(found.values_list("pk", "screening__digest"))


class _Hashes(Mapping[str, str]):
    """The hashes of a case by stage, each worked out when it is asked for: only what is signed is compared."""

    def __init__(self, decided: Callable[[Case, str], Decided], case: Case, stages: Sequence[str]) -> None:
        self._decided, self._case, self._stages = decided, case, stages
        self._known: dict[str, str] = {}

    def __getitem__(self, stage: str) -> str:
        if stage not in self._stages:
            raise KeyError(stage)
        if stage not in self._known:
            self._known[stage] = hash_of(self._decided(self._case, stage))
        return self._known[stage]

    def __iter__(self) -> Iterator[str]:
        return iter(self._stages)

    def __len__(self) -> int:
        return len(self._stages)


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
    cases: Collection[Case], signed_at: Sequence[ProcedureStage]
) -> tuple[dict[tuple[UUID, str, int], Signature], dict[tuple[UUID, int], Signature], _Entries]:
    ids, stages = [each.pk for each in cases], [each.id for each in signed_at]
    live = Signature.objects.filter(case__in=ids, stage__in=stages, void_at=None).select_related("official", "witness")
    by_case = {(each.case_id, each.stage, each.slot): each for each in live if each.case_id}
    by_roster = [each.id for each in signed_at if each.level in ROSTER_LEVELS]
    entries: _Entries = {
        (each.case_id, each.stage): each
        for each in RosterEntry.objects.filter(case__in=ids, stage__in=by_roster, void_at=None)
    }
    rosters = {each.roster_id for each in entries.values()}
    given = Signature.objects.filter(roster__in=rosters).select_related("official", "witness")
    return by_case, {(each.roster_id, each.slot): each for each in given if each.roster_id}, entries
