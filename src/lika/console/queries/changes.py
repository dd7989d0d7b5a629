"""Changes in the words of the page: what was, what is, who, when, why."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from lika.accounts.queries import UserActor
from lika.console.facts import NOTHING, code_label, declared, heading, plain, shown
from lika.console.names import place_name
from lika.console.queries.focus import Step, cascade, focus_in
from lika.core.areas import EVERYWHERE
from lika.core.permissions import Permission
from lika.divisions import queries as divisions
from lika.divisions.choices import Level
from lika.register.choices import ChangeKind, ChangeState, MonitoringStatus, PovertyStatus, Subject, lists
from lika.register.queries import ChangeView, LineView

STATES = {
    ChangeState.PROPOSED: "waiting",
    ChangeState.CHECKED: "waiting",
    ChangeState.APPLIED: "done",
    ChangeState.REFUSED: "not_met",
}
YEAR_UNITS = {
    Subject.HOUSEHOLD_YEAR: "household",
    Subject.PERSON_YEAR: "person",
    Subject.VILLAGE_YEAR: "village",
    Subject.COUNTY_YEAR: "county",
}


@dataclass(frozen=True)
class Row:
    """A field before and after, in words; of what is new there is no before. `names`: the values name a person."""

    label: str | Promise
    old: str
    new: str
    names: bool = False


@dataclass(frozen=True)
class Block:
    """The rows of one record: of whom ("" where of nobody) and of what they tell."""

    person: str
    subject: str
    rows: Sequence[Row]

    @property
    def title(self) -> str:
        """Both, above the rows."""
        return f"{self.person} · {self.subject}" if self.person else self.subject


@dataclass(frozen=True)
class Told:
    """A change in words; `view` is what the register says of it."""

    view: ChangeView
    kind: str
    state: str
    state_kind: str
    reason_code: str
    place: str
    destination: str
    blocks: Sequence[Block]

    @property
    def is_move(self) -> bool:
        """Whether it leads to another village."""
        return self.view.to_village is not None

    @property
    def of_area(self) -> bool:
        """Whether it is about a year of a village or county."""
        return any(line.subject in (Subject.VILLAGE_YEAR, Subject.COUNTY_YEAR) for line in self.view.lines)


def told(changes: Iterable[ChangeView]) -> list[Told]:
    """Changes in words. One query for the names of all places."""
    found = list(changes)
    codes = {f"{code:012d}" for each in found for code in (each.village, each.to_village) if code}
    lines = [line for each in found for line in each.lines]
    codes |= {str(line.new) for line in lines if line.field in ("division_id", "natural_village_id") and line.new}
    places = _places(codes)
    return [_told(each, places) for each in found]


def _places(codes: Iterable[str]) -> Mapping[str, str]:
    named = divisions.by_codes(sorted(codes))
    return {code: place_name(division.name) for code, division in named.items()}


def _told(change: ChangeView, places: Mapping[str, str]) -> Told:
    return Told(
        view=change,
        kind=str(ChangeKind(change.kind).label),
        state=str(ChangeState(change.state).label),
        state_kind=STATES[ChangeState(change.state)],
        reason_code=code_label(lists.MEMBER_CHANGE, change.reason_code) if change.reason_code else "",
        place=_place(change.village, places),
        destination=_place(change.to_village, places) if change.to_village else "",
        blocks=tuple(_blocks(change.lines, places)),
    )


def _place(code: int, places: Mapping[str, str]) -> str:
    return places.get(f"{code:012d}", str(code))


def _blocks(lines: Iterable[LineView], places: Mapping[str, str]) -> Iterable[Block]:
    groups = [list(group) for _key, group in groupby(lines, key=lambda line: (line.subject, line.row))]
    # Another relation ends one row and begins the next: told once, with the relation before and after.
    followed = {some[0].person for some in groups if any(_follows(line) for line in some)}
    for some in groups:
        subject = some[0].subject
        if subject == Subject.MEMBERSHIP and some[0].person in followed and not any(map(_follows, some)):
            continue
        rows = [row for line in some if (row := _row_of(line, places)) is not None]
        if rows:
            person = next((line.person for line in some if line.person), "")
            yield Block(person, str(Subject(subject).label), rows)


def _follows(line: LineView) -> bool:
    return line.subject == Subject.MEMBERSHIP and line.is_new and line.field == "relation" and line.old is not None


def _row_of(line: LineView, places: Mapping[str, str]) -> Row | None:
    """The line in words; None for what only ties rows together."""
    spoken = _spoken(line, places)
    if spoken is None:
        return None
    label, say = spoken
    old, new = (NOTHING if value in (None, "") else say(value) for value in (line.old, line.new))
    if line.is_new and new == NOTHING:
        return None
    return Row(label, "" if line.is_new and line.old is None else old, new, names=line.field == "name")


def _spoken(line: LineView, places: Mapping[str, str]) -> "tuple[str | Promise, Say] | None":
    """What a field is called, and how its values are said."""
    unit = YEAR_UNITS.get(line.subject)
    if unit is not None:
        fact = declared().units[unit].get(line.field)
        return (line.field, plain) if fact is None else (heading(fact), lambda value: shown(fact, value))
    known = _FIELDS.get((line.subject, line.field))
    if known is None or line.field not in ("division_id", "natural_village_id", "village"):
        return known
    return known[0], lambda value: places.get(f"{value:012d}" if isinstance(value, int) else str(value), plain(value))


Say = Callable[[Any], str]


def _coded(code_list: Any) -> Say:
    return lambda value: code_label(code_list, value)


_FIELDS: Mapping[tuple[Subject, str], tuple[str | Promise, Say]] = {
    (Subject.HOUSEHOLD, "number"): (gettext_lazy("Household number"), plain),
    (Subject.HOUSEHOLD, "village"): (gettext_lazy("Village of residence"), plain),
    (Subject.HOUSEHOLD, "kind"): (gettext_lazy("Kind of registration"), _coded(lists.REGISTER_KIND)),
    (Subject.HOUSEHOLD, "standard"): (gettext_lazy("Identification standard"), _coded(lists.STANDARD)),
    (Subject.HOUSEHOLD, "attribute"): (gettext_lazy("Household attribute"), _coded(lists.HOUSEHOLD_ATTRIBUTE)),
    (Subject.HOUSEHOLD, "identified_year"): (gettext_lazy("Year of identification"), str),
    (Subject.HOUSEHOLD, "planned_exit_year"): (gettext_lazy("Planned year of exit"), str),
    (Subject.HOUSEHOLD, "address"): (gettext_lazy("Address"), plain),
    (Subject.HOUSEHOLD, "phone"): (gettext_lazy("Telephone"), plain),
    (Subject.HOUSEHOLD, "bank_name"): (gettext_lazy("Bank"), plain),
    (Subject.HOUSEHOLD, "bank_account"): (gettext_lazy("Bank account"), plain),
    (Subject.HOUSEHOLD, "position"): (gettext_lazy("Location on the map"), plain),
    (Subject.HOUSEHOLD, "coordinate_system"): (gettext_lazy("Coordinate system"), plain),
    (Subject.HOUSEHOLD, "closed_on"): (gettext_lazy("Household closed on"), plain),
    (Subject.PLACEMENT, "division_id"): (gettext_lazy("Village of residence"), plain),
    (Subject.PLACEMENT, "natural_village_id"): (gettext_lazy("Natural village"), plain),
    (Subject.PLACEMENT, "started_on"): (gettext_lazy("Stands here from"), plain),
    (Subject.PLACEMENT, "ended_on"): (gettext_lazy("Stands here until"), plain),
    (Subject.PERSON, "name"): (gettext_lazy("Name"), plain),
    (Subject.PERSON, "number"): (gettext_lazy("Person number"), plain),
    (Subject.PERSON, "sex"): (gettext_lazy("Sex"), _coded(lists.SEX)),
    (Subject.PERSON, "birth_date"): (gettext_lazy("Date of birth"), plain),
    (Subject.PERSON, "ethnicity"): (gettext_lazy("Ethnicity"), _coded(lists.ETHNIC)),
    (Subject.PERSON, "id_type"): (gettext_lazy("Kind of document"), _coded(lists.ID_TYPE)),
    (Subject.PERSON, "id_number"): (gettext_lazy("Identity number"), plain),
    (Subject.PERSON, "no_id_reason"): (gettext_lazy("Why there is no number"), _coded(lists.NO_ID)),
    (Subject.MEMBERSHIP, "relation"): (gettext_lazy("Relation to head"), _coded(lists.RELATION)),
    (Subject.MEMBERSHIP, "joined_on"): (gettext_lazy("Member from"), plain),
    (Subject.MEMBERSHIP, "left_on"): (gettext_lazy("Member until"), plain),
    (Subject.MEMBERSHIP, "join_reason"): (gettext_lazy("Reason of joining"), _coded(lists.MEMBER_CHANGE)),
    (Subject.MEMBERSHIP, "leave_reason"): (gettext_lazy("Reason of leaving"), _coded(lists.MEMBER_CHANGE)),
    (Subject.STATUS, "effective_on"): (gettext_lazy("Status from"), plain),
    (Subject.STATUS, "to_status"): (
        gettext_lazy("Status"),
        lambda value: str(
            PovertyStatus(value).label if value in PovertyStatus.values else MonitoringStatus(value).label
        ),
    ),
}


def way_to_county(code: str) -> tuple[list[Step], str]:
    """The selects from the provinces down to a county of the nation, and the county chosen: "" for what lies above one.

    Names alone: where a household may move to is no secret, what stands there is. Raises DIV-001, DIV-010.
    """
    focus = focus_in(EVERYWHERE, code)
    provinces = list(divisions.children())
    below = [step for step in cascade(focus) if Level(step.options[0].level) <= Level.COUNTY]
    return [Step(str(Level.PROVINCE.label), provinces, focus.path[0].code), *below], focus.county_code or ""


def villages_of(county: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The villages of a county by township, for a select: where a household may move to."""
    towns = list(divisions.children(county)) if county else []
    below = divisions.children_of_each([town.code for town in towns])
    return [
        (place_name(town.name), [(each.code, place_name(each.name)) for each in below.get(town.code, ())])
        for town in towns
    ]


