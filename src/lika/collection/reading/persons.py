"""Members: identity numbers are read, compared with sex and birth date, and encrypted; names are spelt.

The only place of an import that sees identity numbers in clear.
"""

import datetime as dt
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from lika.collection.findings import FindingLog
from lika.collection.reading.secrets import Column, as_bytea, encrypted, give_ids
from lika.collection.reading.sheets import Block, OpenSheet
from lika.core import crypto
from lika.core.errors import UserError
from lika.register.actions import bulk
from lika.register.identity import CITIZEN_CARD, Identity, check_identity, identity_index
from lika.register.identity_columns import Cards, read_cards
from lika.register.models import Person, PersonYear
from lika.register.names import spell

# What the register says about a number, in the words of the import.
_CODES = {"REG-102": "COL-121", "REG-103": "COL-121", "REG-106": "COL-123", "REG-107": "COL-124"}
_MALFORMED = "COL-122"
# 其他证件: a document that no rule describes.
_OTHER_DOCUMENT = "09"

_YEAR_COLUMNS = frozenset(bulk.value_columns(PersonYear)) | {"health"}

_spelling = lru_cache(maxsize=200_000)(spell)


def complete(opened: OpenSheet, block: Block, values: dict[str, pa.Array], log: FindingLog, today: dt.date) -> None:
    """Fill in what follows from the cells of a block: identity, birth date, spelling, whether there are yearly data."""
    nothing = pa.nulls(len(block.rows), pa.string())
    for name in ("id_number", "id_type", "birth_date", "no_id_reason"):
        values.setdefault(name, nothing)
    values |= _identities(opened, block, values, log, today)
    spelt = [_spelling(name) if name else (None, None) for name in values["name"].to_pylist()]
    values["pinyin"] = pa.array([pinyin for pinyin, _initials in spelt], pa.string())
    values["initials"] = pa.array([initials for _pinyin, initials in spelt], pa.string())
    answered = pa.repeat(False, len(block.rows))
    for name in values.keys() & _YEAR_COLUMNS:
        answered = pc.or_(answered, values[name].is_valid())
    values["has_year"] = pc.if_else(answered, "t", "f")


def _identities(
    opened: OpenSheet, block: Block, values: dict[str, pa.Array], log: FindingLog, today: dt.date
) -> dict[str, pa.Array]:
    """What plainly sound numbers say is taken for all rows at once; the other rows are looked at one by one."""
    cards = read_cards(values["id_number"], on=today)
    plain = _agree(values, cards)
    birth_dates = pc.if_else(plain, cards.birth_dates, values["birth_date"]).to_pylist()
    id_types = pc.if_else(plain, pc.coalesce(values["id_type"], CITIZEN_CARD), values["id_type"]).to_pylist()
    numbers = pc.if_else(plain, values["id_number"], pa.scalar(None, pa.string())).to_pylist()
    indexes: Column = [None if number is None else as_bytea(identity_index(number)) for number in numbers]
    originals: Column = [None] * len(numbers)
    for at in pc.indices_nonzero(pc.invert(plain)).to_pylist():
        cells = {name: values[name][at].as_py() for name in _LOOKED_AT}
        checked = _Row(opened, block.rows[at], cells, log)
        checked.read(today)
        numbers[at], originals[at], indexes[at] = checked.number, checked.original, checked.index
        birth_dates[at], id_types[at] = checked.cells["birth_date"], checked.cells["id_type"]
    ids = give_ids(values, len(block.rows))
    return {
        "birth_date": pa.array(birth_dates, pa.string()),
        "id_type": pa.array(id_types, pa.string()),
        "id_number": encrypted(numbers, Person, "id_number", ids),
        "id_original": encrypted(originals, Person, "id_original", ids),
        "id_index": pa.array(indexes, pa.string()),
    }


def _agree(values: dict[str, pa.Array], cards: Cards) -> pa.Array:
    """Rows whose number is plainly sound and of a document that shows it, and whose sex and birth date say the same."""
    same = cards.sound
    for name, said in (("sex", cards.sexes), ("birth_date", cards.birth_dates)):
        same = pc.and_(same, pc.fill_null(pc.equal(values[name], said), True))
    return pc.and_(same, pc.fill_null(pc.not_equal(values["id_type"], _OTHER_DOCUMENT), True))


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
