"""Which template sets which data, and which papers of a procedure these are."""

from collections.abc import Mapping
from pathlib import Path

from lika.casework.papers import decisions, files, households, meetings, public, units
from lika.core.papers import PaperData
from lika.core.papers.printing import Prepared, prepared, set_as_pdf
from lika.policy.choices import Paper

TEMPLATES = Path(__file__).parent / "templates"
# What stands in the file of a case, by what a stage calls it: a notice hangs before the decision, then an announcement.
PAPERS: Mapping[Paper, tuple[type[PaperData], ...]] = {
    Paper.APPLICATION: (households.Application,),
    Paper.NAME_LIST: (decisions.NameList,),
    Paper.SURVEY_FORM: (households.SurveyForm,),
    Paper.MINUTES: (meetings.Minutes,),
    Paper.SIGN_IN: (meetings.SignIn,),
    Paper.PHOTOGRAPHS: (files.Photographs,),
    Paper.VERIFICATION_FORM: (households.VerificationForm,),
    Paper.CONSENT_FORM: (households.Consent,),
    Paper.NOTICE: (public.Notice, public.Announcement),
    Paper.POSTING_PROOF: (public.PostingProof,),
    Paper.EVIDENCE: (files.Evidence,),
    Paper.OPINION: (decisions.Opinion,),
    Paper.INDICATOR_SHEET: (units.IndicatorSheet,),
    Paper.SELF_EVALUATION: (units.SelfEvaluation,),
    Paper.SIGNATURE_SHEET: (households.SignatureSheet,),
    Paper.EVALUATION_REPORT: (units.EvaluationReport,),
    Paper.APPROVAL: (decisions.Approval,),
    Paper.HANDBOOK: (files.Handbooks,),
}
_TEMPLATES: Mapping[type[PaperData], str] = {
    households.Application: "application",
    decisions.NameList: "name_list",
    households.SurveyForm: "survey_form",
    meetings.Minutes: "minutes",
    meetings.SignIn: "sign_in",
    files.Photographs: "item_list",
    households.VerificationForm: "verification_form",
    households.Consent: "consent",
    public.Notice: "notice",
    public.Announcement: "announcement",
    public.PostingProof: "posting_proof",
    files.Evidence: "item_list",
    decisions.Opinion: "opinion",
    units.IndicatorSheet: "indicator_sheet",
    units.SelfEvaluation: "self_evaluation",
    households.SignatureSheet: "signature_sheet",
    units.EvaluationReport: "evaluation_report",
    decisions.Approval: "approval",
    files.Handbooks: "handbooks",
    files.ArchiveFile: "archive",
}


def template_of(data: type[PaperData]) -> Path:
    """The template that sets this data. Raises KeyError where it is no paper of casework."""
    return TEMPLATES / f"{_TEMPLATES[data]}.typ"


def printed(data: PaperData) -> bytes:
    """The paper as PDF/A. Raises as `to_print`."""
    return set_as_pdf(to_print(data))


def to_print(data: PaperData) -> Prepared:
    """The paper before it is set. Raises as `lika.core.papers.printing.prepared`."""
    return prepared(template_of(type(data)), data)
