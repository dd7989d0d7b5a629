"""Cases taken in: whom a screening proposes, who applies, and where something was noticed."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.casework.actions import cases as actions
from lika.casework.actions.cases import Candidate, TakenIn
from lika.casework.actions.moving import reason_of
from lika.casework.choices import ApplicationWay, Duty, Origin, SignalKind
from lika.casework.models import Application, Campaign, Case, Signal
from lika.casework.queries import candidates as reads
from lika.casework.queries import quotas as campaigns
from lika.casework.queries.cases import acting_permissions, may_act
from lika.core.actors import Actor
from lika.core.areas import Area
from lika.core.errors import UserError
from lika.core.ids import uuid7
from lika.core.permissions import Permission
from lika.policy.choices import ProcedureUnit
from lika.policy.queries.procedures import Procedure
from lika.register import queries as register
from lika.register.models import Household
from lika.snapshots import queries as snapshots

LONGEST_NAME, LONGEST_LABEL = 100, 200


@transaction.atomic
def take_in_screened(*, by: Actor, campaign: UUID, within: str = "") -> TakenIn:
    """Make a case of everybody whom the current screenings of the campaign's pack propose, `within` a division of it.

    Whoever has a case under way is counted, not taken in twice. Raises ACC-001, ACC-002, CAS-010, CAS-050, CAS-051,
    CAS-052.
    """
    found = campaigns.campaign_in_sight(by, campaign)
    by.require(Permission.CAMPAIGN_OPEN, division=found.division_id)
    proposed = reads.proposed(by, found, within)
    taken = actions.take_in(
        by=by,
        campaign=found,
        candidates=[
            Candidate(
                division=each.village, household_id=each.household_id, persons=each.persons,
                origin_id=each.screening_id, screening_id=each.screening_id, verdicts=each.verdicts,
            )
            for each in proposed.proposals
        ],
    )  # fmt: skip
    lines = proposed.by_village.values()
    return TakenIn(
        taken.cases, taken.under_way + sum(line.under_way for line in lines), sum(line.unknown for line in lines)
    )


@transaction.atomic
def apply(
    *, by: Actor, campaign: UUID, household: UUID, way: ApplicationWay, applied_on: dt.date, signed_by: str
) -> Case:
    """Enter a household's application at the first stage; this prepares its case.

    `signed_by` is the member who signed it. Raises ACC-001, ACC-002, CAS-010, CAS-050, REG-001, CAS-053 (its status
    does not fit), CAS-054 (day), CAS-055 (it has a case under way), CAS-056 (not signed), CAS-042.
    """
    if applied_on > timezone.localdate():
        raise UserError(
            "CAS-054",
            _("The day of the application lies in the future."),
            remedy=_("Enter the day that is written on it."),
            field="applied_on",
        )
    name = _written(signed_by, LONGEST_NAME, "signed_by")
    identifier = uuid7()
    case = _propose(by, campaign, household, Origin.APPLICATION, identifier)
    Application.objects.create(
        id=identifier, case=case, way=way, applied_on=applied_on, signed_by=name, entered_by=by.name
    )
    return case


@transaction.atomic
def notice(
    *,
    by: Actor,
    campaign: UUID,
    household: UUID,
    kind: SignalKind,
    label: str,
    reason: str,
    source_id: UUID | None = None,
) -> Case:
    """Propose a household because of something that was noticed; this prepares its case.

    `source_id` and `label` name the record of another app. Raises ACC-001, ACC-002, CAS-010, CAS-034, CAS-042, CAS-050,
    CAS-053, CAS-055, CAS-056, REG-001.
    """
    named, why = _written(label, LONGEST_LABEL, "label"), reason_of(reason)
    identifier = uuid7()
    case = _propose(by, campaign, household, Origin.SIGNAL, identifier)
    Signal.objects.create(
        id=identifier, case=case, kind=kind, source_id=source_id, label=named, reason=why, entered_by=by.name
    )
    return case


def _propose(by: Actor, campaign: UUID, household: UUID, origin: Origin, origin_id: UUID) -> Case:
    found = campaigns.campaign_in_sight(by, campaign)
    procedure = reads.procedure_begun(found)
    unit = register.household_visible_to(by, household)
    first = procedure.stages[0]
    if not may_act(by, first, unit.village):
        by.require(acting_permissions(first)[0], village=unit.village)
    _refuse_status(procedure, unit)
    screening, verdicts = _pinned(by, found, procedure, unit)
    taken = actions.take_in(
        by=by,
        campaign=found,
        candidates=[
            Candidate(
                division=unit.village, household_id=unit.pk, origin=origin, origin_id=origin_id, duty=Duty.PREPARE,
                persons=register.members_each(register.households_visible_to(by).filter(pk=unit.pk)).get(unit.pk),
                screening_id=screening, verdicts=verdicts,
            )
        ],
    )  # fmt: skip
    if not taken.cases:
        raise UserError(
            "CAS-055",
            _("The household has a case under way already."),
            remedy=_("Go on with that case; when it has ended, a new one can be proposed."),
            field="household",
        )
    return taken.cases[0]


def _refuse_status(procedure: Procedure, unit: Household) -> None:
    fitting = reads.statuses_fitting(procedure)
    fits = procedure.unit is ProcedureUnit.HOUSEHOLD and (fitting is None or unit.poverty_status in fitting)
    if not fits or unit.closed_on is not None:
        raise UserError(
            "CAS-053",
            _("The status of the household does not fit this procedure: %(status)s.")
            % {"status": unit.get_poverty_status_display()},
            remedy=_("Choose a campaign of the kind that fits its status, or correct the status first."),
            field="household",
        )


def _pinned(
    by: Actor, campaign: Campaign, procedure: Procedure, unit: Household
) -> tuple[UUID | None, dict[str, int | None]]:
    """What a current screening says of the household already; nothing where there is none yet: unknown then blocks."""
    here = Area(((unit.village, unit.village),))
    criteria = reads.criteria_asked(procedure)
    if not criteria:
        return None, {}
    for _county, screening in snapshots.current_within(here, procedure.unit):
        if screening.pack == campaign.pack:
            said = snapshots.results_within(by, screening, procedure.unit, criteria, here)
            for identifier, _village, verdicts in said:
                if identifier == unit.pk:
                    return screening.pk, verdicts
    return None, {}


def _written(given: str, longest: int, field: str) -> str:
    text = given.strip()
    if not text or len(text) > longest:
        raise UserError(
            "CAS-056",
            _("Who signed it, or what it rests on, has to be written, in not more than %(longest)s characters.")
            % {"longest": longest},
            remedy=_("Enter it as it stands on the paper or on the record."),
            field=field,
        )
    return text
