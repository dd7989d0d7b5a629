"""What a person types into the one search field: a name, its pinyin, a household number or an identity number."""

import unicodedata

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from lika.core.actors import Actor
from lika.register.identity import Identity, check_identity, identity_index
from lika.register.models import Membership, Person
from lika.register.names import clean_name
from lika.register.queries.scope import seen_in_full


def matching(text: str, by: Actor) -> Q:
    """The condition that a household, or one of its members now, answers to a text.

    Names are searched where they may be seen in full, and nowhere else: a hit would give away what the mask hides.
    Everywhere else the text is looked for among household numbers.
    """
    typed = unicodedata.normalize("NFKC", text).strip()
    if not typed:
        return Q()
    numbered = Q(number__startswith=typed)
    named = seen_in_full(by)
    if not named:
        return numbered
    if typed.isascii() and any(character.isdigit() for character in typed):
        identity = check_identity(typed)
        if not isinstance(identity, Identity):
            return numbered
        persons = Person.objects.filter(id_index=identity_index(identity.citizen_number))
        return numbered | (_home_of(persons) & named.where())
    if typed.isascii():
        return numbered | (_home_of(_spelt(typed)) & named.where())
    return _home_of(persons_named(clean_name(text))) & named.where()


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
