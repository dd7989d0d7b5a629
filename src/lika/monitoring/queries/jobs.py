"""Runs that were asked for on the page: how far they are, and which snapshot the next would be of."""

import datetime as dt
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.core.actors import Actor
from lika.core.areas import CODE_LENGTH
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.monitoring.choices import RunState
from lika.monitoring.models import QualityJob
from lika.snapshots.models import Snapshot
from lika.snapshots.queries.snapshots import list_snapshots, touching

# A run that has not ended by then was killed: another may begin.
_GIVEN_UP = dt.timedelta(hours=1)
GOING = (RunState.WAITING, RunState.RUNNING)


def jobs(by: Actor) -> QuerySet[QualityJob]:
    """The runs asked for whose area meets the actor's, newest first. Raises ACC-001."""
    by.require(Permission.QUALITY_VIEW)
    meets = touching(by.area_for(Permission.QUALITY_VIEW), division="snapshot__division", last="snapshot__last")
    return QualityJob.objects.filter(meets).select_related("snapshot")


def going() -> QuerySet[QualityJob]:
    """Those that wait or run, wherever they are; a run that was killed long ago does not count."""
    return QualityJob.objects.filter(state__in=GOING, asked_at__gte=timezone.now() - _GIVEN_UP)


def is_going(job: QualityJob | None) -> bool:
    """Whether a run still waits or runs."""
    return job is not None and job.state in GOING and job.asked_at >= timezone.now() - _GIVEN_UP


def job_of(by: Actor, job: UUID) -> QualityJob:
    """One run in sight. Raises QUA-003."""
    found = jobs(by).filter(pk=job).first()
    if found is None:
        raise no_such_job()
    return found


def no_such_job() -> NotFound:
    """QUA-003: there is none, or it is out of sight."""
    return NotFound("QUA-003", _("There is no such run in your area."), remedy=_("Look at the page of data quality."))


def next_snapshot(by: Actor) -> Snapshot | None:
    """The newest snapshot that the actor may have checked; None where there is none."""
    if not by.has(Permission.QUALITY_RUN):
        return None
    area = by.area_for(Permission.QUALITY_RUN)
    return next((found for found in list_snapshots(by) if area.covers(f"{found.division:0{CODE_LENGTH}d}")), None)
