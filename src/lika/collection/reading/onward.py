"""How far the reading of a book is: written down in the staging area, so that a killed import can be gone on with.

Written down after each table (a sheet, a file). Rows of a table that was not read to its end are removed, and read
again.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils import timezone

import lika
from lika.collection.findings import FindingLog, Part
from lika.collection.schema import sheets_read
from lika.register.actions import bulk

STAGES = {
    "households": bulk.HOUSEHOLDS,
    "persons": bulk.PERSONS,
    "household_years": bulk.HOUSEHOLD_YEARS,
    "village_years": bulk.VILLAGE_YEARS,
    "county_years": bulk.COUNTY_YEARS,
}


@dataclass
class Loaded:
    """What was read: rows and columns by sheet, and the letter of each column for later findings.

    `parts` are the tables of each sheet in the order read, `last` the last row of each sheet.
    """

    rows: dict[str, int] = field(default_factory=dict)
    present: dict[str, frozenset[str]] = field(default_factory=dict)
    letters: dict[str, dict[str, str]] = field(default_factory=dict)
    parts: dict[str, list[Part]] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The stored form; `from_json` reads it."""
        return asdict(self) | {"present": {sheet: sorted(columns) for sheet, columns in self.present.items()}}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Loaded":
        """What stands behind a stored form."""
        return cls(
            rows=dict(data["rows"]),
            present={sheet: frozenset(columns) for sheet, columns in data["present"].items()},
            letters=dict(data["letters"]),
            parts={sheet: [Part(**part) for part in parts] for sheet, parts in data["parts"].items()},
            last=dict(data["last"]),
        )


@dataclass(frozen=True)
class Defaults:
    """What stands for an empty cell, if the person who imports said so."""

    data_year: int | None = None
    today: dt.date = field(default_factory=timezone.localdate)


@dataclass(frozen=True)
class Onward:
    """What an earlier run has left, if it read the same file by the same rules; `about`: its name and profile.

    `passed` are the tables read: sheet and name.
    """

    reading: str
    left: Mapping[str, Any] | None = None
    passed: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def opened(cls, defaults: Defaults, about: tuple[str, str]) -> "Onward | None":
        """What the staging area that the connection is in holds; None where it cannot be gone on with."""
        left, reading = bulk.noted(), _reading(defaults, about)
        if left is None or left["reading"] != reading:
            return None
        return cls(reading, left, [(sheet, name) for sheet, name in left["passed"]])

    @classmethod
    def anew(cls, defaults: Defaults, about: tuple[str, str]) -> "Onward":
        """Nothing was read yet."""
        return cls(_reading(defaults, about))

    @property
    def complete(self) -> bool:
        """Whether the whole book was read."""
        return self.left is not None and bool(self.left["complete"])

    @property
    def after(self) -> tuple[str, str] | None:
        """Sheet and name of the last table that was passed."""
        return self.passed[-1] if self.passed else None

    def begun(self, log: FindingLog) -> tuple[Loaded, FindingLog]:
        """What was read and found up to now; `log` where nothing was."""
        if self.left is None:
            return Loaded(), log
        loaded = Loaded.from_json(self.left["loaded"])
        if not self.complete:
            for sheet, stage in STAGES.items():
                bulk.cut_off(stage, loaded.last.get(sheet, 0), sheet)
        return loaded, FindingLog.from_json(self.left["log"])

    def note(self, loaded: Loaded, log: FindingLog, table: tuple[str, str] | None = None) -> None:
        """Write down that one more table was passed, or that all were."""
        if table is not None:
            self.passed.append(table)
        told = {"loaded": loaded.as_json(), "log": log.as_json(), "passed": self.passed, "complete": table is None}
        bulk.note({"reading": self.reading, **told})


def _reading(defaults: Defaults, about: tuple[str, str]) -> str:
    """What decides how a file is read: version, sheets with items of packs, name of file, profile, defaults, day."""
    told = repr((lika.__version__, sheets_read(), about, defaults))
    return hashlib.sha256(told.encode()).hexdigest()
