"""The workbook that a village brought last, and what came of it."""

import datetime as dt

from django.utils import timezone

from lika.collection.rounds.choices import GOING, WorkbookState
from lika.collection.rounds.models import BroughtWorkbook, Submission
from lika.core import processes

# In this time the process that takes a workbook in has begun, or never will.
_START_SECONDS = 60


def last_workbook(found: Submission) -> BroughtWorkbook | None:
    """The workbook brought last for a submission in sight; one whose process has died is marked as failed."""
    last = BroughtWorkbook.objects.filter(submission=found).first()
    if last is not None:
        _mark_dead(last)
    return last


def _mark_dead(last: BroughtWorkbook) -> None:
    late = timezone.now() - last.asked_at > dt.timedelta(seconds=_START_SECONDS)
    never_began = last.state == WorkbookState.WAITING and late
    if (last.state == WorkbookState.RUNNING or never_began) and not processes.is_held(last.lock_key):
        # Its end may have been told since the row was read.
        BroughtWorkbook.objects.filter(pk=last.pk, state__in=GOING).update(
            state=WorkbookState.FAILED, finished_at=timezone.now()
        )
        last.refresh_from_db()
