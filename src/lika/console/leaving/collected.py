"""Imports with what they found, files of another system compared, and the rounds of the yearly collection."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lika.accounts.queries import UserActor
from lika.collection import queries
from lika.collection.choices import BatchState, Difference
from lika.collection.exporting import comparisons
from lika.collection.exporting.comparing import Differing
from lika.collection.findings import Finding, field_label
from lika.collection.forms import ImportFilterForm
from lika.collection.models import ImportBatch
from lika.collection.rounds import queries as rounds
from lika.collection.rounds.choices import EntryState, Show
from lika.collection.schema import SHEETS_BY_KEY
from lika.console.leaving.reading import id_of, text, told, words_of
from lika.console.names import path_name, place_name
from lika.core.language import chosen
from lika.core.leaving import Field, Kind, Personal, Row, in_blocks
from lika.core.leaving.files import BLOCK
from lika.core.permissions import Permission
from lika.core.privacy import mask_name
from lika.reports.leaving import LeavingList, Reading

_STATE = Field("state", gettext_lazy("State"))
_IMPORT = (
    Field("file", gettext_lazy("File"), width=32),
    Field("when", gettext_lazy("When"), Kind.MOMENT),
    _STATE,
    Field("errors", gettext_lazy("Errors"), Kind.WHOLE),
    Field("warnings", gettext_lazy("Warnings"), Kind.WHOLE),
)
_FINDING = (
    Field("code", gettext_lazy("Code")),
    Field("severity", gettext_lazy("Severity"), width=8),
    Field("file", gettext_lazy("File")),
    Field("sheet", gettext_lazy("Sheet")),
    Field("row", gettext_lazy("Row"), Kind.WHOLE, width=8),
    Field("column", gettext_lazy("Column"), width=8),
    Field("field", gettext_lazy("Field")),
    Field("household", gettext_lazy("Household number"), width=22),
    Field("message", gettext_lazy("What is wrong"), width=40),
    Field("remedy", gettext_lazy("What to do"), width=40),
)
_DIFFERENCE = (
    Field("how", gettext_lazy("How it differs")),
    Field("sheet", gettext_lazy("Sheet")),
    Field("household", gettext_lazy("Household number"), width=22),
    Field("name", gettext_lazy("Name"), personal=Personal.NAME),
    Field("field", gettext_lazy("Field")),
    Field("here", gettext_lazy("Here"), width=24),
    Field("there", gettext_lazy("There"), width=24),
)
_ROUND = (
    Field("year", gettext_lazy("Data year"), Kind.WHOLE),
    Field("place", gettext_lazy("Place"), width=32),
    _STATE,
    Field("fill_by", gettext_lazy("Villages hand in by"), Kind.DAY),
    Field("audit_by", gettext_lazy("Townships have passed them by"), Kind.DAY),
    Field("locked", gettext_lazy("Villages locked"), Kind.WHOLE),
    Field("villages", gettext_lazy("Villages"), Kind.WHOLE),
)
_VILLAGE = (
    Field("village", gettext_lazy("Village")),
    Field("township", gettext_lazy("Township")),
    _STATE,
    Field("households", gettext_lazy("Households"), Kind.WHOLE),
    Field("filled", gettext_lazy("Households filled"), Kind.WHOLE),
    Field("doubt", gettext_lazy("In doubt"), Kind.WHOLE),
    Field("due", gettext_lazy("Due"), Kind.DAY),
    Field("late", gettext_lazy("Late"), width=8),
)

_HOUSEHOLD = (
    Field("head", gettext_lazy("Head"), personal=Personal.NAME),
    Field("number", gettext_lazy("Household number"), width=22),
    _STATE,
    Field("members", gettext_lazy("Members"), Kind.WHOLE, width=8),
    Field("written", gettext_lazy("Members written"), Kind.WHOLE, width=8),
    Field("differences", gettext_lazy("Differences"), Kind.WHOLE),
    Field("remarks", gettext_lazy("Remarks"), Kind.WHOLE),
    Field("rules", gettext_lazy("Rules that ask"), Kind.WHOLE),
)


def _imports(who: UserActor, given: QueryDict) -> Reading:
    form = ImportFilterForm(given)
    filters = words_of(form)
    state, sort = form.cleaned_data.get("state", ""), text(given, "sort") or queries.NEWEST_FIRST
    found = queries.find_imports(who, state=state, sort=sort)
    return Reading(
        fields=_IMPORT,
        total=found.count(),
        rows=lambda _personal: _import_rows(found),
        filters=filters,
        asked={"state": state, "sort": sort},
    )


def _import_rows(found: QuerySet[ImportBatch]) -> Iterator[Row]:
    for block in in_blocks(found.iterator(chunk_size=BLOCK)):
        for batch in queries.alive(block):
            yield {
                "file": batch.file_name,
                "when": batch.created_at,
                "state": str(BatchState(batch.state).label),
                "errors": batch.errors,
                "warnings": batch.warnings,
            }


def _findings(who: UserActor, given: QueryDict) -> Reading:
    """What one import found; a finding holds no value of the workbook."""
    batch = queries.own_batch(who, id_of(given))
    sheet, code = text(given, "sheet"), text(given, "code")
    kept = [
        found for found in queries.stored_findings(batch) if sheet in ("", found.sheet) and code in ("", found.code)
    ]
    return Reading(
        fields=_FINDING,
        total=len(kept),
        rows=lambda _personal: map(_finding, kept),
        filters=[each for each in (sheet, code) if each],
        asked={"import": str(batch.pk), "sheet": sheet, "code": code},
    )


def _finding(found: Finding) -> Row:
    return {
        "code": found.code,
        "severity": str(found.rule.severity.label),
        "file": found.file,
        "sheet": found.sheet_label,
        "row": found.row or None,
        "column": found.column,
        "field": found.field_label,
        "household": found.household,
        "message": found.message,
        "remedy": found.remedy,
    }


def _differences(who: UserActor, given: QueryDict) -> Reading:
    """How a file of another system differs from the register."""
    comparison, kind = comparisons.own(who, id_of(given)), text(given, "kind")
    found = [each for each in comparisons.differences(comparison) if kind in ("", each.kind)]
    return Reading(
        fields=_DIFFERENCE,
        total=len(found),
        rows=lambda personal: (_difference(each, personal=personal) for each in found),
        filters=[
            told(_("Layout"), comparison.profile),
            told(_("Data year"), comparison.data_year),
            *([str(Difference(kind).label)] if kind in Difference.values else []),
        ],
        asked={"comparison": comparison.label, "kind": kind},
    )


def _difference(each: Differing, *, personal: bool) -> Row:
    sheet = SHEETS_BY_KEY[each.sheet]
    here, there = each.ours, each.theirs
    if each.field == "name" and not personal:
        here, there = (mask_name(value) if value else "" for value in (here, there))
    return {
        "how": str(Difference(each.kind).label),
        "sheet": chosen(sheet.zh, sheet.en),
        "household": each.household,
        "name": each.person,
        "field": field_label(each.sheet, each.field) if each.field else "",
        "here": here,
        "there": there,
    }


def _rounds(who: UserActor, _given: QueryDict) -> Reading:
    found = rounds.rounds_in_sight(who)
    return Reading(
        fields=_ROUND,
        total=len(found),
        rows=lambda _personal: map(_round, found),
    )


def _round(line: rounds.RoundLine) -> Row:
    return {
        "year": line.round.data_year,
        "place": path_name(line.place),
        "state": _("Ended") if line.round.closed_at else _("Being collected"),
        "fill_by": line.round.fill_by,
        "audit_by": line.round.audit_by,
        "locked": line.locked,
        "villages": line.villages,
    }


def _progress(who: UserActor, given: QueryDict) -> Reading:
    """The villages of a round, with which are late."""
    found = rounds.progress(who, id_of(given))
    return Reading(
        fields=_VILLAGE,
        total=len(found.lines),
        rows=lambda _personal: map(_village, found.lines),
        division=found.round.code,
        filters=[told(_("Data year"), found.round.data_year)],
        asked={"round": str(found.round.pk)},
    )


def _village(line: rounds.VillageLine) -> Row:
    return {
        "village": place_name(line.name),
        "township": line.township,
        "state": line.submission.get_state_display(),
        "households": line.households,
        "filled": line.filled,
        "doubt": line.doubt,
        "due": line.submission.due_on,
        "late": _("Yes") if line.late else _("No"),
    }


def _submission(who: UserActor, given: QueryDict) -> Reading:
    """The households that a village hands in, narrowed as on its page (`show=`)."""
    found = rounds.submission_in_sight(who, id_of(given))
    show = Show(asked) if (asked := text(given, "show")) in Show.values else Show.ALL
    lines = rounds.lines_shown(rounds.village_standing(by=who, submission=found), show)
    return Reading(
        fields=_HOUSEHOLD,
        total=len(lines),
        rows=lambda _personal: map(_standing, lines),
        division=found.code,
        filters=[told(_("Data year"), found.round.data_year), *([] if show == Show.ALL else [str(show.label)])],
        asked={"submission": found.label, "show": show.value},
    )


def _standing(line: rounds.StandingLine) -> Row:
    return {
        "head": line.household.head,
        "number": line.household.number,
        "state": str(EntryState(line.state).label) if line.entry else _("Not begun"),
        "members": line.household.members,
        "written": line.household.written,
        "differences": line.entry.differences if line.entry else None,
        "remarks": line.open_remarks + line.untold,
        "rules": len(line.entry.warnings) if line.entry else None,
    }


IMPORTS = LeavingList(gettext_lazy("Your imports"), Permission.REGISTER_IMPORT, _imports)
FINDINGS = LeavingList(gettext_lazy("What was found"), Permission.REGISTER_IMPORT, _findings)
COMPARISON = LeavingList(gettext_lazy("List of differences"), Permission.REGISTER_EXPORT, _differences, personal=True)
ROUNDS = LeavingList(gettext_lazy("Yearly collection"), Permission.ROUND_VIEW, _rounds)
SUBMISSION = LeavingList(gettext_lazy("Households of the village"), Permission.ROUND_VIEW, _submission, personal=True)
PROGRESS = LeavingList(gettext_lazy("Progress by village"), Permission.ROUND_VIEW, _progress)
