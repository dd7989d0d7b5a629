"""What may be proposed, and what was, for whoever proposes and publishes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lika.core.actors import Actor
from lika.core.areas import Area
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.disclosure.choices import Kind, State
from lika.disclosure.models import Proposal, Publication
from lika.disclosure.queries.making import source_of
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.snapshots import queries as snapshots
from lika.snapshots.models import Screening


@dataclass(frozen=True)
class Offer:
    """Something that could be proposed now."""

    kind: Kind
    division: str
    place: str
    screening: Screening


def proposals(by: Actor) -> QuerySet[Proposal]:
    """All proposals of divisions where the actor proposes, newest first."""
    return Proposal.objects.filter(by.area_for(Permission.DISCLOSURE_PROPOSE).where("division"))


def proposal_of(by: Actor, identifier: UUID) -> Proposal:
    """One of them. Raises DIS-010 where there is none."""
    found = proposals(by).filter(pk=identifier).first()
    if found is None:
        raise NotFound(
            "DIS-010",
            _("There is no such proposal in your area."),
            remedy=_("Choose one from the list of publications."),
        )
    return found


def publication_of(proposal: Proposal) -> Publication | None:
    """What came of a proposal, with its withdrawal; None while nothing did."""
    return Publication.objects.select_related("withdrawal").filter(pk=proposal.pk).first()


def withdrawn_among(found: Iterable[Proposal]) -> set[UUID]:
    """Which of some proposals were published and withdrawn."""
    ids = [one.pk for one in found]
    return set(Publication.objects.filter(withdrawal__isnull=False, pk__in=ids).values_list("pk", flat=True))


def offers(by: Actor) -> list[Offer]:
    """What could be proposed now: of each current screening its figures and its criteria, for each place of the actor.

    A place is a county that lies whole where the actor proposes, else each township of it that does. What is waiting
    or published already is left out.
    """
    area = by.area_for(Permission.DISCLOSURE_PROPOSE)
    found = snapshots.current_within(area)
    places = {county: list(_places(area, f"{county:06d}000000")) for county, _screening in found}
    return [
        Offer(kind, code, name, screening)
        for county, screening in found
        for code, name in places[county]
        for kind in Kind
        if not standing(source_of(kind, screening), int(code))
    ]


def standing(source: str, division: int) -> Proposal | None:
    """What was made from the same source for an overlapping area and waits or is published; None where nothing was.

    A withdrawn one counts only for other areas: together with another cut of the same figures it could tell what
    both hide. The very same may be told again.
    """
    own = Area.of([f"{division:012d}"])
    told = Proposal.objects.filter(source=source, state__in=(State.WAITING, State.PUBLISHED))
    others = list(told.only("id", "division"))
    withdrawn = withdrawn_among(others)
    for other in others:
        overlapping = own.meet(Area.of([f"{other.division:012d}"]))
        if overlapping and not (other.division == division and other.pk in withdrawn):
            return other
    return None


def _places(area: Area, county: str) -> Iterator[tuple[str, str]]:
    found = divisions.by_codes([county]).values() if area.covers(county) else divisions.within(county, Level.TOWNSHIP)
    for place in found:
        if area.covers(place.code):
            yield place.code, place.name
