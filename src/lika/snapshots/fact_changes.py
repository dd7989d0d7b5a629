"""What differs between a unit at two times, fact by fact: between two snapshots, or a snapshot and the record of today.

One of the few modules that touch rows of persons; it logs nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lika.core.language import chosen
from lika.engine.amounts import value_words
from lika.engine.criteria import Checked, FactUse
from lika.engine.messages import Words
from lika.engine.population import UnitRow, Value
from lika.engine.schema import Fact, Schema, column_name
from lika.engine.wording import fact_words
from lika.snapshots.choices import UnitKind
from lika.snapshots.guarding import GUARDED


@dataclass(frozen=True)
class Changed:
    """One thing that is otherwise now. `old` and `new` are as they are shown; None where they are not known."""

    label: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class ReadFact:
    """A stored fact that criteria read, how many data years back, and how it is shown."""

    unit: str
    fact: Fact
    schema: Schema
    lag: int = 0

    @property
    def column(self) -> str:
        """The name of its value among a row's facts."""
        return column_name(self.fact.name, self.lag)

    @property
    def guarded(self) -> bool:
        """Whether its values are shown to those alone who see what is told of persons."""
        return self.fact.privacy in GUARDED

    def shown(self, value: Value) -> str | None:
        """A value in the reader's words."""
        return None if value is None else chosen(*value_words(value, self.fact.type, self.schema, self._measure))

    @property
    def _measure(self) -> Words | None:
        return None if self.fact.unit is None else Words(self.fact.unit, self.fact.unit_en or self.fact.unit)

    @property
    def label(self) -> str:
        """What it is called; of a member, that it is a member's."""
        said = chosen(*fact_words(self.fact, self.lag))
        return _("%(fact)s of a member") % {"fact": said} if self.unit == UnitKind.PERSON else said


def facts_read(asked: Sequence[Checked]) -> list[ReadFact]:
    """Every stored fact that some criteria read, by unit, name and year."""
    schemas: dict[FactUse, Schema] = {}  # of the first that reads it: what one place collects is unknown to another
    for checked in asked:
        for use in checked.facts:
            schemas.setdefault(use, checked.schema)
    return [
        ReadFact(use.unit, schemas[use].units[use.unit][use.name], schemas[use], use.lag) for use in sorted(schemas)
    ]


def between(old: UnitRow, new: UnitRow, reads: Iterable[ReadFact]) -> list[Changed]:
    """What differs between a household or person at two times, its members one by one."""
    chosen_reads = list(reads)
    found = []
    then, today = persons_of(old), persons_of(new)
    for read in chosen_reads:
        if read.unit == old.unit:
            pairs = [(old.facts.get(read.column), new.facts.get(read.column))]
        else:
            both = sorted(then.keys() & today.keys())
            pairs = [(then[each].get(read.column), today[each].get(read.column)) for each in both]
        found += [Changed(read.label, read.shown(was), read.shown(now)) for was, now in pairs if was != now]
    members = any(read.unit == UnitKind.PERSON for read in chosen_reads) and old.unit == UnitKind.HOUSEHOLD
    if members and then.keys() != today.keys():
        came, left = len(today.keys() - then.keys()), len(then.keys() - today.keys())
        # Told apart, for as many as before may be others than before.
        now = _("%(members)d (%(came)d came, %(left)d left)") % {"members": len(today), "came": came, "left": left}
        found.append(Changed(_("Members at the time point"), str(len(then)), now))
    return found


def persons_of(row: UnitRow) -> dict[str, Mapping[str, Value]]:
    """The facts of a household's members, by their ids."""
    return {person.id: person.facts for person in row.below(UnitKind.PERSON) if person.id is not None}
