"""A fault of a pack, its place, and the refusal that gathers all of them.

A fault is a line in the manner of compilers: `criteria/household.yaml:12:5: POL-009 …`. Messages are
made in the language of the moment: they are shown at once or not at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from django.utils.translation import gettext as _

from lika.core.errors import ManyErrors, UserError
from lika.core.language import listed


@dataclass(frozen=True)
class Place:
    """A file of a pack, and where in it (both from 1; None: the file as a whole)."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


class Fault(UserError):
    """One fault of a pack, with what was expected and the nearest known names."""

    def __init__(
        self, code: str, place: Place, message: str, *, expected: str = "", nearest: Iterable[str] = ()
    ) -> None:
        hints = []
        if expected:
            hints.append(_("Expected: %(expected)s.") % {"expected": expected})
        if near := listed(nearest):
            hints.append(_("Did you mean: %(nearest)s?") % {"nearest": near})
        where = {"file": place.file, "line": place.line, "column": place.column}
        known = {name: value for name, value in where.items() if value is not None}
        super().__init__(code, message, remedy=" ".join(hints), **known)
        self.spot = place

    def __str__(self) -> str:
        return f"{self.spot}: {self.code} {self.message} {self.remedy}".rstrip()

    @property
    def order(self) -> tuple[str, int, int, str]:
        """Sorts faults as they are read: by file, line, column."""
        return (self.spot.file, self.spot.line or 0, self.spot.column or 0, self.code)


class PackRefused(ManyErrors):
    """A pack with faults: all of them, in reading order."""

    def __init__(self, pack: str, faults: Iterable[Fault]) -> None:
        found = sorted({str(fault): fault for fault in faults}.values(), key=lambda fault: fault.order)
        super().__init__(
            "POL-001",
            _("The pack is refused; faults found: %(count)s.") % {"count": len(found)},
            found,
            remedy=_("Correct the files and check again: lika policy check."),
            pack=pack,
        )


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """At most two of the known names that look like one."""
    return get_close_matches(name, list(known), n=2, cutoff=0.6)


def kind_word(kind: str) -> str:
    """What an item is called."""
    words = {
        "parameter": _("parameter"),
        "item": _("collected item"),
        "fact": _("derived fact"),
        "criterion": _("criterion"),
        "quality": _("rule of quality"),
        "deadline": _("date of the work calendar"),
        "pattern": _("pattern of leads"),
        "change": _("kind of change"),
        "account": _("account"),
        "procedure": _("procedure"),
        "report": _("report"),
        "figure": _("figure of a report"),
        "case": _("golden case"),
    }
    return words[kind]