def may_propose(who: UserActor, village: int) -> bool:
    """Whether the reader may propose changes of what stands in a village."""
    return village in who.area_for(Permission.REGISTER_CHANGE)


def day_asked(text: str) -> dt.date | None:
    """The day of an address (`?as_of=2016-06-30`); what is no day, or not past, asks for now."""
    try:
        day = dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return day if day is not None and day < timezone.localdate() else None


def title_of(kind: str) -> str:
    """What the page that proposes a change of a kind is called."""
    return str(_TITLES[ChangeKind(kind)])


_TITLES: Mapping[ChangeKind, str | Promise] = {
    ChangeKind.JOIN: gettext_lazy("Record a member who joins"),
    ChangeKind.LEAVE: gettext_lazy("Record a member who leaves"),
    ChangeKind.AWAY: gettext_lazy("Record a member who is away and stays a member"),
    ChangeKind.CORRECT: gettext_lazy("Correct data of the household or a member"),
    ChangeKind.YEAR: gettext_lazy("Correct the data of a locked year"),
    ChangeKind.HEAD: gettext_lazy("Record a new head"),
    ChangeKind.SPLIT: gettext_lazy("Split the household"),
    ChangeKind.MERGE: gettext_lazy("Merge another household into this one"),
    ChangeKind.MOVE: gettext_lazy("Move the household to another village"),
}


def proposals() -> list[tuple[str, str, str]]:
    """The kinds that can be proposed from a household's page: kind, name, what the page is called."""
    return [(kind.value, str(kind.label), str(title)) for kind, title in _TITLES.items()]
