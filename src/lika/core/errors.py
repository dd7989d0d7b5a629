"""Two families of errors: the user's, which say what to do next, and ours, which are loud.

A `UserError` carries a stable code (`REG-014`), a translated message, a remedy and the place it
points at. The edges (views, commands, imports) show it as it is; everything else is a defect and
keeps its traceback. Messages never carry personal data: they name the place, not the value.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise

Text = str | Promise


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

    def __str__(self) -> str:
        place = ", ".join(f"{key} {value}" for key, value in self.where.items())
        text = f"{self.code} {self.message}"
        if place:
            text = f"{text} ({place})"
        return f"{text} {self.remedy}".rstrip()


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
