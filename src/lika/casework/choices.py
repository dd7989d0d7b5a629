"""Words of casework."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from lika.accounts.choices import Role
from lika.core.permissions import Permission
from lika.divisions.choices import Level
from lika.policy.choices import Paper, ProcedureUnit, Purpose, StageKind, StageLevel


class DayMark(TextChoices):
    """What an arrangement makes of a day."""

    HOLIDAY = "holiday", _("Holiday")
    WORKDAY = "workday", _("Make-up work day")


class CampaignKind(TextChoices):
    """A year's work. The first two split a number of persons; all have cases, each kind of one unit and purpose."""

    IDENTIFICATION = "identification", _("Size of identification")
    REDUCTION = "reduction", _("Yearly reduction plan")
    RETURN = "return", _("Return to poverty")
    REMOVAL = "removal", _("Removal")
    FULL_CHECK = "full_check", _("Full check of people")
    VILLAGE_ENTRY = "village_entry", _("Identification of villages")
    VILLAGE_EXIT = "village_exit", _("Exit of villages")
    VILLAGE_CHECK = "village_check", _("Full check of villages")
    COUNTY_EXIT = "county_exit", _("Exit of counties")


@dataclass(frozen=True)
class Work:
    """What the cases of a campaign are about; the letters in their numbers; whether it splits a number of persons."""

    unit: ProcedureUnit
    purpose: Purpose
    letters: str
    has_numbers: bool = False


WORKS: Mapping[CampaignKind, Work] = {
    CampaignKind.IDENTIFICATION: Work(ProcedureUnit.HOUSEHOLD, Purpose.ENTRY, "SB", has_numbers=True),
    CampaignKind.REDUCTION: Work(ProcedureUnit.HOUSEHOLD, Purpose.EXIT, "TP", has_numbers=True),
    CampaignKind.RETURN: Work(ProcedureUnit.HOUSEHOLD, Purpose.RETURN, "FP"),
    CampaignKind.REMOVAL: Work(ProcedureUnit.HOUSEHOLD, Purpose.REMOVAL, "QT"),
    CampaignKind.FULL_CHECK: Work(ProcedureUnit.HOUSEHOLD, Purpose.FULL_CHECK, "QC"),
    CampaignKind.VILLAGE_ENTRY: Work(ProcedureUnit.VILLAGE, Purpose.ENTRY, "CS"),
    CampaignKind.VILLAGE_EXIT: Work(ProcedureUnit.VILLAGE, Purpose.EXIT, "CT"),
    CampaignKind.VILLAGE_CHECK: Work(ProcedureUnit.VILLAGE, Purpose.FULL_CHECK, "CC"),
    CampaignKind.COUNTY_EXIT: Work(ProcedureUnit.COUNTY, Purpose.EXIT, "XT"),
}
NUMBERED = tuple(kind for kind, work in WORKS.items() if work.has_numbers)


class CampaignState(TextChoices):
    """An open campaign may be split; in a locked one no number changes any more."""

    OPEN = "open", _("Being split")
    LOCKED = "locked", _("Locked")


class RunState(TextChoices):
    """How far the process that opens a large campaign is; all but the finished one can be gone on with."""

    WAITING = "waiting", _("Waits to begin")
    RUNNING = "running", _("Running")
    STOPPING = "stopping", _("Being stopped")
    STOPPED = "stopped", _("Stopped")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class PartState(TextChoices):
    """How far a run is with one county."""

    WAITING = "waiting", _("Still to come")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Could not be done")


class SplitState(TextChoices):
    """How far the number of one division is split to those directly below it."""

    NONE = "none", _("Not split yet")
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published downward")


class SplitMethod(TextChoices):
    """How parts of persons are rounded; the values are those of `apportion.Method`."""

    LARGEST_REMAINDER = "largest_remainder", _("Largest remainder")
    WEBSTER = "webster", _("Webster")


class Basis(TextChoices):
    """What the shares are measured by."""

    POOR = "poor", _("Poor persons in the register")
    RURAL = "rural", _("Rural registered population")


class CaseState(TextChoices):
    """Whether a case goes on. A stopped one waits for the answer to an objection; the last two are its end."""

    OPEN = "open", _("Under way")
    STOPPED = "stopped", _("Stopped by an objection")
    DONE = "done", _("Completed")
    STRUCK_OUT = "struck_out", _("Struck out")


