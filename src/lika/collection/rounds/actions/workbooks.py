"""A filled workbook taken in by a process of its own: kept sealed until then, with progress and a result that stays."""

import time
from io import BytesIO
from pathlib import Path
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from lika.accounts.models import User
from lika.accounts.queries import actor_of
from lika.collection.reading import books
from lika.collection.reading.sources import MAX_FILE_BYTES, too_large
from lika.collection.rounds.actions.bringing import bring_workbook
from lika.collection.rounds.actions.common import fillable
from lika.collection.rounds.brought import Brought, Tell
from lika.collection.rounds.choices import GOING, WorkbookState
from lika.collection.rounds.models import BroughtWorkbook
from lika.collection.rounds.queries.workbooks import last_workbook
from lika.collection.rounds.reading import Problem
from lika.core import crypto, processes, sealed
from lika.core.actors import Actor
from lika.core.errors import NotFound, UserError
from lika.core.permissions import Permission

# Progress goes into the database at most so often.
_SECONDS = 0.5


@transaction.atomic
def keep_workbook(*, by: Actor, submission: UUID, file: UploadedFile, finish: bool) -> BroughtWorkbook:
    """Store a filled workbook to be taken in. Raises ACC-001, ACC-002, RND-001, RND-010, RND-046 (another one is being
    taken in), COL-001 … COL-003 for what is no workbook, COL-002 for one too large.
    """
    found = fillable(by, submission)
    by.require(Permission.REGISTER_PERSONAL, village=found.village)
    if (file.size or 0) > MAX_FILE_BYTES:
        raise too_large()
    last = last_workbook(found)
    if last is not None and last.state in GOING:
        raise UserError(
            "RND-046",
            _("A workbook of this village is being taken in already."),
            remedy=_("Wait for its end: this page shows how far it is."),
            field="file",
        )
    content = file.read()
    with books.opened(BytesIO(content), file.name or ""):
        pass  # what is no workbook is refused while its bringer waits
    sealed.remove_old(_folder())
    kept = BroughtWorkbook.objects.create(
        submission=found, village=found.village, file_name=(file.name or "")[:200], finish=finish,
        language=translation.get_language() or "", by_name=by.name, official_id=by.official_id,
    )  # fmt: skip
    sealed.write(_path_of(kept), content, _place(kept))
    return kept


def begin_workbook(kept: BroughtWorkbook) -> None:
    """Have it taken in by a process of its own."""
    processes.begin("import", "collected", str(kept.id))


def do_workbook(*, workbook: UUID) -> BroughtWorkbook:
    """Take a stored workbook in, with the rights that its bringer has now; what refuses it is told as its one fault.

    Raises RND-047 where there is none that waits.
    """
    found = BroughtWorkbook.objects.filter(pk=workbook, state=WorkbookState.WAITING).first()
    user = None if found is None else User.objects.filter(username=found.by_name, is_active=True).first()
    if found is None or user is None:
        raise NotFound("RND-047", _("There is no such workbook that waits."), remedy=_("Bring the workbook again."))
    with processes.lock(found.lock_key):
        _save(found, state=WorkbookState.RUNNING)
        state, done = WorkbookState.FAILED, Brought()
        try:
            with translation.override(found.language):
                done = bring_workbook(
                    by=actor_of(user), submission=found.submission_id, name=found.file_name, finish=found.finish,
                    content=sealed.read(_path_of(found), _place(found)), tell=_teller(found),
                )  # fmt: skip
            state = WorkbookState.DONE
        except UserError as error:
            done.problems.append(Problem("", 0, "", "", error.code, str(error.message), str(error.remedy)))
        finally:
            _path_of(found).unlink(missing_ok=True)
            _save(found, state=state, told=done.as_text(), finished_at=timezone.now())
    return found


def _teller(found: BroughtWorkbook) -> Tell:
    last = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= _SECONDS:
            last = time.monotonic()
            _save(found, done=done, total=total)

    return tell


def _save(found: BroughtWorkbook, **values: object) -> None:
    for name, value in values.items():
        setattr(found, name, value)
    found.save(update_fields=list(values))


def _folder() -> Path:
    return sealed.folder("workbooks")


def _path_of(found: BroughtWorkbook) -> Path:
    return _folder() / f"{found.id}.file"


def _place(found: BroughtWorkbook) -> crypto.Place:
    return crypto.place(BroughtWorkbook._meta.db_table, "file", found.id)
