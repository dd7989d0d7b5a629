"""What casework keeps: the days that are worked, campaigns and their quotas, the cases and what was done on them."""

from lika.casework.models.arising import Application, Signal
from lika.casework.models.bundles import BundledNotice, NoticeBundle
from lika.casework.models.cases import Batch, Case, Deadline, Step
from lika.casework.models.days import CalendarYear, SpecialDay
from lika.casework.models.evidence import Evidence
from lika.casework.models.findings import Consent, Opinion, SurveyForm
from lika.casework.models.indicators import Indicator, IndicatorCheck, IndicatorSheet
from lika.casework.models.meetings import Meeting, Vote
from lika.casework.models.notices import Notice, NoticeLine, Posting
from lika.casework.models.objections import Objection, ObjectionStep
from lika.casework.models.quotas import Campaign, Quota
from lika.casework.models.runs import CampaignPart, CampaignRun
from lika.casework.models.signatures import Roster, RosterEntry, Signatory, Signature, SignedPaper

__all__ = [
    "Application",
    "Batch",
    "BundledNotice",
    "CalendarYear",
    "Campaign",
    "CampaignPart",
    "CampaignRun",
    "Case",
    "Consent",
    "Deadline",
    "Evidence",
    "Indicator",
    "IndicatorCheck",
    "IndicatorSheet",
    "Meeting",
    "Notice",
    "NoticeBundle",
    "NoticeLine",
    "Objection",
    "ObjectionStep",
    "Opinion",
    "Posting",
    "Quota",
    "Roster",
    "RosterEntry",
    "Signal",
    "Signatory",
    "Signature",
    "SignedPaper",
    "SpecialDay",
    "Step",
    "SurveyForm",
    "Vote",
]
