"""The round's workbook: given out with last year's values, and taken back into the drafts of the village."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lika.collection.rounds import reading, workbook
from lika.collection.rounds.actions.common import fillable, note_step, record
from lika.collection.rounds.actions.filling import Filling, fill_household, fill_village
from lika.collection.rounds.brought import Brought, Tell, nobody
from lika.collection.rounds.choices import LONGEST_REMARK, EntryState, Verb
from lika.collection.rounds.models import Entry, Submission
from lika.collection.rounds.reading import Problem, Row, Told
from lika.collection.schema import SHEETS_BY_KEY
from lika.core.actors import Actor
from lika.core.errors import ManyErrors, PermissionRefused, UserError
from lika.core.language import chosen
from lika.core.permissions import Permission
from lika.register import queries as register
from lika.register.queries import WholeYear, YearPart

_HOUSEHOLDS, _PERSONS, _VILLAGE = "household_years", "persons", "village_years"


@transaction.atomic
def take_workbook(*, by: Actor, submission: UUID) -> tuple[Submission, bytes]:
    """The workbook of a village, to be filled offline. It names people: whoever takes it is in the audit.

    That the county opened the round is the second person's word for it. Raises ACC-001, ACC-002, RND-001, RND-010.
    """
    found = fillable(by, submission)
    by.require(Permission.REGISTER_PERSONAL, village=found.village)
    period = found.round
    wholes = register.whole_years(by=by, village=found.village, data_year=period.data_year, at=period.period_to)
    village = register.village_year(found.village, period.data_year)
    when = timezone.localtime().strftime("%Y-%m-%d %H:%M")
    about = [
        (f"{found.code} {period.data_year}年度采集", f"{found.code}, collection of {period.data_year}"),
        (f"下载人 {by.name}，{when}", f"Taken by {by.name}, {when}"),
    ]
    content = workbook.write(found, wholes, village, about)
    record(
        by, found, "round.workbook_taken", None,
        {"households": len(wholes), "sha256": hashlib.sha256(content).hexdigest()},
    )  # fmt: skip
    return found, content


def bring_workbook(
    *, by: Actor, submission: UUID, content: bytes, name: str, finish: bool = False, tell: Tell = nobody
) -> Brought:
    """Take a filled workbook into the drafts of the village; with `finish`, what is whole and breaks no rule is filled.

    Each household is taken in by a transaction of its own, so that nobody waits for all of them; one as it is recorded
    already stays as it is: taken in again, a workbook goes on where it broke off. `tell` is told how many are done, of
    how many. Raises ACC-001, ACC-002, RND-001, RND-010, RND-040, and as `reading.read`.
    """
    with transaction.atomic():
        found = fillable(by, submission)
    by.require(Permission.REGISTER_PERSONAL, village=found.village)
    told = reading.read(content, name)
    bringing = _Bringing(by, found, told, finish)
    done = bringing.households(tell)
    bringing.village(done)
    new = {"drafts": done.drafts, "finished": done.finished, "same": done.same, "problems": len(done.problems)}
    with transaction.atomic():
        note_step(by, found, Verb.WORKBOOK, name[:LONGEST_REMARK])
        record(by, found, "round.workbook_brought", None, new | {"sha256": hashlib.sha256(content).hexdigest()})
    return done


@dataclass
class _Bringing:
    """One workbook being taken in."""

    by: Actor
    found: Submission
    told: Told
    finish: bool

    def households(self, tell: Tell) -> Brought:
        """All households of the village that the workbook names."""
        period = self.found.round
        done = Brought(problems=list(self.told.problems))
        own = self._by_household(_HOUSEHOLDS, done)
        members = self._by_household(_PERSONS, done)
        entries = {entry.household_id: entry for entry in self.found.entries.all()}
        wholes = register.whole_years(
            by=self.by, village=self.found.village, data_year=period.data_year, at=period.period_to
        )
        for at, whole in enumerate(wholes):
            tell(at, len(wholes))
            rows, theirs = own.pop(whole.number, []), members.pop(whole.number, [])
            if not rows and not theirs:
                done.unnamed += whole.number not in self.told.faulty
            elif whole.number not in self.told.faulty:
                self._household(whole, rows, theirs, entries.get(whole.id), done)
        for sheet, left in ((_HOUSEHOLDS, own), (_PERSONS, members)):
            for number, strange in left.items():
                if number not in self.told.faulty:
                    done.problems.append(_problem(sheet, strange[0].number, number, _not_here()))
        return done

    def _by_household(self, sheet: str, done: Brought) -> dict[str, list[Row]]:
        rows: dict[str, list[Row]] = {}
        year = self.found.round.data_year
        for row in self.told.rows.get(sheet, ()):
            number = str(row.values.get("number") or "")
            if row.values.get("data_year") not in (None, year):
                done.problems.append(_problem(sheet, row.number, number, _other_year(year)))
            else:
                rows.setdefault(number, []).append(row)
        return rows

    def _household(
        self, whole: WholeYear, rows: Sequence[Row], theirs: Sequence[Row], entry: Entry | None, done: Brought
    ) -> None:
        try:
            own = self._own(whole, rows, theirs)
            members = dict(self._members(whole, theirs))
        except _At as misplaced:
            done.problems.append(_problem(misplaced.sheet, misplaced.row, whole.number, misplaced.error))
            return
        if _as_recorded(whole, own, members) and entry and not (self.finish and entry.state == EntryState.DRAFT):
            done.same += 1
            return
        state = EntryState.FILLED if self.finish and _is_whole(whole, own, members) else EntryState.DRAFT
        filling = Filling(own, members, state, entry.remark if entry else "")
        try:
            kept = fill_household(by=self.by, submission=self.found.pk, household=whole.id, filling=filling).entry
        except UserError as error:
            if isinstance(error, PermissionRefused):
                raise
            errors = error.errors if isinstance(error, ManyErrors) else [error]
            done.problems += [_problem(_HOUSEHOLDS, rows[0].number, whole.number, each) for each in errors]
            return
        done.drafts += kept.state != EntryState.FILLED
        done.finished += kept.state == EntryState.FILLED
        done.differing += kept.differences > 0

    def _own(self, whole: WholeYear, rows: Sequence[Row], theirs: Sequence[Row]) -> dict[str, Any]:
        if not rows:
            raise _At(_PERSONS, theirs[0].number, _half())
        if len(rows) > 1:
            raise _At(_HOUSEHOLDS, rows[1].number, _twice())
        return _asked(whole.own, whole, rows[0].values)

    def _members(self, whole: WholeYear, rows: Sequence[Row]) -> Iterator[tuple[UUID, dict[str, Any]]]:
        """The rows of members, each told by name, and by birth date where two have one name."""
        seen: set[UUID] = set()
        for row in rows:
            named = [part for part in whole.members if part.name == row.values.get("name")]
            if len(named) > 1:
                named = [part for part in named if part.birth_date == row.values.get("birth_date")]
            if len(named) != 1 or named[0].id is None:
                raise _At(_PERSONS, row.number, _no_such_member())
            if named[0].id in seen:
                raise _At(_PERSONS, row.number, _twice())
            seen.add(named[0].id)
            yield named[0].id, _asked(named[0], whole, row.values)

    def village(self, done: Brought) -> None:
        """The figures of the village, where the workbook has any that differ from what is recorded."""
        rows = [row for row in self.told.rows.get(_VILLAGE, ()) if row.values.get("village") == self.found.code]
        if len(rows) != 1 or rows[0].values.get("data_year") != self.found.round.data_year:
            return
        part, facts = register.village_year(self.found.village, self.found.round.data_year)
        values = {fact.name: rows[0].values[fact.name] for fact in facts if fact.name in rows[0].values}
        known = any(value is not None for value in values.values())
        if not known or (part.now is not None and _equal(part.now, values)):
            return
        state = EntryState.FILLED if self.finish else EntryState.DRAFT
        try:
            fill_village(by=self.by, submission=self.found.pk, values=values, state=state)
        except ManyErrors as error:
            done.problems += [_problem(_VILLAGE, rows[0].number, "", each) for each in error.errors]
        else:
            done.village = True


class _At(Exception):
    """A row that cannot be placed."""

    def __init__(self, sheet: str, row: int, error: UserError) -> None:
        super().__init__(error.code)
        self.sheet, self.row, self.error = sheet, row, error


def _asked(part: YearPart, whole: WholeYear, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a row that the form asks. An empty 健康状况 that could not be told whole stays as it is."""
    given = {fact.name: values[fact.name] for fact in whole.facts[part.unit] if fact.name in values}
    shown = [part.shown(name) for name in workbook.HEALTH]
    if part.unit == "person" and None in shown and all(given.get(name) is None for name in workbook.HEALTH):
        given |= {name: held for name, held in zip(workbook.HEALTH, shown, strict=True) if name in given}
    return given


