"""Profiles as data: what stands in a shipped YAML file or in the database -> `Profile`, checked, and back.

Every fault is COL-050 with its place: a profile that is understood only in part would read a file wrongly.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from lika.collection.layouts.model import NO, YES, Codes, ForeignColumn, ForeignTable, Place, Profile
from lika.collection.layouts.words import fold, ours_of
from lika.collection.reading.cells import CellFault, parser_of
from lika.collection.schema import SHEETS, Column, Kind, Sheet, plain
from lika.core.errors import UserError

_NUMBERS = frozenset((Kind.INTEGER, Kind.DECIMAL))
_CODED = frozenset((Kind.CODE, Kind.BOOLEAN, Kind.HEALTH))
_OF_PROFILE = frozenset(("name", "version", "zh", "en", "system", "year", "sources", "lists", "only", "tables"))
_OF_TABLE = frozenset(("name", "aliases", "columns", "fixed", "ignored"))
_OF_COLUMN = frozenset(("heading", "field", "fields", "zh", "aliases", "factor", "codes", "source"))

Data = Mapping[str, Any]


def profile_of(data: Data, *, sheets: Sequence[Sheet] = SHEETS, division: str = "") -> Profile:
    """The profile that data describe. Raises COL-050 with the place of the first fault."""
    return _Reader({sheet.key: sheet for sheet in sheets}).profile(data, division)


def as_data(profile: Profile) -> dict[str, Any]:
    """What `profile_of` makes the same profile of; what is empty is left out."""
    return _without_nothing(
        {
            "name": profile.name,
            "version": profile.version,
            "zh": profile.zh,
            "en": profile.en,
            "system": profile.system,
            "year": profile.year,
            "sources": list(profile.sources),
            "only": {name: list(codes) for name, codes in profile.only.items()},
            "tables": [_table_data(table) for table in profile.tables],
        }
    )


def digest_of(data: Data) -> str:
    """SHA-256 of what a profile says, its name and version included."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _table_data(table: ForeignTable) -> dict[str, Any]:
    return _without_nothing(
        {
            "name": table.name,
            "aliases": list(table.aliases),
            "columns": [
                _without_nothing(
                    {
                        "heading": column.heading,
                        "fields": [".".join(place) for place in column.places],
                        "zh": column.zh,
                        "aliases": list(column.aliases),
                        "factor": "" if column.factor == 1 else f"{column.factor:f}",
                        "codes": {ours: list(theirs) for ours, theirs in column.codes.items()},
                        "source": column.source,
                    }
                )
                for column in table.columns
            ],
            "fixed": {".".join(place): value for place, value in table.fixed.items()},
            "ignored": list(table.ignored),
        }
    )


def _without_nothing(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value not in (None, "", [], {})}


def _fault(message: str, **where: Any) -> UserError:
    remedy = _("Correct the profile; a new version of it is saved, the old one stays.")
    return UserError("COL-050", message, remedy=remedy, **where)


