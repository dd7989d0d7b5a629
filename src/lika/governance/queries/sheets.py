"""Survey sheets prefilled from the register: what is recorded stands beside the room for what the visit finds."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from lika.collection.rounds.queries import submission_to_fill
from lika.collection.rounds.words import label_of, unit_of, words_of
from lika.core.actors import Actor
from lika.core.facts import schema
from lika.engine.schema import Fact
from lika.governance.models import SurveyVisit
from lika.governance.sheets import Titled, sheet_form
from lika.register import queries as register
from lika.register.choices.lists import RELATION
from lika.register.queries import HouseholdRow, YearPart


@dataclass(frozen=True)
class Item:
    """A fact with its unit and what the register holds of it ("—": nothing)."""

    label: str
    unit: str
    recorded: str


@dataclass(frozen=True)
class SheetMember:
    """A member: name, relation to the head and day of birth, with what is recorded of each fact asked."""

    name: str
    relation: str
    birth_date: dt.date | None
    recorded: Sequence[str]


@dataclass(frozen=True)
class Sheet:
    """The sheet of one household; `year` is the data year of what is recorded, 0 where nothing is."""

    row: HouseholdRow
    year: int
    heads: Sequence[str]
    members: Sequence[SheetMember]
    groups: Sequence[tuple[Titled, Sequence[Item]]]


def sheet_of(by: Actor, row: HouseholdRow, day: dt.date) -> Sheet:
    """The sheet of a household on a day. Raises ACC-001, ACC-002 (without `register.personal` there), REG-001."""
    whole = register.whole_year(by=by, household=row.id, data_year=day.year, at=day)
    form, known = sheet_form(), schema().units
    own = whole.own
    asked = [known["person"][name] for name in form.members.facts]
    return Sheet(
        row=row,
        year=own.before_year if own.now is None else day.year,
        heads=[label_of(fact) for fact in asked],
        members=[_member(part, asked) for part in whole.members],
        groups=[(group, [_item(known["household"][name], own) for name in group.facts]) for group in form.groups],
    )


def _member(part: YearPart, asked: Sequence[Fact]) -> SheetMember:
    relation = RELATION.item(part.relation)
    recorded = [words_of(fact, part.shown(fact.name)) for fact in asked]
    return SheetMember(part.name, relation.zh if relation else part.relation, part.birth_date, recorded)


def _item(fact: Fact, part: YearPart) -> Item:
    return Item(label_of(fact), unit_of(fact), words_of(fact, part.shown(fact.name)))


@dataclass(frozen=True)
class Entering:
    """Where the results of a sheet are entered: a round's form of the household, else a change of its record."""

    url_name: str
    arguments: tuple[object, ...]


def entering(by: Actor, visit: SurveyVisit) -> Entering:
    """The form of the yearly collection where the village fills one, else the changes of the household."""
    submission = submission_to_fill(by, visit.survey.village)
    if submission is not None:
        return Entering("rounds:household", (submission.pk, visit.household_id))
    return Entering("console:household-changes", (visit.household_id,))
