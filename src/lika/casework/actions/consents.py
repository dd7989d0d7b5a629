"""The household's consent: what it said, before whom; and what follows. No account answers for a household."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lika.casework.actions import moving
from lika.casework.actions.given import open_cases, optional, past, two_persons, written
from lika.casework.actions.moving import Outcome, Standing
from lika.casework.choices import ON_PAPER, HouseholdAnswer, Manner, StepResult
from lika.casework.models import Consent
from lika.casework.queries.stages import consents_of
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.policy.choices import StageKind


@dataclass(frozen=True)
class Answer:
    """What one household said on a day. `heard_by` asked, `witness` was there; `manner` None where nobody was met."""

    answer: HouseholdAnswer
    heard_on: dt.date
    heard_by: str
    witness: str
    manner: Manner | None = None
    remark: str = ""


@transaction.atomic
def record_consents(*, by: Actor, batch: UUID, answers: Mapping[UUID, Answer]) -> list[Consent]:
    """Put on record what households said; every attempt stays, the latest counts.

    Raises ACC-001, ACC-002, CAS-030, CAS-032, CAS-034 (a refusal without its reason), CAS-060 to CAS-063, CAS-074
    (how it was said does not fit).
    """
    standing = moving.take(by, batch, StageKind.CONSENT)
    cases = open_cases(standing, answers)
    rows = [_consent(standing, Consent(case=cases[pk]), given) for pk, given in answers.items()]
    Consent.objects.bulk_create(rows)
    moving.steps_for(standing, cases.values(), StepResult.RECORDED)
    told = {case.number: answers[pk].answer.value for pk, case in cases.items()}
    moving.record(standing, "consent.recorded", new={"answers": told})
    return rows


@transaction.atomic
def close_consents(*, by: Actor, batch: UUID, refusals: Mapping[UUID, Outcome]) -> None:
    """Pass who agreed, return or strike out who refused (`refusals`), and set apart who was not met, to be asked again.

    Raises ACC-001, ACC-002, CAS-030, CAS-032, CAS-034 to CAS-036 (refusals), CAS-071 (a household was not asked, or
    refused and nothing is said of it), CAS-075 (nobody was met).
    """
    standing = moving.take(by, batch, StageKind.CONSENT)
    answers = consents_of(standing.open)
    missed = [pk for pk, row in answers.items() if row.answer == HouseholdAnswer.ABSENT]
    absent = [each for each in standing.open if each.pk in missed]
    if absent and len(absent) == len(standing.open):
        raise UserError(
            "CAS-075",
            _("None of the households was met: there is nothing to pass on yet."),
            remedy=_("Go again and enter what they say."),
        )
    if absent:
        moving.steps_for(standing, absent, StepResult.RECORDED, reason=str(HouseholdAnswer.ABSENT.label))
        moving.put_apart(standing, absent, standing.stage.id)
        standing = replace(standing, cases=[each for each in standing.cases if each not in absent])
    outcomes = {each.pk: refusals.get(each.pk, Outcome()) for each in standing.open}
    moving.settle(standing, outcomes | {pk: refusals[pk] for pk in refusals}, action="consent.decided")


def _consent(standing: Standing, row: Consent, given: Answer) -> Consent:
    agreed, absent = given.answer is HouseholdAnswer.AGREED, given.answer is HouseholdAnswer.ABSENT
    if (given.manner is None) is not absent or (agreed and given.manner not in ON_PAPER):
        raise UserError(
            "CAS-074",
            _("An agreement is signed or has a handprint; a refusal may be spoken; who was not met said nothing."),
            remedy=_("Choose how the household gave its answer."),
            field="manner",
        )
    heard_by, witness = written(given.heard_by, "heard_by"), written(given.witness, "witness")
    two_persons(heard_by, witness, "witness")
    refused = given.answer is HouseholdAnswer.REFUSED
    row.stage, row.by_name, row.at = standing.stage.id, standing.by.name, standing.at
    row.answer, row.manner, row.heard_on = given.answer, given.manner or "", past(given.heard_on, "heard_on")
    row.heard_by, row.witness = heard_by, witness
    row.remark = moving.reason_of(given.remark, "remark") if refused else optional(given.remark, "remark")
    return row
