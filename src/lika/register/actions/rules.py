"""Rules of quality at the moment of saving: what a household, with its members, would break that it did not before.

An error blocks; a warning does not: a yearly form is filled in steps, and whoever follows faults up asks for the
remark.
"""

import datetime as dt
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lika.core.areas import CODE_LENGTH
from lika.core.errors import ManyErrors, UserError
from lika.engine.facts_json import FactsDocument
from lika.policy.quality import Rule, RuleBook, rules_for
from lika.register.models import Household
from lika.register.queries.live_facts import unit_of

T = TypeVar("T")


def held_to_rules(household: Household, village: int, year: int, at: dt.date, write: Callable[[], T]) -> T:
    """Do `write`, and refuse it where the household then breaks a rule that blocks and was not broken before.

    `village` is where the household stood on `at`, the time point of the data year. What is wrong already stops nobody
    from mending something else. Raises ManyErrors REG-080 with one error per rule, its code that of the rule.
    """
    return judged(household, village, year, at, write)[0]


def judged(household: Household, village: int, year: int, at: dt.date, write: Callable[[], T]) -> tuple[T, list[Rule]]:
    """As `held_to_rules`, with the rules that the household breaks after it, errors that it broke before among them.

    What was broken before is looked at only where a rule that blocks is broken afterwards: then `write` is taken back
    and done a second time.
    """
    book = rules_for(f"{village:0{CODE_LENGTH}d}", at)
    asked = (book, household.id, village, year, at)
    try:
        with transaction.atomic():
            done = write()
            after = broken(*asked) if book.rules else []
            if any(rule.blocks for rule in after):
                raise _Blocked
            return done, after
    except _Blocked:
        before = {rule.id for rule in broken(*asked) if rule.blocks}
    new = [rule for rule in after if rule.blocks and rule.id not in before]
    if new:
        raise ManyErrors(
            "REG-080",
            _("What was entered contradicts the rules of quality."),
            [
                UserError(rule.id, str(rule.message), remedy=str(rule.remedy), household=household.number)
                for rule in new
            ],
            remedy=_("Correct what is named below; a rule that blocks is never waived."),
            household=household.number,
        )
    return write(), after


class _Blocked(Exception):
    """Takes back what was written, to see what was broken before it."""


def broken(book: RuleBook, household: UUID, village: int, year: int, at: dt.date) -> list[Rule]:
    """The rules that a household and its members break, as the register stands now, each once."""
    unit = unit_of(household, village, year, at)
    if unit is None:
        return []
    found = list(book.faults("household", FactsDocument(unit, at, complete=True)))
    for person in unit.below("person"):
        found += book.faults("person", FactsDocument(person, at, complete=True))
    return list({rule.id: rule for rule in found}.values())


def breaks(
    book: RuleBook, rule: str, household: UUID, village: int, year: int, at: dt.date, *, person: UUID | None = None
) -> bool:
    """Whether a household, or one of its members, breaks a rule as the register stands now.

    Whoever is there no longer breaks none.
    """
    unit = unit_of(household, village, year, at)
    if unit is None:
        return False
    if person is None:
        return rule in {found.id for found in book.faults("household", FactsDocument(unit, at, complete=True))}
    members = [row for row in unit.below("person") if row.id == str(person)]
    return any(
        rule in {found.id for found in book.faults("person", FactsDocument(row, at, complete=True))} for row in members
    )