def _equal(now: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    return all((now.get(name) if now.get(name) != "" else None) == value for name, value in values.items())


def _as_recorded(whole: WholeYear, own: Mapping[str, Any], members: Mapping[UUID, Mapping[str, Any]]) -> bool:
    told = [(whole.own, own), *((part, members[part.id]) for part in whole.members if part.id and part.id in members)]
    return all(part.now is not None and _equal(part.now, values) for part, values in told)


def _is_whole(whole: WholeYear, own: Mapping[str, Any], members: Mapping[UUID, Mapping[str, Any]]) -> bool:
    parts = [own, *(members.get(part.id, {}) for part in whole.members if part.id is not None)]
    return all(any(value is not None for value in values.values()) for values in parts)


def _problem(sheet: str, row: int, household: str, error: UserError) -> Problem:
    named = SHEETS_BY_KEY[sheet]
    where = str(error.where.get("field", ""))
    return Problem(chosen(named.zh, named.en), row, where, household, error.code, str(error.message), str(error.remedy))


def _not_here() -> UserError:
    return UserError(
        "RND-045",
        _("The village's list has no household of this number."),
        remedy=_("Leave household numbers as they are; what moved away is collected where it stands now."),
    )


def _other_year(year: int) -> UserError:
    return UserError(
        "RND-041",
        _("The row is of another data year."),
        remedy=_("This round collects %(year)s: use the workbook that this page gives out.") % {"year": year},
    )


def _no_such_member() -> UserError:
    return UserError(
        "RND-042",
        _("Nobody of this name belonged to the household at the time point."),
        remedy=_("Leave names as they are; record who joined or left as a change of the household."),
    )


def _half() -> UserError:
    return UserError(
        "RND-044",
        _("The household's own row is missing from the sheet of household years."),
        remedy=_("A household is handed in whole: put its row back, or take its members out too."),
    )


def _twice() -> UserError:
    return UserError("RND-043", _("The row stands twice."), remedy=_("Leave one of them."))
