"""Who a screening proposes for a campaign: whose status fits its procedure and who meets every criterion of it.

Whoever is unknown by a criterion is counted and named, never taken in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from lika.casework.choices import LIVE_STATES
from lika.casework.models import Batch, Campaign, Case
from lika.casework.queries.cases import procedure_of
from lika.core.actors import Actor
from lika.core.areas import CODE_LENGTH, Area, range_of
from lika.core.errors import UserError
from lika.policy.choices import ProcedureUnit
from lika.policy.queries.procedures import Procedure
from lika.register import queries as register
from lika.snapshots import queries as snapshots
from lika.snapshots.models import Screening

MET = 1


@dataclass(frozen=True)
class Proposal:
    """A unit that meets all that is asked. `village` is where it stands now; `verdicts` by criterion are all 1."""

    village: int
    household_id: UUID | None
    persons: int | None
    screening_id: UUID
    verdicts: dict[str, int | None]


@dataclass
class VillageLine:
    """Of one village: candidates with their persons, who has a case under way, of whom too little is known."""

    village: int
    candidates: int = 0
    persons: int = 0
    under_way: int = 0
    unknown: int = 0


@dataclass
class Proposed:
    """What current screenings propose; `proposals` are those without a case under way, by village."""

    screenings: Sequence[Screening]
    criteria: Sequence[str]
    proposals: list[Proposal] = field(default_factory=list)
    by_village: dict[int, VillageLine] = field(default_factory=dict)

    def line(self, village: int) -> VillageLine:
        """The line of a village, made where there is none yet."""
        return self.by_village.setdefault(village, VillageLine(village))


def proposed(by: Actor, campaign: Campaign, within: str = "") -> Proposed:
    """The candidates in the area of a campaign, by the current screenings of its pack. At most eight queries a county.

    `within` is the code of a division of that area: those in it alone.

    Raises CAS-050 (not begun), CAS-051 (no current screening by that version of the pack), CAS-052 (the procedure asks
    for no criterion, so a screening proposes nobody).
    """
    procedure = procedure_begun(campaign)
    criteria = criteria_required(procedure)
    area = Area((range_of(within or campaign.division_id),))
    found = Proposed(current_of(campaign, area, procedure.unit), criteria)
    standing = _standing(by, procedure, area)
    live = _with_case(area)
    for screening in found.screenings:
        for unit, place, verdicts in snapshots.results_within(by, screening, procedure.unit, criteria, area):
            key = unit if procedure.unit is ProcedureUnit.HOUSEHOLD else place
            if key not in standing:
                continue
            village, persons = standing[key]
            household = unit if procedure.unit is ProcedureUnit.HOUSEHOLD else None
            _count(found, Proposal(village, household, persons, screening.pk, verdicts), key in live)
    found.proposals.sort(key=lambda each: (each.village, str(each.household_id)))
    return found


def procedure_begun(campaign: Campaign) -> Procedure:
    """The procedure by which the cases of a campaign go. Raises CAS-050 where they are not begun."""
    batch = Batch.objects.filter(campaign=campaign, sequence=0).select_related("campaign").first()
    if batch is None:
        raise UserError(
            "CAS-050",
            _("The cases of this campaign are not begun."),
            remedy=_("Begin them on the page of the campaign; then candidates can be taken in."),
        )
    return procedure_of(batch)


def criteria_asked(procedure: Procedure) -> tuple[str, ...]:
    """What the stages of a procedure ask for, each criterion once, in the order of the stages."""
    return tuple(dict.fromkeys(each for stage in procedure.stages for each in stage.criteria))


def criteria_required(procedure: Procedure) -> tuple[str, ...]:
    """What `criteria_asked` gives. Raises CAS-052 where that is nothing: then a screening proposes nobody."""
    criteria = criteria_asked(procedure)
    if not criteria:
        raise UserError(
            "CAS-052",
            _("The procedure asks for no criterion of a screening."),
            remedy=_("Propose its cases one by one: from an application, or from what was noticed."),
        )
    return criteria


def statuses_fitting(procedure: Procedure) -> frozenset[str] | None:
    """The statuses of those whom a procedure is about; None where it changes no status and asks for none."""
    if procedure.effect is None:
        return None
    return frozenset(procedure.effect.before) | frozenset(procedure.effect.confirms)


def current_of(campaign: Campaign, area: Area, unit: str) -> list[Screening]:
    """The current screenings of an area by exactly the version of the pack that a campaign goes by. Raises CAS-051."""
    current = {screening.pk: screening for _county, screening in snapshots.current_within(area, unit)}
    found = [each for each in current.values() if each.pack == campaign.pack]
    if not found:
        raise UserError(
            "CAS-051",
            _("No current screening was made with the pack %(pack)s.") % {"pack": campaign.pack},
            remedy=_("Take a snapshot and screen it with that pack; then come back."),
        )
    return found


def _standing(by: Actor, procedure: Procedure, area: Area) -> dict[UUID | int, tuple[int, int | None]]:
    """The units whose status fits, with where they stand now and their members."""
    fitting = statuses_fitting(procedure)
    if procedure.unit is not ProcedureUnit.HOUSEHOLD:
        places = Batch.objects.filter(area.where("number"), sequence=0).values_list("number", flat=True).distinct()
        statuses = register.poor_area_statuses(f"{each:0{CODE_LENGTH}d}" for each in places)
        return {
            int(code): (int(code), None) for code, status in statuses.items() if fitting is None or status in fitting
        }
    households = register.households_within(by, area)
    if fitting is not None:
        households = households.filter(poverty_status__in=sorted(fitting))
    members = register.members_each(households)
    return {
        household: (village, members[household])
        for household, village in households.values_list("id", "village").iterator(chunk_size=5000)
        if household in members
    }


def _with_case(area: Area) -> set[UUID | int]:
    """The units of an area that have a case under way, in any campaign."""
    live = Case.objects.filter(area.where("division"), state__in=LIVE_STATES).values_list("household_id", "division")
    return {household or place for household, place in live.iterator(chunk_size=5000)}


def _count(found: Proposed, proposal: Proposal, has_case: bool) -> None:
    results = proposal.verdicts.values()
    if any(each == 0 for each in results):
        return
    line = found.line(proposal.village)
    if any(each is None for each in results):
        line.unknown += 1
    elif has_case:
        line.under_way += 1
    else:
        line.candidates += 1
        line.persons += proposal.persons or 0
        found.proposals.append(proposal)
