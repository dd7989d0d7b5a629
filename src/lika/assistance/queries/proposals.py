"""Proposals of pairings in sight: what waits, one with its lines and steps."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from lika.assistance.choices import PROPOSALS_OPEN, ProposalState
from lika.assistance.models import Proposal, ProposalLine, ProposalStep
from lika.core.actors import Actor
from lika.core.errors import NotFound
from lika.core.permissions import Permission


def proposals(by: Actor) -> QuerySet[Proposal]:
    """The proposals of the reader's area, the latest first, with the number of their `changes`. Raises ACC-001."""
    by.require(Permission.PAIRING_VIEW)
    found = Proposal.objects.filter(by.area_for(Permission.PAIRING_VIEW).where("number"))
    return found.annotate(changes=Count("lines"))


def waiting_first(found: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Open ones before those that are settled."""
    over = Case(When(state__in=PROPOSALS_OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())
    return found.order_by(over, "-proposed_at", "-id")


def proposal_in_sight(by: Actor, proposal: UUID, *, lock: bool = False) -> Proposal:
    """One proposal, locked for a step where asked. Raises ACC-001, ASN-003."""
    by.require(Permission.PAIRING_VIEW)
    found = Proposal.objects.filter(by.area_for(Permission.PAIRING_VIEW).where("number"), pk=proposal)
    one = found.select_for_update(of=("self",)).first() if lock else found.first()
    if one is None:
        raise NotFound(
            "ASN-003",
            _("There is no such proposal in your area."),
            remedy=_("Choose one from the list of proposals."),
        )
    return one


def lines_of(proposal: Proposal) -> list[ProposalLine]:
    """Its lines with households and helpers, by village and number."""
    found = proposal.lines.select_related(
        "household", "helper__official", "helper__unit", "ends__helper__official", "ends__helper__unit", "ends__grant"
    )
    return list(found.order_by("household__village", "household__number", "id"))


def steps_of(proposal: Proposal) -> list[ProposalStep]:
    """All steps, the first first."""
    return list(proposal.steps.all())


def passed_by(proposal: Proposal) -> set[str]:
    """The accounts that have had a hand in it: whoever settles it is none of them."""
    return {proposal.proposed_by, *proposal.steps.values_list("by_name", flat=True)}


def open_elsewhere(households: Iterable[UUID], besides: UUID | None = None) -> set[UUID]:
    """Of some households those that an open proposal speaks of already."""
    found = ProposalLine.objects.filter(household__in=list(households), proposal__state__in=PROPOSALS_OPEN)
    return set(found.exclude(proposal=besides).values_list("household_id", flat=True))


@dataclass(frozen=True)
class ProposalsWaiting:
    """What waits for an official: to be passed by the township, to be agreed by the county; not what is their own."""

    to_pass: int = 0
    to_agree: int = 0


def waiting(by: Actor) -> ProposalsWaiting:
    """The counts. One query; none for whoever decides on nothing."""
    if not (by.has(Permission.PAIRING_REVIEW) or by.has(Permission.PAIRING_AGREE)):
        return ProposalsWaiting()
    own = Exists(ProposalStep.objects.filter(proposal=OuterRef("pk"), by_name=by.name))
    passing = by.area_for(Permission.PAIRING_REVIEW).where("number") & Q(state=ProposalState.PROPOSED)
    agreeing = by.area_for(Permission.PAIRING_AGREE).where("number") & Q(state=ProposalState.PASSED)
    counted = Proposal.objects.exclude(own).aggregate(
        to_pass=Count("pk", filter=passing), to_agree=Count("pk", filter=agreeing)
    )
    return ProposalsWaiting(**counted)
