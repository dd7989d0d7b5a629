"""Rows of divisions to load: from the package's own data, or from a file of the user."""

import csv
import datetime as dt
import io
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path

import duckdb
from django.utils.translation import gettext_lazy as _

from lika.core.areas import is_country
from lika.core.errors import ManyErrors, Text, UserError
from lika.divisions.codes import full_code, level_of, parent_code

DATA = Path(__file__).parent / "data"
COLUMNS = (
    "row", "code", "name", "level", "parent", "valid_from", "valid_to", "successor", "source", "longitude", "latitude",
)  # fmt: skip
REQUIRED = {"code", "name", "level"}
NAME_LENGTH = 80
SOURCE_LENGTH = 300


@dataclass
class Batch:
    """Divisions to be staged, as CSV in the order of `COLUMNS`.

    `present` names the columns that the source has: what it does not have stays as it is in the table. `faults` are
    the rows already found wrong, which are not in `text`; `faulty` holds their codes, so that rows below them are not
    called orphans.
    """

    name: str
    present: frozenset[str]
    text: Iterator[bytes]
    faults: list[UserError] = field(default_factory=list)
    faulty: set[str] = field(default_factory=set)


def packaged(province: str | None = None) -> Batch:
    """The vendored codes with the known changes; of one province only, where its code is given. Raises DIV-001."""
    prefix = "" if province is None else full_code(province)[:2]
    return Batch(
        name="china-division 2.7.0" + (f", {prefix}" if prefix else ""),
        present=frozenset(COLUMNS) - {"row", "longitude", "latitude"},
        text=_packaged_csv(prefix),
    )


_PACKAGED = """
WITH change AS (SELECT * FROM read_csv($changes, header = true, all_varchar = true)),
     listed AS (SELECT * FROM read_parquet($divisions))
SELECT NULL, listed.code, listed.name, listed.level, listed.parent,
       change.valid_from, change.valid_to, change.successor, change.source, NULL, NULL
  FROM listed LEFT JOIN change USING (code) WHERE starts_with(listed.code, $prefix)
UNION ALL
SELECT NULL, code, name, level::TINYINT, parent, valid_from, valid_to, successor, source, NULL, NULL
  FROM change WHERE starts_with(code, $prefix) AND code NOT IN (SELECT code FROM listed)
"""

_HAS_CODE = """
SELECT code FROM read_parquet($divisions) WHERE code = $code
UNION ALL
SELECT code FROM read_csv($changes, header = true, all_varchar = true) WHERE code = $code
"""


def _packaged_csv(prefix: str) -> Iterator[bytes]:
    files = {"changes": str(DATA / "changes.csv"), "divisions": str(DATA / "divisions.parquet")}
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        target = Path(folder) / "divisions.csv"
        # DuckDB writes the text faster than a loop here would.
        connection.execute(f"COPY ({_PACKAGED}) TO '{target}' (FORMAT csv, HEADER false)", files | {"prefix": prefix})
        with target.open("rb") as text:
            while block := text.read(1 << 20):
                yield block


def is_official(code: str) -> bool:
    """Whether the vendored codes or the known changes hold a short or full code, in force or not. No database.

    The whole country, six or twelve zeros, is official too, though no division.
    """
    if is_country(code):
        return True
    try:
        full = full_code(code)
    except UserError:
        return False
    parameters = {"changes": str(DATA / "changes.csv"), "divisions": str(DATA / "divisions.parquet"), "code": full}
    with duckdb.connect() as connection:
        return connection.execute(_HAS_CODE, parameters).fetchone() is not None


@lru_cache(maxsize=1)
def _changes() -> Mapping[str, tuple[tuple[str, ...], dt.date | None]]:
    """Successors and last validity of the codes that a known change has ended."""
    with (DATA / "changes.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: (tuple(row["successor"].split()), _known_day(row["valid_to"]))
            for row in csv.DictReader(file)
            if row["successor"]
        }


def _known_day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def with_successors(code: str) -> tuple[str, ...]:
    """A division code (short or full) and, as full codes, those that came in its place by the known changes.

    No database. What names 靖西县 (451025) also means 靖西市 (451081). Raises DIV-001.
    """
    if is_country(code):
        return (code,)
    found = [full_code(code)]
    for each in found:  # grows while it is walked: a successor may have been followed in its turn
        found += [later for later in _changes().get(each, ((), None))[0] if later not in found]
    return tuple(found)


def in_force(code: str, day: dt.date) -> tuple[str, ...]:
    """Of a division and its successors, the full codes that stood on a day. No database. Raises DIV-001."""
    if is_country(code):
        return (code,)
    begun = {later: ended for successors, ended in _changes().values() for later in successors if ended}
    return tuple(
        each
        for each in with_successors(code)
        if begun.get(each, dt.date.min) <= day < (_changes().get(each, ((), None))[1] or dt.date.max)
    )


