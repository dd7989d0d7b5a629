"""What an office decides on a batch: all go on but those it returns, strikes out, or leaves this stage out for."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from lika.casework.actions import moving
from lika.casework.actions.given import LONGEST_TEXT, open_cases, optional, past, written
from lika.casework.actions.moving import Outcome, Standing
from lika.casework.choices import StepResult
from lika.casework.models import Opinion
from lika.core.actors import Actor
from lika.policy.choices import StageKind

LONGEST_DOCUMENT = 120
# Stages that are left by a decision of whoever acts there; the others by what they are made of.
DECIDED = (
    *(StageKind.APPLICATION, StageKind.NOMINATION, StageKind.SURVEY, StageKind.VERIFICATION, StageKind.REVIEW),
    *(StageKind.CHECK, StageKind.EVALUATION, StageKind.APPROVAL, StageKind.FILING, StageKind.RECORDING),
)
# Here the office says why; a third party's report is entered with who made it.
WITH_OPINION = (StageKind.REVIEW, StageKind.CHECK, StageKind.APPROVAL, StageKind.EVALUATION)


@dataclass(frozen=True)
class Said:
    """What the office wrote. `body` is the evaluating body; `document` its report or the document of an approval."""

    text: str = ""
    body: str = ""
    document: str = ""
    dated_on: dt.date | None = None


@transaction.atomic
def decide(*, by: Actor, batch: UUID, stage: str, others: Mapping[UUID, Outcome], said: Said = Said()) -> None:
    """Pass every open case but `others`, which get what is said of them. `stage` is where the actor saw the batch.

    Raises ACC-001, ACC-002, CAS-030, CAS-032, CAS-033, CAS-034 to CAS-036, CAS-060 (no opinion where one is asked for),
    CAS-061, CAS-063 (a case has left), and what the guards raise.
    """
    standing = moving.take(by, batch, *DECIDED, stage_id=stage)
    if others:
        open_cases(standing, others)
    outcomes = {each.pk: others.get(each.pk, Outcome()) for each in standing.open}
    worked = any(outcome.result is not StepResult.SKIPPED for outcome in outcomes.values())
    _write(standing, said, asked=worked and standing.stage.kind in WITH_OPINION)
    moving.settle(standing, outcomes, action=f"{standing.stage.kind}.decided")


@transaction.atomic
def leave_out(*, by: Actor, batch: UUID, stage: str, reason: str) -> None:
    """Leave an optional stage out for the whole batch.

    Raises ACC-001, ACC-002, CAS-030, CAS-032, CAS-033, CAS-034 (reason), CAS-036 (the stage is not optional).
    """
    standing = moving.take(by, batch, stage_id=stage)
    skipped = Outcome(StepResult.SKIPPED, reason=reason)
    moving.settle(standing, {each.pk: skipped for each in standing.open}, action="stage.left_out")


def _write(standing: Standing, said: Said, *, asked: bool) -> None:
    """Keep the opinion, where there is one or one is asked for."""
    evaluated = asked and standing.stage.kind is StageKind.EVALUATION
    row = Opinion(
        batch=standing.batch, stage=standing.stage.id, by_name=standing.by.name, at=standing.at,
        text=written(said.text, "text", LONGEST_TEXT) if asked else optional(said.text, "text"),
        body=(written if evaluated else optional)(said.body, "body", LONGEST_DOCUMENT),
        document=(written if evaluated else optional)(said.document, "document", LONGEST_DOCUMENT),
        dated_on=None if said.dated_on is None else past(said.dated_on, "dated_on"),
    )  # fmt: skip
    if row.text or row.body or row.document:
        row.save(force_insert=True)
