"""Uploaded workbooks: kept in the installation's data folder until they are published, discarded or too old.

They hold personal data: they lie encrypted, bound to their batch, and are decrypted into memory only.

Each is imported by a process of its own, `lika import batch ID`: an import makes tables and sets rules aside,
which the role that serves pages cannot, and neither a slow import nor a restart of the server matters to it. The
batch says how far it is, and a dead process is seen by its lock. The page waits for a small one, so that its
reader sees the result at once.
"""

from io import BytesIO
from pathlib import Path
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lika.accounts.models import User
from lika.accounts.queries import actor_of
from lika.collection import actions, claims
from lika.collection.choices import BatchState
from lika.collection.failures import told_of_full_disk
from lika.collection.layouts.queries import layout_of
from lika.collection.models import ImportBatch
from lika.collection.reading.sources import MAX_FILE_BYTES
from lika.collection.report import ImportReport
from lika.core import audit, crypto, processes, sealed
from lika.core.actors import Actor
from lika.core.errors import NotFound, UserError
from lika.core.permissions import Permission

# A workbook of this size is imported within a few seconds: the page waits for so long, then shows how far it is.
SMALL_BYTES = 300 * 1024
WAIT_SECONDS = 10


def folder() -> Path:
    """Where uploads lie."""
    return sealed.folder("uploads")


def path_of(batch: ImportBatch) -> Path:
    """Where a batch's workbook lies."""
    return folder() / f"{batch.id}.sealed"


def keep(
    *, by: Actor, file: UploadedFile, data_year: int | None = None, profile: str = "", assign: bool = False
) -> ImportBatch:
    """Store an uploaded file as a waiting batch; `profile` and `assign` as of `actions.open_batch`.

    Raises ACC-001, COL-001 … COL-003, COL-051.
    """
    by.require(Permission.REGISTER_IMPORT)
    if (file.size or 0) > MAX_FILE_BYTES:
        raise UserError("COL-002", _("The workbook is too large."), remedy=_("Split it by township."))
    sealed.remove_old(folder())
    content = file.read()
    with told_of_full_disk(), transaction.atomic():
        batch = actions.open_batch(
            by=by, source=BytesIO(content), file_name=file.name or "", profile=profile, assign=assign
        )
        batch.data_year = data_year
        batch.save(update_fields=["data_year"])
        sealed.write(path_of(batch), content, _place(batch))
    return batch


def _place(batch: ImportBatch) -> crypto.Place:
    return crypto.place(ImportBatch._meta.db_table, "workbook", batch.id)


def contents(batch: ImportBatch) -> BytesIO:
    """A batch's workbook, decrypted. Raises COL-005 when it is no longer kept, COR-002 when it was altered."""
    return BytesIO(sealed.read(require_file(batch), _place(batch)))


@transaction.atomic
def read_with(*, by: Actor, batch: ImportBatch, profile: str) -> None:
    """Have a kept batch read by a profile from now on. Raises COL-005, COL-007, COL-008, COL-051."""
    by.require(Permission.REGISTER_IMPORT)
    claims.require_own(by, batch)
    require_file(batch)
    label = layout_of(profile).label
    with claims.held(batch):
        batch.refresh_from_db()
        claims.require_startable(batch)
        batch.profile, batch.state = label, BatchState.WAITING
        batch.save(update_fields=["profile", "state"])


def start(*, by: Actor, batch: ImportBatch, dry_run: bool, good_rows: bool) -> None:
    """Have a kept batch run by a process of its own; for a small one, wait for its end a while.

    Raises COL-005 when the file is gone, COL-007 when it was started already, COL-008 when the import is over or
    somebody else's. What the process itself meets stands in the batch.
    """
    by.require(Permission.REGISTER_IMPORT)
    claims.require_own(by, batch)
    require_file(batch)
    claims.reserve(batch, dry_run=dry_run, good_rows=good_rows)
    wait = WAIT_SECONDS if batch.file_bytes <= SMALL_BYTES else 0
    processes.begin("import", "batch", str(batch.id), wait_seconds=wait)


def run_uploaded(batch_id: str) -> ImportReport:
    """Run a waiting batch as the user who uploaded it, with that user's rights of today. Raises COL-008 … COL-010."""
    batch = ImportBatch.objects.filter(pk=UUID(batch_id)).first()
    user = None if batch is None else User.objects.filter(username=batch.by_name).first()
    if batch is None or user is None:
        raise NotFound("COL-008", _("There is no such import."), remedy=_("Upload the workbook again."))
    report = actions.run_batch(
        by=actor_of(user), batch=batch, source=contents(batch), dry_run=batch.dry_run, good_rows=batch.good_rows,
        data_year=batch.data_year,
    )  # fmt: skip
    _forget_published(batch)
    return report


def discard(*, by: Actor, batch: ImportBatch) -> None:
    """Remove the workbook of an import that wrote nothing; the batch stays as a line in the list.

    Raises COL-007 while it runs, COL-008 when it is over or somebody else's.
    """
    by.require(Permission.REGISTER_IMPORT)
    claims.require_own(by, batch)
    with claims.held(batch):
        batch.refresh_from_db()
        claims.require_startable(batch)
        with transaction.atomic():
            batch.state = BatchState.DISCARDED
            batch.save(update_fields=["state"])
            new = {"file": batch.file_name, "sha256": batch.file_sha256}
            change = audit.Change("import_batch", batch.id, label=batch.label, new=new)
            audit.record(by=by, action="collection.discard", change=change)
        path_of(batch).unlink(missing_ok=True)


def _forget_published(batch: ImportBatch) -> None:
    if batch.state in (BatchState.PUBLISHED, BatchState.UNCHANGED):
        path_of(batch).unlink(missing_ok=True)


def require_file(batch: ImportBatch) -> Path:
    """A batch's workbook. Raises COL-005 when it is no longer kept."""
    path = path_of(batch)
    if not path.exists():
        raise UserError("COL-005", _("The workbook is no longer kept."), remedy=_("Upload it again."))
    return path
