"""What the demonstration tells everyone: figures and criteria of its places, by two people each."""

from lika.accounts.models import User
from lika.accounts.queries import UserActor, actor_of
from lika.core.permissions import Permission
from lika.demo.places import DemoPlace
from lika.disclosure import actions
from lika.disclosure.queries.proposals import offers, proposals


def publish(place: DemoPlace) -> None:
    """Propose and publish whatever is current in a place and not told yet, by its overlay; a second run finds nothing.

    The overlay fills the gaps of the document for the demonstration and is marked so.
    """
    proposer, publisher = _person(place.proposes), _person(place.publishes)
    for offer in offers(proposer):
        if offer.division == place.area and offer.screening.pack_id == place.packs[1]:
            actions.propose(by=proposer, kind=offer.kind, division=offer.division, pack_id=offer.screening.pack_id)
    for waiting in proposals(publisher).filter(proposed_by=proposer.name, decided_at__isnull=True):
        actions.publish(by=publisher, proposal=waiting.pk)


def _person(username: str) -> UserActor:
    who = actor_of(User.objects.get(username=username))
    who.require(Permission.DISCLOSURE_PROPOSE)
    return who
