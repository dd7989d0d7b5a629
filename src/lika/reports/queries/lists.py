"""From a cell of an analysis to the list of households behind it: for the one list of households there is."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, F, Func, Q, UUIDField, Value

from lika.core.actors import Actor
from lika.core.permissions import Permission
from lika.reports.asking import question_of
from lika.reports.definition import UNKNOWN, Definition
from lika.reports.fields import Catalogue
from lika.reports.queries.headings import headings
from lika.reports.titles import filter_titles, title_of
from lika.snapshots.choices import UnitKind
from lika.snapshots.queries import analysis
from lika.snapshots.queries.analysis import ALL, Key, Total


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


def list_behind(by: Actor, text: str, row: str | None, column: str | None, part: str) -> ListBehind:
    """The list behind a cell, of which a link names the definition and the cell; without row or column, of a total.

    Raises REP-001 … REP-016 as reading and counting do, REP-011 for a cell that there cannot be.
    """
    definition = Definition.read(text)
    catalogue = catalogue_of(by, definition)
    question = question_of(definition, catalogue)
    keys = (_key(row), _key(column))
    found = analysis.behind(by, catalogue.found, question, keys, part or "all")
    words = [
        heading.label
        for axis, key in zip((definition.rows, definition.columns), keys, strict=True)
        if not isinstance(key, Total)
        for heading in headings(axis, catalogue, [key])
        if heading.key == key
    ]
    return ListBehind(
        definition,
        title_of(definition, catalogue),
        " × ".join(words),
        tuple(title for _picked, title in filter_titles(definition, catalogue)),
        definition.unit,
        found.households,
        found.units,
        found.persons,
        "、".join(catalogue.found.snapshots),
    )


def catalogue_of(by: Actor, definition: Definition) -> Catalogue:
    """What may be counted by, over what is current in the actor's sight. Raises REP-010."""
    found = analysis.sources(by, definition.pack)
    return Catalogue(found, definition.unit, with_verdicts=by.has(Permission.SCREENING_VIEW))


def _key(text: str | None) -> Key | Total:
    if text is None:
        return ALL
    return None if text == UNKNOWN else text
