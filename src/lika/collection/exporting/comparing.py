"""A file of another system beside the register: where the two differ, field by field. Nothing is written."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from lika.collection.choices import Difference
from lika.collection.exporting.rows import Row, Rows
from lika.collection.findings import FindingLog
from lika.collection.layouts.model import Profile
from lika.collection.layouts.reading import Mapped
from lika.collection.layouts.words import ours_of
from lika.collection.reading.columns import ColumnReader
from lika.collection.reading.sheets import OpenSheet, open_sheets
from lika.collection.reading.tables import Book
from lika.collection.schema import Column, Kind, Sheet
from lika.core.errors import UserError
from lika.core.language import chosen
from lika.core.privacy import mask_address, mask_number, mask_phone
from lika.register.identity import check_identity

# What tells whose row it is, and is compared by that.
_KEYS = frozenset(("number", "id_number", "person_number", "data_year"))
_MASKS: Mapping[str, Callable[[str], str]] = {
    "bank_account": mask_number, "phone": mask_phone, "address": mask_address, "id_number": mask_number,
}  # fmt: skip
_NUMBER, _NAME = "number", "name"

Key = tuple[str, ...]
Told = dict[str, dict[Key, Row]]


@dataclass(frozen=True)
class Differing:
    """One difference: household number, the member where it is one, field, our value and theirs in words."""

    kind: str
    sheet: str
    household: str
    person: str = ""
    field: str = ""
    ours: str = ""
    theirs: str = ""


@dataclass
class Compared:
    """What a comparison found; `villages` are those that the file names households of."""

    differences: list[Differing] = field(default_factory=list)
    households: int = 0
    faults: int = 0
    villages: frozenset[int] = frozenset()

    @property
    def counts(self) -> dict[str, int]:
        """Differences by kind, and cells of the file that could not be read."""
        return {**Counter(each.kind for each in self.differences), "unread": self.faults}

    def as_bytes(self) -> bytes:
        """The differences as they lie sealed; `differences_of` reads them."""
        return json.dumps([asdict(each) for each in self.differences], ensure_ascii=False).encode()


def differences_of(content: bytes) -> list[Differing]:
    """The differences behind their stored form."""
    return [Differing(**each) for each in json.loads(content)]


def compare(book: Book, profile: Profile, sheets: Sequence[Sheet], rows: Rows, data_year: int) -> Compared:
    """The rows of a file beside ours; of yearly rows those of the data year.

    Households of the register that the file does not name count as missing where the file names others of their
    village: it is a part of the register, and says nothing of other places.
    """
    found = Compared()
    theirs, columns = _read(book, profile, found, data_year)
    found.households = len(theirs.get("households", {}))
    by_key = {sheet.key: sheet for sheet in sheets}
    villages = {row.get("village") for row in theirs.get("households", {}).values()}
    found.villages = frozenset(int(code) for code in villages if code)
    ours_of_households = {
        str(row["number"]): row
        for row in rows.of(by_key["households"])
        if all(row[name] in codes for name, codes in profile.only.items())
    }
    for key, told in theirs.items():
        sheet = by_key[key]
        ours = {_key(key, row): row for row in rows.of(sheet)}
        for name, row in sorted(told.items()):
            held = ours.get(name)
            if held is None:
                found.differences.append(_alone(Difference.ONLY_THEIRS, key, row))
            else:
                found.differences.extend(_fields(sheet, columns[key], held, row))
        for name, held in ours.items():
            household = ours_of_households.get(str(held.get(_NUMBER)))
            if name not in told and household is not None and str(household["village"]) in villages:
                found.differences.append(_alone(Difference.ONLY_OURS, key, held))
    return found


def _read(book: Book, profile: Profile, found: Compared, data_year: int) -> tuple[Told, dict[str, list[Column]]]:
    log, last, theirs = FindingLog(), dict[str, int](), Told()
    columns: dict[str, list[Column]] = {}
    for opened in open_sheets(book, log, lambda key: last.get(key, 0), layout=Mapped(profile)):
        columns[opened.sheet.key] = opened.columns
        for row in _rows(opened, found):
            yearly = "data_year" in row and opened.sheet.key == "household_years"
            if row.get(_NUMBER) and (not yearly or row["data_year"] == str(data_year)):
                theirs.setdefault(opened.sheet.key, {})[_key(opened.sheet.key, row)] = row
    if not columns:
        raise UserError(
            "COL-058",
            _("No sheet of the file can be read by the profile."),
            remedy=_("Choose the profile of the system that the file comes from."),
        )
    return theirs, columns


def _rows(opened: OpenSheet, found: Compared) -> Iterator[Row]:
    readers = [ColumnReader(column, opened.parser(column)) for column in opened.columns]
    for block in opened.blocks():
        read = {reader.column.name: reader.read(block.cells[reader.column.name]) for reader in readers}
        found.faults += sum(len(faults) for _text, faults in read.values())
        texts = {name: text.to_pylist() for name, (text, _faults) in read.items()}
        for at in range(len(block.rows)):
            yield {name: cells[at] for name, cells in texts.items()}


def _key(sheet: str, row: Row) -> Key:
    """Whose row it is: a household by its number; a member by identity number, else by household and name."""
    number = str(row.get(_NUMBER) or "")
    if sheet != "persons":
        return (number,)
    identity = check_identity(str(row["id_number"])) if row.get("id_number") else None
    if identity is None or isinstance(identity, UserError):
        return (number, str(row.get(_NAME) or ""))
    return (number, identity.number)


def _fields(sheet: Sheet, columns: Sequence[Column], ours: Row, theirs: Row) -> Iterator[Differing]:
    for column in columns:
        if column.name in _KEYS:
            continue
        mine, given = _plain(column, ours.get(column.name)), _plain(column, theirs.get(column.name))
        if mine != given:
            mask = _MASKS.get(column.name, str)
            yield Differing(
                Difference.VALUE, sheet.key, str(ours[_NUMBER]), str(ours.get(_NAME) or ""), column.name,
                mask(_worded(column, mine)), mask(_worded(column, given)),
            )  # fmt: skip


def _alone(kind: Difference, sheet: str, row: Row) -> Differing:
    return Differing(kind, sheet, str(row.get(_NUMBER) or ""), str(row.get(_NAME) or ""))


def _plain(column: Column, value: Any) -> str:
    """A value of either side in one notation: that of the staging tables."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, dt.date):
        return value.isoformat()
    if column.kind is Kind.HEALTH and isinstance(value, tuple):
        return "".join("t" if code in value else "f" for code in ("02", "03", "04"))
    if column.kind in (Kind.DECIMAL, Kind.INTEGER):
        return f"{Decimal(value).normalize():f}"
    return str(value)


def _worded(column: Column, value: str) -> str:
    """A value as the page shows it, in the language of whoever asked."""
    labels = dict(ours_of(column))
    if column.kind is Kind.BOOLEAN and value:
        return chosen(*labels["yes" if value == "t" else "no"])
    if column.kind is Kind.HEALTH and value:
        held = [code for code, has in zip(("02", "03", "04"), value, strict=True) if has == "t"] or ["01"]
        return "、".join(chosen(*labels[code]) for code in held)
    return chosen(*labels[value]) if value in labels else value
