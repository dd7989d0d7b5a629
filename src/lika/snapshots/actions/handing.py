"""Snapshots handed from level to level: signed below, taken in above from senders that are trusted there."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.core import audit
from lika.core.actors import Actor
from lika.core.areas import range_of
from lika.core.errors import NotFound, UserError
from lika.core.language import chosen
from lika.core.permissions import Permission
from lika.core.sealing import signing
from lika.divisions import queries as divisions
from lika.divisions.models import Division
from lika.divisions.queries import Place
from lika.engine.disk import DiskFull, told_of_full_disk
from lika.engine.errors import EngineError
from lika.engine.schema import UNIT_NAMES
from lika.engine.snapshots import manifest as manifests
from lika.engine.snapshots.folder import written
from lika.engine.snapshots.layout import COUNTY_SPAN, MANIFEST, division_column, file_path
from lika.engine.snapshots.manifest import FileEntry, Manifest
from lika.engine.snapshots.soundness import sound
from lika.snapshots import handed, storage
from lika.snapshots.actions.snapshots import UPPER_UNITS, record
from lika.snapshots.models import Snapshot, SnapshotSender
from lika.snapshots.queries import snapshots as reads
from lika.snapshots.queries.handed import Duplicates, duplicates

#: What a snapshot is called: time point, area, six hexadecimal digits.
_NAME = re.compile(r"[0-9]{8}-[0-9]{2,12}-[0-9a-f]{6}")


def trust(*, by: Actor, division: str, name: str, key: Path) -> SnapshotSender:
    """Take in, from now on, snapshots of a division that are signed with the key whose public half lies in a PEM file.

    Raises ACC-001, ACC-002, DIV-001, DIV-010, COR-010 (no such key), SNP-036 (the key is known already).
    """
    place = divisions.get(division)
    by.require(Permission.SNAPSHOT_TRUST, division=place.code)
    public = signing.public_key(key)
    fingerprint = signing.fingerprint_of(public)
    with transaction.atomic():
        if SnapshotSender.objects.filter(fingerprint=fingerprint).exists():
            raise UserError(
                "SNP-036",
                _("The key %(key)s is known already.") % {"key": fingerprint},
                remedy=_("`lika snapshot senders` shows all; a key that ended is never trusted again."),
            )
        sender = SnapshotSender.objects.create(
            division=place.number,
            name=name.strip()[:100],
            fingerprint=fingerprint,
            public_key=public.public_bytes(Encoding.Raw, PublicFormat.Raw),
            added_by=by.name,
        )
        _record(by, "snapshot.trust", sender, place)
    return sender


def distrust(*, by: Actor, fingerprint: str) -> SnapshotSender:
    """Take in nothing more that is signed with a key; what was taken in stays. Raises ACC-001, ACC-002, SNP-037."""
    with transaction.atomic():
        sender = SnapshotSender.objects.select_for_update().filter(fingerprint=fingerprint, ended_at=None).first()
        if sender is None:
            raise NotFound(
                "SNP-037",
                _("No sender with the key %(key)s is trusted here.") % {"key": fingerprint[:40]},
                remedy=_("`lika snapshot senders` shows all."),
            )
        place = divisions.get(f"{sender.division:012d}")
        by.require(Permission.SNAPSHOT_TRUST, division=place.code)
        sender.ended_at = timezone.now()
        sender.save(update_fields=["ended_at"])
        _record(by, "snapshot.distrust", sender, place)
    return sender


def hand_up(*, by: Actor, snapshot: str, target: Path) -> str:
    """Write a snapshot as one signed ZIP for the level above; the name of the key that signed it.

    Raises ACC-001, ACC-002, SNP-020 (no such snapshot), SNP-007 (altered), SNP-038 (the file is there, or cannot be
    written).
    """
    by.require(Permission.SNAPSHOT_TAKE)
    found = reads.get_snapshot(by, snapshot)
    place = divisions.place(f"{found.division:012d}")
    by.require(Permission.SNAPSHOT_TAKE, division=place.code)
    reads.refuse_altered(found)
    signing.ensure_key(may_make=True)
    key, folder = signing.fingerprint(), storage.folder_of(found)
    new = {"key": key, "manifest_sha256": found.manifest_sha256}
    change = audit.Change("snapshot", found.pk, audit.chain_of(place.code), f"{place.name} {found.pk}", new=new)
    try:
        with transaction.atomic():
            audit.record(by=by, action="snapshot.hand_up", change=change)
            handed.write(folder, manifests.read(folder), target)
    except OSError as error:
        raise handed.cannot_write(error, target) from error
    return key


def receive(*, by: Actor, path: Path) -> Snapshot:
    """Take in a snapshot that a trusted sender handed up: whole, as it was signed, and of the sender's area alone.

    Raises ACC-001, ACC-002, SNP-030 (no handed-up snapshot), SNP-031 (nobody trusted signed it), SNP-032 (changed
    after it was signed), SNP-033 (of another area than the sender's), SNP-034 (it is here already), SNP-035 (holds
    what its manifest does not name), SNP-039 (rows of another area), SNP-044 (the file cannot be read), DIV-001,
    ENG-119 (the disk is full), and as SNP-032 with the engine's words what `sound` finds (ENG-110 … ENG-117).
    """
    by.require(Permission.SNAPSHOT_TAKE)
    told = handed.read(path)
    sender = _sender(told)
    manifest = _manifest(told, path)
    place = _place(by, manifest, sender)
    target = storage.snapshots_folder() / manifest.id
    with transaction.atomic():
        _one_after_the_other(manifest.id)
        if Snapshot.objects.filter(pk=manifest.id).exists():
            raise UserError(
                "SNP-034",
                _("The snapshot %(id)s is here already.") % {"id": manifest.id},
                remedy=_("Nothing has to be done."),
            )
        # Left by a process that was killed before its row was kept.
        shutil.rmtree(target, ignore_errors=True)
        with _told_of_full_disk(path), written(target) as writer:
            handed.unpack(path, manifest, writer.scratch)
            (writer.scratch / MANIFEST).write_bytes(told.text)
            _refuse_unsound(writer.scratch, path)
            _refuse_rows_elsewhere(writer.scratch, manifest, place)
            writer.flush()
        return record(by, manifest, place, action="snapshot.receive", sender=sender)


def _one_after_the_other(identifier: str) -> None:
    """Of two that take the same in at once the second waits, and sees that it is here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"snapshot {identifier}"])


