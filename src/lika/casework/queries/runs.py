"""Whether a campaign is too large to be opened while somebody waits, and how far the process that opens it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from lika.casework.choices import WORKS, CampaignKind, PartState, RunState
from lika.casework.models import Campaign, CampaignPart, CampaignRun
from lika.casework.queries.cases import places_of
from lika.casework.queries.jobs import is_going, is_killed
from lika.casework.queries.quotas import campaigns_visible
from lika.core.actors import Actor
from lika.core.errors import NotFound


@dataclass(frozen=True)
class Progress:
    """A run with its parts, by code. `is_going`: its process lives, or is about to begin."""

    run: CampaignRun
    parts: Sequence[CampaignPart]
    is_going: bool

    @property
    def done(self) -> int:
        """How many parts were dealt with."""
        return sum(each.state != PartState.WAITING for each in self.parts)

    @property
    def refused(self) -> list[CampaignPart]:
        """The parts that could not be done, each with what refused it."""
        return [each for each in self.parts if each.state == PartState.REFUSED]

    @property
    def cases(self) -> int:
        return sum(each.cases for each in self.parts)

    @property
    def persons(self) -> int:
        return sum(each.persons for each in self.parts)

    @property
    def under_way(self) -> int:
        """Units left out because they have a case under way."""
        return sum(each.under_way for each in self.parts)

    @property
    def unknown(self) -> int:
        """Units left out because too little is known of them."""
        return sum(each.unknown for each in self.parts)

    @property
    def is_killed(self) -> bool:
        """Whether it was to go on and its process died."""
        return is_killed(self.run, is_going=self.is_going)

    @property
    def may_go_on(self) -> bool:
        """Whether something is left that can be gone on with."""
        return not self.is_going and self.run.state != RunState.DONE


def places_at_once() -> int:
    """How many villages a campaign may have to be opened while the page waits (`LIKA_VILLAGES_AT_ONCE`)."""
    return settings.LIKA.villages_at_once


def is_large(campaign: Campaign) -> bool:
    """Whether a campaign has more villages (or counties) than are opened while the page waits. One query."""
    return places_of(campaign, WORKS[CampaignKind(campaign.kind)].unit).count() > places_at_once()


def last_run(campaign: Campaign) -> CampaignRun | None:
    """The run that was asked for last. One query."""
    return CampaignRun.objects.filter(campaign=campaign).first()


def progress_of(run: CampaignRun) -> Progress:
    """How far a run is. At most three queries."""
    return Progress(run, list(run.parts.select_related("division")), is_going(run))


def run_in_sight(by: Actor, run: UUID) -> CampaignRun:
    """A run of a campaign in sight. Raises ACC-001, CAS-161."""
    seen = campaigns_visible(by)
    found = CampaignRun.objects.filter(pk=run, campaign__in=seen.values("pk")).select_related("campaign").first()
    if found is None:
        raise no_such_run()
    return found


def no_such_run() -> NotFound:
    """CAS-161: there is none, or it is out of sight."""
    return NotFound(
        "CAS-161", _("No campaign in your area is opened by such a run."), remedy=_("Look at the page of the campaign.")
    )
