"""Comparisons with files of another system: asked for, made by a process of its own, kept sealed for a week."""

import hashlib
from io import BytesIO
from pathlib import Path
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts.models import User
from lika.accounts.queries import actor_of
from lika.collection.choices import ComparisonState
from lika.collection.exporting import differing
from lika.collection.exporting.comparing import Compared, Differing, compare, differences_of
from lika.collection.exporting.rows import Rows
from lika.collection.layouts.queries import profile as profile_called
from lika.collection.models import Comparison
from lika.collection.reading import books
from lika.collection.reading.sources import MAX_FILE_BYTES, too_large
from lika.collection.schema import sheets_read
from lika.core import audit, crypto, processes, sealed
from lika.core.actors import Actor
from lika.core.errors import NotFound, UserError
from lika.core.permissions import Permission

LISTED = 20


def folder() -> Path:
    """Where files and differences lie."""
    return sealed.folder("comparisons")


def path_of(comparison: Comparison, what: str) -> Path:
    """Where the `file` of a comparison, or what it found (`found`), lies."""
    return folder() / f"{comparison.id}.{what}"


def keep(*, by: Actor, file: UploadedFile, profile: str, data_year: int) -> Comparison:
    """Store a file to be compared. Raises ACC-001, COL-001 … COL-003, COL-051."""
    by.require(Permission.REGISTER_EXPORT)
    label = profile_called(profile).label
    if (file.size or 0) > MAX_FILE_BYTES:
        raise too_large()
    sealed.remove_old(folder())
    content = file.read()
    with books.opened(BytesIO(content), file.name or ""), transaction.atomic():
        kept = Comparison.objects.create(
            profile=label, data_year=data_year, file_name=(file.name or "")[:200], by_name=by.name,
            official_id=by.official_id, file_sha256=hashlib.sha256(content).hexdigest(),
        )  # fmt: skip
        sealed.write(path_of(kept, "file"), content, _place(kept, "file"))
        new = {"profile": label, "year": data_year, "sha256": kept.file_sha256}
        change = audit.Change("comparison", kept.id, 0, kept.label, new=new)
        audit.record(by=by, action="comparison.asked", change=change)
    return kept


def begin(comparison: Comparison, *, wait_seconds: float = 10) -> None:
    """Have it made by a process of its own."""
    processes.begin("export", "compare", str(comparison.id), wait_seconds=wait_seconds)


def make(comparison: UUID) -> Comparison:
    """Compare, with the rights that its asker has now. Raises COL-056 where there is none that waits, ACC-001."""
    found = Comparison.objects.filter(pk=comparison, state=ComparisonState.WAITING).first()
    user = None if found is None else User.objects.filter(username=found.by_name, is_active=True).first()
    if found is None or user is None:
        raise _missing()
    _save(found, state=ComparisonState.RUNNING)
    try:
        by = actor_of(user)
        compared = _compared(by, found)
    except BaseException as error:
        code = error.code if isinstance(error, UserError) else ""
        _save(found, state=ComparisonState.FAILED, fault=code, finished_at=timezone.now())
        raise
    finally:
        path_of(found, "file").unlink(missing_ok=True)
    sealed.write(path_of(found, "found"), compared.as_bytes(), _place(found, "found"))
    differing.note(by=by, comparison=found, compared=compared)
    _save(found, state=ComparisonState.READY, finished_at=timezone.now(), households=compared.households,
          counts=compared.counts)  # fmt: skip
    return found


def _compared(by: Actor, found: Comparison) -> Compared:
    by.require(Permission.REGISTER_EXPORT)
    content = BytesIO(sealed.read(path_of(found, "file"), _place(found, "file")))
    rows = Rows(by=by, area=by.area_for(Permission.REGISTER_EXPORT), year=found.data_year)
    with books.opened(content, found.file_name) as book:
        return compare(book, profile_called(found.profile), sheets_read(), rows, found.data_year)


def own(by: Actor, comparison: UUID) -> Comparison:
    """One of the actor's own. Raises ACC-001, COL-056."""
    by.require(Permission.REGISTER_EXPORT)
    found = Comparison.objects.filter(pk=comparison, by_name=by.name, official_id=by.official_id).first()
    if found is None:
        raise _missing()
    return found


def own_ones(by: Actor) -> list[Comparison]:
    """The actor's latest. Raises ACC-001."""
    by.require(Permission.REGISTER_EXPORT)
    return list(Comparison.objects.filter(by_name=by.name, official_id=by.official_id).order_by("-asked_at")[:LISTED])


def differences(comparison: Comparison) -> list[Differing]:
    """What was found. Raises COL-057 when it is no longer kept."""
    try:
        return differences_of(sealed.read(path_of(comparison, "found"), _place(comparison, "found")))
    except FileNotFoundError as error:
        raise UserError(
            "COL-057", _("The differences are no longer kept."), remedy=_("Compare the file again.")
        ) from error


def _save(comparison: Comparison, **values: object) -> None:
    for name, value in values.items():
        setattr(comparison, name, value)
    comparison.save(update_fields=list(values))


def _place(comparison: Comparison, what: str) -> crypto.Place:
    return crypto.place(Comparison._meta.db_table, what, comparison.id)


def _missing() -> NotFound:
    return NotFound("COL-056", _("There is no such comparison of yours."), remedy=_("Upload the file again."))