@contextmanager
def _told_of_full_disk(path: Path) -> Iterator[None]:
    try:
        with told_of_full_disk():
            yield
    except DiskFull as error:
        raise UserError(
            error.code,
            chosen(error.message_zh, error.message_en),
            remedy=_("Make room on the disk, and take it in again."),
            file=path.name,
        ) from error


def report_duplicates(*, by: Actor, snapshot: str) -> Duplicates:
    """People who stand in a snapshot more than once; who asked for them stands in the audit. Raises as `duplicates`."""
    found = duplicates(by, snapshot)
    place = divisions.place(f"{reads.get_snapshot(by, snapshot).division:012d}")
    change = audit.Change(
        "snapshot", snapshot, audit.chain_of(place.code), f"{place.name} {snapshot}", new={"people": len(found.groups)}
    )
    with transaction.atomic():
        audit.record(by=by, action="snapshot.duplicates", change=change)
    return found


def _sender(told: handed.Handed) -> SnapshotSender:
    """Who signed it. Raises SNP-031, SNP-032."""
    sender = SnapshotSender.objects.filter(fingerprint=told.key, ended_at=None).first()
    if sender is None:
        raise UserError(
            "SNP-031",
            _("The snapshot is signed with the key %(key)s, which is not trusted here.") % {"key": told.key[:40]},
            remedy=_("Have the sender's public key by a way that you trust, and add it with `lika snapshot trust`."),
        )
    if not told.is_signed_by(Ed25519PublicKey.from_public_bytes(bytes(sender.public_key))):
        raise _changed(_("The signature does not fit the manifest."), MANIFEST)
    return sender