def from_file(path: Path) -> Batch:
    """A user's CSV (UTF-8, with or without BOM): columns code, name, level, and any of the others by name.

    Codes may be short; an empty parent is taken from the code. Every row is checked by itself; what needs
    the other rows is checked in the staging table. Raises DIV-012 where the file cannot be read as such a table.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, _("It cannot be read as a UTF-8 text file.")) from error
    reader = csv.DictReader(io.StringIO(text))
    header = frozenset(reader.fieldnames or ())
    unknown = header - set(COLUMNS[1:])
    if not header >= REQUIRED or unknown:
        raise _unreadable(path, _("Its first line must name the columns code, name, level."), columns=sorted(unknown))
    batch = Batch(name=path.name, present=header | {"parent"}, text=iter(()))
    rows = []
    for number, values in enumerate(reader, start=2):
        try:
            rows.append(_checked(number, values))
        except ManyErrors as faults:
            batch.faults += faults.errors
            batch.faulty.add(_code_or_text(values.get("code") or ""))
    batch.text = iter([_csv(rows)])
    return batch


def _unreadable(path: Path, why: Text, **where: object) -> UserError:
    return UserError(
        "DIV-012",
        _("The file of divisions was not understood.") + f" {why}",
        remedy=_(
            "Save it as CSV (UTF-8) with the columns code, name, level and, where known, "
            "parent, valid_from, valid_to, successor, source, longitude, latitude."
        ),
        file=path.name,
        **where,
    )


def _checked(row: int, values: dict[str, str | None]) -> tuple[object, ...]:
    """One row as values in the order of `COLUMNS`. Raises ManyErrors with every fault of the row."""
    given = {key: (value or "").strip() for key, value in values.items() if isinstance(key, str)}
    faults: list[UserError] = []
    code, level, parent = _place(row, given, faults)
    name = given["name"]
    if not 0 < len(name) <= NAME_LENGTH:
        faults.append(_fault("DIV-009", _("The name is missing or longer than 80 characters."), row, code))
    dates = [_date(row, code, given, key, faults) for key in ("valid_from", "valid_to")]
    if dates[0] and dates[1] and dates[0] >= dates[1]:
        faults.append(_fault("DIV-006", _("The validity ends before it begins."), row, code))
    successors = _successors(row, code, given, faults)
    if successors and (dates[1] is None or not 0 < len(given.get("source", "")) <= SOURCE_LENGTH):
        faults.append(
            _fault("DIV-008", _("A successor needs the day of the change in valid_to, and a source."), row, code)
        )
    degrees = _degrees(row, code, given, faults)
    if faults:
        raise ManyErrors("DIV-020", "", faults)
    return (row, code, name, level, parent, *dates, successors, given.get("source", ""), *degrees)


def _place(row: int, given: dict[str, str], faults: list[UserError]) -> tuple[str, int | None, str | None]:
    """Code, level and parent code, checked against each other."""
    try:
        code = full_code(given["code"])
    except UserError as error:
        faults.append(_fault(error.code, error.message, row, given["code"], remedy=error.remedy))
        return given["code"], None, None
    level = int(level_of(code))
    if given["level"] != str(level):
        message = _("The code is one of level %(level)s, the row says “%(said)s”.")
        faults.append(_fault("DIV-002", message % {"level": level, "said": given["level"]}, row, code))
    parent = parent_code(code)
    if given.get("parent") and _code_or_text(given["parent"]) != parent:
        message = _("The code belongs under %(parent)s, the row says “%(said)s”.")
        said = {"parent": parent or "—", "said": given["parent"]}
        faults.append(_fault("DIV-004", message % said, row, code))
    return code, level, parent


def _successors(row: int, code: str, given: dict[str, str], faults: list[UserError]) -> str:
    """Full codes separated by a space."""
    codes = []
    for text in given.get("successor", "").split():
        try:
            codes.append(full_code(text))
        except UserError:
            faults.append(_fault("DIV-008", _("“%(said)s” is no code to follow.") % {"said": text}, row, code))
    return " ".join(codes)


def _date(row: int, code: str, given: dict[str, str], key: str, faults: list[UserError]) -> dt.date | None:
    text = given.get(key, "")
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        message = _("“%(said)s” is not a date like 2015-08-01.") % {"said": text}
        faults.append(_fault("DIV-006", message, row, code, column=key))
        return None


def _degrees(
    row: int, code: str, given: dict[str, str], faults: list[UserError]
) -> tuple[Decimal | None, Decimal | None]:
    """Longitude and latitude, both or none."""
    texts = given.get("longitude", ""), given.get("latitude", "")
    if texts == ("", ""):
        return None, None
    try:
        longitude, latitude = (round(Decimal(text), 6) for text in texts)
        if abs(longitude) <= 180 and abs(latitude) <= 90:
            return longitude, latitude
    except InvalidOperation:
        pass  # said below, with the values that are out of range
    faults.append(_fault("DIV-016", _("Longitude and latitude must both be degrees."), row, code))
    return None, None


def _code_or_text(text: str) -> str:
    try:
        return full_code(text)
    except UserError:
        return text


def _fault(error: str, message: Text, row: int, code: str, *, remedy: Text = "", **where: object) -> UserError:
    return UserError(error, message, remedy=remedy, row=row, division=code, **where)


def _csv(rows: list[tuple[object, ...]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue().encode()
