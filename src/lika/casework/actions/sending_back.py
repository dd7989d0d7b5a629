"""Cases that are not to go on as they are go back, or end here, while the others of their batch stay where they are."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from lika.casework.actions import moving
from lika.casework.actions.moving import Outcome
from lika.casework.actions.notices import KINDS, close_finished
from lika.core.actors import Actor
from lika.policy.choices import StageKind

# The stages that are left by everybody together, and so have no decision that would name who goes back.
SENDING = (StageKind.SIGNATURES, *KINDS)


@transaction.atomic
def send_back(*, by: Actor, batch: UUID, outcomes: Mapping[UUID, Outcome], stage: str) -> None:
    """Cases go back or end here. A notice on which none of them is left is over.

    `stage` is the one that the actor saw. Raises as `moving.take` and `moving.send_off`.
    """
    standing = moving.take(by, batch, *SENDING, stage_id=stage)
    named = list(standing.cases)
    moving.send_off(standing, outcomes, action="case.sent_back")
    if standing.stage.kind in KINDS:
        close_finished(standing, named)
