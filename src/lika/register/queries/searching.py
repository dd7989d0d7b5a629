"""What a person types into the one search field: a name, its pinyin, a household number or an identity number."""

import unicodedata

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, Q, QuerySet, TextField, Value

from lika.core.actors import Actor
from lika.register.identity import Identity, check_identity, identity_index
from lika.register.models import Membership, Person
from lika.register.names import clean_name
from lika.register.queries.scope import seen_in_full

# `string_to_array(name, NULL)`: the characters of a name, as the index `person_name_characters` holds them.
_CHARACTERS = Func(F("name"), Value(None), function="string_to_array", output_field=ArrayField(TextField()))


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


def _spelt(typed: str) -> QuerySet[Person]:
    letters = typed.replace(" ", "").lower()
    return Person.objects.filter(Q(pinyin__startswith=letters) | Q(initials__startswith=letters))


def persons_named(name: str) -> QuerySet[Person]:
    """Persons whose name holds these characters in this order, by the index on characters."""
    # The index knows the characters but not their order: LIKE keeps those in this order.
    with_all = Q(characters__contains=sorted(set(name)))
    return Person.objects.annotate(characters=_CHARACTERS).filter(with_all, name__contains=name)


def _home_of(persons: QuerySet[Person]) -> Q:
    homes = Membership.objects.filter(person__in=persons.values("id"), left_on=None)
    return Q(id__in=homes.values("household_id"))
