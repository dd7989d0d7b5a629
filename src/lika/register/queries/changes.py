"""Changes as their readers may see them: of one household, one by one, and those that wait for somebody."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from lika.core.actors import Actor
from lika.core.bounds import also_seeing
from lika.core.fields import EncryptedTextField
from lika.core.permissions import Permission
from lika.core.privacy import Privacy, mask_address, mask_name, mask_number, mask_phone
from lika.register.choices import HEAD, OPEN_STATES, ChangeState, Subject
from lika.register.models import Change, ChangeField, Document, Household, Membership, Person
from lika.register.queries.documents import counting_documents
from lika.register.queries.lines import TABLES, Step, steps_of
from lika.register.queries.scope import changes_in_sight, household_visible_to, no_such_change, seen_in_full

MOST_WAITING = 200
_MASKS = {"phone": mask_phone, "address": mask_address, "position": mask_address}
_OPEN_TO_ALL = frozenset({Privacy.PUBLIC, Privacy.INTERNAL})


@dataclass(frozen=True)
class LineView:
    """One field before and after, as its reader may see it; numbers, telephones and addresses stay masked.

    `person` is the name of whom it tells of. Of a new row (`is_new`) there is no before.
    """

    subject: Subject
    row: UUID
    person: str
    field: str
    old: Any
    new: Any
    is_new: bool


@dataclass(frozen=True)
class ChangeView:
    """A change with its lines. Without `in_full` it says that there is one, who made it and when, and no more.

    `papers` counts the documents that are its evidence. `head` is the household's head, `undone_by` the change in force
    that reversed this one. `may_check`, `may_accept`, `may_refuse` and `may_undo` say what its reader may do now.
    """

    id: UUID
    kind: str
    state: str
    household: UUID | None
    number: str
    head: str
    other_household: UUID | None
    person: str
    village: int
    to_village: int | None
    effective_on: dt.date
    reason_code: str
    reason: str
    evidence: str
    recorder: str
    recorded_at: dt.datetime
    checker: str
    checked_at: dt.datetime | None
    closer: str
    closed_at: dt.datetime | None
    remark: str
    reverses: UUID | None
    undone_by: UUID | None
    needs_evidence: bool
    papers: int
    lines: tuple[LineView, ...]
    hidden: int
    in_full: bool
    may_check: bool
    may_accept: bool
    may_refuse: bool
    may_undo: bool


@dataclass(frozen=True)
class Waiting:
    """Open changes: those the reader may check, hand-overs the reader may accept, and the reader's own."""

    to_check: Sequence[ChangeView]
    to_accept: Sequence[ChangeView]
    own: Sequence[ChangeView]


def household_changes(*, by: Actor, household: UUID) -> tuple[ChangeView, ...]:
    """All changes of a household, the latest first. Raises ACC-001, REG-001. So many queries however many changes."""
    record = household_visible_to(by, household)
    members = Membership.objects.filter(household=record).values("person")
    whose = Q(household=record) | Q(other_household=record.pk) | Q(household=None, person__in=members)
    found = Change.objects.filter(whose).order_by("-recorded_at", "-pk")
    return tuple(_views(by, found, record))


def area_changes(*, by: Actor, division: int) -> tuple[ChangeView, ...]:
    """The changes in sight of a village's or county's own years, the latest first. Raises ACC-001."""
    by.require(Permission.REGISTER_VIEW)
    years = ChangeField.objects.filter(change=OuterRef("pk"), subject__in=(Subject.VILLAGE_YEAR, Subject.COUNTY_YEAR))
    found = Change.objects.filter(Exists(years), changes_in_sight(by), village=division, household=None)
    return tuple(_views(by, found.order_by("-recorded_at", "-pk")))


def change_detail(*, by: Actor, change: UUID) -> ChangeView:
    """One change, from either side of a move. Raises ACC-001, REG-063."""
    by.require(Permission.REGISTER_VIEW)
    found = Change.objects.filter(changes_in_sight(by), pk=change)
    views = _views(by, found)
    if not views:
        raise no_such_change()
    return views[0]


def waiting_changes(*, by: Actor) -> Waiting:
    """What waits, the oldest first, at most `MOST_WAITING` of each kind. Raises ACC-001."""
    by.require(Permission.REGISTER_CHANGE)
    others = Change.objects.exclude(recorder=by.name)
    to_check, to_accept = _to_check(by, others), _to_accept(by, others)
    own = Change.objects.filter(recorder=by.name, state__in=sorted(OPEN_STATES))
    return Waiting(*(_views(by, found.order_by("recorded_at")[:MOST_WAITING]) for found in (to_check, to_accept, own)))


def count_waiting(*, by: Actor) -> tuple[int, int]:
    """How many changes wait for the actor's check, and how many hand-overs for their acceptance. Two queries."""
    others = Change.objects.exclude(recorder=by.name)
    return _to_check(by, others).count(), _to_accept(by, others).count()


def count_lacking_evidence(*, by: Actor) -> int:
    """How many of the actor's own open changes need evidence and have none. One query."""
    given = Document.objects.filter(owner_id=OuterRef("pk"), withdrawn_at=None, replaced_by=None)
    own = Change.objects.filter(recorder=by.name, state=ChangeState.PROPOSED, needs_evidence=True)
    return own.exclude(Exists(given)).count()


def _to_check(by: Actor, among: models.QuerySet[Change]) -> models.QuerySet[Change]:
    return among.filter(by.area_for(Permission.REGISTER_CONFIRM).where(), state=ChangeState.PROPOSED)


def _to_accept(by: Actor, among: models.QuerySet[Change]) -> models.QuerySet[Change]:
    return among.filter(by.area_for(Permission.REGISTER_CHANGE).where("to_village"), state=ChangeState.CHECKED)


