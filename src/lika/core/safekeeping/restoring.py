"""Putting an archive into an empty installation: whole, or so that the same command goes on where it broke off."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from lika.core import audit, crypto, keys, master
from lika.core.actors import Actor
from lika.core.permissions import Permission
from lika.core.safekeeping import dump, keeping
from lika.core.safekeeping.archive import DATA, DATABASE, PACKS, Manifest, Reader
from lika.core.safekeeping.faults import differs, foreign, newer, not_empty, other_restore, too_little_space
from lika.core.sealing import signing

Say = Callable[[str], None]
_PACKS_FOLDER = "packs"


def check(*, by: Actor, path: Path) -> Manifest:
    """What an archive holds, once every byte of it was read again. Raises ACC-001, BAK-001 … BAK-003."""
    by.require(Permission.BACKUP_KEEP)
    with _sound(path) as archive:
        return archive.manifest


def restore(*, by: Actor, path: Path, say: Say) -> Manifest:
    """Make this empty installation what the archive's was.

    The archive is read through before anything is written. Files are laid beside the data folder's own and the
    database is loaded in one transaction; a restore that broke off goes on when it is called again with the same
    archive. Afterwards the schema is brought up to date and the second wall built.

    Raises ACC-001, BAK-001 … BAK-004, BAK-006 … BAK-009.
    """
    by.require(Permission.BACKUP_KEEP)
    with _sound(path) as archive:
        manifest = archive.manifest
        _require_empty(manifest)
        _require_space(manifest)
        keeping.begin(manifest.digest)
        say(DATA)
        _lay_out(archive)
        say(DATABASE)
        if not dump.tables():  # the script ran in one transaction: some tables are all tables
            with archive.open(DATABASE) as script:
                dump.load(script)
        _compare(manifest)
        key = archive.key
    call_command("migrate", verbosity=0)
    crypto.forget_keys()
    if key != settings.LIKA_MASTER_KEY:
        keys.rotate_master_key(by=by, old=key, new=settings.LIKA_MASTER_KEY)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with transaction.atomic():
        change = audit.Change("installation", "all", label=path.name, new={"digest": manifest.digest})
        audit.record(by=by, action="backup.restored", change=change)
    keeping.end()
    return manifest


def packs_apart() -> Path | None:
    """The folder of the archive's packs where they differ from those that this installation reads."""
    apart = keeping.data_dir() / _PACKS_FOLDER
    return apart if apart.is_dir() and apart != settings.LIKA.packs_dir else None


@contextmanager
def _sound(path: Path) -> Iterator[Reader]:
    """An archive read through. Raises BAK-001, BAK-002, BAK-003."""
    with Reader(path, master.known()) as archive:
        archive.verify()
        manifest = archive.manifest
        if manifest.audit_key and manifest.audit_key != signing.fingerprint():
            raise foreign(path)  # the chain could not go on: its next head would carry another signature
        known = MigrationLoader(None).disk_migrations
        if any(tuple(name.split(".", 1)) not in known for name in manifest.migrations):
            raise newer(path, manifest.lika)
        yield archive


def _require_empty(manifest: Manifest) -> None:
    begun = keeping.interrupted()
    if begun == manifest.digest:
        return
    if begun is not None:
        raise other_restore(begun[:12])
    for name in keeping.entries_of(keeping.data_dir()):
        raise not_empty(name)
    for table in dump.tables():
        raise not_empty(table)


def _require_space(manifest: Manifest) -> None:
    # The files themselves; the database's disk may be another, and is asked by PostgreSQL.
    folder = keeping.data_dir()
    free = shutil.disk_usage(folder).free
    if manifest.size > free:
        raise too_little_space(folder, manifest.size, free)


def _lay_out(archive: Reader) -> None:
    """Unpack beside the data folder's own, then put each name of the top into its place at once."""
    scratch = keeping.data_dir() / "restore.part"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700)
    for name in archive.names(DATA):
        archive.extract(name, scratch / name.removeprefix(DATA))
    if not _are_these_packs(archive):
        for name in archive.names(PACKS):
            archive.extract(name, scratch / _PACKS_FOLDER / name.removeprefix(PACKS))
    for entry in sorted(scratch.iterdir()):
        target = keeping.data_dir() / entry.name
        if target.is_dir():  # of the restore that broke off
            shutil.rmtree(target)
        entry.rename(target)
    scratch.rmdir()


def _are_these_packs(archive: Reader) -> bool:
    """Whether this installation's packs are those of the archive, byte by byte."""
    here = settings.LIKA.packs_dir
    held = {PurePosixPath(name.removeprefix(PACKS)) for name in archive.names(PACKS)}
    present = {PurePosixPath(path.relative_to(here)) for path in keeping.files_of(here, frozenset())}
    return held == present and all(archive.same(PACKS + str(name), here / name) for name in held)


def _compare(manifest: Manifest) -> None:
    found = dump.counts()
    for table, rows in manifest.counts.items():
        if found.get(table) != rows:
            raise differs(table)
