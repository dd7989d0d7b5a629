"""Survey and verification at the door: what two surveyors found of each case."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lika.casework.actions import moving
from lika.casework.actions.given import open_cases, optional, past, two_persons, written
from lika.casework.choices import Duty, StepResult
from lika.casework.models import SurveyForm
from lika.casework.queries.stages import takes_forms
from lika.core.actors import Actor
from lika.core.errors import UserError

_NORTHMOST, _EASTMOST = 90, 180
MOST_PHOTOGRAPHS = 999


@dataclass(frozen=True)
class Visit:
    """Who went, two different persons by name, with or without an account; and when."""

    surveyor: str
    second_surveyor: str
    surveyed_on: dt.date


@dataclass(frozen=True)
class Finding:
    """What was found of one case. `latitude` and `longitude` in degrees (WGS 84), both or neither."""

    as_registered: bool
    remark: str = ""
    photographs: int = 0
    latitude: Decimal | None = None
    longitude: Decimal | None = None


@transaction.atomic
def record_survey(*, by: Actor, batch: UUID, visit: Visit, findings: Mapping[UUID, Finding]) -> list[SurveyForm]:
    """Put on record what two surveyors found of some of the cases; a form that is entered again counts instead.

    Raises ACC-001, ACC-002, CAS-030, CAS-032, CAS-033, CAS-034 (what differs is not said), CAS-060 to CAS-063, CAS-072
    (no survey at this stage), CAS-073 (position or photographs).
    """
    standing = moving.take(by, batch)
    if not takes_forms(standing.stage):
        raise UserError(
            "CAS-072",
            _("Nothing is surveyed at the stage %(stage)s.") % {"stage": str(standing.stage.title)},
            remedy=_("Choose what the page offers; the procedure stands on the page of its pack."),
        )
    first, second = written(visit.surveyor, "surveyor"), written(visit.second_surveyor, "second_surveyor")
    two_persons(first, second, "second_surveyor")
    day, cases = past(visit.surveyed_on, "surveyed_on"), open_cases(standing, findings)
    forms = [
        SurveyForm(
            case=cases[pk], stage=standing.stage.id, surveyed_on=day, surveyor=first, second_surveyor=second,
            as_registered=found.as_registered, remark=_remark(found), photographs=_photographs(found),
            latitude=found.latitude, longitude=_longitude(found), by_name=by.name, at=standing.at,
        )
        for pk, found in findings.items()
    ]  # fmt: skip
    SurveyForm.objects.bulk_create(forms)
    moving.steps_for(standing, cases.values(), StepResult.RECORDED, duty=standing.duty or Duty.NONE)
    told = {case.number: findings[pk].as_registered for pk, case in cases.items()}
    moving.record(standing, "survey.recorded", new={"surveyed_on": day, "as_registered": told})
    return forms


def _remark(found: Finding) -> str:
    return optional(found.remark, "remark") if found.as_registered else moving.reason_of(found.remark, "remark")


def _photographs(found: Finding) -> int:
    if not 0 <= found.photographs <= MOST_PHOTOGRAPHS:
        raise _no_number("photographs")
    return found.photographs


def _longitude(found: Finding) -> Decimal | None:
    """The longitude, once the position is whole and on earth."""
    if found.latitude is None and found.longitude is None:
        return None
    if found.latitude is None or found.longitude is None:
        raise _no_number("latitude")
    if abs(found.latitude) > _NORTHMOST or abs(found.longitude) > _EASTMOST:
        raise _no_number("latitude")
    return found.longitude


def _no_number(field: str) -> UserError:
    return UserError(
        "CAS-073",
        _("A position has both a latitude and a longitude in degrees; photographs are counted from zero."),
        remedy=_("Leave both empty where no position was taken."),
        field=field,
    )
