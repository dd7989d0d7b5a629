"""What was recorded at the stage where a batch stands: the meeting that counts, survey forms, answers, opinions."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from lika.casework.models import Batch, Case, Consent, Meeting, Opinion, SurveyForm
from lika.policy.choices import Paper, StageKind
from lika.policy.queries.procedures import ProcedureStage

FORMS = (Paper.SURVEY_FORM, Paper.VERIFICATION_FORM)
SURVEYED = (StageKind.SURVEY, StageKind.VERIFICATION)


def takes_forms(stage: ProcedureStage) -> bool:
    """Whether survey forms are filled in at a stage: it is made of them, or names one among its papers."""
    return stage.kind in SURVEYED or any(each in stage.documents for each in FORMS)


def meeting_of(batch: Batch) -> Meeting | None:
    """The meeting that counts at the stage where a batch stands: the latest one."""
    held = meetings_of(batch)
    return held[-1] if held else None


def meetings_of(batch: Batch) -> Sequence[Meeting]:
    """All meetings of a batch at the stage where it stands, the oldest first, with their votes. Three queries."""
    return list(Meeting.objects.filter(batch=batch, stage=batch.stage).prefetch_related("votes__case"))


def survey_forms_of(cases: Iterable[Case]) -> dict[UUID, SurveyForm]:
    """The latest form of each case since it came to its stage. One query."""
    since = {each.pk: each for each in cases}
    rows = SurveyForm.objects.filter(case__in=list(since))
    return {row.case_id: row for row in rows if _is_of_now(row, since[row.case_id])}


def consents_of(cases: Iterable[Case]) -> dict[UUID, Consent]:
    """The latest answer of each household since its case came to its stage. One query."""
    since = {each.pk: each for each in cases}
    rows = Consent.objects.filter(case__in=list(since))
    return {row.case_id: row for row in rows if _is_of_now(row, since[row.case_id])}


def opinions_of(batch: Batch) -> Sequence[Opinion]:
    """What offices wrote on a batch, the oldest first. One query."""
    return list(batch.opinions.all())


def _is_of_now(row: SurveyForm | Consent, case: Case) -> bool:
    """A case that was sent back passes its stages anew: what was recorded before does not count."""
    return row.stage == case.stage and row.at >= case.stage_since
