"""Staging areas of imports: gone on with after a kill, and cleared away when nobody will go on with them."""

from django.utils import timezone

from lika.collection import claims
from lika.collection.choices import BatchState
from lika.collection.models import ImportBatch
from lika.collection.reading.onward import Defaults, Onward
from lika.core.sealed import KEPT_SECONDS
from lika.register.actions import bulk

_CUT_OFF = (BatchState.RUNNING, BatchState.INTERRUPTED)


def entered(batch: ImportBatch, defaults: Defaults) -> Onward:
    """Enter the area of a batch: its own, or that of an import of the same file that was cut off; else a new one."""
    heir = _left_by(batch)
    if heir is not None:
        if heir.pk != batch.pk:
            bulk.hand_over(heir.pk, batch.pk)
        bulk.enter(batch.pk)
        if (onward := Onward.opened(defaults, (batch.file_name, batch.profile))) is not None:
            return onward
    bulk.create(batch.pk)
    return Onward.anew(defaults, (batch.file_name, batch.profile))


def _left_by(batch: ImportBatch) -> ImportBatch | None:
    """The latest import that has an area and read the same bytes for the same actor, and whose process is dead."""
    same = ImportBatch.objects.filter(
        pk__in=bulk.areas(), file_sha256=batch.file_sha256, by_name=batch.by_name, official_id=batch.official_id
    ).defer("findings", "left_out")
    for other in same.order_by("-created_at"):
        if other.pk == batch.pk:
            return other
        if other.state in _CUT_OFF and not claims.is_alive(other):
            if other.state == BatchState.RUNNING:
                claims.mark_interrupted(other)
            return other
    return None


def clear(*, sparing: ImportBatch) -> None:
    """Remove the areas of imports that are over, are not there any more, or were cut off too long ago."""
    areas = bulk.areas() - {sparing.pk}
    kept = ImportBatch.objects.filter(pk__in=areas, state__in=_CUT_OFF).only("state", "started_at")
    wanted = {batch.pk for batch in kept if not _too_old(batch) or claims.is_alive(batch)}
    for area in areas - wanted:
        bulk.drop(area)


def _too_old(batch: ImportBatch) -> bool:
    return batch.started_at is None or (timezone.now() - batch.started_at).total_seconds() > KEPT_SECONDS
