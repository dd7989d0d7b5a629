"""Runs of the rules that are asked for on the page, and done by a process of their own."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.accounts.models import User
from lika.accounts.queries import actor_of
from lika.core import audit, processes
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.ids import uuid7
from lika.monitoring.actions.running import checkable, run_quality
from lika.monitoring.choices import JobStage, RunState
from lika.monitoring.models import QualityJob
from lika.monitoring.queries.jobs import going, no_such_job

_FAILED = "QUA-000"


@transaction.atomic
def ask_for_quality(*, by: Actor, snapshot: str) -> QualityJob:
    """Note that a snapshot is to be held against the rules. `begin_job` or `do_job` does it.

    Raises ACC-001, ACC-002, SNP-020 (no such snapshot), QUA-001 (a newer one was checked already), QUA-002 (its area is
    being checked at this moment).
    """
    found = checkable(by, snapshot)
    meets = {"snapshot__division__lte": found.last, "snapshot__last__gte": found.division}
    if QualityJob.objects.filter(going(), **meets).exists():
        raise UserError(
            "QUA-002", _("This area is being checked at this moment."), remedy=_("Wait until the run is done.")
        )
    job = QualityJob(id=uuid7(), snapshot=found, run_by=by.name)
    job.save(force_insert=True)
    change = audit.Change("quality_job", job.pk, county=audit.chain_of(found.division), label=found.pk)
    audit.record(by=by, action="quality.asked", change=change)
    return job


def begin_job(job: QualityJob, *, wait_seconds: float = 5) -> None:
    """Have the run done by a process of its own: as the owner of the tables, past the end of the page."""
    processes.begin("quality", "--job", str(job.pk), wait_seconds=wait_seconds)


def do_job(*, by: Actor, job: UUID) -> QualityJob:
    """Do a run that was asked for. What goes wrong stands in its state and is raised.

    Raises QUA-003 (no such run), QUA-004 (begun already), and what `run_quality` raises.
    """
    found = QualityJob.objects.select_related("snapshot").filter(pk=job).first()
    if found is None:
        raise no_such_job()
    own = QualityJob.objects.filter(pk=job)
    if not own.filter(state=RunState.WAITING).update(state=RunState.RUNNING):
        raise UserError("QUA-004", _("This run has begun already."), remedy=_("Look at the page of data quality."))

    def tell(stage: JobStage) -> None:
        own.update(stage=stage)

    try:
        run_quality(by=by, snapshot=found.snapshot_id, tell=tell)
    except BaseException as error:
        fault = error.code if isinstance(error, UserError) else _FAILED
        own.update(state=RunState.FAILED, fault=fault, finished_at=timezone.now())
        raise
    own.update(state=RunState.DONE, finished_at=timezone.now())
    found.refresh_from_db()
    return found


def job_asker(job: UUID) -> Actor:
    """The official who asked for a run on the page, with the rights that they have now. Raises QUA-003."""
    found = QualityJob.objects.filter(pk=job).first()
    user = None if found is None else User.objects.filter(username=found.run_by, is_active=True).first()
    if user is None:
        raise no_such_job()
    return actor_of(user)
