"""Making an archive while the site goes on."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from lika import __version__
from lika.core import audit
from lika.core.actors import Actor
from lika.core.master import secrets_in_words
from lika.core.permissions import Permission
from lika.core.safekeeping import dump, keeping
from lika.core.safekeeping.archive import DATA, DATABASE, FORMAT, PACKS, Manifest, Writer, mark_of, writable
from lika.core.safekeeping.faults import not_written, too_little_space
from lika.core.sealing import heads, signing

Say = Callable[[str], None]


def back_up(*, by: Actor, folder: Path, say: Say) -> tuple[Path, Manifest]:
    """Write an archive into a folder; returns its path and what it holds. A failure leaves nothing behind.

    The database is that of one moment, and so are the copies of the audit's heads: the sealer waits while they are
    copied. Other files only ever come to be; one that came later than that moment does no harm.

    Raises ACC-001, BAK-005 (cannot be written), BAK-006 (pg_dump failed), BAK-009 (too little space).
    """
    by.require(Permission.BACKUP_KEEP)
    made_at = timezone.now()
    path = folder.absolute() / f"lika-{timezone.localtime(made_at):%Y%m%d-%H%M%S}.tar"
    scratch, script = path.with_name(f"{path.name}.part"), path.with_name(f"{path.name}.sql.part")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _require_space(folder)
        with transaction.atomic():
            audit.record(by=by, action="backup.made", change=audit.Change("installation", "all", label=path.name))
        with _vanishing(scratch, script), writable(scratch) as target:
            manifest = _write(target, script, say)
            target.flush()
            os.fsync(target.fileno())
            scratch.rename(path)
    except OSError as error:
        raise not_written(path, error.strerror or type(error).__name__) from error
    keeping.note_kept(keeping.Kept(made_at, str(path), manifest.digest))
    return path, manifest


@contextmanager
def _vanishing(*paths: Path) -> Iterator[None]:
    """Whatever happens, none of these stays."""
    try:
        yield
    finally:
        for path in paths:
            path.unlink(missing_ok=True)


def _write(target: IO[bytes], script: Path, say: Say) -> Manifest:
    writer = Writer(target)
    heads_name = DATA + heads.heads_file().relative_to(keeping.data_dir()).as_posix()
    with ExitStack() as moment_of:
        with heads.held():  # the sealer waits: the copies of the heads are exactly those of the tables
            moment = moment_of.enter_context(dump.one_moment())
            if heads.heads_file().exists():
                writer.add_file(heads_name, heads.heads_file())
        counts = dump.counts()
        say(DATABASE)
        dump.dump(moment, script)
        writer.add_file(DATABASE, script)
        migrations = sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())
    secrets = secrets_in_words()
    for prefix, folder in ((DATA, keeping.data_dir()), (PACKS, settings.LIKA.packs_dir)):
        say(prefix)
        for path in keeping.files_of(folder, secrets):
            name = prefix + path.relative_to(folder).as_posix()
            if name != heads_name and not (prefix == DATA and path.is_relative_to(settings.LIKA.packs_dir)):
                writer.add_file(name, path)
    manifest = Manifest(
        format=FORMAT,
        lika=__version__,
        made_at=timezone.now().isoformat(timespec="seconds"),
        master_key=mark_of(settings.LIKA_MASTER_KEY),
        audit_key=signing.fingerprint(),
        migrations=tuple(migrations),
        counts=counts,
        files=dict(writer.files),
    )
    writer.close(manifest, settings.LIKA_MASTER_KEY)
    return manifest


def _require_space(folder: Path) -> None:
    """A script is about a third of its database; the database's own size is a bound that was never passed."""
    files = sum(path.stat().st_size for path in keeping.files_of(keeping.data_dir(), frozenset()))
    needed, free = dump.size() + files, shutil.disk_usage(folder).free
    if needed > free:
        raise too_little_space(folder, needed, free)
