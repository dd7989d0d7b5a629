"""Lower units by name in an explanation, as the console names them to this reader, instead of by id.

Named are those that a sentence tells of, and members. The ids stay where the rows are listed for machines.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from lika.core.actors import Actor
from lika.core.permissions import Permission
from lika.core.privacy import mask_name
from lika.divisions import queries as divisions
from lika.engine.explain import Explanation
from lika.engine.messages import Words
from lika.engine.needs import Need, Needs
from lika.engine.population import UnitRow
from lika.engine.reasons import MOST_NAMED
from lika.register.queries import heads_of, households_visible_to, persons_visible_to, seen_in_full
from lika.snapshots.choices import UnitKind

Names = Mapping[str, Words]
#: The id of a household or person, or the code of a division.
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<!\d)[1-9]\d{11}(?!\d)")
#: What the snapshot had in a division that its reader sees in full and the register has elsewhere by now.
_ELSEWHERE = {
    UnitKind.HOUSEHOLD: Words("现不在您查看范围内的一户", "a household that is now outside your area"),
    UnitKind.PERSON: Words("现不在您查看范围内的一人", "a person who is now outside your area"),
}


@dataclass(frozen=True)
class Naming:
    """Names of lower units by id, put into the sentences of explanations in place of the ids."""

    names: Names

    @classmethod
    def of(cls, by: Actor, row: UnitRow, told: Iterable[tuple[Explanation, Needs | None]]) -> "Naming":
        """For what is told of a unit: at most two queries for each kind of lower unit that it tells of."""
        whole = row.unit == UnitKind.HOUSEHOLD
        wanted = set[str]().union(*(_told(*each, whole=whole) for each in told))
        names: dict[str, Words] = {}
        for kind, known in _below(row).items() if wanted else ():
            if asked := wanted & known:
                names |= _names(by, kind, asked)
        return cls(names)

    def explanation(self, part: Explanation) -> Explanation:
        """The explanation with names."""
        return replace(
            part,
            words=self._say(part.words),
            reasons=tuple(map(self._say, part.reasons)),
            parts=tuple(map(self.explanation, part.parts)),
            members=tuple(map(self._member, part.members)),
        )

    def _member(self, part: Explanation) -> Explanation:
        return replace(self.explanation(part), who=self.names.get(part.row, Words(part.row, part.row)))

    def needs(self, needs: Needs) -> Needs:
        """What would have to change, with names."""
        return Needs(self._need(needs.need), needs.way)

    def _need(self, need: Need) -> Need:
        step = need.step
        if step is not None:
            step = replace(step, row=self._say(step.row), reasons=tuple(map(self._say, step.reasons)))
        return replace(need, words=self._say(need.words), step=step, parts=tuple(map(self._need, need.parts)))

    def _say(self, words: Words) -> Words:
        def name(found: re.Match[str]) -> Words:
            return self.names.get(found.group(), Words(found.group(), found.group()))

        zh, en = _ID.sub(lambda found: name(found).zh, words.zh), _ID.sub(lambda found: name(found).en, words.en)
        return Words(zh, en)


def persons_named(by: Actor, ids: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """Names of persons in sight, masked where they are not read in full, and their household ("": none by now).

    Raises ACC-001.
    """
    persons = dict(persons_visible_to(by).filter(id__in=list(ids)).values_list("id", "name"))
    members = households_visible_to(by).filter(memberships__person__in=persons, memberships__left_on=None)
    homes = dict(members.values_list("memberships__person", "id"))
    in_full = households_visible_to(by).filter(seen_in_full(by).where(), memberships__person__in=persons)
    whole = set(in_full.values_list("memberships__person", flat=True))
    return {
        identifier: (name if identifier in whole else mask_name(name), str(homes.get(identifier, "")))
        for identifier, name in persons.items()
    }


def _persons(by: Actor, ids: Iterable[UUID]) -> dict[UUID, str]:
    return {identifier: name for identifier, (name, _home) in persons_named(by, ids).items()}


def _households(by: Actor, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Number and head of households in sight; the head as lists show it."""
    visible = households_visible_to(by).filter(id__in=list(ids))
    numbers, heads = dict(visible.order_by().values_list("id", "number")), heads_of(visible, by=by)
    return {identifier: " ".join(filter(None, (number, heads[identifier]))) for identifier, number in numbers.items()}


def _names(by: Actor, kind: str, wanted: Collection[str]) -> dict[str, Words]:
    if kind not in _ELSEWHERE:
        places = divisions.by_codes(wanted)
        found = {code: places[code].name if code in places else code for code in wanted}
        return {code: Words(name, name) for code, name in found.items()}
    people: Mapping[UUID, str] = {}
    if by.has(Permission.REGISTER_VIEW):
        ids = [UUID(each) for each in wanted]
        people = _persons(by, ids) if kind == UnitKind.PERSON else _households(by, ids)
    seen = {str(identifier): Words(name, name) for identifier, name in people.items()}
    return {each: seen.get(each, _ELSEWHERE[UnitKind(kind)]) for each in wanted}


def _below(row: UnitRow) -> dict[str, set[str]]:
    """The ids of all lower units, by kind."""
    found: dict[str, set[str]] = {}
    for kind, rows in row.children.items():
        found.setdefault(kind, set()).update(lower.id for lower in rows if lower.id)
        for lower in rows:
            for name, ids in _below(lower).items():
                found.setdefault(name, set()).update(ids)
    return found


def _told(explanation: Explanation, needs: Needs | None, *, whole: bool) -> set[str]:
    """The ids that sentences tell of, and those of short lists of rows (``whole``: of all)."""
    found = {identifier for words in _sentences(explanation, needs) for identifier in _ID.findall(words.zh)}
    for part in explanation.walk():
        if part.rows is not None:
            for ids in (part.rows.met, part.rows.not_met, part.rows.unknown):
                if whole or len(ids) <= MOST_NAMED:
                    found.update(ids)
    return found


def _sentences(explanation: Explanation, needs: Needs | None) -> Iterator[Words]:
    for part in explanation.walk():
        yield part.words
        yield from part.reasons
    for need in needs.need.walk() if needs else ():
        yield need.words
        if need.step is not None:
            yield need.step.row
            yield from need.step.reasons
