"""Everything an import can say about a workbook: code, severity, what is wrong, what to do.

One table, so that the list in the manual, the screen, the command line and the marked workbook agree.
Messages may use the parameters of their finding; none of them ever is a value from the workbook, but for names that
are masked (COL-426).

COL-0xx the file, COL-1xx one cell, COL-2xx rows together, COL-3xx against the register, COL-4xx warnings. What the
packs ask of sound data (`lika.policy.quality`) has the id of the rule for its code, here as everywhere.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lika.collection.choices import Severity
from lika.core.language import Said
from lika.policy import quality

Text = str | Promise | Said


@dataclass(frozen=True)
class Rule:
    """One thing that can be wrong."""

    code: str
    severity: Severity
    message: Text
    remedy: Text

    def text(self, params: dict[str, str]) -> str:
        """The message with its parameters filled in."""
        return str(self.message) % params if params else str(self.message)


def _error(code: str, message: Text, remedy: Text) -> Rule:
    return Rule(code, Severity.ERROR, message, remedy)


def _warning(code: str, message: Text, remedy: Text) -> Rule:
    return Rule(code, Severity.WARNING, message, remedy)


_COPY = _("Copy it from the document again.")
_AS_TEXT = _("Format the column as text and enter the number again.")
_ONE_OF_THEM = _("Keep one of the rows and delete the others.")
_LOOK = _("Compare with the household's papers; correct the workbook or leave it as it is.")

_FILE = (
    _warning("COL-010", _("The sheet is not part of the workbook and was not read."),
             _("Rename it as in the template, or delete it.")),
    _warning("COL-011", _("The heading is not known; the column was not read."),
             _("Write the heading as in the template, or delete the column.")),
    _error("COL-012", _("The required column %(field)s is missing."), _("Add the column, as in the template.")),
    _error("COL-013", _("The heading of %(field)s stands twice."), _("Keep one of the two columns.")),
    _error("COL-014", _("The sheet has no headings."), _("Put the headings of the template into the first row.")),
    _error("COL-015", _("The sheet is there twice, under two names."), _("Put all rows into one of the two.")),
    _error("COL-020", _("%(field)s has the type %(type)s, which holds no plain values."),
           _("Export the column as text, numbers or dates.")),
    _error("COL-021", _("The file has other columns than the files of the same sheet before it."),
           _("Give all files of a sheet the same headings.")),
    _error("COL-022", _("The row has more cells than there are headings."),
           _("Put cells that hold the separator into quotation marks.")),
    _warning("COL-023", _("The workbook holds macros. They were not run."), _("Save it as .xlsx, without macros.")),
)  # fmt: skip

_CELL = (
    _error("COL-101", _("The cell holds a formula."), _("Copy the column and paste it as values.")),
    _error("COL-102", _("Cells are merged here (%(range)s)."), _("Unmerge them and fill in every row.")),
    _error("COL-103", _("The cell holds an error of the spreadsheet, such as #REF!."), _("Enter the value.")),
    _error("COL-104", _("%(field)s is missing."), _("Fill in the cell.")),
    _error("COL-105", _("This is not a value of the list %(list)s."), _("Choose one of the list: %(allowed)s")),
    _error("COL-106", _("This is not a number."), _("Enter digits only, without words.")),
    _error("COL-107", _("The number is out of range (%(low)s to %(high)s)."), _("Check the number and its unit.")),
    _error("COL-108", _("The number has more than %(places)s decimal places."), _("Round it.")),
    _error("COL-109", _("This is not a date, or not a possible one."), _("Write it as 2016-12-31.")),
    _error("COL-110", _("This is neither yes nor no."), _("Enter 是 or 否; leave the cell empty when it is unknown.")),
    _error("COL-111", _("The text is longer than %(length)s characters."), _("Shorten it.")),
    _error("COL-112", _("The spreadsheet rounded the number; its last digits are lost."), _AS_TEXT),
    _error("COL-113", _("The number may hold digits only."), _COPY),
    _error("COL-114", _("The text holds a sign that is none."), _("Enter the text again.")),
    _error("COL-120", _("This is not a division code."), _("Enter the 12 digits of the statistical code.")),
    _error("COL-121", _("The spreadsheet damaged the identity number; its last digits are lost."), _AS_TEXT),
    _error("COL-122", _("The number is not made as an identity number is."), _COPY),
    _error("COL-123", _("The birth date inside the identity number is not possible."), _COPY),
    _error("COL-124", _("The check digit does not fit: at least one digit is wrong."), _COPY),
    _error("COL-125", _("Healthy cannot stand beside an illness or a disability."), _("Delete one of them.")),
    _error("COL-126", _("The profile does not know this code of “%(heading)s”."),
           _("Correct the cell, or add the code to the profile. It knows: %(allowed)s")),
)  # fmt: skip

_ROWS = (
    _error("COL-201", _("The household number stands twice in this sheet (also row %(other)s)."), _ONE_OF_THEM),
    _error("COL-202", _("The household has no members."), _("Add its members to the sheet of members.")),
    _error("COL-203", _("The household has no head."), _("Mark one member as the head.")),
    _error("COL-204", _("The household has more than one head (also row %(other)s)."),
           _("Leave one head; give the others their relation to the head.")),
    _error("COL-205", _("The identity number stands twice in this sheet (also row %(other)s)."), _ONE_OF_THEM),
    _error("COL-206", _("The member without identity number stands twice (also row %(other)s)."), _ONE_OF_THEM),
    _error("COL-207", _("There is no such household, neither in the workbook nor in the register."),
           _("Correct the household number, or add the household.")),
    _error("COL-208", _("The row stands twice for the same data year (also row %(other)s)."), _ONE_OF_THEM),
    _error("COL-209", _("The division with this code has ended (successor: %(successor)s)."),
           _("Use the code of the successor.")),
    _error("COL-210", _("There is no division with this code."), _("Look the code up in the list of divisions.")),
    _error("COL-211", _("The code is not that of a %(level)s."), _("Look the code up in the list of divisions.")),
    _error("COL-212", _("This lies outside your area."), _("Leave it to the office responsible for that area.")),
    _error("COL-213", _("The village has no natural village of this name."),
           _("Correct the name, or have the natural village added.")),
    _error("COL-214", _("The sex does not agree with the identity number."), _("Correct one of the two.")),
    _error("COL-215", _("The date of birth does not agree with the identity number."), _("Correct one of the two.")),
    _error("COL-216", _("There is neither an identity number nor a reason for having none."),
           _("Enter the number or the reason.")),
    _error("COL-217", _("The date of birth is missing, and there is no identity number that tells it."),
           _("Enter the date of birth.")),
    _error("COL-218", _("%(field)s is missing; it must be given together with %(other)s."), _("Fill in the cell.")),
    _error("COL-219", _("The yearly data lack their data year."), _("Fill in the data year of the row.")),
    _error("COL-220", _("The period ends before it begins."), _("Correct one of the two dates.")),
    _error("COL-222", _("The yearly data lack their period, and the household has no yearly row to take it from."),
           _("Fill in the beginning and the end of the period.")),
    _error("COL-223", _("The date lies in the future."), _("Correct the date.")),
    _error("COL-224", _("“%(field)s” is not collected in this place."),
           _("Leave the cell empty, or correct the village.")),
)  # fmt: skip

_REGISTER = (
    _error("COL-301", _("The register has this person in another household."),
           _("Have the person leave the other household first, or correct the identity number.")),
    _error("COL-302", _("The year is locked in the register, and the row differs from it."),
           _("Ask for a correction of the locked year.")),
    _error("COL-303", _("The status in the register cannot become this one."),
           _("Correct the status; exit, return and removal go through their procedure.")),
    _error("COL-304", _("The register has this household in another village."),
           _("Correct the village code, or have the household moved first.")),
    _error("COL-305", _("The register says that this member has left the household."),
           _("Enter the change and the date on which the member joined again.")),
    _error("COL-306", _("The status is older than the latest one in the register."), _("Correct the date.")),
    _error("COL-307", _("The date of leaving is not after the date of joining."), _("Correct the date of the change.")),
    _error("COL-308", _("The register has another member of this household with this name and date of birth."),
           _("Enter the identity number.")),
    _error("COL-309", _("The register has this person in a household, here or elsewhere, at the same time."),
           _("Enter the change and the day on which the member joined.")),
    _error("COL-310", _("The status differs from the register, and you may not enter a status here."),
           _("Leave the status as it is; have the office that decides on it enter the change.")),
    _error("COL-311", _("This person leaves the household, but the register has no such member in it."),
           _("Delete the row, or correct the identity number.")),
    _error("COL-312", _("What the register says of this belongs to a place outside your area, and the row differs."),
           _("Leave it to the office responsible for that area.")),
)  # fmt: skip

_WARNINGS = (
    _warning("COL-406", _("The net income differs from the one computed from its parts."),
             _("Correct the part that is wrong, or the total. The register keeps the computed one.")),
    _warning("COL-407", _("The household has no telephone."), _("Enter the number of a member or a neighbour.")),
    _warning("COL-408", _("The telephone does not have 11 digits."), _("Check the number.")),
    _warning("COL-419", _("The same bank account belongs to another household (row %(other)s)."), _LOOK),
    _warning("COL-420", _("Members who are in the register are missing here: %(count)s."),
             _("Add them; if they left, enter the change and its date.")),
    _warning("COL-425", _("The status is as in the register, but its date differs; it was not changed."), _LOOK),
    _warning("COL-426", _("The register has another name for this identity number (%(held)s; here %(given)s)."),
             _("Compare with the identity card: a wrong number mixes two people. A corrected name may stay as it is.")),
)  # fmt: skip

RULES: dict[str, Rule] = {rule.code: rule for group in (_FILE, _CELL, _ROWS, _REGISTER, _WARNINGS) for rule in group}


def rule_of(code: str) -> Rule:
    """The rule of a code: one of this table, else a rule of quality. Raises KeyError for neither."""
    if code in RULES:
        return RULES[code]
    found = quality.find(code)
    if found is None:
        raise KeyError(code)
    return Rule(
        code,
        Severity(found.severity.value),
        Said(found.message.zh, found.message.en),
        Said(found.remedy.zh, found.remedy.en),
    )
