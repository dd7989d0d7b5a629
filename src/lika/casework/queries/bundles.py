"""The papers of all notices of an area: what may be asked for, how far it is, what came of each."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts.queries import names_of
from lika.casework.bundle_files import is_kept
from lika.casework.choices import NoticeState, PartState, RunState
from lika.casework.models import BundledNotice, Campaign, Notice, NoticeBundle
from lika.casework.queries.jobs import is_going, is_killed
from lika.casework.queries.notices import notices_visible
from lika.casework.queries.quotas import campaigns_visible
from lika.collection.exporting.queries import places_for
from lika.core import sealed
from lika.core.actors import Actor
from lika.core.areas import Area
from lika.core.errors import NotFound
from lika.core.permissions import Permission

LISTED = 20
KEPT_FOR = dt.timedelta(seconds=sealed.KEPT_SECONDS)


@dataclass(frozen=True)
class BundleChoices:
    """What a reader may ask for: areas as (code, name), and campaigns of which something hangs."""

    places: Sequence[tuple[str, str]]
    campaigns: Sequence[Campaign]


@dataclass(frozen=True)
class BundleProgress:
    """How far a bundle is, and what the reader may do with it. `is_going`: its process lives, or is about to begin.

    `who` is the official who asked for it, by name.
    """

    bundle: NoticeBundle
    who: str
    notices: int
    printed: int
    left_out: int
    is_going: bool
    is_own: bool

    @property
    def done(self) -> int:
        """How many notices were dealt with."""
        return self.printed + self.left_out

    @property
    def is_killed(self) -> bool:
        """Whether it was to go on and its process died."""
        return is_killed(self.bundle, is_going=self.is_going)

    @property
    def may_stop(self) -> bool:
        return self.is_own and self.is_going and self.bundle.state != RunState.STOPPING

    @property
    def may_go_on(self) -> bool:
        return self.is_own and not self.is_going and self.bundle.state != RunState.DONE

    @property
    def may_take(self) -> bool:
        return self.is_own and is_ready(self.bundle)

    @property
    def kept_until(self) -> dt.datetime | None:
        """Until when the file can be taken; None where there is none."""
        ready = self.bundle.finished_at is not None and is_ready(self.bundle)
        return self.bundle.finished_at + KEPT_FOR if ready and self.bundle.finished_at else None


def is_ready(bundle: NoticeBundle) -> bool:
    """Whether its ZIP is made and still kept. The disk is asked, not the database."""
    if bundle.state != RunState.DONE or bundle.finished_at is None:
        return False
    return timezone.now() - bundle.finished_at <= KEPT_FOR and is_kept(bundle)


def hanging_in(by: Actor, division: str, campaign: UUID | None = None, kind: str = "") -> QuerySet[Notice]:
    """The notices that hang in a division, in the actor's sight, by place and moment. Raises ACC-001."""
    found = notices_visible(by).filter(Area.of([division]).where("batch__number"), state=NoticeState.HANGING)
    if campaign is not None:
        found = found.filter(batch__campaign=campaign)
    if kind:
        found = found.filter(kind=kind)
    return found.order_by("batch__number", "opened_at", "id")


def choices_for(by: Actor) -> BundleChoices:
    """What the actor may ask for. Two queries. Raises ACC-001."""
    by.require(Permission.REGISTER_EXPORT)
    hanging = notices_visible(by).filter(state=NoticeState.HANGING)
    campaigns = campaigns_visible(by).filter(pk__in=hanging.values("batch__campaign")).order_by("-year", "kind", "id")
    return BundleChoices(places_for(by, Permission.REGISTER_EXPORT), list(campaigns))


def listed(by: Actor) -> list[BundleProgress]:
    """The latest bundles of the actor's area, whoever asked for them. Two queries; two for each under way.

    Raises ACC-001.
    """
    found = list(_counted(_in_area(by).select_related("division", "campaign"))[:LISTED])
    names = names_of(each.by_name for each in found)
    return [_progress(by, each, names) for each in found]


def bundle_in_sight(by: Actor, bundle: UUID) -> NoticeBundle:
    """A bundle of the actor's area. Raises ACC-001, CAS-144."""
    found = _in_area(by).select_related("division", "campaign").filter(pk=bundle).first()
    if found is None:
        raise no_such_bundle()
    return found


def progress_of(by: Actor, bundle: UUID) -> BundleProgress:
    """How far a bundle of the actor's area is. At most four queries. Raises ACC-001, CAS-144."""
    found = _counted(_in_area(by).select_related("division", "campaign").filter(pk=bundle)).first()
    if found is None:
        raise no_such_bundle()
    return _progress(by, found, names_of([found.by_name]))


def left_out_of(bundle: NoticeBundle) -> list[BundledNotice]:
    """The notices that could not be printed, each with what kept it from it. One query."""
    refused = bundle.lines.filter(state=PartState.REFUSED)
    return list(refused.select_related("notice__batch__division", "notice__batch__campaign"))


def is_own(by: Actor, bundle: NoticeBundle) -> bool:
    """Whether the actor asked for it."""
    return (bundle.by_name, bundle.official_id) == (by.name, by.official_id)


def no_such_bundle() -> NotFound:
    """CAS-144: there is none, or it is out of sight."""
    return NotFound("CAS-144", _("No such papers were asked for in your area."), remedy=_("Choose them from the list."))


def _in_area(by: Actor) -> QuerySet[NoticeBundle]:
    by.require(Permission.REGISTER_EXPORT)
    return NoticeBundle.objects.filter(by.area_for(Permission.REGISTER_EXPORT).where("number"))


def _counted(bundles: QuerySet[NoticeBundle]) -> QuerySet[NoticeBundle]:
    """With their notices counted by state."""
    counts = {
        f"count_{state}": Count("lines", filter=Q(lines__state=state)) for state in (PartState.DONE, PartState.REFUSED)
    }
    return bundles.annotate(count_all=Count("lines"), **counts)


def _progress(by: Actor, counted: NoticeBundle, names: Mapping[str, str]) -> BundleProgress:
    notices, printed, left_out = (
        getattr(counted, f"count_{each}") for each in ("all", PartState.DONE, PartState.REFUSED)
    )
    who = names[counted.by_name]
    return BundleProgress(counted, who, notices, printed, left_out, is_going(counted), is_own(by, counted))
