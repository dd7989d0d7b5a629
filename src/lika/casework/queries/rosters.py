"""Rosters in the sight of a reader, and their lines as they stand now."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lika.casework.models import Batch, Case, Roster, RosterEntry
from lika.casework.queries.cases import procedure_of
from lika.casework.queries.signing import hashes_of
from lika.core.actors import Actor
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.policy.queries.procedures import ProcedureStage


@dataclass(frozen=True)
class RosterLine:
    """A case of a roster. `holds` is false where it was sent back or is no longer what was put on it."""

    case: Case
    entry: RosterEntry
    hash_now: str
    holds: bool


def rosters_visible(by: Actor) -> QuerySet[Roster]:
    """The rosters of the actor's area. Raises ACC-001."""
    by.require(Permission.CASEWORK_VIEW)
    area = by.area_for(Permission.CASEWORK_VIEW)
    return Roster.objects.filter(area.where("number")).select_related("campaign", "division")


def roster_in_sight(by: Actor, roster: UUID) -> Roster:
    """One roster. Raises ACC-001, CAS-140."""
    found = rosters_visible(by).filter(pk=roster).first()
    if found is None:
        raise NotFound("CAS-140", _("There is no such roster in your area."), remedy=_("Open it from the list."))
    return found


def stage_of(roster: Roster) -> ProcedureStage:
    """The stage at which a roster is signed."""
    first = Batch.objects.filter(campaign=roster.campaign_id, sequence=0).select_related("campaign").earliest("number")
    return procedure_of(first).stage(roster.stage)


def lines_of(roster: Roster) -> Sequence[RosterLine]:
    """The lines of a roster by the numbers of the cases. Four queries whatever their number."""
    entries = list(roster.entries.select_related("case__batch__division").order_by("case__number"))
    batch = Batch.objects.filter(campaign=roster.campaign_id, sequence=0).select_related("campaign").first()
    if batch is None:
        return []
    now = hashes_of([each.case for each in entries], procedure_of(batch), [roster.stage])
    return [
        RosterLine(
            each.case, each, now[each.case_id][roster.stage],
            each.void_at is None and each.content_hash == now[each.case_id][roster.stage],
        )
        for each in entries
    ]  # fmt: skip
