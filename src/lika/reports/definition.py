"""What an analysis is: a small definition that fits in an address, and nothing else.

The text is canonical (one order, nothing that stands for itself), names facts and codes and never a person, and is
read by strict patterns: whatever does not fit is refused before any of it is used.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self
from urllib.parse import parse_qs, urlencode

from django.utils.translation import gettext as _

from lika.core.errors import UserError
from lika.snapshots.choices import UnitKind
from lika.snapshots.queries.analysis import What

LONGEST = 2_000
LONGEST_EXPRESSION = 500
MOST_FILTERS = 8
MOST_VALUES = 40
MOST_EDGES = 12

UNITS = (UnitKind.HOUSEHOLD, UnitKind.PERSON, UnitKind.VILLAGE)
#: In place of a code: the value is unknown.
UNKNOWN = "?"

_KEY = re.compile(r"[A-Za-z_\u4e00-\u9fff][\w.\u4e00-\u9fff-]{0,119}")
_CODE = re.compile(r"[\w-]{1,80}|\?")
_EDGE = re.compile(r"-?\d{1,12}(\.\d{1,4})?|param\.[A-Za-z_\u4e00-\u9fff][\w\u4e00-\u9fff]{0,79}")
_PACK = re.compile(r"[\w./-]{1,80}")
_DIVISION = re.compile(r"[0-9]{12}")
_RANGE = ".."


def _refused(what: str) -> UserError:
    return UserError(
        "REP-001",
        _("This is not a definition of an analysis: %(what)s.") % {"what": what},
        remedy=_("Open the analysis page and choose anew."),
    )


@dataclass(frozen=True)
class Picked:
    """A field with what is picked of it: some codes, or numbers from `low` to below `high`."""

    key: str
    values: tuple[str, ...] = ()
    low: str = ""
    high: str = ""

    @classmethod
    def read(cls, text: str) -> Self:
        """From `key`, `key:code|code` or `key:low..high`. Raises REP-001."""
        key, colon, rest = text.partition(":")
        if not _KEY.fullmatch(key) or (colon and not rest):
            raise _refused(_("a field"))
        if _RANGE in rest:
            low, _dots, high = rest.partition(_RANGE)
            if not (low or high) or any(end and not _EDGE.fullmatch(end) for end in (low, high)):
                raise _refused(_("a range"))
            return cls(key, (), low, high)
        values = tuple(sorted(set(rest.split("|")))) if rest else ()
        if len(values) > MOST_VALUES or not all(_CODE.fullmatch(value) for value in values):
            raise _refused(_("a value"))
        return cls(key, values)

    def __str__(self) -> str:
        if self.low or self.high:
            return f"{self.key}:{self.low}{_RANGE}{self.high}"
        return f"{self.key}:{'|'.join(self.values)}" if self.values else self.key


@dataclass(frozen=True)
class Axis:
    """What the rows or columns are: a field, cut at `edges` where it is a number."""

    key: str
    edges: tuple[str, ...] = ()

    @classmethod
    def read(cls, key: str, edges: str) -> Self | None:
        """From a key and its edges with commas between; None without a key. Raises REP-001."""
        if not key:
            return None
        if not _KEY.fullmatch(key):
            raise _refused(_("a field"))
        cut = tuple(part for part in re.split(r"[,，、\s]+", edges.strip()) if part)
        if len(cut) > MOST_EDGES or not all(_EDGE.fullmatch(edge) for edge in cut):
            raise UserError(
                "REP-006",
                _("The edges of the bands are not numbers: %(edges)s.") % {"edges": edges[:80]},
                remedy=_("Write at most %(most)s, for example 2000,5000 or param.exit_line.") % {"most": MOST_EDGES},
            )
        return cls(key, cut)


@dataclass(frozen=True)
class Definition:
    """An analysis. Empty fields ask for nothing; `division` is a 12-digit code."""

    unit: UnitKind = UnitKind.HOUSEHOLD
    what: What = What.COUNT
    of: Picked | None = None
    rows: Axis | None = None
    columns: Axis | None = None
    filters: tuple[Picked, ...] = field(default_factory=tuple)
    where: str = ""
    division: str = ""
    pack: str = ""

    @classmethod
    def read(cls, text: str) -> Self:
        """From the text that `str` gives. Raises REP-001, REP-006."""
        if len(text) > LONGEST:
            raise _refused(_("it is too long"))
        try:
            return cls.of_query(parse_qs(text, strict_parsing=bool(text), max_num_fields=30))
        except ValueError:
            raise _refused(_("it cannot be read")) from None

    @classmethod
    def of_query(cls, query: Mapping[str, list[str]]) -> Self:
        """From the lists of an address, whose other names are left alone. Raises REP-001, REP-006."""

        def one(name: str, pattern: re.Pattern[str] | None = None) -> str:
            text = (query.get(name) or [""])[-1].strip()
            if text and (len(text) > LONGEST_EXPRESSION or (pattern and not pattern.fullmatch(text))):
                raise _refused(name)
            return text

        unit, what, of = one("u"), one("m"), one("v")
        if (unit and unit not in UNITS) or (what and what not in list(What)):
            raise _refused(_("a unit or a measure"))
        filters = [Picked.read(text.strip()) for text in query.get("f", ()) if text.strip()]
        if len(filters) > MOST_FILTERS:
            raise _refused(_("too many filters"))
        rows, columns = Axis.read(one("r"), one("rb")), Axis.read(one("c"), one("cb"))
        return cls(
            unit=UnitKind(unit or UnitKind.HOUSEHOLD),
            what=What(what or What.COUNT),
            of=Picked.read(of) if of else None,
            rows=rows or columns,
            columns=columns if rows else None,
            filters=tuple(sorted(set(filters), key=str)),
            where=one("w"),
            division=one("d", _DIVISION),
            pack=one("p", _PACK),
        )

    def pairs(self) -> list[tuple[str, str]]:
        """The names and texts of an address, in their one order; what is as it is by itself is left out."""
        axes = (("r", self.rows), ("c", self.columns))
        found = [
            ("u", "" if self.unit == UnitKind.HOUSEHOLD else str(self.unit)),
            ("m", "" if self.what == What.COUNT else str(self.what)),
            ("v", str(self.of) if self.of else ""),
            *((name, axis.key) for name, axis in axes if axis),
            *((f"{name}b", ",".join(axis.edges)) for name, axis in axes if axis),
            *(("f", str(each)) for each in self.filters),
            ("w", self.where),
            ("d", self.division),
            ("p", self.pack),
        ]
        return [(name, text) for name, text in found if text]

    def __str__(self) -> str:
        """The canonical text: an address's query."""
        return urlencode(self.pairs())

    def but(self, **changed: object) -> "Definition":
        """The same analysis with something changed."""
        return replace(self, **changed)  # type: ignore[arg-type]
