"""Words and signs of the yearly collection."""

from django import template

from lika.collection.rounds.choices import SIGNS, EntryState
from lika.core.language import chosen
from lika.divisions.names import place_name
from lika.register.choices import lists

register = template.Library()


@register.filter
def sign_of(state: str) -> str:
    """The sign of a state of a submission or of a household."""
    return SIGNS[state]


@register.filter
def entry_word(state: str) -> str:
    """A state of a household in words."""
    return str(EntryState(state).label)


@register.filter
def relation_word(code: str) -> str:
    """A relation to the head in words; empty where it is not known."""
    item = lists.RELATION.item(code) if code else None
    return chosen(item.zh, item.en) if item else ""


@register.filter
def place_last(path: str) -> str:
    """The last step of a path of names, as people say it: … 城关镇 石磊村村民委员会 -> 石磊村."""
    return place_name(path.rpartition(" ")[2])
