"""Closed lists of the pack format. The words of a pack's texts are data, these are its grammar."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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
