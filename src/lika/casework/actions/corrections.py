"""A wrong decision is corrected by a new case that refers to the old one, of which nothing changes."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lika.casework.actions import cases as actions
from lika.casework.actions import moving
from lika.casework.actions.cases import Candidate
from lika.casework.choices import PAPERS, CaseState, Origin
from lika.casework.models import Batch, Campaign, Case, Evidence
from lika.casework.queries import cases as reads
from lika.casework.queries import quotas as campaigns
from lika.casework.queries.effects import leads_from, standing_of
from lika.core import audit
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.policy.choices import Paper
from lika.register import queries as register
from lika.register.actions import documents


@transaction.atomic
def correct(*, by: Actor, case: UUID, campaign: UUID, reason: str, evidence: bytes) -> Case:
    """Open a case in a campaign whose procedure leads from where the unit stands now: a removal for a wrong entry, a
    return for a wrong exit. It passes every stage like any other and needs a screening of its own.

    `evidence` is the paper or photograph that shows what was wrong; it lies in the file of the new case.

    Raises ACC-001, ACC-002, CAS-010, CAS-031, CAS-034 (reason), CAS-042 (no batch there), CAS-118 (not completed),
    CAS-119 (the campaign does not lead from the status now), CAS-130 (a case is under way), REG-001, and what
    `add_for_matter` raises.
    """
    wrong = reads.case_in_sight(by, case)
    by.require(Permission.CAMPAIGN_OPEN, village=wrong.division)
    into = campaigns.campaign_in_sight(by, campaign)
    words = moving.reason_of(reason)
    if wrong.state != CaseState.DONE:
        raise UserError(
            "CAS-118",
            _("Case %(case)s is not completed: nothing is decided that could be corrected.") % {"case": wrong.number},
            remedy=_("Return it or strike it out at a stage that allows it."),
        )
    candidate = _candidate(by, wrong, words)
    _refuse_unfit(wrong, into, candidate, standing_of(by, wrong).status)
    taken = actions.take_in(by=by, campaign=into, candidates=[candidate])
    if not taken.cases:
        raise UserError(
            "CAS-130",
            _("A case of this unit is under way already."),
            remedy=_("Go on with that one, or wait until it is completed."),
        )
    (fresh,) = taken.cases
    _keep(by, fresh, evidence)
    change = audit.Change(
        "case", wrong.pk, audit.chain_of(wrong.batch.division_id), wrong.number, new={"corrected_by": fresh.number}
    )
    audit.record(by=by, action="case.corrected", change=change, reason=words)
    return fresh


def _keep(by: Actor, fresh: Case, evidence: bytes) -> None:
    said = documents.Paper(kind=PAPERS[Paper.EVIDENCE].kind, title=fresh.number)
    kept = documents.add_for_matter(by=by, matter=fresh.pk, village=fresh.division, paper=said, content=evidence)
    Evidence.objects.create(batch=fresh.batch, case=fresh, stage=fresh.stage, paper=Paper.EVIDENCE, document=kept)


def _candidate(by: Actor, wrong: Case, reason: str) -> Candidate:
    """The unit as it stands today: a household may have moved to another village since."""
    if wrong.household_id is None:
        return Candidate(
            division=wrong.division, origin=Origin.CORRECTION, origin_id=wrong.pk, corrects_id=wrong.pk, reason=reason
        )
    household = register.household_visible_to(by, wrong.household_id)
    return Candidate(
        division=household.village, household_id=household.id, origin=Origin.CORRECTION, origin_id=wrong.pk,
        persons=household.memberships.filter(left_on=None).count(), corrects_id=wrong.pk, reason=reason,
    )  # fmt: skip


def _refuse_unfit(wrong: Case, into: Campaign, candidate: Candidate, status: str) -> None:
    batch = (
        Batch.objects.filter(campaign=into, number=candidate.division, sequence=0).select_related("campaign").first()
    )
    if batch is None:
        return  # `take_in` says so
    if not leads_from(batch, wrong, status):
        raise UserError(
            "CAS-119",
            _("This work does not lead from where the unit stands now (%(status)s).") % {"status": status},
            remedy=_("Choose a removal for a wrong entry, a return to poverty for a wrong exit."),
            field="campaign",
        )
