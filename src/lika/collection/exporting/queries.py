"""Named reads of exports: everybody who may export in an area sees all that left it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from lika.collection.choices import ExportState
from lika.collection.exporting.actions import AGREED_FOR, missing, path_of
from lika.collection.layouts import queries as profiles
from lika.collection.models import Export
from lika.core import processes
from lika.core.actors import Actor
from lika.core.permissions import Permission
from lika.divisions.choices import Level
from lika.divisions.models import Division
from lika.divisions.names import place_name
from lika.register.queries.counts import data_years

LISTED = 50
# A process that was started for an export has marked it as running long before.
_START_SECONDS = 60
_LEVELS = (Level.COUNTY, Level.TOWNSHIP)


@dataclass(frozen=True)
class ExportChoices:
    """What a reader may ask for: areas as (code, name), data years, newest first, and profiles as (label, title)."""

    places: Sequence[tuple[str, str]]
    years: Sequence[int]
    profiles: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class ExportLine:
    """An export as the page shows it, and what the reader may do with it."""

    export: Export
    place: str
    may_decide: bool
    may_take: bool

    @property
    def rows(self) -> int:
        """How many rows it has in all."""
        return sum(self.export.rows.values())


def listed(by: Actor) -> Sequence[ExportLine]:
    """The latest exports of the actor's area. Raises ACC-001."""
    by.require(Permission.REGISTER_EXPORT)
    found = list(_in_area(by).order_by("-asked_at")[:LISTED])
    for export in found:
        _mark_dead(export)
    names = dict(
        Division.objects.filter(code__in=[export.division_code for export in found]).values_list("code", "name")
    )
    return [
        ExportLine(
            export,
            place_name(names.get(export.division_code, export.division_code)),
            may_decide=export.state == ExportState.ASKED and not _own(by, export),
            may_take=export.state == ExportState.READY and _own(by, export) and _is_kept(export),
        )
        for export in found
    ]


def _mark_dead(export: Export) -> None:
    """Mark an export as failed whose process has died, or never began."""
    begun = export.decided_at or export.asked_at
    late = timezone.now() - begun > dt.timedelta(seconds=_START_SECONDS)
    if export.state == ExportState.RUNNING or (export.state == ExportState.WAITING and late):
        if processes.is_held(export.lock_key):
            return
        # Its end may have been told since the row was read.
        if Export.objects.filter(pk=export.pk, state=export.state).update(
            state=ExportState.FAILED, finished_at=timezone.now()
        ):
            export.state = ExportState.FAILED
        else:
            export.refresh_from_db()


def choices_for(by: Actor) -> ExportChoices:
    """The areas, years and layouts that the actor may ask for. Raises ACC-001."""
    by.require(Permission.REGISTER_EXPORT)
    places = places_for(by, Permission.REGISTER_EXPORT)
    return ExportChoices(places, data_years(by.area_for(Permission.REGISTER_EXPORT)), profiles.choices(by))


def townships_for(by: Actor) -> list[tuple[str, str]]:
    """The townships among the places of `choices_for`: what is worked out while somebody waits is asked of one."""
    return [(code, name) for code, name in places_for(by, Permission.REGISTER_EXPORT) if code[6:9] != "000"]


def in_area(by: Actor, export: UUID) -> Export:
    """An export of the actor's area. Raises ACC-001, COL-034."""
    by.require(Permission.REGISTER_EXPORT)
    found = _in_area(by).filter(pk=export).first()
    if found is None:
        raise missing()
    return found


def places_for(by: Actor, permission: Permission) -> list[tuple[str, str]]:
    """The counties and townships where the actor holds a permission, as (code, name)."""
    area = by.area_for(permission)
    found = Division.objects.filter(area.where("number"), level__in=_LEVELS, valid_to=None).order_by("code")
    return [(place.code, place_name(place.name)) for place in found]


def waiting_for(by: Actor) -> int:
    """How many exports with personal data wait for the actor as the second person."""
    if not by.has(Permission.REGISTER_EXPORT):
        return 0
    return _in_area(by).filter(state=ExportState.ASKED).exclude(by_name=by.name).count()


def _in_area(by: Actor) -> QuerySet[Export]:
    return Export.objects.filter(by.area_for(Permission.REGISTER_EXPORT).where("division"))


def _is_kept(export: Export) -> bool:
    if export.page:
        return export.decided_at is not None and timezone.now() - export.decided_at <= AGREED_FOR
    return path_of(export).exists()


def _own(by: Actor, export: Export) -> bool:
    return (export.by_name, export.official_id) == (by.name, by.official_id)