LIVE_STATES = (CaseState.OPEN, CaseState.STOPPED)


class BatchState(TextChoices):
    """A batch is closed when no case in it is under way."""

    OPEN = "open", _("Under way")
    CLOSED = "closed", _("Closed")


class Origin(TextChoices):
    """How a case came up."""

    SCREENING = "screening", _("Screening")
    APPLICATION = "application", _("Application")
    SIGNAL = "signal", _("Signal")
    CORRECTION = "correction", _("Correction of a decision")


class ApplicationWay(TextChoices):
    """How an application reached the village."""

    PAPER = "paper", _("On paper")
    ONLINE = "online", _("Online")


class SignalKind(TextChoices):
    """What was noticed, by whom it is kept."""

    LEAD = "lead", _("Lead of data comparison")
    REQUEST = "request", _("Request at the service window")
    VISIT = "visit", _("Visit to the household")
    INSPECTION = "inspection", _("Inspection")
    REPORT = "report", _("Report of a resident")


class StepResult(TextChoices):
    """What an act did to a case."""

    TAKEN_IN = "taken_in", _("Taken in")
    PASSED = "passed", _("Goes to the next stage")
    SKIPPED = "skipped", _("Stage left out")
    RETURNED = "returned", _("Returned")
    STRUCK_OUT = "struck_out", _("Struck out")
    STOPPED = "stopped", _("Stopped by an objection")
    SET_APART = "set_apart", _("Held back from the announcement")
    RESUMED = "resumed", _("Taken up again")
    SCREENED = "screened", _("Screened again")
    RECORDED = "recorded", _("Put on record")


class NoticeKind(TextChoices):
    """What hangs on the board: before the decision for a period, after it to tell of it."""

    NOTICE = "notice", _("Public notice")
    ANNOUNCEMENT = "announcement", _("Announcement")


class NoticeState(TextChoices):
    """A notice hangs until the last of its cases has left its stage; a void one had the wrong list and counts not."""

    HANGING = "hanging", _("Hanging")
    ENDED = "ended", _("Ended")
    VOID = "void", _("Taken down as void")


class PostingFault(TextChoices):
    """Why a posting does not count; the same list is posted again there, and the period begins anew."""

    NONE = "", _("None")
    LATE = "late", _("Posted later than recorded")
    TORN = "torn", _("Torn down or unreadable")
    INTERRUPTED = "interrupted", _("Interrupted")


class ObjectionChannel(TextChoices):
    """How an objection came."""

    PAGE = "page", _("Page of the notice")
    TELEPHONE = "telephone", _("Telephone call")
    PAPER = "paper", _("In writing")


class ObjectionState(TextChoices):
    """How far an objection is; the last two are its end."""

    RECEIVED = "received", _("Objection received")
    ACKNOWLEDGED = "acknowledged", _("Receipt confirmed")
    ASSIGNED = "assigned", _("Being investigated")
    INVESTIGATED = "investigated", _("Investigated")
    ANSWERED = "answered", _("Answer drafted")
    UPHELD = "upheld", _("Objection upheld")
    DISMISSED = "dismissed", _("Objection dismissed")


class ObjectionVerb(TextChoices):
    """A step on an objection."""

    RECEIVE = "receive", _("Receive")
    ACKNOWLEDGE = "acknowledge", _("Confirm receipt")
    ASSIGN = "assign", _("Have it investigated")
    INVESTIGATE = "investigate", _("Record the finding")
    ANSWER = "answer", _("Draft the answer")
    UPHOLD = "uphold", _("Uphold")
    DISMISS = "dismiss", _("Dismiss")


# From which states a step is taken, and where it leads.
OBJECTION_MOVES: Mapping[ObjectionVerb, tuple[frozenset[ObjectionState], ObjectionState]] = {
    ObjectionVerb.ACKNOWLEDGE: (frozenset({ObjectionState.RECEIVED}), ObjectionState.ACKNOWLEDGED),
    ObjectionVerb.ASSIGN: (
        frozenset({ObjectionState.ACKNOWLEDGED, ObjectionState.ASSIGNED}),
        ObjectionState.ASSIGNED,
    ),
    ObjectionVerb.INVESTIGATE: (frozenset({ObjectionState.ASSIGNED}), ObjectionState.INVESTIGATED),
    ObjectionVerb.ANSWER: (frozenset({ObjectionState.INVESTIGATED}), ObjectionState.ANSWERED),
    ObjectionVerb.UPHOLD: (frozenset({ObjectionState.ANSWERED}), ObjectionState.UPHELD),
    ObjectionVerb.DISMISS: (frozenset({ObjectionState.ANSWERED}), ObjectionState.DISMISSED),
}
OBJECTIONS_DECIDED = (ObjectionState.UPHELD, ObjectionState.DISMISSED)


