"""Snapshots of several areas as one of the area above them, up to the country.

Files are taken over as they lie, under a second name. Written anew are the files of counties that hold what not all
collect, without those columns, and the rows of prefectures and provinces that the merge makes whole
(`docs/adr/the-country.md`).
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
from django.utils import timezone
from django.utils.translation import gettext as _

from lika import __version__
from lika.core import facts
from lika.core.actors import Actor
from lika.core.areas import range_of
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.queries import Place
from lika.engine.disk import same_file, told_of_full_disk
from lika.engine.snapshots import manifest as manifests
from lika.engine.snapshots.folder import SnapshotWriter, written
from lika.engine.snapshots.layout import Column, county_of, fact_columns, key_columns
from lika.engine.snapshots.manifest import Manifest, sha256_of_text
from lika.snapshots import storage
from lika.snapshots.actions.snapshots import UPPER_UNITS, record, significant, write_upper
from lika.snapshots.models import Snapshot
from lika.snapshots.queries import snapshots as reads
from lika.snapshots.queries.handed import made_whole
from lika.snapshots.reading import Moment, one_moment

# What has to be the same in all of them: only then are their rows of one time point, one period, one meaning.
_SHARED = ("at", "period_from", "period_to", "data_year", "states", "format")

Part = tuple[Snapshot, Manifest]
Schema = Mapping[str, tuple[Column, ...]]


def merge(*, by: Actor, snapshots: Sequence[str], division: str, without: Sequence[str] = ()) -> Snapshot:
    """One snapshot of a division, or of the country (six zeros), from several of parts of it.

    `without` names divisions of it that have no register, so that nothing of them can be missing. Facts that only some
    of the parts collect are left out; a prefecture or province gets its row where all below it is there.

    Raises ACC-001, ACC-002, DIV-001, DIV-010, SNP-020 (no such snapshot), SNP-007 (altered), SNP-040 (of another time
    point, period, data year, states or columns), SNP-041 (a county twice), SNP-042 (not of the division), SNP-043
    (fewer than two), SNP-045 (said to have no register, and it is there), DiskFull (ENG-119).
    """
    by.require(Permission.SNAPSHOT_TAKE)
    place = divisions.place(division)
    by.require(Permission.SNAPSHOT_TAKE, division=place.code)
    parts = [(found, _read(found)) for found in (reads.get_snapshot(by, each) for each in dict.fromkeys(snapshots))]
    if len(parts) < 2:
        raise UserError("SNP-043", _("There is nothing to merge."), remedy=_("Name two snapshots or more."))
    _refuse_outside(parts, place)
    described = [manifest for _found, manifest in parts]
    schema = _common_schema(described)
    _refuse_twice(parts)
    empty = [divisions.place(each) for each in without]
    _refuse_present(empty, described, place)
    first = described[0]
    identifier = f"{first.at:%Y%m%d}-{significant(place)}-{secrets.token_hex(3)}"
    with told_of_full_disk(), written(storage.snapshots_folder() / identifier) as writer:
        for found, manifest in parts:
            _take_over(storage.folder_of(found), manifest, schema, writer)
        _write_whole(writer, described, place, [each.number for each in empty])
        manifest = writer.finish(_described(identifier, place, described))
    made_of = [found.pk for found, _manifest in parts]
    return record(by, manifest, place, action="snapshot.merge", made_of=made_of, without=[each.code for each in empty])


def _read(found: Snapshot) -> Manifest:
    reads.refuse_altered(found)
    return manifests.read(storage.folder_of(found))


def _common_schema(parts: Sequence[Manifest]) -> Schema:
    """The columns that all parts have, by unit.

    A fact that only some have may be missing where Lika does not declare it: their own packs collect it besides.
    Raises SNP-040 where the parts differ in anything else.
    """
    first, common = parts[0], dict(parts[0].schema)
    for other in parts[1:]:
        differing = [name for name in _SHARED if getattr(first, name) != getattr(other, name)]
        differing += sorted((common.keys() ^ other.schema.keys()).difference(UPPER_UNITS))
        for unit, columns in other.schema.items():
            held = common.setdefault(unit, columns)
            differing += [f"{unit}.{name}" for name in _misfits(unit, held, columns)]
            common[unit] = tuple(column for column in held if column in columns)
        if differing:
            raise UserError(
                "SNP-040",
                _("%(one)s and %(other)s differ in what has to be the same: %(what)s.")
                % {"one": first.id, "other": other.id, "what": ", ".join(dict.fromkeys(differing))},
                remedy=_("Have them taken at the same time point and period, with the same version of Lika and packs."),
            )
    return common


def _misfits(unit: str, held: Iterable[Column], columns: Iterable[Column]) -> list[str]:
    """The columns that two parts have with different types, and those that every register has and one part lacks."""
    declared = {each.name for each in (*key_columns(unit), *fact_columns(facts.schema().units[unit].values()))}
    one, other = ({each.name: each.type for each in given} for given in (held, columns))
    apart = {name for name in one.keys() & other.keys() if one[name] != other[name]}
    return sorted(apart | ((one.keys() ^ other.keys()) & declared))


def _take_over(folder: Path, manifest: Manifest, schema: Schema, writer: SnapshotWriter) -> None:
    """Every file of a part: as it lies where it has the columns of all, else written without the others."""
    for entry in manifest.files:
        source, target, columns = folder / entry.path, writer.path(entry.unit, entry.county), schema[entry.unit]
        if set(manifest.schema[entry.unit]) == set(columns):
            same_file(source, target)
        else:
            _copy_columns(source, columns, target)
        writer.add(entry.unit, entry.county, columns, entry.rows)


def _copy_columns(source: Path, columns: Sequence[Column], target: Path) -> None:
    """Some columns of a file, its rows in their order."""
    chosen = ", ".join('"' + column.name.replace('"', '""') + '"' for column in columns)
    quoted = str(target).replace("'", "''")
    with duckdb.connect() as session:
        session.execute(
            f"COPY (SELECT {chosen} FROM read_parquet(?)) "  # noqa: S608 - names that both manifests and files have
            f"TO '{quoted}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)",
            [str(source)],
        )


def _write_whole(writer: SnapshotWriter, parts: Sequence[Manifest], place: Place, empty: Sequence[int]) -> None:
    """The rows of prefectures and provinces that no part brings and all of which is here now."""
    first, (low, high) = parts[0], range_of(place.code)
    held = {(entry.unit, entry.county) for part in parts for entry in part.files}
    moment = Moment(first.at, first.data_year, first.states, low, high)
    with one_moment() as reader:
        for unit, code in made_whole(place.code, first.at, held, empty):
            write_upper(reader, writer, moment, unit, [code])


def _described(identifier: str, place: Place, parts: Sequence[Manifest]) -> Manifest:
    """The manifest, still without files."""
    counted = [part.drafts_left_out for part in parts]
    left_out = [count for count in counted if count is not None]
    declared = sorted({part.versions.schema for part in parts})
    versions = replace(
        parts[0].versions,
        lika=__version__,
        schema=declared[0] if len(declared) == 1 else sha256_of_text(declared),
        divisions=sha256_of_text(part.versions.divisions for part in parts),
    )
    return replace(
        parts[0],
        id=identifier,
        scope=place.number,
        schema={},
        files=(),
        versions=versions,
        created=timezone.now().isoformat(timespec="seconds"),
        drafts_left_out=sum(left_out) if len(left_out) == len(counted) else None,
        linkage={
            f"{county:06d}": part.linkage[f"{county:06d}"]
            for part in parts
            for county in part.counties("person")
            if part.linkage and f"{county:06d}" in part.linkage
        },
    )


def _refuse_outside(parts: Sequence[Part], place: Place) -> None:
    low, high = range_of(place.code)
    for found, _manifest in parts:
        if not (low <= found.division and found.last <= high):
            raise UserError(
                "SNP-042",
                _("The snapshot %(id)s is not of %(division)s.") % {"id": found.pk, "division": place.name},
                remedy=_("Merge it into a division that holds all of them."),
            )


def _refuse_twice(parts: Sequence[Part]) -> None:
    seen: dict[str, str] = {}
    for found, manifest in parts:
        for entry in manifest.files:
            if entry.path in seen:
                raise UserError(
                    "SNP-041",
                    _("%(county)s is in %(one)s and in %(other)s.")
                    % {"county": f"{entry.county:06d}", "one": seen[entry.path], "other": found.pk},
                    remedy=_("Leave one of them out."),
                )
            seen[entry.path] = found.pk


def _refuse_present(empty: Sequence[Place], parts: Sequence[Manifest], place: Place) -> None:
    """Who says that a division has no register is not believed against its rows, nor about another area."""
    held = {county for part in parts for county in part.counties("household")}
    low, high = range_of(place.code)
    for each in empty:
        first, last = range_of(each.code)
        inside = low <= first and last <= high and each.number != place.number
        if not inside or any(county_of(first) <= county <= county_of(last) for county in held):
            raise UserError(
                "SNP-045",
                _("%(division)s is said to have no register, and is in the snapshots or outside of the area.")
                % {"division": each.name},
                remedy=_("Name only divisions of which nothing can be handed up."),
                division=each.code,
            )
