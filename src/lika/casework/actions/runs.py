"""Large campaigns: batches opened and candidates taken in by a process of its own, county by county.

A county is done in one transaction, with its audit and with the word that it is done: a process that is killed leaves
nothing half done, and whoever goes on begins with the county that it was at.
"""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from lika.casework.actions import cases, jobs
from lika.casework.actions.candidates import take_in_screened
from lika.casework.choices import PartState, RunState
from lika.casework.models import Batch, Campaign, CampaignPart, CampaignRun
from lika.casework.queries import candidates, runs
from lika.casework.queries import quotas as campaigns
from lika.casework.queries.cases import places_of
from lika.casework.queries.jobs import is_going
from lika.core import audit, processes
from lika.core.actors import Actor
from lika.core.areas import CODE_LENGTH, DIGITS_OF_LEVEL
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.divisions.choices import Level
from lika.policy.queries.procedures import Procedure

Tell = Callable[[CampaignPart], None]
_LONGEST = 500


@transaction.atomic
def ask_for_run(*, by: Actor, campaign: UUID, procedure: str = "") -> CampaignRun:
    """Note that a campaign is to be opened, or its candidates taken in; a run that ended early is gone on with.

    `begin_run` or `do_run` does it. Raises ACC-001, ACC-002, CAS-010, CAS-038, CAS-040, CAS-052 (begun, and nothing can
    be taken in), CAS-160 (a process does it at this moment).
    """
    found = campaigns.campaign_in_sight(by, campaign)
    by.require(Permission.CAMPAIGN_OPEN, division=found.division_id)
    held = Campaign.objects.select_for_update().get(pk=found.pk)
    last = runs.last_run(held)
    if last is not None and is_going(last):
        raise UserError(
            "CAS-160",
            _("This campaign is being opened at this moment."),
            remedy=_("Wait until that is done, or stop it."),
        )
    if last is None or last.state == RunState.DONE:
        run = _new(held, cases.procedure_for(held, procedure or held.procedure))
    else:
        run = last
        run.parts.filter(state=PartState.REFUSED).update(state=PartState.WAITING, fault="", told="")
    run.state, run.fault, run.finished_at = RunState.WAITING, "", None
    run.by_name, run.asked_at, run.language = by.name, timezone.now(), translation.get_language() or ""
    run.save(update_fields=["state", "fault", "finished_at", "by_name", "asked_at", "language"])
    _record(by, run, "campaign.run_asked")
    return run


def begin_run(run: CampaignRun) -> None:
    """Have it done by a process of its own: as the owner of the tables, past the end of the page."""
    processes.begin("case", "run", str(run.pk))


@transaction.atomic
def stop_run(*, by: Actor, run: UUID) -> None:
    """Have it stop after the county that it is at. Raises ACC-001, ACC-002, CAS-161, CAS-162 (it does not go on)."""
    found = runs.run_in_sight(by, run)
    by.require(Permission.CAMPAIGN_OPEN, division=found.campaign.division_id)
    if not jobs.stop(found):
        raise _not_to_be_done()
    _record(by, found, "campaign.run_stopped")


def do_run(*, by: Actor, run: UUID, tell: Tell | None = None) -> CampaignRun:
    """Open the campaign where it is not begun, and take its candidates in, part by part; `tell` hears of each.

    A part that is refused is noted with what refused it, and the others go on. Raises CAS-161 (no such run), CAS-162
    (another process does it, or it is over), and what `cases.begin` raises.
    """
    found = jobs.found(CampaignRun, run, missing=runs.no_such_run)
    return jobs.done(found, lambda: _do(by, found, tell), over=_not_to_be_done)


def run_asker(run: UUID) -> Actor:
    """The official who asked for a run on the page, with the rights that they have now. Raises CAS-161."""
    found = jobs.found(CampaignRun, run, missing=runs.no_such_run)
    return jobs.asker_of(found, missing=runs.no_such_run)


def _new(campaign: Campaign, procedure: Procedure) -> CampaignRun:
    """A run with a part for each county, or for each township where the campaign is no larger than a county."""
    if Batch.objects.filter(campaign=campaign).exists():
        candidates.criteria_required(procedure)
    run = CampaignRun(campaign=campaign, procedure=procedure.id, asked_at=timezone.now())
    level = Level.COUNTY if campaign.division.level < Level.COUNTY else Level.TOWNSHIP
    digits = DIGITS_OF_LEVEL[level]
    codes = places_of(campaign, procedure.unit).values_list("code", flat=True)
    parts = sorted({code[:digits].ljust(CODE_LENGTH, "0") for code in codes})
    run.save(force_insert=True)
    CampaignPart.objects.bulk_create(CampaignPart(run=run, division_id=code, number=int(code)) for code in parts)
    return run


def _do(by: Actor, run: CampaignRun, tell: Tell | None) -> RunState:
    if not Batch.objects.filter(campaign=run.campaign_id).exists():
        cases.begin(by=by, campaign=run.campaign_id, procedure=run.procedure)
    if not candidates.criteria_asked(candidates.procedure_begun(run.campaign)):
        run.parts.update(state=PartState.DONE)
        return RunState.DONE
    for part in run.parts.filter(state=PartState.WAITING):
        if jobs.is_stopping(run):
            return RunState.STOPPED
        _take_in(by, part)
        if tell is not None:
            tell(part)
    return RunState.DONE


def _take_in(by: Actor, part: CampaignPart) -> None:
    try:
        with transaction.atomic():
            taken = take_in_screened(by=by, campaign=part.run.campaign_id, within=part.division_id)
            part.state, part.cases = PartState.DONE, len(taken.cases)
            part.persons = sum(each.persons or 0 for each in taken.cases)
            part.under_way, part.unknown = taken.under_way, taken.unknown
            part.save(update_fields=["state", "cases", "persons", "under_way", "unknown"])
    except UserError as refusal:
        part.state, part.fault = PartState.REFUSED, refusal.code
        part.told = f"{refusal.message} {refusal.remedy}".strip()[:_LONGEST]
        part.save(update_fields=["state", "fault", "told"])


def _record(by: Actor, run: CampaignRun, action: str) -> None:
    of = run.campaign
    change = audit.Change("campaign", of.pk, audit.chain_of(of.division_id), of.label, new={"procedure": run.procedure})
    audit.record(by=by, action=action, change=change)


def _not_to_be_done() -> UserError:
    """CAS-162."""
    return UserError(
        "CAS-162", _("This run is over, or a process does it already."), remedy=_("Look at the page of the campaign.")
    )
