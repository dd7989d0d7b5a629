"""Which snapshot is read: the current one of every county in sight, all of one time point."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts.queries import Scope, grants_open, sight_of
from lika.core.actors import Actor
from lika.core.areas import Area
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.engine.snapshots import manifest as manifests
from lika.engine.snapshots.layout import Column, county_of, file_path
from lika.snapshots import storage
from lika.snapshots.choices import UnitKind
from lika.snapshots.models import CurrentScreening, ScreenedCriterion, Screening, Snapshot
from lika.snapshots.queries.screenings import criteria_of
from lika.snapshots.queries.snapshots import list_snapshots

COUNTY_CODES = 10**6


@dataclass(frozen=True)
class Source:
    """The files of one county: of a snapshot and, where there is one, of the current screening over it."""

    county: int
    snapshot: Snapshot
    screening: Screening | None

    def file(self, unit: str) -> Path:
        """The county's rows of a unit."""
        return storage.folder_of(self.snapshot) / file_path(unit, self.county)

    def verdicts(self, unit: str) -> Path:
        """The county's verdicts about a unit; only where there is a screening."""
        if self.screening is None:
            raise ValueError("there is no screening")
        return storage.verdicts_of(self.screening) / file_path(unit, self.county)


@dataclass(frozen=True)
class Sources:
    """What an analysis reads, as of one day. `left_out` are counties whose current snapshot is of another day.

    `packs` are all that the area is screened by, as (id, title); `granted` are the households granted to the actor one
    by one, each with the village where it stood then.
    """

    sources: tuple[Source, ...]
    packs: tuple[tuple[str, str], ...]
    left_out: int
    granted: tuple[tuple[UUID, int], ...] = ()

    @property
    def newest(self) -> Source:
        """The source that says the day."""
        return self.sources[0]

    @property
    def at(self) -> dt.date:
        """The standard time point."""
        return self.newest.snapshot.at

    @property
    def screening(self) -> Screening | None:
        """The screening whose pack and criteria may be named."""
        return self.newest.screening

    @property
    def snapshots(self) -> tuple[str, ...]:
        """The snapshots read."""
        return tuple(dict.fromkeys(source.snapshot.pk for source in self.sources))

    def criteria(self) -> tuple[ScreenedCriterion, ...]:
        """The criteria about households and persons that may be counted by."""
        return () if self.screening is None else _criteria(self.screening)

    def columns(self) -> Mapping[str, Mapping[str, str]]:
        """The columns that the files of each unit have, with their types."""
        return _columns(str(storage.folder_of(self.newest.snapshot)), self.newest.snapshot.manifest_sha256)

    def within(self, area: Area) -> tuple[Source, ...]:
        """The sources that may hold units of an area."""
        return tuple(
            source
            for source in self.sources
            if area.meet(Area(((source.county * COUNTY_CODES, (source.county + 1) * COUNTY_CODES - 1),)))
        )


def sources(by: Actor, pack: str = "") -> Sources:
    """What is current where the actor sees households, by a pack or by the one screened last.

    Raises REP-010 where no snapshot was taken yet.
    """
    sight = sight_of(by, Permission.REGISTER_VIEW)
    granted = _granted_to(by, sight)
    area = Area.joined([*sight.area.ranges, *((village, village) for _household, village in granted)])
    inside = Q(pk__in=[])
    for low, high in area.ranges:
        inside |= Q(county__range=(county_of(low), county_of(high)))
    pointers = CurrentScreening.objects.filter(inside, unit_kind=UnitKind.HOUSEHOLD)
    found = sorted(
        pointers.select_related("screening__snapshot"), key=lambda each: each.screening.finished_at, reverse=True
    )
    packs = {each.pack_id: each.screening.title for each in found}
    chosen = pack if pack in packs else next(iter(packs), "")
    screened = [
        Source(each.county, each.screening.snapshot, each.screening) for each in found if each.pack_id == chosen
    ]
    everything = screened or _unscreened(by, area)
    if not everything:
        raise NotFound(
            "REP-010",
            _("No snapshot of your area was taken yet, so there is nothing to count."),
            remedy=_("The county office takes one: lika snapshot take."),
        )
    at = max(source.snapshot.at for source in everything)
    chosen_now = sorted((each for each in everything if each.snapshot.at == at), key=lambda each: each.county)
    return Sources(tuple(chosen_now), tuple(packs.items()), len(everything) - len(chosen_now), granted)


def _granted_to(by: Actor, sight: Scope) -> tuple[tuple[UUID, int], ...]:
    # The actor knows already whether anything was granted: most were granted nothing.
    if not sight.households or by.official_id is None:
        return ()
    grants = grants_open(by.official_id, timezone.localdate()).values_list("household_id", "village")
    return tuple((household, village) for household, village in grants if household in sight.households)


def _unscreened(by: Actor, area: Area) -> list[Source]:
    """The newest snapshot of every county in sight, where none was screened."""
    found: dict[int, Source] = {}
    for snapshot in list_snapshots(by):
        for county in manifests.read(storage.folder_of(snapshot)).counties(UnitKind.HOUSEHOLD):
            if area.meet(Area(((county * COUNTY_CODES, (county + 1) * COUNTY_CODES - 1),))):
                found.setdefault(county, Source(county, snapshot, None))
    return list(found.values())


@lru_cache(maxsize=64)
def _criteria(found: Screening) -> tuple[ScreenedCriterion, ...]:
    """The criteria of a screening; they never change, so they are read once per process."""
    return tuple(
        item for unit in (UnitKind.HOUSEHOLD, UnitKind.PERSON, UnitKind.VILLAGE) for item in criteria_of(found, unit)
    )


@lru_cache(maxsize=64)
def _columns(folder: str, manifest_sha256: str) -> Mapping[str, Mapping[str, str]]:
    """A snapshot never changes: its manifest is read once per process."""
    schema: Mapping[str, Sequence[Column]] = manifests.read(Path(folder)).schema
    return {unit: {column.name: column.type for column in columns} for unit, columns in schema.items()}
