"""Two families of errors: the user's, which say what to do next, and ours, which are loud.

A `UserError` carries a stable code (`REG-014`), a translated message, a remedy and the place it
points at. The edges (views, commands, imports) show it as it is; everything else is a defect and
keeps its traceback. Messages never carry personal data: they name the place, not the value.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

Text = str | Promise

# What a place is called. What is missing here is shown by its key.
_PLACES: Mapping[str, Text] = {
    "file": pgettext_lazy("place", "file"),
    "sheet": pgettext_lazy("place", "sheet"),
    "row": pgettext_lazy("place", "row"),
    "column": pgettext_lazy("place", "column"),
    "columns": pgettext_lazy("place", "columns"),
    "field": pgettext_lazy("place", "field"),
    "line": pgettext_lazy("place", "line"),
    "division": pgettext_lazy("place", "division"),
    "household": pgettext_lazy("place", "household"),
    "year": pgettext_lazy("place", "year"),
    "pack": pgettext_lazy("place", "pack"),
    "batch": pgettext_lazy("place", "batch"),
    "source": pgettext_lazy("place", "source"),
    "permission": pgettext_lazy("place", "permission"),
    "codes": pgettext_lazy("place", "codes"),
    "state": pgettext_lazy("place", "state"),
    "data_key": pgettext_lazy("place", "data key"),
    "expected": pgettext_lazy("place", "expected"),
    "allowed": pgettext_lazy("place", "allowed"),
    "minimum": pgettext_lazy("place", "minimum"),
    "maximum": pgettext_lazy("place", "maximum"),
}

# Controls, marks that turn the direction of writing, lone surrogates, ends of lines and paragraphs: a name that a
# file brought along must not move the cursor, recolour the terminal or begin a line of its own.
_UNPRINTABLE = ("Cc", "Cf", "Cs", "Zl", "Zp")


def place_of(where: Mapping[str, Any]) -> str:
    """A place in words, in brackets with a space before them where the language has one; empty where there is none."""
    if not where:
        return ""
    joined = _(", ").join(f"{_PLACES.get(key, key)} {value}" for key, value in where.items())
    return _(" (%(place)s)") % {"place": joined}


def printable(text: str) -> str:
    """The text with every character that a terminal would obey written as its escape."""
    return "".join(
        character.encode("unicode_escape").decode() if unicodedata.category(character) in _UNPRINTABLE else character
        for character in text
    )


class UserError(Exception):
    """A fault that the person at the screen can mend.

    `where` holds the place: file, sheet, row, column, field, division, pack, line … whichever apply.
    """

    def __init__(self, code: str, message: Text, *, remedy: Text = "", **where: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.remedy = remedy
        self.where: Mapping[str, Any] = where

    @property
    def where_in_words(self) -> str:
        """The place of the fault; see `place_of`."""
        return place_of(self.where)

    def __str__(self) -> str:
        return f"{self.code} {self.message}{self.where_in_words} {self.remedy}".rstrip()


class PermissionRefused(UserError):
    """The actor may not do this, or not there. Deny is the default."""


class NotFound(UserError):
    """The thing does not exist, or lies outside the actor's scope: the two are told apart to nobody."""


class ManyErrors(UserError):
    """Several faults found in one go: all are reported at once."""

    def __init__(
        self, code: str, message: Text, errors: Iterable[UserError], *, remedy: Text = "", **where: Any
    ) -> None:
        super().__init__(code, message, remedy=remedy, **where)
        self.errors = tuple(errors)

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(f"  {error}" for error in self.errors)])
