"""Who may see what of an analysis: numbers are statistics, the lists behind them follow the facts that they read."""

from typing import Any
from uuid import UUID

from lika.accounts.queries import sight_of
from lika.core.actors import Actor
from lika.core.areas import EVERYWHERE, Area
from lika.core.permissions import Permission
from lika.snapshots.queries.analysis.language import guarded
from lika.snapshots.queries.analysis.request import Question
from lika.snapshots.queries.analysis.sources import Sources


def inside_of(question: Question) -> Area:
    """The division asked for."""
    return Area.of([f"{question.division:012d}"]) if question.division else EVERYWHERE


def area_of(by: Actor, question: Question) -> Area:
    """The part of the division asked for that the actor sees; verdicts are seen where screenings may be."""
    area = sight_of(by, Permission.REGISTER_VIEW).area.meet(inside_of(question))
    return area.meet(sight_of(by, Permission.SCREENING_VIEW).area) if question.verdicts() else area


def reads_guarded(found: Sources, question: Question) -> bool:
    """Whether the question reads a personal or sensitive fact. Verdicts are open to whoever sees screenings."""
    return any(guarded(found, expression) for expression in question.expressions())


def named_everywhere(by: Actor, found: Sources, question: Question) -> bool:
    """Whether the actor sees what is personal wherever the question counts."""
    area, named = area_of(by, question), sight_of(by, Permission.REGISTER_PERSONAL)
    lists = sight_of(by, Permission.REGISTER_VIEW).households <= named.households
    return area.meet(named.area) == area and (lists or not granted_for(found, question))


def lists_open(by: Actor, found: Sources, question: Question) -> bool:
    """Whether the actor may open the lists behind a question's numbers."""
    return not reads_guarded(found, question) or named_everywhere(by, found, question)


def granted_for(found: Sources, question: Question) -> tuple[tuple[UUID, int], ...]:
    """The households granted one by one; of a question about verdicts there are none: who works by grants sees no
    screenings."""
    return () if question.verdicts() else found.granted


def condition(
    by: Actor, found: Sources, question: Question, place: str, household: str | None
) -> tuple[str, list[Any]]:
    """The actor's sight as a DuckDB condition: the area, and households granted one by one.

    `place` is the column of 12-digit codes, `household` that of the household's id, where there is one.
    """
    text, values = _ranges(area_of(by, question), place)
    granted = granted_for(found, question)
    if household is None or not granted:
        return text, values
    inside, more = _ranges(inside_of(question), place)
    listed = f"({household} IN (SELECT unnest(?::UUID[])) AND ({inside}))"
    return f"{text} OR {listed}", [*values, [str(each) for each, _village in granted], *more]


def _ranges(area: Area, place: str) -> tuple[str, list[Any]]:
    if not area:
        return "false", []
    text = " OR ".join(f"{place} BETWEEN ? AND ?" for _range in area.ranges)
    return text, [bound for pair in area.ranges for bound in pair]
