"""A batch in which nobody is to be decided on (无对象), closed by hand. Whoever is taken in later opens it again."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lika.casework.actions.moving import reason_of, record, take
from lika.casework.choices import BatchState
from lika.casework.models import Batch
from lika.core.actors import Actor
from lika.core.errors import UserError


@transaction.atomic
def close_empty(*, by: Actor, batch: UUID, reason: str) -> Batch:
    """Close a batch without a case under way, by whoever acts at its stage.

    Raises ACC-001, ACC-002, CAS-030, CAS-032 (it is closed), CAS-034 (no reason), CAS-180 (it has cases).
    """
    standing, why = take(by, batch), reason_of(reason)
    if standing.cases:
        raise UserError(
            "CAS-180",
            _("The batch has %(n)s cases under way.") % {"n": len(standing.cases)},
            remedy=_("Go on with them, or strike them out with the reason: then it closes by itself."),
        )
    standing.batch.state = BatchState.CLOSED
    standing.batch.save(update_fields=["state"])
    record(standing, "batch.closed_empty", new={"stage": standing.stage.id, "state": BatchState.CLOSED}, reason=why)
    return standing.batch
