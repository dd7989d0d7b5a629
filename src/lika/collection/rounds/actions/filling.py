"""A village fills: household by household, each as a whole, and the form of the village itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lika.collection.rounds.actions.common import fillable, note_of, period_of, record
from lika.collection.rounds.choices import EntryState
from lika.collection.rounds.models import Entry, Submission
from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.policy.quality import Rule
from lika.register import actions as register_actions
from lika.register import queries as register
from lika.register.queries import WholeYear


@dataclass(frozen=True)
class Filling:
    """What is entered for a household: its own values, those of members by person, as what, and a remark."""

    own: Mapping[str, Any]
    members: Mapping[UUID, Mapping[str, Any]]
    state: EntryState
    remark: str = ""


@dataclass(frozen=True)
class Filled:
    """What came of it: the entry, and the rules that the household breaks now.

    A draft is kept where it was to be finished and a rule asks for more: `asks`.
    """

    entry: Entry
    faults: Sequence[Rule]
    asks: bool


@transaction.atomic
def fill_household(*, by: Actor, submission: UUID, household: UUID, filling: Filling) -> Filled:
    """Save a household and its members. An error of a rule refuses it; a warning asks for the remark before it is done.

    Finished means whole (整户): the household and every member, none of them empty. Raises ACC-001, ACC-002, RND-001,
    RND-004, RND-010, RND-011 (in another village), RND-012 (a member is missing), and as
    `register.actions.record_whole_year`.
    """
    found = fillable(by, submission)
    remark = note_of(filling.remark, needed=filling.state == EntryState.DOUBT, field="remark")
    whole = _whole(by, found, household)
    if filling.state == EntryState.FILLED:
        _refuse_part(whole, filling)
    given = {
        person: values
        for person, values in filling.members.items()
        if _known(values) or any(part.id == person and part.now is not None for part in whole.members)
    }
    faults = register_actions.record_whole_year(
        by=by, household=household, period=period_of(found), own=filling.own, members=given
    )
    asks = filling.state == EntryState.FILLED and (any(rule.blocks for rule in faults) or (bool(faults) and not remark))
    state = EntryState.DRAFT if asks else filling.state
    entry = _keep(by, found, _whole(by, found, household), state, faults, remark)
    return Filled(entry, faults, asks)


@transaction.atomic
def confirm_unchanged(*, by: Actor, submission: UUID, household: UUID) -> Entry:
    """Nothing changed since last year: all values of the household and its members are entered as they were.

    Raises as `fill_household`, RND-013 (somebody has no last year, or other values are there already), RND-014 (a rule
    asks for a remark).
    """
    found = fillable(by, submission)
    whole = _whole(by, found, household)
    if not whole.may_be_unchanged:
        raise UserError(
            "RND-013",
            _("This household cannot be confirmed as unchanged."),
            remedy=_("Open its form: somebody has no data of last year, or something was entered already."),
            household=whole.number,
        )
    faults = register_actions.record_whole_year(
        by=by,
        household=household,
        period=period_of(found),
        own=whole.own.before,
        members={part.id: part.before for part in whole.members if part.id is not None},
    )
    if faults:
        raise UserError(
            "RND-014",
            _("A rule of quality asks for a remark on this household."),
            remedy=_("Open its form, look at what is named there and say why it is right."),
            household=whole.number,
        )
    return _keep(by, found, _whole(by, found, household), EntryState.FILLED, (), "", unchanged=True)


@transaction.atomic
def fill_village(*, by: Actor, submission: UUID, values: Mapping[str, Any], state: EntryState) -> Entry:
    """Save the form of the village. Raises ACC-001, ACC-002, RND-001, RND-010, RND-015 (nothing entered), REG-010."""
    found = fillable(by, submission)
    if state == EntryState.FILLED and not _known(values):
        raise UserError(
            "RND-015", _("The form of the village is empty."), remedy=_("Enter the village's figures of the year.")
        )
    register_actions.record_village_year(by=by, village=found.code, period=period_of(found), values=values)
    part, facts = register.village_year(found.village, found.round.data_year)
    differences = sum(part.differs(fact.name) for fact in facts)
    return _write(by, found, None, state, differences=differences)


@transaction.atomic
def take_up(*, by: Actor, submission: UUID) -> int:
    """Households that an imported workbook brought whole count as filled, unless they were begun here.

    Returns how many. Those that break a rule are kept as drafts. Raises ACC-001, ACC-002, RND-001, RND-010.
    """
    found = fillable(by, submission)
    begun = set(found.entries.values_list("household", flat=True))
    done = 0
    for line in register.households_to_collect(
        by=by, village=found.village, data_year=found.round.data_year, at=found.round.period_to
    ):
        if line.id in begun or not line.is_whole:
            continue
        faults = register_actions.record_whole_year(
            by=by, household=line.id, period=period_of(found), own={}, members={}
        )
        state = EntryState.DRAFT if faults else EntryState.FILLED
        _keep(by, found, _whole(by, found, line.id), state, faults, "")
        done += state == EntryState.FILLED
    return done


def _whole(by: Actor, found: Submission, household: UUID) -> WholeYear:
    whole = register.whole_year(by=by, household=household, data_year=found.round.data_year, at=found.round.period_to)
    if whole.village != found.village:
        raise UserError(
            "RND-011",
            _("This household stands in another village."),
            remedy=_("Leave it to the village where it stands now."),
            household=whole.number,
        )
    return whole


def _known(values: Mapping[str, Any]) -> bool:
    return any(value not in (None, "") for value in values.values())


def _refuse_part(whole: WholeYear, filling: Filling) -> None:
    """RND-012 where the household itself or a member is left empty."""
    missing = [part for part in whole.members if part.id is None or not _known(filling.members.get(part.id, {}))]
    if missing or not _known(filling.own):
        raise UserError(
            "RND-012",
            _("A household is handed in whole: somebody or something of it is missing."),
            remedy=_("Fill in the household and every member, or keep it as a draft."),
            household=whole.number,
        )


def _keep(
    by: Actor,
    found: Submission,
    whole: WholeYear,
    state: EntryState,
    faults: Sequence[Rule],
    remark: str,
    *,
    unchanged: bool = False,
) -> Entry:
    return _write(
        by, found, whole.id, state, differences=whole.differences, remark=remark, unchanged=unchanged,
        warnings=sorted(rule.id for rule in faults),
    )  # fmt: skip


def _write(by: Actor, found: Submission, household: UUID | None, state: EntryState, **fields: Any) -> Entry:
    """The entry as it stands now; whoever finishes it has mended what the township remarked."""
    whose = Q(household=household) if household else Q(household=None)
    entry = found.entries.filter(whose).first() or Entry(
        submission=found, village=found.village, household_id=household
    )
    entry.state, entry.changed_by = state, by.name
    for name, value in fields.items():
        setattr(entry, name, value)
    entry.save()
    if state == EntryState.FILLED:
        waiting = found.remarks.filter(whose, told_at__isnull=False, mended_at=None)
        waiting.update(mended_by=by.name, mended_at=timezone.now())
    new: dict[str, object] = {
        "household": household,
        "state": state,
        "unchanged": entry.unchanged,
        "differences": entry.differences,
    }
    record(by, found, "round.filled", None, new)
    return entry