class Duty(TextChoices):
    """What an official does on a case; nobody does two of these on one case."""

    NONE = "", _("None")
    PREPARE = "prepare", _("Prepare")
    VERIFY = "verify", _("Verify")
    REVIEW = "review", _("Review")
    APPROVE = "approve", _("Approve")


# Posting, signing and entering what the household says are duties of no kind: whoever signs may have prepared.
DUTIES: Mapping[StageKind, Duty] = {
    StageKind.APPLICATION: Duty.PREPARE,
    StageKind.NOMINATION: Duty.PREPARE,
    StageKind.MEETING: Duty.PREPARE,
    StageKind.SURVEY: Duty.VERIFY,
    StageKind.VERIFICATION: Duty.VERIFY,
    StageKind.REVIEW: Duty.REVIEW,
    StageKind.CHECK: Duty.REVIEW,
    StageKind.APPROVAL: Duty.APPROVE,
    StageKind.ANNOUNCEMENT: Duty.APPROVE,
}


class HouseholdAnswer(TextChoices):
    """What a household says to what is proposed for it. Only who agrees goes on; who was not met is asked again."""

    AGREED = "agreed", _("The household agrees")
    REFUSED = "refused", _("The household does not agree")
    ABSENT = "absent", _("Nobody was met")


class Manner(TextChoices):
    """How a household gave its answer. An agreement is on paper."""

    SIGNATURE = "signature", _("By signature")
    HANDPRINT = "handprint", _("By handprint")
    SPOKEN = "spoken", _("By word of mouth")


ON_PAPER = (Manner.SIGNATURE, Manner.HANDPRINT)


class Source(TextChoices):
    """Where a paper of a stage comes from."""

    UPLOADED = "uploaded", _("Uploaded")
    PRODUCED = "produced", _("Made by the program")


@dataclass(frozen=True)
class Supply:
    """Where a paper comes from, its kind in CL-DOCKIND, whether each case has its own, whether cases wait for it."""

    source: Source
    kind: str = ""
    of_case: bool = False
    blocks: bool = False


