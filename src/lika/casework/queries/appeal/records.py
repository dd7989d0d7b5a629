"""What was put on record stage by stage, as parts of the appeal file: meetings, forms, answers, opinions, files."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from lika.casework.models import Consent, Evidence, Meeting, Opinion, SurveyForm, Vote
from lika.casework.queries.appeal.dossier import Attached, Dossier, Part, told
from lika.casework.queries.kept import kept_papers
from lika.core.language import chosen
from lika.policy.choices import Paper
from lika.register.queries import DocumentView, open_document


def appraisals(of: Dossier) -> Part:
    """The meetings that voted on the case."""
    votes = Vote.objects.filter(case=of.case).select_related("meeting").order_by("meeting__at", "meeting_id")
    rows = [(of.title(each.meeting.stage), *_held(each.meeting), *_counted(each)) for each in votes]
    heads = (
        _("Stage"), _("Held on"), _("Place of the meeting"), _("Chair and recorder"), _("Who came"), _("Votes"),
        _("What it decided"), _("Reason"),
    )  # fmt: skip
    return Part("meetings", _("Meetings"), heads, rows)


def surveys(of: Dossier) -> Part:
    """What two surveyors found at the door."""
    rows = [
        (
            of.title(each.stage), told(each.surveyed_on), f"{each.surveyor}, {each.second_surveyor}",
            _("As registered") if each.as_registered else _("Differs"), each.remark,
        )
        for each in SurveyForm.objects.filter(case=of.case)
    ]  # fmt: skip
    heads = (_("Stage"), _("Surveyed on"), _("The two surveyors"), _("As registered or not"), _("What was noted"))
    return Part("surveys", _("Survey and verification"), heads, rows)


def answers(of: Dossier) -> Part:
    """What the household said, before whom."""
    rows = [
        (
            of.title(each.stage), told(each.heard_on), each.get_answer_display(), each.get_manner_display(),
            f"{each.heard_by}, {each.witness}", each.remark,
        )
        for each in Consent.objects.filter(case=of.case)
    ]  # fmt: skip
    heads = (
        _("Stage"), _("Heard on"), _("What the household said"), _("How it was given"), _("Heard by, witness"),
        _("What was noted"),
    )  # fmt: skip
    return Part("answers", _("Answers of the household"), heads, rows)


def opinions(of: Dossier) -> Part:
    """What offices wrote of the batches while the case was in them."""
    acted = of.case.steps.values("batch", "stage")
    seen = {(each["batch"], each["stage"]) for each in acted}
    rows = [
        (of.title(each.stage), told(each.at), each.text, each.body, each.document, told(each.dated_on))
        for each in Opinion.objects.filter(batch__in={batch for batch, _stage_id in seen})
        if (each.batch_id, each.stage) in seen
    ]
    heads = (
        _("Stage"), _("When"), _("Opinion of the office"), _("Evaluating body"), _("Report or document"), _("Dated on"),
    )  # fmt: skip
    return Part("opinions", _("Opinions of offices"), heads, rows)


def files(of: Dossier) -> Part:
    """The papers kept with the stages, by digest: the case's own go along, those of the whole batch name others."""
    rows = [
        (
            of.title(row.stage), str(Paper(row.paper).label), told(view.recorded_at), view.uploader, view.sha256,
            file_name(view) if _goes_along(row, view) else _("Read at the office, for a reason that is kept"),
        )
        for row, view in _files(of)
    ]  # fmt: skip
    heads = (
        _("Stage"), _("Paper"), _("Recorded at"), _("Entered by"), _("SHA-256 as it came"), _("In this file as"),
    )  # fmt: skip
    return Part("files", _("Papers of the stages"), heads, rows)


def own_files(of: Dossier) -> Iterator[Attached]:
    """The papers of the case itself that its reader may see without a reason."""
    for row, view in _files(of):
        if _goes_along(row, view):
            yield Attached(file_name(view), open_document(by=of.by, document=view.id)[1])


def file_name(view: DocumentView) -> str:
    """The name of a document below `documents/`: of its digest, so that it says what it is and nothing of anybody."""
    return f"{view.sha256[:16]}.{'jpg' if view.is_picture else 'pdf'}"


def _goes_along(row: Evidence, view: DocumentView) -> bool:
    return view.is_open and row.case_id is not None


def _files(of: Dossier) -> list[tuple[Evidence, DocumentView]]:
    return kept_papers(of.by, [of.case.pk], of.case.division)


def _held(meeting: Meeting) -> tuple[str, ...]:
    came = _("%(attended)s of %(expected)s") % {"attended": meeting.attended, "expected": meeting.expected}
    return told(meeting.held_on), meeting.place, f"{meeting.chair}, {meeting.recorder}", came


def _counted(vote: Vote) -> tuple[str, ...]:
    counted = chosen("赞成{}，反对{}，弃权{}", "for {}, against {}, abstained {}")
    votes = counted.format(vote.in_favour, vote.against, vote.abstained)
    return votes, vote.get_result_display(), vote.reason
