"""Batches and cases in the sight of a reader, and the procedure by which they go."""

import datetime as dt
from functools import lru_cache
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts.queries import sight_of
from lika.casework.choices import ACTING_LEVELS, ACTING_ROLES, WORKS, CampaignKind
from lika.casework.models import Batch, Campaign, Case
from lika.core.actors import Actor
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.divisions.models import Division
from lika.policy import queries as policy
from lika.policy.choices import ProcedureUnit, StageKind
from lika.policy.queries.procedures import Procedure, ProcedureStage

# What has a batch, and a case, of its own.
_LEVELS = {
    ProcedureUnit.HOUSEHOLD: Level.VILLAGE,
    ProcedureUnit.VILLAGE: Level.VILLAGE,
    ProcedureUnit.COUNTY: Level.COUNTY,
}


def batches_visible(by: Actor) -> QuerySet[Batch]:
    """The batches of the actor's area. Raises ACC-001."""
    by.require(Permission.CASEWORK_VIEW)
    area = by.area_for(Permission.CASEWORK_VIEW)
    return Batch.objects.filter(area.where("number")).select_related("campaign", "division")


def batch_in_sight(by: Actor, batch: UUID) -> Batch:
    """One batch. Raises ACC-001, CAS-030."""
    found = batches_visible(by).filter(pk=batch).first()
    if found is None:
        raise no_such_batch()
    return found


def cases_visible(by: Actor) -> QuerySet[Case]:
    """The cases of the actor's area, and of households granted to them. Raises ACC-001."""
    by.require(Permission.CASEWORK_VIEW)
    seen = sight_of(by, Permission.CASEWORK_VIEW)
    return Case.objects.filter(seen.where(village="division", household="household_id"))


def case_in_sight(by: Actor, case: UUID) -> Case:
    """One case with its batch and campaign. Raises ACC-001, CAS-031."""
    found = cases_visible(by).filter(pk=case).select_related("batch__division", "campaign").first()
    if found is None:
        raise no_such_case()
    return found


def siblings_of(batch: Batch) -> list[Batch]:
    """The other batches of the campaign in the same village: what it was set apart from, and what was set apart."""
    return list(Batch.objects.filter(campaign=batch.campaign_id, division=batch.division_id).exclude(pk=batch.pk))


def case_numbered(by: Actor, number: str) -> Case:
    """The case of a number. Raises ACC-001, CAS-031."""
    found = cases_visible(by).filter(number=number).select_related("batch__division", "campaign").first()
    if found is None:
        raise no_such_case()
    return found


def procedure_of(batch: Batch) -> Procedure:
    """The procedure of a batch, in the version of the pack that it keeps, with the values of its campaign's day."""
    return _procedure(batch.pack, batch.procedure, day_of(batch.campaign))


def procedures_fitting(campaign: Campaign) -> list[Procedure]:
    """The procedures of a campaign's pack for its unit and purpose, with the values of its day."""
    if not campaign.pack:
        return []
    work = WORKS[CampaignKind(campaign.kind)]
    found = policy.procedures_of(policy.get(campaign.pack).pack(), at=day_of(campaign))
    return [each for each in found if each.unit is work.unit and each.purpose is work.purpose]


def day_of(campaign: Campaign) -> dt.date:
    """The day whose values of parameters hold for a campaign: its standard time point, else when it was opened."""
    return campaign.time_point or timezone.localdate(campaign.opened_at)


def places_of(campaign: Campaign, unit: ProcedureUnit) -> QuerySet[Division]:
    """The villages (or counties) of a campaign, each of which has a batch, by code."""
    level = _LEVELS[unit]
    if campaign.division.level == level:
        return Division.objects.filter(pk=campaign.division_id)
    return divisions.within(campaign.division_id, level, at=day_of(campaign))


# A version of a pack never changes, so neither does what was read of it.
@lru_cache(maxsize=256)
def _procedure(reference: str, procedure: str, day: dt.date) -> Procedure:
    return policy.procedure_in(reference, procedure, at=day)


def acting_permissions(stage: ProcedureStage) -> list[Permission]:
    """The permissions of which one lets act at a stage."""
    named = {ACTING_ROLES[role] for role in stage.roles if role in ACTING_ROLES}
    return sorted(named or {ACTING_LEVELS[stage.level]})


def may_act(by: Actor, stage: ProcedureStage, place: int) -> bool:
    """Whether a post of the actor acts at a stage in a village (or of a county), whatever they did on a case before."""
    return any(by.has(each) and place in by.area_for(each) for each in acting_permissions(stage))


def lets_out(procedure: Procedure, stage: ProcedureStage) -> ProcedureStage:
    """The stage that says where cases of a stage may be sent back to, and whether they may end there.

    An announcement says neither (POL-098, POL-104): while it is not carried out, the last stage before that does.
    """
    if stage.kind is not StageKind.ANNOUNCEMENT:
        return stage
    before = procedure.stages[: procedure.stages.index(stage)]
    return next((each for each in reversed(before) if each.returns or each.strike_out), stage)


def leaves(procedure: Procedure, stage: ProcedureStage) -> bool:
    """Whether a case may leave a stage otherwise than by going on."""
    found = lets_out(procedure, stage)
    return bool(found.returns or found.strike_out)


def no_such_batch() -> NotFound:
    """CAS-030: there is none, or it lies out of sight."""
    return NotFound("CAS-030", _("There is no such batch in your area."), remedy=_("Open it from the list of batches."))


def no_such_case() -> NotFound:
    """CAS-031: there is none, or it lies out of sight."""
    return NotFound("CAS-031", _("There is no such case in your area."), remedy=_("Open it from its batch."))