_MEETING_PHOTO, _EVIDENCE, _SIGNED, _OTHER = "12", "10", "11", "99"
# The papers that stages name (DOMAIN §7.6). What the program sets from what was entered is not asked for as a file.
PAPERS: Mapping[Paper, Supply] = {
    Paper.APPLICATION: Supply(Source.UPLOADED, "01", of_case=True),
    Paper.NAME_LIST: Supply(Source.PRODUCED),
    Paper.SURVEY_FORM: Supply(Source.PRODUCED),
    Paper.MINUTES: Supply(Source.UPLOADED, _OTHER, blocks=True),
    Paper.SIGN_IN: Supply(Source.UPLOADED, _SIGNED, blocks=True),
    Paper.PHOTOGRAPHS: Supply(Source.UPLOADED, _MEETING_PHOTO),
    Paper.VERIFICATION_FORM: Supply(Source.PRODUCED),
    Paper.CONSENT_FORM: Supply(Source.UPLOADED, _SIGNED, of_case=True),
    Paper.NOTICE: Supply(Source.PRODUCED),
    Paper.POSTING_PROOF: Supply(Source.UPLOADED, _MEETING_PHOTO),  # asked for posting by posting, not by this table
    Paper.EVIDENCE: Supply(Source.UPLOADED, _EVIDENCE, of_case=True),
    Paper.OPINION: Supply(Source.PRODUCED),
    Paper.INDICATOR_SHEET: Supply(Source.PRODUCED),
    Paper.SELF_EVALUATION: Supply(Source.UPLOADED, _OTHER),
    Paper.SIGNATURE_SHEET: Supply(Source.PRODUCED),
    Paper.EVALUATION_REPORT: Supply(Source.UPLOADED, _OTHER),
    Paper.APPROVAL: Supply(Source.UPLOADED, _OTHER),
    Paper.HANDBOOK: Supply(Source.UPLOADED, _OTHER, of_case=True),
}
ALWAYS_TAKEN = (Paper.PHOTOGRAPHS, Paper.EVIDENCE)  # whatever a stage names: both show how it went
# What lets a post act at a stage. For those who have no account of their own (the household, an evaluating body, a
# supporting unit) the office at the stage's level enters what they say.
ACTING_ROLES: Mapping[Role, Permission] = {
    Role.VILLAGE: Permission.CASE_VILLAGE,
    Role.TOWNSHIP: Permission.CASE_TOWNSHIP,
    Role.COUNTY: Permission.CASE_COUNTY,
    Role.DEPARTMENT: Permission.CASE_DEPARTMENT,
    Role.PREFECTURE: Permission.CASE_PREFECTURE,
    Role.PROVINCE: Permission.CASE_PROVINCE,
}
# The level of the divisions at which a stage of a level acts.
LEVELS: Mapping[StageLevel, Level] = {
    StageLevel.PROVINCE: Level.PROVINCE,
    StageLevel.PREFECTURE: Level.PREFECTURE,
    StageLevel.COUNTY: Level.COUNTY,
    StageLevel.TOWNSHIP: Level.TOWNSHIP,
    StageLevel.VILLAGE: Level.VILLAGE,
}
ACTING_LEVELS: Mapping[StageLevel, Permission] = {
    StageLevel.VILLAGE: Permission.CASE_VILLAGE,
    StageLevel.TOWNSHIP: Permission.CASE_TOWNSHIP,
    StageLevel.COUNTY: Permission.CASE_COUNTY,
    StageLevel.PREFECTURE: Permission.CASE_PREFECTURE,
    StageLevel.PROVINCE: Permission.CASE_PROVINCE,
}


class ArchiveSection(TextChoices):
    """The parts of the file of a batch or a case, in the order of DOMAIN §7.6.

    The list there breaks off after the survey; what comes then follows the stages.
    """

    GENERAL = "general", _("General")
    MEETING = "meeting", _("Analysis meeting and appraisal")
    SURVEY = "survey", _("Survey and verification")
    NOTICE = "notice", _("Notices, objections and announcement")
    REVIEW = "review", _("Reviews, signatures and approval")
    RECORD = "record", _("Filing and recording")


ARCHIVE_SECTIONS: Mapping[StageKind, ArchiveSection] = {
    StageKind.APPLICATION: ArchiveSection.GENERAL,
    StageKind.NOMINATION: ArchiveSection.MEETING,
    StageKind.MEETING: ArchiveSection.MEETING,
    StageKind.SURVEY: ArchiveSection.SURVEY,
    StageKind.VERIFICATION: ArchiveSection.SURVEY,
    StageKind.CONSENT: ArchiveSection.SURVEY,
    StageKind.PUBLIC_NOTICE: ArchiveSection.NOTICE,
    StageKind.REVIEW: ArchiveSection.REVIEW,
    StageKind.CHECK: ArchiveSection.REVIEW,
    StageKind.SIGNATURES: ArchiveSection.REVIEW,
    StageKind.EVALUATION: ArchiveSection.REVIEW,
    StageKind.APPROVAL: ArchiveSection.REVIEW,
    StageKind.ANNOUNCEMENT: ArchiveSection.NOTICE,
    StageKind.FILING: ArchiveSection.RECORD,
    StageKind.RECORDING: ArchiveSection.RECORD,
}


class SignatureKind(TextChoices):
    """How somebody signed. The last two with a witness in post."""

    ACCOUNT = "account", _("By account")
    INK = "ink", _("Ink on screen")
    PAPER = "paper", _("On paper, photographed")


class VoidReason(TextChoices):
    """Why a signature, or a line of a roster, counts no more."""

    RETURNED = "returned", _("The case was sent back")
    CHANGED = "changed", _("The case changed after it was signed")


# From the county up one signature covers many cases: it is given over a roster of their hashes.
ROSTER_LEVELS = frozenset({StageLevel.COUNTY, StageLevel.PREFECTURE, StageLevel.PROVINCE})
