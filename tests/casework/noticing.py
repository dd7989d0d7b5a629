"""Notices of batches posted, aged and objected to, for tests. 演示数据"""

import datetime as dt
import itertools
from io import BytesIO

from django.db import transaction
from django.db.models import F
from PIL import Image

from lika.casework.actions import moving, notices, objections
from lika.casework.actions.objections import Said
from lika.casework.choices import ObjectionChannel, StepResult
from lika.casework.models import Batch, Case, Notice, NoticeLine, Objection, Posting, Step
from lika.casework.queries.clock import database_now
from lika.casework.queries.notices import local_day
from lika.core.actors import Actor
from tests.casework.going import standing_at

PHONE = "0776-6212317"
_serial = itertools.count(1)


def photograph() -> bytes:
    """A picture unlike every other: the register keeps the same file once."""
    target = BytesIO()
    n = next(_serial)
    Image.new("RGB", (8, 8), (n % 256, n // 256 % 256, 7)).save(target, "PNG")
    return target.getvalue()


def today() -> dt.date:
    return local_day(database_now())


def pass_all(by: Actor, batch: Batch) -> None:
    """Everybody goes on, by the plainest act; what the stage asks for is asked."""
    with transaction.atomic():
        moving.passed(moving.take(by, batch.pk), action="case.test")
    batch.refresh_from_db()


def brought(batch: Batch, stage: str) -> Batch:
    """The batch with its cases come to a stage by a step, without the way there."""
    before = batch.stage
    standing_at(batch, stage)
    Step.objects.bulk_create(
        Step(
            case=case, batch=batch, stage=before, to_stage=stage, result=StepResult.PASSED, by_name="system:walk",
            at=database_now(),
        )
        for case in batch.cases.all()
    )  # fmt: skip
    return batch


def hung(by: Actor, batch: Batch, *, office: Actor | None = None) -> Notice:
    """A notice of the batch that hangs everywhere since today; by `office` where another makes it than posts."""
    notice = notices.open_notice(by=office or by, batch=batch.pk, phone=PHONE)
    for row in notice.postings.all():
        notices.post(by=by, posting=row.pk, posted_on=today(), proof=photograph())
    return notice


def age(notice: Notice, days: int) -> None:
    """Let what is stored about a notice have happened some days earlier. The clocks are left alone."""
    span = dt.timedelta(days=days)
    Notice.objects.filter(pk=notice.pk).update(opened_at=F("opened_at") - span)
    Posting.objects.filter(notice=notice, posted_on__isnull=False).update(
        posted_on=F("posted_on") - span, entered_at=F("entered_at") - span
    )
    Objection.objects.filter(notice=notice).update(
        received_at=F("received_at") - span, entered_at=F("entered_at") - span, decided_at=F("decided_at") - span
    )


def over(by: Actor, batch: Batch) -> Notice:
    """The whole course of a public notice: made, posted everywhere, hung for its days, ended."""
    notice = hung(by, batch)
    age(notice, 30)
    notices.end_notice(by=by, batch=batch.pk)
    batch.refresh_from_db()
    return notice


def objected(by: Actor, case: Case, text: str = "演示：该户有商品房") -> Objection:
    return objections.receive(
        by=by, case=case.pk, said=Said(ObjectionChannel.TELEPHONE, text, database_now() - dt.timedelta(seconds=1))
    )


def named(notice: Notice) -> set[str]:
    return set(NoticeLine.objects.filter(notice=notice).values_list("case__number", flat=True))