class _Reader:
    """Reads one profile, table by table."""

    def __init__(self, sheets: Mapping[str, Sheet]) -> None:
        self._sheets = sheets
        self._lists: Mapping[str, Codes] = {}

    def profile(self, data: Data, division: str) -> Profile:
        _only(data, _OF_PROFILE)
        for key in ("name", "version", "zh", "en", "system", "tables"):
            if not data.get(key):
                raise _fault(_("The profile does not say its %(what)s.") % {"what": key})
        self._lists = {str(key): _codes(value) for key, value in (data.get("lists") or {}).items()}
        profile = Profile(
            name=str(data["name"]),
            version=int(data["version"]),
            zh=str(data["zh"]),
            en=str(data["en"]),
            system=str(data["system"]),
            year=int(data["year"]) if data.get("year") else None,
            sources=_texts(data.get("sources")),
            only={str(name): self._codes_of(str(name), codes) for name, codes in (data.get("only") or {}).items()},
            tables=tuple(self._table(table) for table in data["tables"]),
            division=division,
            sha256=digest_of(_plain_data(data)),
        )
        _once((plain(name), name) for table in profile.tables for name in table.names)
        for table, sheet, column in profile.missing(list(self._sheets.values())):
            raise _fault(
                _("No column of the table tells “%(field)s”, which is required.") % {"field": column.zh},
                sheet=table.name,
                field=f"{sheet.key}.{column.name}",
            )
        return profile

    def _codes_of(self, name: str, codes: Any) -> tuple[str, ...]:
        known = {code for code, _words in ours_of(self._ours(("households", name), ""))}
        for code in _texts(codes):
            if code not in known:
                raise _fault(_("“%(code)s” is not a code of ours.") % {"code": code}, field=f"households.{name}")
        return _texts(codes)

    def _table(self, data: Data) -> ForeignTable:
        _only(data, _OF_TABLE)
        name = str(data["name"])
        table = ForeignTable(
            name=name,
            columns=tuple(self._column(column, name) for column in data.get("columns") or ()),
            aliases=_texts(data.get("aliases")),
            fixed={self._place(key, name): str(value) for key, value in (data.get("fixed") or {}).items()},
            ignored=_texts(data.get("ignored")),
        )
        _once(((plain(heading), heading) for column in table.columns for heading in column.headings), sheet=name)
        told = [(place, ".".join(place)) for column in table.columns for place in column.places]
        _once([*told, *((place, ".".join(place)) for place in table.fixed)], sheet=name)
        for place, value in table.fixed.items():
            try:
                parser_of(self._ours(place, name))(value)
            except CellFault as fault:
                raise _fault(
                    _("The value that holds for every row cannot be read (%(code)s).") % {"code": fault.code},
                    sheet=name,
                    field=".".join(place),
                ) from fault
        return table

    def _column(self, data: Data, table: str) -> ForeignColumn:
        _only(data, _OF_COLUMN)
        heading = str(data["heading"])
        named = [data["field"]] if "field" in data else data.get("fields") or ()
        places = tuple(self._place(text, table) for text in named)
        if not places:
            raise _fault(_("The column names no field."), sheet=table, column=heading)
        ours = [self._ours(place, table) for place in places]
        column = ForeignColumn(
            heading=heading,
            places=places,
            zh=str(data.get("zh") or ""),
            aliases=_texts(data.get("aliases")),
            factor=_factor(data.get("factor"), ours, sheet=table, column=heading),
            codes=_codes(data["codes"]) if data.get("codes") else self._listed(ours[0]),
            source=str(data.get("source") or ""),
        )
        _check_codes(column, ours, table)
        return column

    def _listed(self, column: Column) -> Codes:
        """The codes that the profile gives for a list, wherever the list is used."""
        key = "CL-YESNO" if column.kind is Kind.BOOLEAN else column.code_list.id if column.code_list else ""
        return self._lists.get(key, {})

    def _place(self, text: Any, table: str) -> Place:
        sheet, _dot, name = str(text).partition(".")
        place = (sheet, name)
        self._ours(place, table)
        return place

    def _ours(self, place: Place, table: str) -> Column:
        try:
            return self._sheets[place[0]].column(place[1])
        except KeyError:
            raise _fault(
                _("There is no field “%(field)s”.") % {"field": ".".join(place)}, sheet=table, field=".".join(place)
            ) from None


def _only(data: Data, allowed: frozenset[str]) -> None:
    for key in data:
        if key not in allowed:
            raise _fault(_("“%(key)s” means nothing in a profile.") % {"key": key}, allowed=", ".join(sorted(allowed)))


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(each) for each in value or ())


def _codes(value: Mapping[Any, Any]) -> Codes:
    return {
        str(ours): tuple(str(each) for each in (theirs if isinstance(theirs, list | tuple) else [theirs]))
        for ours, theirs in value.items()
    }


def _factor(value: Any, columns: Iterable[Column], **where: Any) -> Decimal:
    if value in (None, ""):
        return Decimal(1)
    try:
        factor = Decimal(str(value))
    except InvalidOperation:
        factor = Decimal(0)
    if not factor.is_finite() or factor <= 0 or any(column.kind not in _NUMBERS for column in columns):
        raise _fault(_("The factor of a unit is a number above 0, of a column of numbers."), **where)
    return factor


def _check_codes(column: ForeignColumn, ours: Sequence[Column], table: str) -> None:
    if not column.codes:
        return
    where = {"sheet": table, "column": column.heading}
    if len(ours) > 1 or ours[0].kind not in _CODED:
        raise _fault(_("Codes are given for a column that holds none."), **where)
    known = {YES, NO} if ours[0].kind is Kind.BOOLEAN else {code for code, _words in ours_of(ours[0])}
    for code in column.codes:
        if code not in known:
            raise _fault(_("“%(code)s” is not a code of ours.") % {"code": code}, **where)
    _once(((fold(word), word) for words in column.codes.values() for word in words), **where)


def _once(named: Iterable[tuple[Any, str]], **where: Any) -> None:
    """That no name, heading, field or foreign code stands twice: which of two is meant nobody could tell."""
    seen: set[Any] = set()
    for key, shown in named:
        if key in seen:
            raise _fault(_("“%(what)s” stands twice.") % {"what": shown}, **where)
        seen.add(key)


def _plain_data(data: Any) -> Any:
    """Data of a YAML file as plain lists, mappings with text keys, texts and numbers: what a digest is taken of."""
    if isinstance(data, Mapping):
        return {str(key): _plain_data(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_plain_data(value) for value in data]
    return data if isinstance(data, int) else str(data)
