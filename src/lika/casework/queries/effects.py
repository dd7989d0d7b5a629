"""What decisions brought: whether an exited household keeps its support, and which case corrects which."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from lika.casework.models import Batch, Campaign, Case
from lika.casework.queries.cases import cases_visible, procedure_of
from lika.casework.queries.quotas import campaigns_visible
from lika.core.actors import Actor
from lika.register import queries as register
from lika.register.choices import Axis, PovertyStatus
from lika.register.queries.whole import statuses_since


@dataclass(frozen=True)
class SupportKept:
    """What the decision on an exit says of support: kept or not, since when, by which case and clause.

    Until when is said by no document that is at hand: there is no such field.
    """

    kept: bool
    since: dt.date
    case: Case
    clause_ref: str
    clause_text: str


def support_kept(by: Actor, household: UUID) -> SupportKept | None:
    """What holds for a household that has exited; None where it has not, or exited by no case. At most five queries.

    Raises ACC-001, REG-001.
    """
    found = register.household_visible_to(by, household)
    if found.poverty_status != PovertyStatus.EXITED:
        return None
    since = statuses_since([found]).get((found.id, Axis.POVERTY))
    decided = cases_visible(by).filter(household_id=found.id, effective_on=since, support_kept__isnull=False)
    case = decided.select_related("batch__campaign").order_by("-decided_on", "-number").first()
    if case is None or since is None:
        return None
    effect = procedure_of(case.batch).effect
    if effect is None or effect.after != PovertyStatus.EXITED:
        return None
    return SupportKept(bool(case.support_kept), since, case, effect.clause_ref, effect.clause_text)


@dataclass(frozen=True)
class Standing:
    """Where the unit of a case stands now: the number of its village or its own, and its status."""

    division: int
    status: str


def standing_of(by: Actor, case: Case) -> Standing:
    """Of a household, which may have moved since; of a village or county. Raises ACC-001, REG-001."""
    if case.household_id is not None:
        found = register.household_visible_to(by, case.household_id)
        return Standing(found.village, str(found.poverty_status))
    code = f"{case.division:012d}"
    return Standing(case.division, register.poor_area_statuses([code])[code])


def leads_from(batch: Batch, case: Case, status: str) -> bool:
    """Whether the procedure of a batch leads from a status of the unit of a case."""
    procedure = procedure_of(batch)
    return procedure.unit == case.unit and procedure.effect is not None and status in procedure.effect.before


def correcting_campaigns(by: Actor, case: Case) -> list[Campaign]:
    """The campaigns in sight, begun where the unit of a case stands now, that lead from there, the latest first.

    At most three queries. Raises ACC-001, REG-001.
    """
    now = standing_of(by, case)
    begun = Batch.objects.filter(campaign__in=campaigns_visible(by), number=now.division, sequence=0)
    found = [each for each in begun.select_related("campaign__division") if leads_from(each, case, now.status)]
    return sorted((each.campaign for each in found), key=lambda each: (-each.year, each.kind))


@dataclass(frozen=True)
class Corrections:
    """The case that a case corrects, and those that correct it, the earliest first."""

    of: Case | None
    by: Sequence[Case]


def corrections_of(by: Actor, case: Case) -> Corrections:
    """What stands on the page of a case, both ways, as far as the reader sees it. Two queries. Raises ACC-001."""
    seen = cases_visible(by).select_related("campaign")
    return Corrections(
        seen.filter(pk=case.corrects_id).first() if case.corrects_id else None,
        list(seen.filter(corrects=case.pk).order_by("opened_at")),
    )
