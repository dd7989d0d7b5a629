"""Named writes of divisions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import IntegerField, Max
from django.db.models.functions import Cast, Right
from django.utils.translation import gettext_lazy as _

from lika.core import audit
from lika.core.actors import Actor, outside_area
from lika.core.errors import ManyErrors, UserError
from lika.core.permissions import Permission
from lika.divisions import queries, staging
from lika.divisions.choices import Level
from lika.divisions.codes import full_code, number_of
from lika.divisions.models import Division
from lika.divisions.sources import Batch
from lika.engine.snapshots.layout import county_of

LAST_NATURAL_VILLAGE = 999


@dataclass(frozen=True)
class Loaded:
    """What a load did: divisions added, changed, kept although the source has them otherwise; new changes of codes."""

    added: int
    changed: int
    kept: int
    changes: int

    @property
    def nothing(self) -> bool:
        """Whether the table was already as the source."""
        return not (self.added or self.changed or self.changes)


@dataclass(frozen=True)
class NaturalVillage:
    """A natural village (自然村, 屯, 组) to be named below a village."""

    village: str
    name: str


@dataclass(frozen=True)
class Position:
    """Degrees; WGS-84."""

    longitude: Decimal
    latitude: Decimal


@transaction.atomic
def load(*, by: Actor, batch: Batch, overwrite: bool) -> Loaded:
    """Load divisions: all of the batch or, where anything is wrong in it, nothing.

    What is missing is added. What stands differently in the table is changed with `overwrite`, else kept and counted.
    Loading the same again does nothing. Raises ManyErrors DIV-020 with every fault (DIV-001 … DIV-009, DIV-016) and its
    row, PermissionRefused (ACC-001; ACC-002 where the batch reaches outside the actor's area).
    """
    by.require(Permission.DIVISIONS_MANAGE)
    staging.stage(batch)
    faults = staging.faults(batch)
    if faults:
        raise ManyErrors(
            "DIV-020",
            _("The divisions have faults; nothing was loaded."),
            faults,
            remedy=_("Correct the rows named and load again."),
            source=batch.name,
        )
    if staging.staged_outside(by.area_for(Permission.DIVISIONS_MANAGE).ranges):
        raise outside_area(source=batch.name)
    added = staging.insert_missing()
    different = staging.count_different(batch)
    changed = staging.update_different(batch) if overwrite and different else 0
    loaded = Loaded(added, changed, different - changed, staging.insert_changes())
    staging.drop()
    if not loaded.nothing:
        staging.analyze()
        change = audit.Change("division load", batch.name[:64], label=batch.name, new=asdict(loaded))
        audit.record(by=by, action="divisions.load", change=change)
    return loaded


@transaction.atomic
def add_natural_villages(*, by: Actor, entries: Sequence[NaturalVillage]) -> dict[NaturalVillage, Division]:
    """Name natural villages; those that a village already has under that name are returned as they are.

    The code is the village's with a hyphen and the next free number: 621223100201-001. Raises DIV-010 (no such
    village), DIV-009 (no name), DIV-013 (not a village, or its 999 numbers are used up), ACC-001, ACC-002.
    """
    by.require(Permission.DIVISIONS_MANAGE)
    wanted = {NaturalVillage(full_code(entry.village), entry.name.strip()): entry for entry in entries}
    villages = _locked_villages(by, {entry.village for entry in wanted})
    existing = {
        NaturalVillage(division.parent_id or "", division.name): division
        for division in Division.objects.filter(parent__in=villages, level=Level.NATURAL_VILLAGE, valid_to=None)
    }
    last = _last_numbers(villages)
    made = []
    for entry in wanted:
        if entry in existing:
            continue
        last[entry.village] = last.get(entry.village, 0) + 1
        existing[entry] = _natural_village(entry, last[entry.village])
        made.append(existing[entry])
    Division.objects.bulk_create(made)
    _record_each(by, "divisions.add_natural_village", made)
    return {original: existing[entry] for entry, original in wanted.items()}


@transaction.atomic
def set_positions(*, by: Actor, positions: Mapping[str, Position], invented: bool) -> int:
    """Say where divisions lie; `invented` marks positions for demonstration (示意). Returns how many changed.

    Raises DIV-001, DIV-010, ACC-001, ACC-002.
    """
    by.require(Permission.DIVISIONS_MANAGE)
    wanted = {full_code(code): position for code, position in positions.items()}
    divisions = Division.objects.select_for_update(no_key=True).in_bulk(wanted)
    changed = []
    for code, position in wanted.items():
        division = divisions.get(code) or queries.get(code)
        by.require(Permission.DIVISIONS_MANAGE, division=code[:12])
        new = (position.longitude, position.latitude, invented)
        if (division.longitude, division.latitude, division.position_invented) != new:
            division.longitude, division.latitude, division.position_invented = new
            changed.append(division)
    Division.objects.bulk_update(changed, ["longitude", "latitude", "position_invented"], batch_size=1_000)
    _record_each(by, "divisions.set_position", changed)
    return len(changed)


def _locked_villages(by: Actor, codes: Iterable[str]) -> dict[str, Division]:
    """The villages, locked so that no other transaction takes the same next number."""
    wanted = sorted(codes)
    found = {
        division.code: division
        for division in Division.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("code")
    }
    for code in wanted:
        division = found.get(code) or queries.get(code)
        if division.level != Level.VILLAGE:
            raise UserError("DIV-013", _("Natural villages lie below a village only."), division=code)
        by.require(Permission.DIVISIONS_MANAGE, village=division.number)
    return found


def _last_numbers(villages: Iterable[str]) -> dict[str, int]:
    """The highest number in use below each village, those that have ended included: a code is never used again."""
    rows = Division.objects.filter(parent__in=villages, level=Level.NATURAL_VILLAGE).order_by().values("parent_id")
    return {row["parent_id"]: row["last"] for row in rows.annotate(last=Max(Cast(Right("code", 3), IntegerField())))}


def _natural_village(entry: NaturalVillage, number: int) -> Division:
    if not 0 < len(entry.name) <= 80:
        raise UserError("DIV-009", _("The name is missing or longer than 80 characters."), division=entry.village)
    if number > LAST_NATURAL_VILLAGE:
        raise UserError(
            "DIV-013",
            _("The village has used all its %(last)s numbers.") % {"last": LAST_NATURAL_VILLAGE},
            division=entry.village,
        )
    return Division(
        code=f"{entry.village}-{number:03}",
        number=number_of(entry.village),
        level=Level.NATURAL_VILLAGE,
        name=entry.name,
        parent_id=entry.village,
    )


def _record_each(by: Actor, action: str, divisions: Sequence[Division]) -> None:
    changes = [
        audit.Change(
            "division",
            division.code,
            county=county_of(division.number),
            label=division.name,
            new={
                "longitude": division.longitude,
                "latitude": division.latitude,
                "invented": division.position_invented,
            },
        )
        for division in divisions
    ]
    if changes:
        audit.record_many(by=by, action=action, changes=changes)
