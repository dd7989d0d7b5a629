"""Faults of data, and leads across households."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lika.accounts.queries import UserActor
from lika.console.leaving.reading import text, told, words_of
from lika.console.names import path_name
from lika.core.leaving import Field, Kind, Personal, Row, in_blocks
from lika.core.leaving.files import BLOCK
from lika.core.permissions import Permission
from lika.monitoring.choices import LeadState
from lika.monitoring.forms import FaultFilterForm, LeadFilterForm
from lika.monitoring.models import Lead, QualityFault
from lika.monitoring.queries import faults as fault_reads
from lika.monitoring.queries import leads as lead_reads
from lika.monitoring.views import ASKED_OF_FAULTS, rule_title, units_of_faults
from lika.monitoring.views_leads import division_asked, lead_lines
from lika.policy.patterns import PatternBook, patterns_for
from lika.reports.leaving import LeavingList, Reading
from lika.snapshots.choices import UnitKind

_STATE = Field("state", gettext_lazy("State"))
_PLACE = Field("place", gettext_lazy("Place"), width=40)
_FAULT = (
    Field("rule", gettext_lazy("Rule"), width=32),
    Field("severity", gettext_lazy("Severity"), width=8),
    Field("unit", gettext_lazy("Who or what"), width=22),
    Field("person", gettext_lazy("Name"), personal=Personal.NAME),
    _PLACE,
    _STATE,
    Field("deadline", gettext_lazy("To be mended by"), Kind.DAY),
    Field("assigned_to", gettext_lazy("Assigned to")),
    Field("late", gettext_lazy("Late"), width=8),
)
_LEAD = (
    Field("pattern", gettext_lazy("Pattern"), width=24),
    _PLACE,
    Field("across", gettext_lazy("and a household elsewhere"), width=8),
    Field("shows", gettext_lazy("What agrees or shows"), width=40),
    _STATE,
)


def _faults(who: UserActor, given: QueryDict) -> Reading:
    asked = fault_reads.Asked(**{name: text(given, name) for name in ASKED_OF_FAULTS})
    found = fault_reads.faults(who, asked)
    filters = words_of(FaultFilterForm(given))
    if asked.rule:
        filters.append(told(_("Rule"), rule_title(asked.rule)))
    return Reading(
        fields=_FAULT,
        total=found.count(),
        rows=lambda _personal: _fault_rows(who, found),
        division=asked.division,
        filters=filters,
        asked={name: getattr(asked, name) for name in ASKED_OF_FAULTS},
    )


def _fault_rows(who: UserActor, found: QuerySet[QualityFault]) -> Iterator[Row]:
    for block in in_blocks(found.iterator(chunk_size=BLOCK)):
        units = units_of_faults(who, block)
        for fault in block:
            unit, is_person = units[fault.pk], fault.unit_kind == UnitKind.PERSON
            yield {
                "rule": rule_title(fault.rule),
                "severity": fault.get_severity_display(),
                "unit": "" if is_person else unit.name,
                "person": unit.name if is_person else "",
                "place": path_name(unit.place),
                "state": fault.get_state_display(),
                "deadline": fault.deadline,
                "assigned_to": fault.assigned_to,
                "late": _("Yes") if fault.is_late else _("No"),
            }


def _leads(who: UserActor, given: QueryDict) -> Reading:
    division = division_asked(who, text(given, "division"))
    asked = lead_reads.AskedLeads(text(given, "pattern"), division, text(given, "state"))
    book = patterns_for(division, timezone.localdate())
    found = lead_reads.leads(who, asked)
    patterns = [(key, str(item.title)) for key, item in book.patterns.items()]
    return Reading(
        fields=_LEAD,
        total=found.count(),
        rows=lambda _personal: _lead_rows(book, found),
        division=division,
        filters=words_of(LeadFilterForm(given, patterns=patterns)),
        asked={"pattern": asked.pattern, "state": asked.state},
    )


def _lead_rows(book: PatternBook, found: QuerySet[Lead]) -> Iterator[Row]:
    for block in in_blocks(found.iterator(chunk_size=BLOCK)):
        for line in lead_lines(book, block):
            yield {
                "pattern": line["title"],
                "place": path_name(line["place"]),
                "across": _("Yes") if line["across"] else _("No"),
                "shows": str(line["shows"]),
                "state": str(LeadState(line["lead"].state).label),
            }


FAULTS = LeavingList(gettext_lazy("Faults to be mended"), Permission.QUALITY_VIEW, _faults, personal=True)
LEADS = LeavingList(gettext_lazy("Possible duplicates and evasion"), Permission.QUALITY_VIEW, _leads)
