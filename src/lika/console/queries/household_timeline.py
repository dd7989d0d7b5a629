"""All that happened to one household, on one line of time."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lika.console.facts import NOTHING
from lika.console.queries.household import event_line, placement_line
from lika.console.queries.household_life import changes
from lika.console.queries.verdicts import pack_title
from lika.core.language import chosen
from lika.register.actions.reveal import HouseholdSecret, PersonSecret
from lika.register.choices import YearState
from lika.register.queries import HouseholdView, Trace
from lika.snapshots.choices import Result
from lika.snapshots.queries import PastResult


class Kind(TextChoices):
    """What the timeline can be narrowed to."""

    PLACEMENT = "placement", gettext_lazy("Residence")
    MEMBER = "member", gettext_lazy("Members")
    STATUS = "status", gettext_lazy("Status")
    YEAR = "year", gettext_lazy("Yearly data")
    SCREENING = "screening", gettext_lazy("Screenings")
    AUDIT = "audit", gettext_lazy("Audit")


_ICONS = {
    Kind.PLACEMENT: "map-pin",
    Kind.MEMBER: "users",
    Kind.STATUS: "flag",
    Kind.YEAR: "table",
    Kind.SCREENING: "list-check",
    Kind.AUDIT: "shield",
}
_STATES = {Result.MET: "met", Result.NOT_MET: "not_met", Result.UNKNOWN: "unknown"}
# What the audit calls the acts on a household, in words.
_ACTS = {
    "household.added": gettext_lazy("Household recorded"),
    "household.changed": gettext_lazy("Basic data changed"),
    "household.revealed": gettext_lazy("Shown in full"),
    "explanation.taken": gettext_lazy("Explanation taken as a file"),
    "change.proposed": gettext_lazy("Change recorded"),
    "change.checked": gettext_lazy("Change checked"),
    "change.applied": gettext_lazy("Change put in force"),
    "change.refused": gettext_lazy("Change sent back"),
    "income.entered": gettext_lazy("Income or cost entered"),
    "income.confirmed": gettext_lazy("Income or cost confirmed"),
    "income.withdrawn": gettext_lazy("Income or cost withdrawn"),
    "income.settled": gettext_lazy("Totals of the year settled"),
    "document.added": gettext_lazy("Document kept"),
    "document.revealed": gettext_lazy("Document shown for a reason"),
    "document.withdrawn": gettext_lazy("Document withdrawn"),
    "household_year.recorded": gettext_lazy("Yearly data recorded"),
    "household_year.confirmed": gettext_lazy("Yearly data confirmed"),
    "household_year.locked": gettext_lazy("Yearly data locked"),
    "person_year.recorded": gettext_lazy("Yearly data of a member recorded"),
    "member.joined": gettext_lazy("Member joined"),
    "member.changed": gettext_lazy("Data of a member changed"),
    "member.left": gettext_lazy("Member left"),
    "person.revealed": gettext_lazy("Shown in full"),
    "register.import": gettext_lazy("Imported from a workbook"),
    "status.poverty": gettext_lazy("Poverty status entered"),
    "status.monitoring": gettext_lazy("Monitoring class entered"),
}
_FIELDS = {
    HouseholdSecret.PHONE.value: gettext_lazy("Telephone"),
    HouseholdSecret.ADDRESS.value: gettext_lazy("Address"),
    HouseholdSecret.BANK_ACCOUNT.value: gettext_lazy("Bank account"),
    "document": gettext_lazy("Documents"),
    HouseholdSecret.POSITION.value: gettext_lazy("Location on the map"),
    PersonSecret.ID_NUMBER.value: gettext_lazy("Identity number"),
    PersonSecret.ID_ORIGINAL.value: gettext_lazy("Identity number"),
}


@dataclass(frozen=True)
class Event:
    """Something that happened on a day; `kind` is the state that its sign shows, empty for none."""

    on: dt.date
    family: Kind
    title: str
    text: str = ""
    url: str = ""
    kind: str = ""

    @property
    def icon(self) -> str:
        """The sign beside it."""
        return _ICONS[self.family]


@dataclass(frozen=True)
class Timeline:
    """The events, the latest first, and how many there are of each kind; `chosen` narrows them, empty for all."""

    events: Sequence[Event]
    counts: Sequence[tuple[Kind, int]]
    chosen: str
    total: int


@dataclass(frozen=True)
class Look:
    """A masked value that was shown in full: when, to whom, which, what for."""

    at: dt.datetime
    actor: str
    field: str
    reason: str


def timeline(
    household: HouseholdView, screenings: Iterable[PastResult], traces: Iterable[Trace], kind: str = ""
) -> Timeline:
    """Everything that these three hold; `kind` keeps one family, an unknown one keeps all."""
    events = [
        *_placements(household),
        *_members(household),
        *_statuses(household),
        *_years(household),
        *map(_screened, screenings),
        *map(_traced, traces),
    ]
    events.sort(key=lambda event: event.on, reverse=True)
    counts = [(each, sum(event.family == each for event in events)) for each in Kind]
    wanted = kind if kind in Kind.values else ""
    shown = [event for event in events if not wanted or event.family == wanted]
    return Timeline(shown, [(each, count) for each, count in counts if count], wanted, len(events))


def looks(traces: Iterable[Trace], most: int) -> list[Look]:
    """Who was shown a masked value lately, the latest first."""
    found = [Look(trace.at, trace.actor, _field(trace), trace.reason) for trace in traces if trace.is_look]
    return found[:most]


def _placements(household: HouseholdView) -> Iterator[Event]:
    for placement in household.placements:
        if placement.started_on:
            text = placement_line(placement).place
            yield Event(placement.started_on, Kind.PLACEMENT, _("Came to live here"), text)


def _members(household: HouseholdView) -> Iterator[Event]:
    for change in changes(household):
        title = _("%(name)s joined") if change.joined else _("%(name)s left")
        text = " · ".join(filter(None, (change.relation, change.reason)))
        yield Event(change.on, Kind.MEMBER, title % {"name": change.name}, text)


def _statuses(household: HouseholdView) -> Iterator[Event]:
    # The register writes them in order of time; of one day the later one stands above.
    for event in map(event_line, reversed(household.history)):
        was = "" if event.from_label == NOTHING else f"{event.from_label} → "
        yield Event(event.effective_on, Kind.STATUS, f"{event.axis} {was}{event.to_label}", event.decision)


def _years(household: HouseholdView) -> Iterator[Event]:
    for year in household.years:
        recorded = timezone.localtime(year.recorded_at).date() if year.recorded_at else year.period_to
        text = _("%(state)s, reference period ends %(day)s") % {
            "state": YearState(year.state).label,
            "day": f"{year.period_to:%Y-%m-%d}",
        }
        yield Event(recorded, Kind.YEAR, _("Data of %(year)s recorded") % {"year": year.data_year}, text)


def _screened(past: PastResult) -> Event:
    found = past.screening
    return Event(
        timezone.localtime(found.finished_at).date(),
        Kind.SCREENING,
        f"{chosen(past.criterion.zh, past.criterion.en)}{chosen('：', ': ')}{Result(past.result).label}",
        f"{pack_title(found)} · {found.snapshot.at:%Y-%m-%d}",
        reverse("snapshots:screening", args=[found.pk]),
        _STATES[past.result],
    )


def _traced(trace: Trace) -> Event:
    at = timezone.localtime(trace.at)
    words = [f"{at:%H:%M}", trace.actor, _field(trace), trace.reason]
    title = str(_ACTS.get(trace.action, trace.action))
    return Event(at.date(), Kind.AUDIT, title, " · ".join(filter(None, words)))


def _field(trace: Trace) -> str:
    return str(_FIELDS.get(trace.field, trace.field))
