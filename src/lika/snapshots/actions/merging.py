"""Snapshots of several counties as one of the area above them, without a row of it being read or written again."""

import secrets
from collections.abc import Sequence
from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext as _

from lika import __version__
from lika.core.actors import Actor
from lika.core.areas import range_of
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.models import Division
from lika.engine.disk import same_file, told_of_full_disk
from lika.engine.snapshots import manifest as manifests
from lika.engine.snapshots.folder import written
from lika.engine.snapshots.manifest import Manifest, sha256_of_text
from lika.snapshots import storage
from lika.snapshots.actions.snapshots import record, significant
from lika.snapshots.models import Snapshot
from lika.snapshots.queries import snapshots as reads

# What has to be the same in all of them: only then are their rows of one time point, one period, one meaning.
_UPPER = {"prefecture", "province"}
_SHARED = ("at", "period_from", "period_to", "data_year", "states", "format")


def merge(*, by: Actor, snapshots: Sequence[str], division: str) -> Snapshot:
    """One snapshot of a division from several of parts of it; their files lie in it under a second name.

    Raises ACC-001, ACC-002, DIV-001, DIV-010, SNP-020 (no such snapshot), SNP-007 (altered), SNP-040 (of another time
    point, period, data year, states or columns), SNP-041 (a county twice), SNP-042 (not of the division), SNP-043
    (fewer than two), DiskFull (ENG-119).
    """
    by.require(Permission.SNAPSHOT_TAKE)
    place = divisions.get(division)
    by.require(Permission.SNAPSHOT_TAKE, division=place.code)
    parts = [(found, _read(found)) for found in (reads.get_snapshot(by, each) for each in dict.fromkeys(snapshots))]
    if len(parts) < 2:
        raise UserError("SNP-043", _("There is nothing to merge."), remedy=_("Name two snapshots or more."))
    _refuse_outside(parts, place)
    _refuse_differing([manifest for _found, manifest in parts])
    _refuse_twice(parts)
    first = parts[0][1]
    identifier = f"{first.at:%Y%m%d}-{significant(place)}-{secrets.token_hex(3)}"
    with told_of_full_disk(), written(storage.snapshots_folder() / identifier) as writer:
        for found, manifest in parts:
            for entry in manifest.files:
                same_file(storage.folder_of(found) / entry.path, writer.path(entry.unit, entry.county))
                writer.add(entry.unit, entry.county, manifest.schema[entry.unit], entry.rows)
        manifest = writer.finish(_described(identifier, place, [manifest for _found, manifest in parts]))
    return record(by, manifest, place, action="snapshot.merge", made_of=[found.pk for found, _manifest in parts])


def _read(found: Snapshot) -> Manifest:
    reads.refuse_altered(found)
    return manifests.read(storage.folder_of(found))


def _described(identifier: str, place: Division, parts: Sequence[Manifest]) -> Manifest:
    """The manifest, still without files."""
    counted = [part.drafts_left_out for part in parts]
    left_out = [count for count in counted if count is not None]
    versions = replace(
        parts[0].versions, lika=__version__, divisions=sha256_of_text(part.versions.divisions for part in parts)
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


def _refuse_outside(parts: Sequence[tuple[Snapshot, Manifest]], place: Division) -> None:
    low, high = range_of(place.code)
    for found, _manifest in parts:
        if not (low <= found.division and found.last <= high):
            raise UserError(
                "SNP-042",
                _("The snapshot %(id)s is not of %(division)s.") % {"id": found.pk, "division": place.name},
                remedy=_("Merge it into a division that holds all of them."),
            )


def _refuse_differing(parts: Sequence[Manifest]) -> None:
    first = parts[0]
    for other in parts[1:]:
        differing = [name for name in _SHARED if getattr(first, name) != getattr(other, name)]
        differing += sorted((first.schema.keys() ^ other.schema.keys()) - _UPPER)
        differing += [
            f"{unit}.{column.name}"
            for unit in sorted(first.schema.keys() & other.schema.keys())
            for column in sorted(set(first.schema[unit]) ^ set(other.schema[unit]), key=lambda each: each.name)
        ]
        if differing:
            raise UserError(
                "SNP-040",
                _("%(one)s and %(other)s differ in what has to be the same: %(what)s.")
                % {"one": first.id, "other": other.id, "what": ", ".join(dict.fromkeys(differing))},
                remedy=_("Have them taken at the same time point and period, with the same version of Lika and packs."),
            )


def _refuse_twice(parts: Sequence[tuple[Snapshot, Manifest]]) -> None:
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
