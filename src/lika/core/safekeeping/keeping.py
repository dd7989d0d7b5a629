"""What of the data folder is kept, and what the folder says of the last backup and of a restore that broke off."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

# Never in an archive: keys, the running database and server, archives, and notes of this place alone.
LEFT_OUT = frozenset(
    {
        *("keys", "postgres", "postgres.new", "postgres.lock", "postgres.users", "run", "backups"),
        *("backup.json", "restore.json", "restore.part"),
    }
)
ARCHIVES = "lika-*.tar"
# Not yet whole, or only holding a place.
_PASSING = (".part", ".new", ".lock")
_LARGEST_KEY = 1024


@dataclass(frozen=True)
class Kept:
    """The last backup: when, where to, which."""

    at: datetime
    file: str
    digest: str


def data_dir() -> Path:
    """The data folder of this installation."""
    return Path(settings.LIKA.data_dir)


def files_of(folder: Path, secrets: frozenset[str]) -> Iterator[Path]:
    """The files below a folder that an archive holds. One that holds nothing but a secret is left out anywhere."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).parts[0]
        if name in LEFT_OUT or _is_passing(path) or path.is_symlink() or not path.is_file():
            continue
        if path.suffix != ".key" and not path.match(ARCHIVES) and not _is_secret(path, secrets):
            yield path


def _is_secret(path: Path, secrets: frozenset[str]) -> bool:
    if path.stat().st_size > _LARGEST_KEY:
        return False
    text = path.read_bytes()
    return any(secret.encode() in text for secret in secrets)


def entries_of(folder: Path) -> list[str]:
    """The names at the top of a data folder that an archive would hold."""
    if not folder.is_dir():
        return []
    return sorted(path.name for path in folder.iterdir() if path.name not in LEFT_OUT and not _is_passing(path))


def _is_passing(path: Path) -> bool:
    return path.name.startswith(".") or path.suffix in _PASSING


def last_kept() -> Kept | None:
    """The last backup of this installation."""
    fields = _read("backup.json")
    return None if fields is None else Kept(datetime.fromisoformat(fields["at"]), fields["file"], fields["digest"])


def note_kept(kept: Kept) -> None:
    """Remember a backup."""
    _write("backup.json", {**asdict(kept), "at": kept.at.isoformat()})


def interrupted() -> str | None:
    """The digest of the archive whose restore broke off here; None where none did."""
    fields = _read("restore.json")
    return None if fields is None else fields["digest"]


def begin(digest: str) -> None:
    """From now on what stands here belongs to that archive."""
    _write("restore.json", {"digest": digest})


def end() -> None:
    """The restore is whole."""
    (data_dir() / "restore.json").unlink(missing_ok=True)


def _read(name: str) -> dict[str, str] | None:
    path = data_dir() / name
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def _write(name: str, fields: dict[str, str]) -> None:
    path = data_dir() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f"{name}.part")
    scratch.write_text(json.dumps(fields), encoding="utf-8")
    scratch.replace(path)
