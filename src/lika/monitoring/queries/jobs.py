"""Runs that were asked for on the page: which still go on, and which snapshot the next would be of."""

import datetime as dt
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.core.actors import Actor
from lika.core.areas import CODE_LENGTH
from lika.core.errors import NotFound
from lika.core.permissions import Permission
from lika.monitoring.choices import RunState
from lika.monitoring.models import LeadRun, QualityJob
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


def going() -> Q:
    """The condition that a run waits or runs; one that was killed long ago does not count."""
    return Q(state__in=GOING, asked_at__gte=timezone.now() - _GIVEN_UP)


def is_going(run: QualityJob | LeadRun | None) -> bool:
    """Whether a run still waits or runs: the condition `going`."""
    return run is not None and run.state in GOING and run.asked_at >= timezone.now() - _GIVEN_UP


def has_failed(run: QualityJob | LeadRun | None) -> bool:
    """Whether a run ended by an error, or was killed before its end."""
    return run is not None and run.state != RunState.DONE and not is_going(run)


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
