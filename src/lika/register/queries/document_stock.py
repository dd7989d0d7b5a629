"""The files of documents against their rows: what is missing, what is altered, what belongs to nothing."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from lika.core.actors import Actor
from lika.core.errors import UserError
from lika.core.permissions import Permission
from lika.register import document_files as files
from lika.register.document_files import Part
from lika.register.models import Document


@dataclass(frozen=True)
class Stock:
    """`missing` and `altered` (empty unless it was looked for) name documents, `orphans` counts files."""

    documents: int
    missing: tuple[UUID, ...]
    altered: tuple[UUID, ...]
    orphans: int

    @property
    def is_sound(self) -> bool:
        """Whether every document can be read, as far as was looked."""
        return not self.missing and not self.altered


def document_stock(*, by: Actor, read_all: bool = False) -> Stock:
    """Compare files and rows; `read_all` opens every file and compares its digest too. Raises ACC-001."""
    by.require(Permission.DOCUMENTS_KEEP)
    # Files first: one that comes while they are listed has its row before its row is looked for.
    held: dict[UUID | None, set[str]] = defaultdict(set)
    for path, named in files.stored():
        held[named].add(path.name)
    missing, altered, count = [], [], 0
    for row in Document.objects.only("pk", "width", "sha256").order_by("pk").iterator():
        count += 1
        parts = held.pop(row.pk, set())
        wanted = set(Part) if row.width is not None else {Part.ORIGINAL}
        if {files.path_of(row.pk, part).name for part in wanted} - parts:
            if not _is_there(row, wanted):
                missing.append(row.pk)
        elif read_all and not _is_as_it_came(row, wanted):
            altered.append(row.pk)
    return Stock(count, tuple(missing), tuple(altered), sum(map(len, held.values())))


def _is_there(row: Document, wanted: set[Part]) -> bool:
    """A document that came after the files were listed."""
    return all(files.path_of(row.pk, part).exists() for part in wanted)


def _is_as_it_came(row: Document, wanted: set[Part]) -> bool:
    try:
        parts = {part: files.read(row.pk, part) for part in wanted}
    except UserError:
        return False
    return hashlib.sha256(parts[Part.ORIGINAL]).hexdigest() == row.sha256
