"""From a cell of an analysis to the list behind it: of households, for the one list of them, or of villages."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, F, Func, Q, UUIDField, Value

from lika.core.actors import Actor
from lika.core.permissions import Permission
from lika.reports.asking import question_of
from lika.reports.definition import UNKNOWN, Definition
from lika.reports.fields import Catalogue
from lika.reports.queries.headings import headings
from lika.reports.titles import filter_titles, picked_title, title_of
from lika.snapshots.choices import UnitKind
from lika.snapshots.queries import analysis
from lika.snapshots.queries.analysis import ALL, AMOUNTS, Key, Question, Total, VillageBehind


@dataclass(frozen=True)
class ListBehind:
    """The households of a cell: how many, of which units, and what the list is called.

    `units` are what the cell counts: the households, or the persons living in them; `persons` are the people.
    """

    definition: Definition
    title: str
    group: str
    filters: tuple[str, ...]
    unit: UnitKind
    households: tuple[UUID, ...]
    units: int
    persons: int
    snapshot: str

    @property
    def condition(self) -> Q:
        """The households as a condition on a queryset of households; one array, however many they are."""
        listed = Value(list(self.households), output_field=ArrayField(UUIDField()))
        return Q(
            Func(F("id"), listed, template="(%(expressions)s))", arg_joiner=" = ANY(", output_field=BooleanField())
        )


@dataclass(frozen=True)
class VillagesBehind:
    """The villages of a cell, by code, each with its amount where amounts are counted; and what the list is called."""

    definition: Definition
    title: str
    group: str
    filters: tuple[str, ...]
    measure: str
    villages: tuple[VillageBehind, ...]
    snapshot: str


def list_behind(by: Actor, text: str, row: str | None, column: str | None, part: str) -> ListBehind:
    """The list behind a cell, of which a link names the definition and the cell; without row or column, of a total.

    Raises REP-001 … REP-016 as reading and counting do, REP-011 for a cell that there cannot be.
    """
    asked = _Asked.of(by, text, row, column)
    found = analysis.behind(by, asked.catalogue.found, asked.question, asked.keys, part or "all")
    return ListBehind(
        asked.definition,
        title_of(asked.definition, asked.catalogue),
        asked.group,
        asked.filters,
        asked.definition.unit,
        found.households,
        found.units,
        found.persons,
        "、".join(asked.catalogue.found.snapshots),
    )


def villages_behind(by: Actor, text: str, row: str | None, column: str | None, part: str) -> VillagesBehind:
    """The same of a table of villages."""
    asked = _Asked.of(by, text, row, column)
    found = analysis.villages_behind(by, asked.catalogue.found, asked.question, asked.keys, part or "all")
    amounts = asked.definition.of if asked.definition.what in AMOUNTS else None
    return VillagesBehind(
        asked.definition,
        title_of(asked.definition, asked.catalogue),
        asked.group,
        asked.filters,
        picked_title(amounts, asked.catalogue) if amounts else "",
        found,
        "、".join(asked.catalogue.found.snapshots),
    )


@dataclass(frozen=True)
class _Asked:
    """A cell as its link names it."""

    definition: Definition
    catalogue: Catalogue
    question: Question
    keys: tuple[Key | Total, Key | Total]

    @classmethod
    def of(cls, by: Actor, text: str, row: str | None, column: str | None) -> Self:
        definition = Definition.read(text)
        catalogue = catalogue_of(by, definition)
        return cls(definition, catalogue, question_of(definition, catalogue), (_key(row), _key(column)))

    @property
    def group(self) -> str:
        """The row and the column in words."""
        words = [
            heading.label
            for axis, key in zip((self.definition.rows, self.definition.columns), self.keys, strict=True)
            if not isinstance(key, Total)
            for heading in headings(axis, self.catalogue, [key])
            if heading.key == key
        ]
        return " × ".join(words)

    @property
    def filters(self) -> tuple[str, ...]:
        """The filters in words."""
        return tuple(title for _picked, title in filter_titles(self.definition, self.catalogue))


def catalogue_of(by: Actor, definition: Definition) -> Catalogue:
    """What may be counted by, over what is current in the actor's sight. Raises REP-010."""
    found = analysis.sources(by, definition.pack)
    return Catalogue(found, definition.unit, with_verdicts=by.has(Permission.SCREENING_VIEW))


def _key(text: str | None) -> Key | Total:
    if text is None:
        return ALL
    return None if text == UNKNOWN else text
