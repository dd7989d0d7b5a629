"""Guards on leaving a stage: that the meeting, the survey or the household's answer is there, and its papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from lika.casework.choices import PAPERS, HouseholdAnswer, StepResult
from lika.casework.models import Case, Evidence, Meeting
from lika.casework.queries import stages as reads
from lika.core.errors import UserError
from lika.core.language import listed
from lika.policy.choices import Paper, StageKind

if TYPE_CHECKING:
    from lika.casework.actions.moving import Standing


def work_done(standing: Standing, cases: Sequence[Case]) -> None:
    """What a kind of stage is made of must be recorded before anybody goes on, and the papers that it cannot miss."""
    check = _CHECKS.get(standing.stage.kind)
    if cases and check is not None:
        check(standing, cases)
    papers_kept(standing)


def papers_kept(standing: Standing) -> None:
    """Raises CAS-069: a paper without which a stage is not left is missing."""
    asked = [each for each in standing.stage.documents if PAPERS[each].blocks]
    if not asked:
        return
    kept = Evidence.objects.filter(
        batch=standing.batch, stage=standing.stage.id, document__withdrawn_at=None, document__replaced_by=None
    ).values_list("paper", flat=True)
    if missing := [Paper(each).label for each in asked if each not in set(kept)]:
        raise UserError(
            "CAS-069",
            _("Not yet kept here: %(papers)s.") % {"papers": listed([str(each) for each in missing])},
            remedy=_("Photograph or scan the signed paper and add it below."),
        )


def meeting_that_decides(standing: Standing, cases: Sequence[Case]) -> Meeting:
    """The latest meeting, with a vote on each case. Raises CAS-066 (none), CAS-067 (below the quorum), CAS-068."""
    meeting = reads.meeting_of(standing.batch)
    if meeting is None:
        raise UserError(
            "CAS-066", _("No meeting is on record for this batch."), remedy=_("Put the meeting on record first.")
        )
    if not meeting.is_quorate:
        raise UserError(
            "CAS-067",
            _("%(attended)s of %(expected)s came to the meeting, too few to decide: %(share)s must attend.")
            % {
                "attended": meeting.attended,
                "expected": meeting.expected,
                "share": f"{(meeting.quorum or 0) * 100:.4g}%",
            },
            remedy=_("Call another meeting and put it on record; this one stays on record too."),
        )
    voted = {vote.case_id for vote in meeting.votes.all()}
    _refuse_lacking([each for each in cases if each.pk not in voted], _not_voted)
    return meeting


def _accepted(standing: Standing, cases: Sequence[Case]) -> None:
    accepted = {
        vote.case_id for vote in meeting_that_decides(standing, cases).votes.all() if vote.result == StepResult.PASSED
    }
    _refuse_lacking([each for each in cases if each.pk not in accepted], _not_voted)


def _verified(_standing: Standing, cases: Sequence[Case]) -> None:
    """By two: a form is never of one (`survey_form_of_two`)."""
    forms = reads.survey_forms_of(cases)
    _refuse_lacking([each for each in cases if each.pk not in forms], _not_verified)


def _agreed(_standing: Standing, cases: Sequence[Case]) -> None:
    answers = reads.consents_of(cases)
    agreed = {pk for pk, answer in answers.items() if answer.answer == HouseholdAnswer.AGREED}
    _refuse_lacking([each for each in cases if each.pk not in agreed], _not_agreed)


def _refuse_lacking(lacking: Sequence[Case], told: Callable[[Mapping[str, object]], UserError]) -> None:
    if lacking:
        raise told({"n": len(lacking), "case": lacking[0].number})


def _not_voted(of: Mapping[str, object]) -> UserError:
    return UserError(
        "CAS-068",
        _("The meeting did not accept %(n)s cases, such as %(case)s, or did not vote on them.") % of,
        remedy=_("Put the meeting on record again with all cases of the batch."),
    )


def _not_verified(of: Mapping[str, object]) -> UserError:
    return UserError(
        "CAS-070",
        _("%(n)s cases, such as %(case)s, have no form of two surveyors at this stage.") % of,
        remedy=_("Enter what the two surveyors found, or return or strike out these cases with the reason."),
    )


def _not_agreed(of: Mapping[str, object]) -> UserError:
    return UserError(
        "CAS-071",
        _("The households of %(n)s cases, such as %(case)s, have not agreed.") % of,
        remedy=_("Enter what each household said; who was not met is asked again."),
    )


_CHECKS: Mapping[StageKind, Callable[[Standing, Sequence[Case]], None]] = {
    StageKind.MEETING: _accepted,
    StageKind.SURVEY: _verified,
    StageKind.VERIFICATION: _verified,
    StageKind.CONSENT: _agreed,
}
