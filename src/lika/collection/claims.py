"""Whose an import is, one import at a time per village, and how a dead one is told from a living one.

The process that runs a batch holds an advisory lock named by it; the server lets go of it when the
process dies, however it dies. The villages of a running batch stand in its row, so that the next one
can be told whose import is in its way.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lika.collection.choices import STARTABLE, BatchState
from lika.collection.models import ImportBatch
from lika.core import processes
from lika.core.actors import Actor
from lika.core.errors import NotFound, UserError

# Held for a moment while villages are taken.
_CLAIMING = 0x4C694B61


@contextmanager
def held(batch: ImportBatch) -> Iterator[None]:
    """Hold the batch's lock. Raises COL-007 when another process runs it already."""
    with processes.lock(batch.lock_key) as mine:
        if not mine:
            raise running(batch)
        yield


def reserve(batch: ImportBatch, *, dry_run: bool, good_rows: bool) -> None:
    """Note that a process is about to run the batch, once: of two who start it at the same time, the second is refused.

    Raises COL-007 where one is about to run it or runs it, COL-008 where it is over.
    """
    with transaction.atomic():
        found = ImportBatch.objects.select_for_update().defer("findings", "left_out").get(pk=batch.pk)
        about_to_run = found.state == BatchState.WAITING and found.started_at is not None
        if about_to_run or (found.state == BatchState.RUNNING and is_alive(found)):
            raise running(batch)
        if found.state != BatchState.RUNNING:
            require_startable(found)
        batch.dry_run, batch.good_rows, batch.state = dry_run, good_rows, BatchState.WAITING
        batch.started_at, batch.finished_at = timezone.now(), None
        batch.save(update_fields=["dry_run", "good_rows", "state", "started_at", "finished_at"])


def running(batch: ImportBatch) -> UserError:
    """COL-007."""
    return UserError(
        "COL-007", _("This import is running already."), remedy=_("Wait for its end."), batch=str(batch.id)
    )


def require_own(by: Actor, batch: ImportBatch) -> None:
    """Raise COL-008 for an import of somebody else, as if there were none."""
    if (batch.by_name, batch.official_id) != (by.name, by.official_id):
        raise NotFound("COL-008", _("There is no such import."), remedy=_("Upload the workbook again."))


def require_startable(batch: ImportBatch) -> None:
    """Raise COL-008 for an import that is over; its record stays as it is."""
    if batch.state not in STARTABLE:
        raise UserError("COL-008", _("This import is over."), remedy=_("Upload the workbook again."))


def is_alive(batch: ImportBatch) -> bool:
    """Whether some process holds the batch's lock."""
    return processes.is_held(batch.lock_key)


def abandoned() -> list[ImportBatch]:
    """Imports that are noted as running and have no process: it was killed, and its transaction left nothing."""
    running = ImportBatch.objects.filter(state=BatchState.RUNNING).order_by("started_at")
    return [batch for batch in running if not is_alive(batch)]


def take_villages(batch: ImportBatch, villages: Iterable[int]) -> None:
    """Reserve villages for a running batch. Raises COL-006 when a living import has one of them."""
    wanted = sorted(set(villages))
    with transaction.atomic():
        processes.one_after_the_other(_CLAIMING)
        rivals = ImportBatch.objects.filter(state=BatchState.RUNNING, dry_run=False, villages__overlap=wanted)
        for rival in rivals.exclude(pk=batch.pk).defer("findings", "left_out"):
            if is_alive(rival):
                raise UserError(
                    "COL-006",
                    _("%(who)s is importing the same villages since %(since)s.")
                    % {"who": rival.by_name, "since": f"{rival.started_at:%H:%M}"},
                    remedy=_("Wait for the end of that import."),
                    batch=str(rival.id),
                )
            mark_interrupted(rival)
        batch.villages = wanted
        batch.save(update_fields=["villages"])


def mark_interrupted(batch: ImportBatch) -> None:
    """Note that the process of a batch has died; its transaction left nothing behind."""
    batch.state = BatchState.INTERRUPTED
    batch.save(update_fields=["state"])
