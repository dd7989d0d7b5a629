"""The manifest of a snapshot: what it is of, and the hash of every file in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self

from lika.engine.snapshots.layout import MANIFEST, Column

#: Raised when a reader of older snapshots would misread a newer one.
FORMAT = 1


class ManifestError(ValueError):
    """The text is not a manifest of this format."""


class OtherFormat(ManifestError):
    """The text is a manifest of a format that this version does not know."""

    def __init__(self, found: object) -> None:
        """Name the format that was found."""
        super().__init__(f"format {found}, not {FORMAT}")
        self.found = found


@dataclass(frozen=True)
class FileEntry:
    """One file: where, of which unit and county (six digits), how many rows and bytes, and its SHA-256."""

    path: str
    unit: str
    county: int
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Versions:
    """What made the snapshot: Lika's version, and hashes of the declared facts and of the divisions in scope."""

    lika: str
    schema: str
    divisions: str


@dataclass(frozen=True)
class Manifest:
    """A snapshot's description. `scope` is the 12-digit code asked for; `states` the row states admitted.

    `drafts_left_out` are the households whose row of the year is a draft of a year that is still being collected; None,
    and absent from the text, where it was taken before that was counted. `linkage` names, by county (six digits), the
    linkage key that its tokens were made with; None, and absent, where that was not noted yet.
    """

    id: str
    at: date
    period_from: date
    period_to: date
    data_year: int
    states: tuple[str, ...]
    scope: int
    schema: Mapping[str, tuple[Column, ...]]
    files: tuple[FileEntry, ...]
    versions: Versions
    created: str
    format: int = FORMAT
    drafts_left_out: int | None = None
    linkage: Mapping[str, str] | None = None

    @property
    def counts(self) -> dict[str, dict[int, int]]:
        """Rows by unit and county."""
        found: dict[str, dict[int, int]] = {}
        for entry in self.files:
            found.setdefault(entry.unit, {})[entry.county] = entry.rows
        return found

    def total(self, unit: str) -> int:
        """Rows of a unit in all counties."""
        return sum(self.counts.get(unit, {}).values())

    def counties(self, unit: str) -> tuple[int, ...]:
        """The counties that have a file of a unit, ascending."""
        return tuple(sorted(self.counts.get(unit, {})))

    def to_bytes(self) -> bytes:
        """The one text of a manifest: sorted keys, two spaces, a final line feed."""
        values = asdict(self)
        values["counts"] = {unit: {f"{county:06d}": n for county, n in by.items()} for unit, by in self.counts.items()}
        for name in ("drafts_left_out", "linkage"):
            if values[name] is None:
                del values[name]
        for name in ("at", "period_from", "period_to"):
            values[name] = values[name].isoformat()
        return (json.dumps(values, sort_keys=True, indent=2, ensure_ascii=False) + "\n").encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read a manifest. Raises ManifestError when it is none, OtherFormat when it is of another format."""
        try:
            values: dict[str, Any] = json.loads(data)
            if values["format"] != FORMAT:
                raise OtherFormat(values["format"])
            del values["counts"]
            for name in ("at", "period_from", "period_to"):
                values[name] = date.fromisoformat(values[name])
            values["states"] = tuple(values["states"])
            values["schema"] = {
                unit: tuple(Column(**column) for column in columns) for unit, columns in values["schema"].items()
            }
            values["files"] = tuple(FileEntry(**entry) for entry in values["files"])
            values["versions"] = Versions(**values["versions"])
            found = cls(**values)
            _refuse_mistyped(found)
            return found
        except (KeyError, TypeError, ValueError) as error:
            raise error if isinstance(error, ManifestError) else ManifestError(type(error).__name__) from error


def _refuse_mistyped(manifest: Manifest) -> None:
    """What another installation wrote may be anything; codes and names become paths. Raises TypeError."""
    texts = [manifest.id, manifest.created, *manifest.states]
    numbers = [manifest.scope, manifest.data_year]
    for entry in manifest.files:
        texts += [entry.path, entry.unit, entry.sha256]
        numbers += [entry.county, entry.rows, entry.bytes]
    linkage = manifest.linkage or {}
    texts += [*linkage, *linkage.values()]
    texts += [text for columns in manifest.schema.values() for each in columns for text in (each.name, each.type)]
    if not all(type(text) is str for text in texts) or not all(type(number) is int for number in numbers):
        raise TypeError("a text where a number belongs, or the reverse")


def read(folder: Path) -> Manifest:
    """The manifest of a snapshot folder."""
    return Manifest.from_bytes((folder / MANIFEST).read_bytes())


def sha256_of_file(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of_text(parts: Iterable[str]) -> str:
    """SHA-256 over texts, each preceded by its length so that neighbours stay apart."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()
