"""Rosters: from the county up one signature covers the cases of many villages, by the hash over all of theirs."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.casework.actions import moving
from lika.casework.actions.signing import Given, already_signed, made, no_such_slot, signer, slot_of, too_early
from lika.casework.choices import ACTING_LEVELS, LEVELS, ROSTER_LEVELS, BatchState, CaseState, VoidReason
from lika.casework.content import hash_of_roster
from lika.casework.models import Batch, Campaign, Case, Roster, RosterEntry, Signature
from lika.casework.queries import cases as reads
from lika.casework.queries import quotas as campaigns
from lika.casework.queries import rosters as rosters_read
from lika.casework.queries.signing import Signed, signed
from lika.core import audit
from lika.core.actors import Actor
from lika.core.areas import range_of
from lika.core.errors import UserError
from lika.divisions import queries as divisions
from lika.policy.choices import StageKind
from lika.policy.queries.procedures import Procedure, ProcedureStage


@dataclass(frozen=True)
class PassedOn:
    """How many batches of a roster went on, and how many wait for a signature on one of their cases."""

    passed: int
    waiting: int


@transaction.atomic
def draw_roster(*, by: Actor, campaign: UUID, division: str, stage: str) -> Roster:
    """Put on a roster the cases of a division that stand at a signature stage and are on none as they are now.

    Left out is whose signatures below are not complete. Raises ACC-001, ACC-002, CAS-010, CAS-082 (nothing is signed by
    roster at this stage and place), CAS-139 (no case to put on it).
    """
    found = campaigns.campaign_in_sight(by, campaign)
    procedure, of = _stage(found, stage)
    place = divisions.get(division)
    if LEVELS[of.level] != place.level:
        raise no_such_slot()
    by.require(ACTING_LEVELS[of.level], division=place.code)
    Campaign.objects.select_for_update().get(pk=found.pk)  # two that draw at once come one after the other
    now = timezone.now()
    standing = Case.objects.filter(campaign=found, stage=of.id, state=CaseState.OPEN).order_by("number")
    cases = list(standing.filter(division__range=range_of(place.code)))
    states = signed(cases, procedure, of.id)
    hashes = {case.pk: states[case.pk].hashes[of.id] for case in cases if _is_ready(states[case.pk], of)}
    if not hashes:
        raise nothing_to_sign()
    RosterEntry.objects.filter(case__in=hashes, stage=of.id, void_at=None).update(
        void_at=now, void_reason=VoidReason.CHANGED
    )
    earlier = Roster.objects.filter(campaign=found, division=place, stage=of.id).aggregate(last=Max("sequence"))["last"]
    roster = Roster.objects.create(
        campaign=found, division=place, number=place.number, stage=of.id, sequence=(earlier or 0) + 1,
        content_hash=hash_of_roster(hashes.values()), drawn_by=by.name, drawn_at=now,
    )  # fmt: skip
    RosterEntry.objects.bulk_create(
        (RosterEntry(roster=roster, case_id=case, stage=of.id, content_hash=each) for case, each in hashes.items()),
        batch_size=2000,
    )
    _record(by, roster, "roster.drawn", {"stage": of.id, "cases": len(hashes), "hash": roster.content_hash})
    return roster


@transaction.atomic
def sign_roster(*, by: Actor, roster: UUID, slot: int, given: Given) -> Signature:
    """Sign a roster in one slot of its stage. A case that changed meanwhile is not covered by it.

    Raises ACC-001, ACC-002, CAS-140 (no such roster), CAS-139 (none of its cases is what it was), CAS-081, CAS-082,
    CAS-083, and what `signer` raises.
    """
    seen = rosters_read.roster_in_sight(by, roster)
    held = Roster.objects.select_for_update().get(pk=seen.pk)
    held.campaign, held.division = seen.campaign, seen.division
    _procedure, stage = _stage(held.campaign, held.stage)
    place = slot_of(stage, slot)
    signatures = {each.slot for each in held.signatures.all()}
    if slot in signatures:
        raise already_signed(place)
    if missing := [index for index in range(slot) if index not in signatures]:
        raise too_early(stage.slots[missing[0]], _label(held))
    if not any(line.holds for line in rosters_read.lines_of(held)):
        raise nothing_to_sign()
    now = timezone.now()
    who = signer(by, place, held.division_id, given, now)
    row = made(by, place, slot, held.stage, given, who, held.content_hash, now)
    row.roster = held
    row.save(force_insert=True)
    told = {"stage": held.stage, "slot": slot, "capacity": place.capacity, "kind": given.kind}
    _record(by, held, "roster.signed", told | {"hash": held.content_hash})
    return row


@transaction.atomic
def pass_roster_on(*, by: Actor, roster: UUID) -> PassedOn:
    """The batches of a roster whose cases are all signed leave the stage; the others stay.

    Raises ACC-001, ACC-002, CAS-140, CAS-080 (no batch is whole), CAS-192 (objections stop all cases).
    """
    seen = rosters_read.roster_in_sight(by, roster)
    procedure, stage = _stage(seen.campaign, seen.stage)
    batches = Batch.objects.filter(
        pk__in=Case.objects.filter(roster_entries__roster=seen, roster_entries__void_at=None).values("batch"),
        stage=seen.stage, state=BatchState.OPEN,
    )  # fmt: skip
    waiting = list(batches.order_by("number", "sequence"))
    cases: dict[UUID, list[Case]] = defaultdict(list)
    for case in Case.objects.filter(batch__in=waiting, state=CaseState.OPEN):
        cases[case.batch_id].append(case)
    states = signed([case for group in cases.values() for case in group], procedure, stage.id)
    whole = [each for each in waiting if _is_whole(cases[each.pk], states)]
    for batch in whole or waiting[:1]:  # of none that is whole the first says what is missing
        moving.passed(moving.take(by, batch.pk, StageKind.SIGNATURES), action="case.signatures_complete")
    return PassedOn(len(whole), len(waiting) - len(whole))


def nothing_to_sign() -> UserError:
    """CAS-139: no case at the stage is to be put on a roster, or what stands on it is no longer what it was."""
    return UserError(
        "CAS-139",
        _("No case is ready to be signed here."),
        remedy=_("See at which stage the cases of the area stand, and draw the roster up anew where they changed."),
    )


def _is_ready(state: Signed, stage: ProcedureStage) -> bool:
    """Everything below is signed, and no roster of this stage has the case as it is."""
    below = all(each.holds for each in state.slots if each.stage.id != stage.id)
    entry = state.at(stage.id, 0).entry
    return below and (entry is None or entry.content_hash != state.hashes[stage.id])


def _is_whole(cases: Sequence[Case], states: Mapping[UUID, Signed]) -> bool:
    """A batch in which objections stop every case waits with them."""
    return bool(cases) and all(states[each.pk].missing is None for each in cases)


def _stage(campaign: Campaign, stage: str) -> tuple[Procedure, ProcedureStage]:
    """The procedure of a campaign and a stage of it that is signed by roster. Raises CAS-082."""
    batch = Batch.objects.filter(campaign=campaign, sequence=0).select_related("campaign").first()
    if batch is not None:
        procedure = reads.procedure_of(batch)
        for each in procedure.stages:
            if each.id == stage and each.slots and each.level in ROSTER_LEVELS:
                return procedure, each
    raise no_such_slot()


def _label(roster: Roster) -> str:
    return f"{roster.campaign.label_at(roster.division_id)} {roster.stage} {roster.sequence}"


def _record(by: Actor, roster: Roster, action: str, new: dict[str, object]) -> None:
    change = audit.Change("roster", roster.pk, audit.chain_of(roster.division_id), _label(roster), new=new)
    audit.record(by=by, action=action, change=change)