@transaction.atomic
def _views(by: Actor, found: Iterable[Change], record: Household | None = None) -> list[ChangeView]:
    changes = list(found)
    # A village that takes a household over sees which, before it is its own.
    households = {each.household_id for each in changes if each.household_id is not None}
    with also_seeing(households):
        numbers = dict(Household.objects.filter(pk__in=households).values_list("pk", "number"))
        heads = dict(
            Membership.objects.filter(household__in=households, left_on=None, relation=HEAD).values_list(
                "household_id", "person__name"
            )
        )
        kept = ChangeField.objects.filter(change__in=changes).order_by("position")
        lines: dict[UUID, list[Step]] = {}
        for line, step in zip(kept, steps_of(kept), strict=True):
            lines.setdefault(line.change_id, []).append(step)
        names = _names(changes, lines)
    undone = dict(
        Change.objects.filter(reverses__in=changes, state=ChangeState.APPLIED).values_list("reverses_id", "pk")
    )
    papers = counting_documents(change.pk for change in changes)
    context = _Context(by, numbers, heads, names, undone, papers, record)
    return [context.view(change, lines.get(change.pk, [])) for change in changes]


def _names(changes: Iterable[Change], lines: Mapping[UUID, Sequence[Step]]) -> dict[UUID, str]:
    """The names of everybody that the changes tell of; of who is not entered yet, as proposed."""
    steps = [step for each in lines.values() for step in each]
    proposed = {
        step.row: step.new for step in steps if step.subject == Subject.PERSON and step.is_new and step.field == "name"
    }
    whom = {step.person for step in steps} | {each.person_id for each in changes}
    return proposed | dict(Person.objects.filter(pk__in=filter(None, whom)).values_list("pk", "name"))


@dataclass(frozen=True)
class _Context:
    """What the views of several changes share."""

    by: Actor
    numbers: Mapping[UUID, str]
    heads: Mapping[UUID, str]
    names: Mapping[UUID, str]
    undone: Mapping[UUID, UUID]
    papers: Mapping[UUID, int]
    record: Household | None

    def view(self, change: Change, steps: Sequence[Step]) -> ChangeView:
        in_full = self._in_full(change)
        shown = [step for step in steps if in_full or _is_open(step)]
        state, own = change.state, change.recorder == self.by.name
        confirms = change.village in self.by.area_for(Permission.REGISTER_CONFIRM)
        changes_at = self.by.area_for(Permission.REGISTER_CHANGE)
        takes_over = state == ChangeState.CHECKED and change.to_village is not None and change.to_village in changes_at
        head = self.heads.get(change.household_id, "") if change.household_id else ""
        here = self.record.village if self.record is not None else change.village
        return ChangeView(
            id=change.pk,
            kind=change.kind,
            state=state,
            household=change.household_id,
            number=self.numbers.get(change.household_id, "") if change.household_id else "",
            head=head if in_full or not head else mask_name(head),
            other_household=change.other_household,
            person=self._name(change.person_id, in_full),
            village=change.village,
            to_village=change.to_village,
            effective_on=change.effective_on,
            reason_code=change.reason_code if in_full else "",
            reason=change.reason if in_full else "",
            evidence=change.evidence if in_full else "",
            recorder=change.recorder,
            recorded_at=change.recorded_at,
            checker=change.checker,
            checked_at=change.checked_at,
            closer=change.closer,
            closed_at=change.closed_at,
            remark=change.remark if in_full else "",
            reverses=change.reverses_id,
            undone_by=self.undone.get(change.pk),
            needs_evidence=change.needs_evidence,
            papers=self.papers.get(change.pk, 0),
            lines=tuple(self._line(step, in_full) for step in shown),
            hidden=len(steps) - len(shown),
            in_full=in_full,
            may_check=state == ChangeState.PROPOSED and confirms and not own,
            may_accept=takes_over and not own,
            may_refuse=state in OPEN_STATES and (own or confirms or takes_over),
            may_undo=state == ChangeState.APPLIED and change.pk not in self.undone and here in changes_at,
        )

    def _in_full(self, change: Change) -> bool:
        """Whether the reader sees persons where the household stands, or, of an area's year, where that is."""
        named = seen_in_full(self.by)
        if self.record is not None:
            return named.holds(village=self.record.village, household=self.record.pk)
        if change.village in named.area or (change.to_village is not None and change.to_village in named.area):
            return True
        return change.household_id is not None and named.holds(village=change.village, household=change.household_id)

    def _name(self, person: UUID | None, in_full: bool) -> str:
        name = self.names.get(person, "") if person else ""
        return name if in_full or not name else mask_name(name)

    def _line(self, step: Step, in_full: bool) -> LineView:
        return LineView(
            step.subject, step.row, self._name(step.person, in_full), step.field, _masked(step, step.old),
            _masked(step, step.new), step.is_new,
        )  # fmt: skip


def _is_open(step: Step) -> bool:
    """Whether a field may be shown to whoever sees no persons; a collected item may not."""
    privacy: Mapping[str, Privacy] = TABLES[step.subject].privacy  # type: ignore[attr-defined]
    return privacy.get(step.field.removesuffix("_id"), Privacy.SENSITIVE) in _OPEN_TO_ALL


def _masked(step: Step, value: Any) -> Any:
    """Encrypted values never leave in full: `actions.reveal` gives them out, one at a time."""
    column = next((f for f in TABLES[step.subject]._meta.concrete_fields if f.attname == step.field), None)
    if not isinstance(column, EncryptedTextField) or not value:
        return value
    return _MASKS.get(step.field, mask_number)(value)
