"""Members: identity numbers are read, compared with sex and birth date, and encrypted; names are spelt.

The only place of an import that sees identity numbers in clear.
"""

import datetime as dt
from functools import lru_cache

from lika.collection.findings import FindingLog
from lika.collection.reading.secrets import Column, as_bytea, encrypted, give_ids
from lika.collection.reading.sheets import Block, OpenSheet
from lika.core import crypto
from lika.core.errors import UserError
from lika.register.actions import bulk
from lika.register.identity import Identity, check_identity, identity_index
from lika.register.models import Person, PersonYear
from lika.register.names import spell

# What the register says about a number, in the words of the import.
_CODES = {"REG-102": "COL-121", "REG-103": "COL-121", "REG-106": "COL-123", "REG-107": "COL-124"}
_MALFORMED = "COL-122"
# 其他证件: a document that no rule describes.
_OTHER_DOCUMENT = "09"

_YEAR_COLUMNS = frozenset(bulk.value_columns(PersonYear)) | {"health"}

_spelling = lru_cache(maxsize=200_000)(spell)


def complete(opened: OpenSheet, block: Block, values: dict[str, Column], log: FindingLog, today: dt.date) -> None:
    """Fill in what follows from the cells of a block: identity, birth date, spelling, whether there are yearly data."""
    nothing: Column = [None] * len(block.rows)
    for name in ("id_number", "id_type", "birth_date", "no_id_reason"):
        values.setdefault(name, list(nothing))
    values |= _identities(opened, block, values, log, today)
    spelt = [_spelling(name) if name else (None, None) for name in values["name"]]
    values["pinyin"] = [pinyin for pinyin, _initials in spelt]
    values["initials"] = [initials for _pinyin, initials in spelt]
    yearly = [column for name, column in values.items() if name in _YEAR_COLUMNS]
    answers = zip(*yearly, strict=True) if yearly else ((),) * len(block.rows)
    values["has_year"] = ["t" if any(cell is not None for cell in row) else "f" for row in answers]


def _identities(
    opened: OpenSheet, block: Block, values: dict[str, Column], log: FindingLog, today: dt.date
) -> dict[str, Column]:
    numbers: Column = []
    originals: Column = []
    indexes: Column = []
    for position, row in enumerate(block.rows):
        checked = _Row(opened, row, {name: values[name][position] for name in _LOOKED_AT}, log)
        checked.read(today)
        numbers.append(checked.number)
        originals.append(checked.original)
        indexes.append(checked.index)
        values["birth_date"][position] = checked.cells["birth_date"]
        values["id_type"][position] = checked.cells["id_type"]
    ids = give_ids(values, len(block.rows))
    return {
        "id_number": encrypted(numbers, Person, "id_number", ids),
        "id_original": encrypted(originals, Person, "id_original", ids),
        "id_index": indexes,
    }


_LOOKED_AT = ("number", "sex", "birth_date", "id_type", "id_number", "no_id_reason")


class _Row:
    """One member's identity."""

    def __init__(self, opened: OpenSheet, row: int, cells: dict[str, str | None], log: FindingLog) -> None:
        self._opened, self._row, self.cells, self._log = opened, row, cells, log
        self.number: str | None = None
        self.original: str | None = None
        self.index: str | None = None

    def _report(self, code: str, column: str) -> None:
        self._log.add(self._opened.at(code, self._row, column, self.cells["number"] or ""))

    def read(self, today: dt.date) -> None:
        text = self.cells["id_number"]
        if text is None:
            self._without_number()
        elif self.cells["id_type"] == _OTHER_DOCUMENT:
            self.number = text
            self.index = as_bytea(crypto.blind_index(f"{_OTHER_DOCUMENT}:{text}", "identity"))
            self._require_birth_date()
        else:
            identity = check_identity(text, on=today)
            if isinstance(identity, UserError):
                self._report(_CODES.get(identity.code, _MALFORMED), "id_number")
            else:
                self._take(identity)

    def _without_number(self) -> None:
        if self._log.is_faulty(self._opened.sheet.key, self._row, "id_number"):
            return  # there is one, but it could not be read
        if self.cells["no_id_reason"] is None:
            self._report("COL-216", "id_number")
        self._require_birth_date()

    def _require_birth_date(self) -> None:
        if self.cells["birth_date"] is None:
            self._report("COL-217", "birth_date")

    def _take(self, identity: Identity) -> None:
        born = identity.birth_date.isoformat()
        if self.cells["sex"] not in (None, identity.sex):
            self._report("COL-214", "sex")
        if self.cells["birth_date"] not in (None, born):
            self._report("COL-215", "birth_date")
        self.cells["birth_date"] = self.cells["birth_date"] or born
        self.cells["id_type"] = self.cells["id_type"] or identity.id_type
        self.number, self.original = identity.number, identity.original or None
        self.index = as_bytea(identity_index(identity.citizen_number))
