"""Where the papers of all notices lie: sealed, a file a township while they are printed, then one ZIP."""

from pathlib import Path

from lika.casework.models import NoticeBundle
from lika.core import crypto, sealed


def folder() -> Path:
    """Where they lie."""
    return sealed.folder("notices")


def path_of(bundle: NoticeBundle, part: int | None = None) -> Path:
    """Where the ZIP lies, or a part of it before it is whole."""
    return folder() / (f"{bundle.id}.sealed" if part is None else f"{bundle.id}-{part}.sealed")


def is_kept(bundle: NoticeBundle) -> bool:
    """Whether the ZIP is there; what is old is removed when another is made."""
    return path_of(bundle).exists()


def write(bundle: NoticeBundle, content: bytes, part: int | None = None) -> None:
    """Whole or not at all; what a killed process left half written is no hindrance."""
    path = path_of(bundle, part)
    path.with_suffix(".part").unlink(missing_ok=True)
    sealed.write(path, content, _place(bundle, part))


def read(bundle: NoticeBundle, part: int | None = None) -> bytes:
    """The content. Raises COR-002 (altered), FileNotFoundError (no longer kept)."""
    return sealed.read(path_of(bundle, part), _place(bundle, part))


def _place(bundle: NoticeBundle, part: int | None) -> crypto.Place:
    return crypto.place(bundle._meta.db_table, "file" if part is None else f"part-{part}", bundle.id)
