"""Work that a process of its own does part by part: one process at a time, and how it ended stands in its row."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone, translation

from lika.accounts.models import User
from lika.accounts.queries import actor_of
from lika.casework.choices import RunState
from lika.casework.models import CampaignRun, NoticeBundle
from lika.core import processes
from lika.core.actors import Actor
from lika.core.errors import UserError

T = TypeVar("T", CampaignRun, NoticeBundle)
_FAILED = "CAS-000"
_STARTABLE = (RunState.WAITING, RunState.RUNNING)


def done(job: T, work: Callable[[], RunState], *, over: Callable[[], UserError]) -> T:
    """Do the work in the language of who asked for it; its state says how it ended.

    Raises `over()` where another process does it, or it is over, and what the work raises.
    """
    own: QuerySet[T] = type(job)._default_manager.filter(pk=job.pk)
    with processes.lock(job.lock_key) as mine, translation.override(job.language or None):
        if not mine or not own.filter(state__in=_STARTABLE).update(state=RunState.RUNNING):
            raise over()
        try:
            state = work()
        except BaseException as error:
            fault = error.code if isinstance(error, UserError) else _FAILED
            own.update(state=RunState.FAILED, fault=fault, finished_at=timezone.now())
            raise
        own.update(state=state, finished_at=timezone.now())
    job.refresh_from_db()
    return job


def stop(job: CampaignRun | NoticeBundle) -> bool:
    """Have it stop after the part that it is at; False where it does not go on."""
    own = type(job)._default_manager.filter(pk=job.pk)
    return bool(
        own.filter(state=RunState.RUNNING).update(state=RunState.STOPPING)
        or own.filter(state=RunState.WAITING).update(state=RunState.STOPPED, finished_at=timezone.now())
    )


def is_stopping(job: CampaignRun | NoticeBundle) -> bool:
    """Whether somebody asked for its end since it began."""
    return type(job)._default_manager.filter(pk=job.pk, state=RunState.STOPPING).exists()


def found(model: type[T], job: UUID, *, missing: Callable[[], UserError]) -> T:
    """The row of a job. Raises `missing()`."""
    row = model._default_manager.filter(pk=job).first()
    if row is None:
        raise missing()
    return row


def asker_of(job: CampaignRun | NoticeBundle, *, missing: Callable[[], UserError]) -> Actor:
    """The official who asked for it on the page, with the rights that they have now.

    Raises `missing()` where they are gone, or where nobody asked for it on a page.
    """
    user = User.objects.filter(username=job.by_name, is_active=True).first()
    if user is None:
        raise missing()
    return actor_of(user)
