"""The cases of a campaign: its batches opened, candidates taken in."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.casework.choices import LIVE_STATES, WORKS, BatchState, CampaignKind, Duty, Origin, StepResult
from lika.casework.models import Batch, Campaign, Case, Deadline, Step
from lika.casework.queries import cases as reads
from lika.casework.queries import quotas as campaigns
from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.ids import uuid7_batch
from lika.core.inserting import insert_many
from lika.core.permissions import Permission
from lika.policy.queries.procedures import Procedure


@dataclass(frozen=True)
class Candidate:
    """A unit that is proposed. `division` is the number of its village, or of the village or county itself.

    `verdicts` by criterion, 1, 0 or None, of `screening`. `persons` are the household's members.
    """

    division: int
    household_id: UUID | None = None
    persons: int | None = None
    origin: Origin = Origin.SCREENING
    origin_id: UUID | None = None
    screening_id: UUID | None = None
    verdicts: Mapping[str, int | None] = field(default_factory=dict)
    corrects_id: UUID | None = None
    duty: Duty = Duty.NONE
    reason: str = ""


@dataclass(frozen=True)
class TakenIn:
    """What became of candidates: those taken in; how many have a case under way already, or are too little known."""

    cases: Sequence[Case]
    under_way: int
    unknown: int = 0


@transaction.atomic
def begin(*, by: Actor, campaign: UUID, procedure: str = "") -> list[Batch]:
    """Open one batch for every village (or county) of a campaign, at the first stage of its procedure.

    `procedure` names one of the campaign's pack; left empty, the only one that fits is taken. Raises ACC-001, ACC-002,
    CAS-010, CAS-038 (no pack, no procedure that fits, or several), CAS-039 (begun), CAS-040 (days not laid down).
    """
    found = campaigns.campaign_in_sight(by, campaign)
    by.require(Permission.CAMPAIGN_OPEN, division=found.division_id)
    held = Campaign.objects.select_for_update().get(pk=found.pk)
    if Batch.objects.filter(campaign=held).exists():
        raise UserError(
            "CAS-039", _("The cases of this campaign are begun already."), remedy=_("Go on with its batches.")
        )
    chosen = procedure_for(held, procedure)
    if held.procedure != chosen.id:
        held.procedure = chosen.id
        held.save(update_fields=["procedure"])
    now = timezone.now()
    batches = Batch.objects.bulk_create(
        [
            Batch(
                campaign=held, division=place, number=place.number, pack=held.pack, procedure=chosen.id,
                stage=chosen.stages[0].id, stage_since=now,
            )
            for place in reads.places_of(held, chosen.unit)
        ],
        batch_size=1000,
    )  # fmt: skip
    _record(by, held, "campaign.begun", {"pack": held.pack, "procedure": chosen.id, "batches": len(batches)})
    return batches


@transaction.atomic
def set_deadline(*, by: Actor, campaign: UUID, stage: str, due_on: dt.date | None) -> None:
    """The day by which all cases are to be through a stage; None takes it away.

    Raises ACC-001, ACC-002, CAS-010, CAS-041 (not begun, or no such stage).
    """
    found = campaigns.campaign_in_sight(by, campaign)
    by.require(Permission.CAMPAIGN_OPEN, division=found.division_id)
    stages = _stages(found)
    if stage not in stages:
        raise UserError(
            "CAS-041",
            _("The campaign has no such stage."),
            remedy=_("Begin its cases first; then choose a stage of its procedure."),
            field="stage",
        )
    held = Deadline.objects.select_for_update().filter(campaign=found, stage=stage)
    before = held.values_list("due_on", flat=True).first()
    if due_on is None:
        held.delete()
    else:
        Deadline.objects.update_or_create(campaign=found, stage=stage, defaults={"due_on": due_on})
    old = {"stage": stage, "due_on": before}
    _record(by, found, "campaign.deadline_set", {"stage": stage, "due_on": due_on}, old)


def take_in(*, by: Actor, campaign: Campaign, candidates: Sequence[Candidate]) -> TakenIn:
    """Make cases of candidates, within a transaction of the caller, who has asked for permission and checked them.

    A village whose batch has gone on gets a supplementary one at the first stage; a batch that was closed with nobody
    to decide on is opened again. Whoever has a case under way in any campaign is left out and counted. Raises CAS-042
    (a village without a batch in the campaign), CAS-138 (another campaign takes one of them in at the same moment).
    """
    main = {
        each.number: each
        for each in Batch.objects.select_for_update(of=("self",))
        .filter(campaign=campaign, sequence=0, number__in={each.division for each in candidates})
        .select_related("campaign", "division")
        .order_by("number")
    }
    if missing := {each.division for each in candidates} - set(main):
        raise UserError(
            "CAS-042",
            _("The campaign has no batch in %(place)s.") % {"place": f"{min(missing):012d}"},
            remedy=_("Begin the cases of the campaign first, or propose what lies in its area."),
        )
    fresh = _without_live(candidates)
    now = timezone.now()
    places = {each.division for each in fresh}
    counted = _counted(campaign, list(places))
    _reopen(by, [main[each] for each in sorted(places) if not counted[each]], now)
    batches = _at_first_stage(campaign, main, places, now)
    cases = []
    for identifier, each in zip(uuid7_batch(len(fresh)), fresh, strict=True):
        counted[each.division] += 1
        cases.append(_case(identifier, campaign, batches[each.division], each, counted[each.division], now))
    steps = [
        Step(
            id=identifier, case_id=case.pk, batch_id=case.batch_id, stage=case.stage, to_stage=case.stage,
            result=StepResult.TAKEN_IN.value, duty=each.duty.value, reason=each.reason, by_name=by.name, at=now,
        )
        for identifier, case, each in zip(uuid7_batch(len(fresh)), cases, fresh, strict=True)
    ]  # fmt: skip
    _write(cases)
    insert_many(steps)
    _record_taken_in(by, campaign, cases, batches)
    return TakenIn(cases, len(candidates) - len(fresh))


def _reopen(by: Actor, without_cases: Sequence[Batch], now: dt.datetime) -> None:
    """Open again those of some batches, held by the caller, that were closed with nobody to decide on."""
    shut = [each for each in without_cases if each.state == BatchState.CLOSED]
    Batch.objects.filter(pk__in=[each.pk for each in shut]).update(state=BatchState.OPEN, stage_since=now)
    changes = [
        audit.Change(
            "batch", each.pk, audit.chain_of(each.division_id), each.label, {"state": BatchState.CLOSED},
            {"state": BatchState.OPEN},
        )
        for each in shut
    ]  # fmt: skip
    if changes:
        audit.record_many(by=by, action="batch.reopened", changes=changes)


def _counted(campaign: Campaign, places: Sequence[int]) -> Counter[int]:
    """How many cases the campaign has in each of some places: the next has the next number."""
    found = Case.objects.filter(campaign=campaign, division__in=places).order_by().values_list("division")
    return Counter(dict(found.annotate(Count("pk"))))


def _write(cases: Sequence[Case]) -> None:
    """Two campaigns that take one unit in at the same time see no case of each other; the database sees both."""
    try:
        with transaction.atomic():
            insert_many(cases)
    except IntegrityError as fault:
        if "case_one_live_of" not in str(fault):
            raise
        raise UserError(
            "CAS-138",
            _("Another campaign took in one of these units at the same moment."),
            remedy=_("Take them in again: who has a case under way is then left out."),
        ) from fault


def _without_live(candidates: Sequence[Candidate]) -> list[Candidate]:
    live = Case.objects.filter(state__in=LIVE_STATES)
    wanted = [each.household_id for each in candidates if each.household_id]
    among = RawSQL("SELECT unnest(%s::uuid[])", [wanted])  # one value: a list of thousands takes a second to be read
    households = set(live.filter(household_id__in=among).values_list("household_id", flat=True)) if wanted else set()
    areas = set(
        live.filter(
            household_id=None, division__in=[each.division for each in candidates if each.household_id is None]
        ).values_list("division", flat=True)
    )
    return [
        each
        for each in candidates
        if (each.household_id not in households if each.household_id else each.division not in areas)
    ]


def _at_first_stage(
    campaign: Campaign, main: Mapping[int, Batch], places: set[int], now: dt.datetime
) -> dict[int, Batch]:
    """The batch of each village in which new cases begin."""
    siblings: dict[int, list[Batch]] = defaultdict(list)
    rows = Batch.objects.filter(campaign=campaign, number__in=places).select_related("campaign")
    for each in rows.order_by("sequence"):
        siblings[each.number].append(each)
    found: dict[int, Batch] = {}
    fresh = []
    for number in sorted(places):
        of = main[number]
        first = reads.procedure_of(of).stages[0].id
        standing = [each for each in siblings[number] if each.stage == first and each.state == BatchState.OPEN]
        if not standing:
            standing = [
                Batch(
                    campaign=campaign, division=of.division, number=number, sequence=siblings[number][-1].sequence + 1,
                    split_from=of, pack=of.pack, procedure=of.procedure, stage=first, stage_since=now,
                )
            ]  # fmt: skip
            fresh += standing
        found[number] = standing[0]
    Batch.objects.bulk_create(fresh)
    return found


def _case(identifier: UUID, campaign: Campaign, batch: Batch, of: Candidate, sequence: int, now: dt.datetime) -> Case:
    work = WORKS[CampaignKind(campaign.kind)]
    return Case(
        id=identifier, campaign_id=campaign.pk, batch_id=batch.pk, unit=work.unit.value, household_id=of.household_id,
        division=of.division, number=f"{campaign.year}{work.letters}{of.division:012d}-{sequence:04d}",
        origin=of.origin.value, origin_id=of.origin_id, corrects_id=of.corrects_id, screening_id=of.screening_id,
        verdicts=dict(of.verdicts), pinned_at=now if of.screening_id else None, persons=of.persons, stage=batch.stage,
        stage_since=now,
    )  # fmt: skip


def procedure_for(campaign: Campaign, named: str) -> Procedure:
    """The procedure of a campaign: of its pack, for its unit and purpose, with every period laid down.

    Raises CAS-038, CAS-040.
    """
    fitting = [each for each in reads.procedures_fitting(campaign) if named in ("", each.id)]
    if len(fitting) != 1:
        raise UserError(
            "CAS-038",
            _("The pack of the campaign has %(n)s procedures for this; exactly one is needed.") % {"n": len(fitting)},
            remedy=_("Choose a pack that prescribes how these cases go, and one procedure of it."),
            field="procedure",
        )
    if waits := fitting[0].waits:
        raise UserError(
            "CAS-040",
            _("How long the stage %(stage)s lasts is not laid down (basis to be supplied).")
            % {"stage": str(waits[0].title)},
            remedy=_("Have the parameter filled in in a pack of the county, with the document that says so."),
            field="procedure",
        )
    return fitting[0]


def _stages(campaign: Campaign) -> set[str]:
    batch = Batch.objects.filter(campaign=campaign, sequence=0).select_related("campaign").first()
    return set() if batch is None else {each.id for each in reads.procedure_of(batch).stages}


def _record(
    by: Actor, campaign: Campaign, action: str, new: Mapping[str, object], old: Mapping[str, object] | None = None
) -> None:
    change = audit.Change("campaign", campaign.pk, audit.chain_of(campaign.division_id), campaign.label, old, new)
    audit.record(by=by, action=action, change=change)


def _record_taken_in(by: Actor, campaign: Campaign, cases: Sequence[Case], batches: Mapping[int, Batch]) -> None:
    """One row of the audit for each village: it names the cases, which name the households."""
    by_village: dict[int, dict[str, UUID | None]] = defaultdict(dict)
    for case in cases:
        by_village[case.division][case.number] = case.household_id
    changes = []
    for number, taken_in in by_village.items():
        batch = batches[number]
        changes.append(
            audit.Change("batch", batch.pk, audit.chain_of(batch.division_id), batch.label, new={"taken_in": taken_in})
        )
    audit.record_many(by=by, action="batch.taken_in", changes=changes)
