"""Screen again: cases are pinned to the newest current screening, which took the record as it is by now."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.casework.actions.moving import Standing, record, steps_for
from lika.casework.choices import LIVE_STATES, StepResult
from lika.casework.models import Batch, Case
from lika.casework.queries import candidates as reads
from lika.casework.queries import cases as batches
from lika.core.actors import Actor
from lika.core.areas import Area
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.register import queries as register
from lika.snapshots import queries as snapshots
from lika.snapshots.models import Screening


@transaction.atomic
def rescreen(*, by: Actor, batch: UUID, cases: Collection[UUID] = ()) -> list[Case]:
    """Pin the newest current screening of the batch's pack to its live cases, or to some of them; gives those changed.

    Whom that screening does not know is unknown by every criterion, which blocks. What was announced rests on the
    screening by which it was announced. Whoever acts at the stage does it, or
    who opened the campaign. Raises ACC-001, ACC-002, CAS-030, CAS-051, CAS-058 (no newer one).
    """
    seen = batches.batch_in_sight(by, batch)
    held = Batch.objects.select_for_update().get(pk=seen.pk)
    held.campaign, held.division = seen.campaign, seen.division
    procedure = batches.procedure_of(held)
    stage = procedure.stage(held.stage)
    if not batches.may_act(by, stage, held.number):
        by.require(Permission.CAMPAIGN_OPEN, village=held.number)
    live = (
        held.cases.filter(state__in=LIVE_STATES, decided_on=None)
        .select_related("screening__snapshot")
        .order_by("place", "number")
    )
    wanted = [case for case in live if not cases or case.pk in cases]
    newest = _newest(held)
    older = [case for case in wanted if case.screening is None or _is_newer(newest, case.screening)]
    if not older:
        raise UserError(
            "CAS-058",
            _("These cases rest on the newest current screening already."),
            remedy=_("Take a new snapshot and screen it first; then screen the cases again."),
        )
    standing = Standing(by, held, procedure, stage, older, timezone.now())
    _pin(standing, newest)
    return older


def _newest(batch: Batch) -> Screening:
    found = reads.current_of(batch.campaign, Area(((batch.number, batch.number),)), batches.procedure_of(batch).unit)
    return max(found, key=lambda each: (each.snapshot.at, each.snapshot.taken_at))


def _is_newer(one: Screening, other: Screening) -> bool:
    return (one.snapshot.at, one.snapshot.taken_at) > (other.snapshot.at, other.snapshot.taken_at)


def _pin(standing: Standing, screening: Screening) -> None:
    said = _said(standing, screening)
    cases: Sequence[Case] = standing.cases
    households = [case.household_id for case in cases if case.household_id is not None]
    members = register.members_each(register.households_visible_to(standing.by).filter(pk__in=households))
    old = {case.number: case.screening_id for case in cases}
    for case in cases:
        unit = case.household_id or UUID(int=case.division)
        case.screening, case.verdicts, case.pinned_at = screening, said.get(unit, {}), standing.at
        if case.household_id is not None:
            case.persons = members.get(case.household_id, case.persons)
    Case.objects.bulk_update(cases, ["screening", "verdicts", "pinned_at", "persons"], batch_size=1000)
    steps_for(standing, cases, StepResult.SCREENED)
    record(standing, "batch.screened_again", new={"screening": screening.pk, "before": old})


def _said(standing: Standing, screening: Screening) -> dict[UUID, dict[str, int | None]]:
    """What the screening says, by unit; criteria that it lacks stay unknown."""
    criteria = reads.criteria_asked(standing.procedure)
    here = Area(((standing.batch.number, standing.batch.number),))
    found = snapshots.results_within(standing.by, screening, standing.procedure.unit, criteria, here)
    return {unit: verdicts for unit, _village, verdicts in found}
