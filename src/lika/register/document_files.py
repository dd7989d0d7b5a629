"""Where the contents of documents lie: encrypted, each bound to its document, in the data folder.

A file is written before its row and counts only with it. What a killed process leaves behind is an orphan, which
`lika documents` finds and removes.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from lika.core import crypto, sealed

_FOLDER, _SUFFIX = "documents", ".sealed"
_TABLE = "register_document"


class Part(StrEnum):
    """The files of one document: as it came, and for pictures the two copies that are shown."""

    ORIGINAL = "original"
    SHOWN = "shown"
    THUMBNAIL = "thumbnail"


def path_of(document: UUID, part: Part) -> Path:
    """Where a file lies: below a folder named by the last two digits, which chance spreads evenly."""
    return sealed.folder(f"{_FOLDER}/{document.hex[-2:]}") / f"{document}.{part}{_SUFFIX}"


def keep(document: UUID, parts: Mapping[Part, bytes]) -> None:
    """Write the files of a document: all, or none."""
    try:
        for part, content in parts.items():
            sealed.write(path_of(document, part), content, _place(document, part))
    except BaseException:
        remove(document)
        raise


def read(document: UUID, part: Part) -> bytes:
    """A file, decrypted. Raises COR-002 where it was altered, FileNotFoundError where it is missing."""
    return sealed.read(path_of(document, part), _place(document, part))


def remove(document: UUID) -> None:
    """Take away files that no row counts."""
    for part in Part:
        path_of(document, part).unlink(missing_ok=True)


def stored() -> Iterator[tuple[Path, UUID | None]]:
    """Every file with the document that its name tells; None for what belongs to none, also what is half-written."""
    for path in sorted(sealed.folder(_FOLDER).rglob("*")):
        if path.is_file():
            yield path, _named(path)


def _named(path: Path) -> UUID | None:
    name, _point, part = path.name.removesuffix(_SUFFIX).partition(".")
    if path.suffix != _SUFFIX or part not in set(Part):
        return None
    try:
        return UUID(name)
    except ValueError:
        return None


def _place(document: UUID, part: Part) -> crypto.Place:
    return crypto.place(_TABLE, part, document)
