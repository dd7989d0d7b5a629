"""Closed lists of the pack format. The words of a pack's texts are data, these are its grammar."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lika.accounts.choices import Role


class CriterionKind(TextChoices):
    """What a criterion serves."""

    EXIT = "exit", _("Exit")
    MEASURE = "measure", _("Measure")
    PRECISE = "precise", _("Precise item")
    ENTRY = "entry", _("Identification")


class Basis(TextChoices):
    """How far the document carries an item: as written, as read by us (and said so), or not at all.

    What a demonstration pack sets in place of what is missing is marked as such and nothing else.
    """

    GIVEN = "given", _("Given in the document")
    READING = "reading", _("Our reading of the document")
    MISSING = "missing", _("Basis to be supplied")
    DEMO = "demo", _("Set for demonstration")


class Fate(TextChoices):
    """Where a clause of the document went, as SOURCES.md says."""

    CARRIED = "carried", _("Carried by this pack")
    NOT_YET = "not_yet", _("Not yet in this pack")
    NOT_IN_SOURCES = "not_in_sources", _("Not in the sources")
    NOT_SOFTWARE = "not_software", _("Not software")


class ValueType(TextChoices):
    """Types of parameters and derived facts."""

    BOOLEAN = "boolean", _("Yes or no")
    INTEGER = "integer", _("Whole number")
    DECIMAL = "decimal", _("Number")
    DATE = "date", _("Date")
    CODE = "code", _("Code")


class ItemType(TextChoices):
    """Types of what a jurisdiction collects beyond the common form. Of text it is only asked whether it is there."""

    BOOLEAN = "boolean", _("Yes or no")
    INTEGER = "integer", _("Whole number")
    DECIMAL = "decimal", _("Number")
    DATE = "date", _("Date")
    CODE = "code", _("Code")
    TEXT = "text", _("Text")


class ItemUnit(TextChoices):
    """Units whose yearly form a jurisdiction may add items to."""

    PERSON = "person", _("Person")
    HOUSEHOLD = "household", _("Household")
    VILLAGE = "village", _("Village")
    COUNTY = "county", _("County")


class Severity(TextChoices):
    """How heavy a fault of quality weighs: an error blocks, a warning asks for a remark."""

    ERROR = "error", _("Error")
    WARNING = "warning", _("Warning")


class Dimension(TextChoices):
    """What is wanting where a rule of quality is broken."""

    CORRECTNESS = "correctness", _("Correctness")
    COMPLETENESS = "completeness", _("Completeness")
    CONSISTENCY = "consistency", _("Consistency")
    TIMELINESS = "timeliness", _("Timeliness")


class Pattern(TextChoices):
    """What the platform can look for across households. Which of it is looked for, and by which numbers, packs say."""

    SAME_PERSON = "same_person", _("One person in two households")
    SAME_NUMBER = "same_number", _("One number on two persons")
    SAME_HOUSEHOLD = "same_household", _("One household under two numbers")
    SPLIT = "split", _("Household split before it is looked at")
    SEPARATED_ELDER = "separated_elder", _("Elder registered apart from the children")
    EMPTY = "empty", _("Household that nobody lives in")
    EQUAL_SHARES = "equal_shares", _("Identical amounts across a village")


# The kinds of change that packs may rule on. What is undone is checked as it was itself.
CHANGE_KINDS = ("join", "leave", "away", "correct", "year", "head", "split", "merge", "move")
# The national accounts of a household's year (DOMAIN §3.4), by the names that the register gives their totals.
NATIONAL_ACCOUNTS = (
    *("wage", "operating", "property_dividend", "property_other", "transfer_family_planning", "transfer_dibao"),
    *("transfer_extreme", "transfer_pension", "transfer_eco", "transfer_other", "expense_operating"),
)

# What a search asks its pack for, by what it looks for; the names are those of `parameters` in patterns.yaml.
PATTERN_ASKS: dict[Pattern, dict[str, ValueType]] = {
    Pattern.SPLIT: {"months": ValueType.INTEGER},
    Pattern.SEPARATED_ELDER: {"age": ValueType.INTEGER, "older": ValueType.INTEGER},
    Pattern.EMPTY: {"months": ValueType.INTEGER},
    Pattern.EQUAL_SHARES: {"share": ValueType.DECIMAL, "households": ValueType.INTEGER},
}


class CalendarTask(TextChoices):
    """What a date of the work calendar is the last day of (DOMAIN §5.3)."""

    EXIT_MARKING = "exit_marking", _("Marking of exits")
    REENTRY = "reentry", _("Taking in those who returned to poverty")
    UPDATE = "update", _("Update of villages and households")
    UPLOAD = "upload", _("Upload of the year's data by the township")
    MONITORING = "monitoring", _("Monitoring of the help")


class Verdict(TextChoices):
    """What a golden case expects of a criterion."""

    MET = "met", _("Met")
    NOT_MET = "not met", _("Not met")
    UNKNOWN = "unknown", _("Unknown")


# A verdict as engines give it.
VERDICT_VALUES: dict[Verdict, bool | None] = {Verdict.MET: True, Verdict.NOT_MET: False, Verdict.UNKNOWN: None}


# Procedures (DESIGN §6): what a case passes, stage by stage. Packs choose among these and put them in order.


class ProcedureUnit(TextChoices):
    """What a procedure decides on."""

    HOUSEHOLD = "household", _("Household")
    VILLAGE = "village", _("Village")
    COUNTY = "county", _("County")


class Purpose(TextChoices):
    """What a procedure is for."""

    ENTRY = "entry", _("Identification")
    EXIT = "exit", _("Exit")
    RETURN = "return", _("Return to poverty")
    REMOVAL = "removal", _("Removal")
    FULL_CHECK = "full_check", _("Full check")


class StageKind(TextChoices):
    """What is done at a stage. Casework knows how to run each of these and no other."""

    APPLICATION = "application", _("Application")
    NOMINATION = "nomination", _("Proposed list")
    SURVEY = "survey", _("Survey at the door")
    MEETING = "meeting", _("Democratic appraisal")
    VERIFICATION = "verification", _("Verification")
    CONSENT = "consent", _("Household's consent")
    PUBLIC_NOTICE = "public_notice", _("Public notice")
    REVIEW = "review", _("Review")
    CHECK = "check", _("Check of all cases")
    SIGNATURES = "signatures", _("Signatures")
    EVALUATION = "evaluation", _("Third-party evaluation")
    APPROVAL = "approval", _("Approval")
    ANNOUNCEMENT = "announcement", _("Announcement")
    FILING = "filing", _("Filing")
    RECORDING = "recording", _("Handbook and data entry")


class StageLevel(TextChoices):
    """The level that acts at a stage, from the village up; `STAGE_LEVELS` gives their order."""

    VILLAGE = "village", _("Village")
    TOWNSHIP = "township", _("Township")
    COUNTY = "county", _("County")
    PREFECTURE = "prefecture", _("Prefecture")
    PROVINCE = "province", _("Province")


class DayKind(TextChoices):
    """How days are counted: all of them, or those of the work calendar."""

    CALENDAR = "calendar", _("calendar days")
    WORKING = "working", _("working days")


class Body(TextChoices):
    """Who acts at a stage (DOMAIN §2.2)."""

    HOUSEHOLD = "household", pgettext_lazy("who acts", "Household")
    REPRESENTATIVES = "representatives", _("Villagers' representatives")
    VILLAGE_COMMITTEE = "village_committee", _("Village committee")
    TWO_COMMITTEES = "two_committees", _("Village party branch and committee")
    RESIDENT_TEAM = "resident_team", _("Resident team")
    SUPPORTING_UNIT = "supporting_unit", _("Supporting unit")
    TOWNSHIP_GOVERNMENT = "township_government", _("Township government")
    COUNTY_OFFICE = "county_office", _("County poverty office")
    COUNTY_GROUP = "county_group", _("County leading group")
    DEPARTMENTS = "departments", _("Line departments of the county")
    COUNTY_GOVERNMENT = "county_government", _("County party committee and government")
    COUNTY_HEADQUARTERS = "county_headquarters", _("County headquarters")
    PREFECTURE_GOVERNMENT = "prefecture_government", _("Prefecture party committee and government")
    PROVINCE_GROUP = "province_group", _("Provincial leading group")
    EVALUATOR = "evaluator", _("Third-party evaluating body")


class Capacity(TextChoices):
    """In what capacity a slot is signed. A body signs by whoever acts for it."""

    VILLAGE_SECRETARY = "village_secretary", _("Village party secretary")
    VILLAGE_DIRECTOR = "village_director", _("Village director")
    TEAM_LEADER = "team_leader", _("Leader of the resident team")
    HOUSEHOLD = "household", pgettext_lazy("who acts", "Household")
    VILLAGE_COMMITTEE = "village_committee", _("Village committee")
    RESIDENT_TEAM = "resident_team", _("Resident team")
    TOWNSHIP_SECRETARY = "township_secretary", _("Township party secretary")
    TOWNSHIP_HEAD = "township_head", _("Township head")
    STATION_HEAD = "station_head", _("Head of the township poverty station")
    COUNTY_SECRETARY = "county_secretary", _("County party secretary")
    COUNTY_HEAD = "county_head", _("County head")
    OFFICE_DIRECTOR = "office_director", _("Director of the county poverty office")
    STATISTICS_DIRECTOR = "statistics_director", _("Director of the county statistics bureau")
    PREFECTURE_SECRETARY = "prefecture_secretary", _("Prefecture party secretary")
    MAYOR = "mayor", _("Mayor")


class PostingPlace(TextChoices):
    """Where a notice or an announcement hangs."""

    VILLAGE = "village", _("Administrative village")
    NATURAL_VILLAGE = "natural_village", _("Natural village")
    WEB = "web", _("Government web site")


class Paper(TextChoices):
    """The papers that a stage leaves in the file (DOMAIN §7.6)."""

    APPLICATION = "application", _("Application in writing")
    NAME_LIST = "name_list", _("List of names")
    SURVEY_FORM = "survey_form", _("Survey form")
    MINUTES = "minutes", _("Minutes of the meeting")
    SIGN_IN = "sign_in", _("Attendance sheet")
    PHOTOGRAPHS = "photographs", _("Photographs and recordings")
    VERIFICATION_FORM = "verification_form", _("Verification form")
    CONSENT_FORM = "consent_form", _("Consent of the household")
    NOTICE = "notice", _("Text of the notice")
    POSTING_PROOF = "posting_proof", _("Proof of posting")
    EVIDENCE = "evidence", _("Evidence")
    OPINION = "opinion", _("Opinion of the review")
    INDICATOR_SHEET = "indicator_sheet", _("Indicator sheet")
    SELF_EVALUATION = "self_evaluation", _("Self-evaluation")
    SIGNATURE_SHEET = "signature_sheet", _("Signature sheet")
    EVALUATION_REPORT = "evaluation_report", _("Evaluation report")
    APPROVAL = "approval", _("Approval in writing")
    HANDBOOK = "handbook", _("Handbook of help")


STAGE_LEVELS = tuple(StageLevel)
# The level that each body and capacity stands at. An evaluator works for a prefecture or a province.
BODY_LEVELS: dict[Body, frozenset[StageLevel]] = {
    **dict.fromkeys(
        (
            *(Body.HOUSEHOLD, Body.REPRESENTATIVES, Body.VILLAGE_COMMITTEE, Body.TWO_COMMITTEES),
            *(Body.RESIDENT_TEAM, Body.SUPPORTING_UNIT),
        ),
        frozenset({StageLevel.VILLAGE}),
    ),
    Body.TOWNSHIP_GOVERNMENT: frozenset({StageLevel.TOWNSHIP}),
    **dict.fromkeys(
        (
            *(Body.COUNTY_OFFICE, Body.COUNTY_GROUP, Body.DEPARTMENTS, Body.COUNTY_GOVERNMENT),
            Body.COUNTY_HEADQUARTERS,
        ),
        frozenset({StageLevel.COUNTY}),
    ),
    Body.PREFECTURE_GOVERNMENT: frozenset({StageLevel.PREFECTURE}),
    Body.PROVINCE_GROUP: frozenset({StageLevel.PROVINCE}),
    Body.EVALUATOR: frozenset({StageLevel.PREFECTURE, StageLevel.PROVINCE}),
}
# The role of the account that acts for a body. Nobody's account acts for a household or votes for its neighbours.
BODY_ROLES: dict[Body, Role | None] = {
    Body.HOUSEHOLD: None,
    Body.REPRESENTATIVES: Role.VILLAGE,
    Body.VILLAGE_COMMITTEE: Role.VILLAGE,
    Body.TWO_COMMITTEES: Role.VILLAGE,
    Body.RESIDENT_TEAM: Role.VILLAGE,
    Body.SUPPORTING_UNIT: Role.HELPER,
    Body.TOWNSHIP_GOVERNMENT: Role.TOWNSHIP,
    Body.COUNTY_OFFICE: Role.COUNTY,
    Body.COUNTY_GROUP: Role.COUNTY,
    Body.DEPARTMENTS: Role.DEPARTMENT,
    Body.COUNTY_GOVERNMENT: Role.COUNTY,
    Body.COUNTY_HEADQUARTERS: Role.COUNTY,
    Body.PREFECTURE_GOVERNMENT: Role.PREFECTURE,
    Body.PROVINCE_GROUP: Role.PROVINCE,
    Body.EVALUATOR: Role.EVALUATOR,
}
CAPACITY_LEVELS: dict[Capacity, StageLevel] = {
    **dict.fromkeys(
        (
            *(Capacity.VILLAGE_SECRETARY, Capacity.VILLAGE_DIRECTOR, Capacity.TEAM_LEADER, Capacity.HOUSEHOLD),
            *(Capacity.VILLAGE_COMMITTEE, Capacity.RESIDENT_TEAM),
        ),
        StageLevel.VILLAGE,
    ),
    **dict.fromkeys((Capacity.TOWNSHIP_SECRETARY, Capacity.TOWNSHIP_HEAD, Capacity.STATION_HEAD), StageLevel.TOWNSHIP),
    **dict.fromkeys(
        (
            *(Capacity.COUNTY_SECRETARY, Capacity.COUNTY_HEAD, Capacity.OFFICE_DIRECTOR),
            Capacity.STATISTICS_DIRECTOR,
        ),
        StageLevel.COUNTY,
    ),
    **dict.fromkeys((Capacity.PREFECTURE_SECRETARY, Capacity.MAYOR), StageLevel.PREFECTURE),
}
# Where a procedure begins, by what it decides on.
UNIT_LEVELS: dict[ProcedureUnit, StageLevel] = {
    ProcedureUnit.HOUSEHOLD: StageLevel.VILLAGE,
    ProcedureUnit.VILLAGE: StageLevel.VILLAGE,
    ProcedureUnit.COUNTY: StageLevel.COUNTY,
}
# The axis of status of each unit, and the moves on it that the register allows (DOMAIN §5.0).
UNIT_AXES: dict[ProcedureUnit, str] = {
    ProcedureUnit.HOUSEHOLD: "poverty",
    ProcedureUnit.VILLAGE: "poor_area",
    ProcedureUnit.COUNTY: "poor_area",
}
STATUS_MOVES: dict[str, dict[str, frozenset[str]]] = {
    "poverty": {
        "00": frozenset({"10"}),
        "10": frozenset({"20", "90"}),
        "20": frozenset({"21", "90"}),
        "21": frozenset({"20", "30"}),
        "30": frozenset({"40", "90"}),
        "40": frozenset({"21", "90"}),
        "90": frozenset({"10"}),
    },
    "poor_area": {"0": frozenset({"1"}), "1": frozenset({"3"}), "3": frozenset({"1"})},
}
# The status that each purpose leads to, by what it decides on; None: it changes no status and ends in a record.
PURPOSE_STATUS: dict[Purpose, dict[ProcedureUnit, str | None]] = {
    Purpose.ENTRY: {ProcedureUnit.HOUSEHOLD: "10", ProcedureUnit.VILLAGE: "1"},
    Purpose.EXIT: {ProcedureUnit.HOUSEHOLD: "30", ProcedureUnit.VILLAGE: "3", ProcedureUnit.COUNTY: "3"},
    Purpose.RETURN: {ProcedureUnit.HOUSEHOLD: "40"},
    Purpose.REMOVAL: {ProcedureUnit.HOUSEHOLD: "90"},
    Purpose.FULL_CHECK: {ProcedureUnit.HOUSEHOLD: None, ProcedureUnit.VILLAGE: None},
}
# Kinds of stage: what may be left out, what may end a procedure, what may follow the announcement, what is posted,
# and who decides for a level. All else is on every path.
OPTIONAL_KINDS = frozenset({StageKind.SURVEY, StageKind.EVALUATION, StageKind.FILING, StageKind.RECORDING})
END_KINDS = frozenset({StageKind.ANNOUNCEMENT, StageKind.FILING, StageKind.RECORDING})
CLOSING_KINDS = frozenset({StageKind.FILING, StageKind.RECORDING})
POSTED_KINDS = frozenset({StageKind.PUBLIC_NOTICE, StageKind.ANNOUNCEMENT})
DECIDING_KINDS = frozenset({StageKind.REVIEW, StageKind.CHECK, StageKind.SIGNATURES, StageKind.APPROVAL})