def _manifest(told: handed.Handed, path: Path) -> Manifest:
    """The manifest, its names such as only snapshots have: they become names of files here. Raises SNP-030."""
    try:
        manifest = Manifest.from_bytes(told.text)
    except manifests.ManifestError as error:
        raise handed.no_snapshot(path) from error
    named = all(
        entry.unit in UNIT_NAMES and entry.path == file_path(entry.unit, entry.county) for entry in manifest.files
    )
    if not named or _NAME.fullmatch(manifest.id) is None:
        raise handed.no_snapshot(path)
    return manifest


def _place(by: Actor, manifest: Manifest, sender: SnapshotSender) -> Place:
    """The area of a snapshot: within the sender's, and the actor's. Raises SNP-033, ACC-002, DIV-001, DIV-010."""
    place = divisions.place(f"{manifest.scope:012d}")
    low, high = range_of(place.code)
    own_low, own_high = range_of(f"{sender.division:012d}")
    inside = own_low <= low and high <= own_high
    if not inside or not all(_lies_in(entry, low, high) for entry in manifest.files):
        raise UserError(
            "SNP-033",
            _("The snapshot is of %(division)s, which is not the sender's area.") % {"division": place.name},
            remedy=_("Ask the sender which area it answers for; `lika snapshot senders` shows what is trusted."),
            division=place.code,
        )
    by.require(Permission.SNAPSHOT_TAKE, division=place.code)
    return place


def _refuse_unsound(folder: Path, path: Path) -> None:
    try:
        sound(folder)
    except EngineError as error:
        raise _changed(chosen(error.message_zh, error.message_en), path.name, error.code) from error


def _lies_in(entry: FileEntry, low: int, high: int) -> bool:
    """Whether a file is of an area: that of a county also where the area is a part of the county."""
    first = entry.county * COUNTY_SPAN
    return (low if entry.unit in UPPER_UNITS else low // COUNTY_SPAN * COUNTY_SPAN) <= first <= high


def _refuse_rows_elsewhere(folder: Path, manifest: Manifest, place: Place) -> None:
    """A file holds its county alone, and the snapshot its area: rows of others would be counted there, or twice.

    Raises SNP-039.
    """
    low, high = range_of(place.code)
    with duckdb.connect() as session:
        for entry in manifest.files:
            first, last = range_of(f"{entry.county:06d}" + "0" * 6)
            own = low // COUNTY_SPAN * COUNTY_SPAN if entry.unit == "county" else low
            column = division_column(entry.unit)
            try:
                found = session.execute(
                    f"SELECT count(*) FROM read_parquet(?) WHERE {column} IS NULL OR {column} NOT BETWEEN ? AND ?",  # noqa: S608 - our own names
                    [str(folder / entry.path), max(first, own), min(last, high)],
                ).fetchone()
            except duckdb.Error as error:
                raise _changed(_("A file cannot be read."), entry.path) from error
            if found is None or found[0]:
                raise UserError(
                    "SNP-039",
                    _("The file holds rows of another area."),
                    remedy=_("Tell the sender; nothing of it was taken in."),
                    file=entry.path,
                )


def _changed(what: str, name: str, code: str = "") -> UserError:
    return UserError(
        "SNP-032",
        _("The snapshot is not as it was signed: %(what)s") % {"what": f"{what}{f' ({code})' if code else ''}"},
        remedy=_("Have it handed up again."),
        file=name,
    )


def _record(by: Actor, action: str, sender: SnapshotSender, place: Division) -> None:
    new = {"fingerprint": sender.fingerprint, "name": sender.name}
    change = audit.Change("snapshot_sender", str(sender.pk), audit.chain_of(place.code), place.name, new=new)
    audit.record(by=by, action=action, change=change)
