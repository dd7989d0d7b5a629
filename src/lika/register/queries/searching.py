"""What a person types into the one search field: a name, its pinyin, or a number in full.

A household number, an identity number and a telephone are found when they are whole, the latter two by their blind
index: nobody gropes for them digit by digit.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import CharField, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from lika.accounts.queries import Scope
from lika.core.actors import Actor
from lika.core.privacy import mask_name
from lika.divisions.models import Division
from lika.register.choices import HEAD
from lika.register.identity import Identity, check_identity, identity_index, phone_index
from lika.register.models import Household, Membership, Person
from lika.register.names import clean_name
from lika.register.queries.scope import households_visible_to, seen_in_full

GROUP_SIZE = 20
# An identity number has more digits, a household number may have as many: then both are looked for.
_FEWEST_DIGITS, _MOST_DIGITS = 7, 14


class Kind(StrEnum):
    """What of a household or person a text was found in."""

    NUMBER = "number"
    IDENTITY = "identity"
    PHONE = "phone"
    NAME = "name"


@dataclass(frozen=True)
class Hit:
    """A household, and of its members the one who was found ("" where the household itself was).

    `head` is masked where names are not the reader's to see.
    """

    household: UUID
    number: str
    head: str
    person: str
    village_name: str
    poverty_status: str


@dataclass(frozen=True)
class Hits:
    """What was found in one respect, at most `GROUP_SIZE`; `more` says that there are others."""

    kind: Kind
    hits: tuple[Hit, ...]
    more: bool


def search(*, by: Actor, text: str) -> tuple[Hits, ...]:
    """What a text finds in the actor's sight, grouped by what it was found in. At most one query for each group.

    Names, telephones and identity numbers are looked for where they may be seen in full, and nowhere else: a hit would
    give away what the mask hides. Raises ACC-001.
    """
    typed = _plain(text)
    seen, named = households_visible_to(by), seen_in_full(by)
    if not typed:
        return ()
    if not named:
        groups = [_households(Kind.NUMBER, seen.filter(number=typed), named)]
    else:
        groups = [
            _members(kind, persons, named)
            if persons is not None
            else _households(kind, seen.filter(found if kind is Kind.NUMBER else found & named.where()), named)
            for kind, found, persons in _ways(text, typed)
        ]
    return tuple(group for group in groups if group.hits)


def matching(text: str, by: Actor) -> Q:
    """The condition that a household, or one of its members now, answers to a text; see `search`."""
    typed = _plain(text)
    if not typed:
        return Q()
    named = seen_in_full(by)
    if not named:
        return Q(number=typed)
    condition = Q(pk__in=[])
    for kind, found, _persons in _ways(text, typed):
        condition |= found if kind is Kind.NUMBER else found & named.where()
    return condition


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _ways(text: str, typed: str) -> Iterator[tuple[Kind, Q, "QuerySet[Person] | None"]]:
    """What a text may be: the condition on households and, where it names persons, these."""
    if not typed.isascii():
        persons = persons_named(clean_name(text))
        yield Kind.NAME, _home_of(persons), persons
        return
    yield Kind.NUMBER, Q(number=typed), None
    if not any(character.isdigit() for character in typed):
        persons = _spelt(typed)
        yield Kind.NAME, _home_of(persons), persons
        return
    identity = check_identity(typed)
    if isinstance(identity, Identity):
        persons = Person.objects.filter(id_index=identity_index(identity.citizen_number))
        yield Kind.IDENTITY, _home_of(persons), persons
    elif _FEWEST_DIGITS <= sum(character.isdigit() for character in typed) <= _MOST_DIGITS:
        yield Kind.PHONE, Q(phone_index=phone_index(typed)), None


def _households(kind: Kind, found: QuerySet[Household], named: Scope) -> Hits:
    """Households found by a number: one, but for a telephone that several give."""
    shown = found.annotate(
        head=FilteredRelation("memberships", condition=Q(memberships__relation=HEAD, memberships__left_on=None)),
        head_name=F("head__person__name"),
        village_name=Subquery(_VILLAGE.values("name")),
    )
    rows = list(shown.order_by("number")[: GROUP_SIZE + 1])
    hits = []
    for row in rows[:GROUP_SIZE]:
        head = vars(row)["head_name"] or ""
        in_full = bool(named) and named.holds(village=row.village, household=row.pk)
        told = head if in_full or not head else mask_name(head)
        hits.append(Hit(row.pk, row.number, told, "", _village(row), row.poverty_status))
    return Hits(kind, tuple(hits), len(rows) > GROUP_SIZE)


def _members(kind: Kind, persons: QuerySet[Person], named: Scope) -> Hits:
    """Persons in the order of their names, each with the household where they belong now."""
    heads = Membership.objects.filter(household=OuterRef("household"), relation=HEAD, left_on=None)
    found = (
        Membership.objects.filter(named.where(household="household_id"), person__in=persons.values("id"), left_on=None)
        .select_related("person", "household")
        .annotate(head_name=Subquery(heads.values("person__name")[:1]), village_name=Subquery(_VILLAGE.values("name")))
        .order_by("person__pinyin", "household__number", "person_id")
    )
    rows = list(found[: GROUP_SIZE + 1])
    hits = (
        Hit(
            row.household_id, row.household.number, vars(row)["head_name"] or "", row.person.name, _village(row),
            row.household.poverty_status,
        )
        for row in rows[:GROUP_SIZE]
    )  # fmt: skip
    return Hits(kind, tuple(hits), len(rows) > GROUP_SIZE)


_VILLAGE = Division.objects.filter(code=Cast(OuterRef("village"), CharField()))


def _village(row: Household | Membership) -> str:
    return vars(row)["village_name"] or str(row.village)


# Both ask a door in the second wall; asked directly, they would be asked of every row in sight (`lika.config.wall`).


def _spelt(typed: str) -> QuerySet[Person]:
    letters = typed.replace(" ", "").lower()
    return Person.objects.filter(id__in=RawSQL("SELECT lika_persons_spelt(%s)", [letters]))


def persons_named(name: str) -> QuerySet[Person]:
    """Persons whose name holds these characters in this order, by the index on characters."""
    found = RawSQL("SELECT lika_persons_named(%s, %s)", [sorted(set(name)), name])
    return Person.objects.filter(id__in=found)


def _home_of(persons: QuerySet[Person]) -> Q:
    homes = Membership.objects.filter(person__in=persons.values("id"), left_on=None)
    return Q(id__in=homes.values("household_id"))
