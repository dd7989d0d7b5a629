"""The archive: a tar of files, at its end the manifest with the SHA-256 of each, and a seal over the manifest.

The seal is an HMAC under the master key, which is not inside: nobody without the keys makes an archive that is taken
for this installation's, and whoever alters one is found before a byte of it is used.
"""

import hashlib
import hmac
import json
import os
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO, Self

from lika.core.safekeeping.faults import damaged, foreign

FORMAT = 1
MANIFEST, SEAL = "manifest.json", "manifest.seal"
DATABASE = "database.sql.gz"
DATA, PACKS = "data/", "packs/"
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """What an archive holds. `files`: name -> (bytes, SHA-256); `counts`: rows by table; `keys`: whose it is."""

    format: int
    lika: str
    made_at: str
    master_key: str
    audit_key: str
    migrations: tuple[str, ...]
    counts: Mapping[str, int]
    files: Mapping[str, tuple[int, str]]

    @property
    def size(self) -> int:
        """The size of everything inside."""
        return sum(size for size, _hash in self.files.values())

    def as_json(self) -> bytes:
        """The one text of a manifest."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, indent=1).encode()

    @property
    def digest(self) -> str:
        """What names an archive: the SHA-256 of its manifest."""
        return hashlib.sha256(self.as_json()).hexdigest()


def mark_of(key: bytes) -> str:
    """What tells keys apart without telling them."""
    return hmac.new(key, b"lika backup: which key", hashlib.sha256).hexdigest()[:32]


def _seal_of(manifest: bytes, key: bytes) -> bytes:
    return hmac.new(key, b"lika backup: manifest\n" + manifest, hashlib.sha256).hexdigest().encode()


class Writer:
    """Writes the members of an archive and remembers their hashes."""

    def __init__(self, target: IO[bytes]) -> None:
        self._tar = tarfile.TarFile(fileobj=target, mode="w", format=tarfile.PAX_FORMAT)
        self.files: dict[str, tuple[int, str]] = {}

    def add_file(self, name: str, path: Path) -> None:
        """A file as it is at this moment; what is appended to it meanwhile stays out."""
        with path.open("rb") as source:
            seen = os.fstat(source.fileno())
            self._add(name, source, seen.st_size, int(seen.st_mtime))

    def add_bytes(self, name: str, data: bytes) -> None:
        """A member made in memory."""
        self._add(name, BytesIO(data), len(data), 0)

    def close(self, manifest: Manifest, key: bytes) -> None:
        """The manifest, its seal, and the end."""
        text = manifest.as_json()
        self.add_bytes(MANIFEST, text)
        self.add_bytes(SEAL, _seal_of(text, key))
        self._tar.close()

    def _add(self, name: str, source: IO[bytes], size: int, changed: int) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mtime, member.mode = size, changed, 0o600
        hashing = _Hashing(source)
        self._tar.addfile(member, hashing)
        self.files[name] = (size, hashing.digest.hexdigest())


class _Hashing:
    """A file that is hashed as it is read: once, and exactly the bytes that the archive gets."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self.digest.update(data)
        return data


class Reader:
    """An archive whose manifest is in order and sealed by one of the keys given. Raises BAK-001, BAK-002."""

    def __init__(self, path: Path, keys: Iterable[bytes]) -> None:
        self.path = path
        try:
            self._tar = tarfile.TarFile(path, mode="r")
        except (tarfile.TarError, OSError) as error:
            raise damaged(path) from error
        try:
            self._read(keys)
        except BaseException:
            self._tar.close()
            raise

    def _read(self, keys: Iterable[bytes]) -> None:
        try:
            self._members = {member.name: member for member in self._tar.getmembers()}
            text, seal = self._small(MANIFEST), self._small(SEAL)
            self.manifest = _read_manifest(text)
        except (tarfile.TarError, OSError, KeyError, ValueError, TypeError, AttributeError) as error:
            raise damaged(self.path) from error
        self.key = self._key_among(keys)
        if not hmac.compare_digest(_seal_of(text, self.key), seal):
            raise damaged(self.path, MANIFEST)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._tar.close()

    def verify(self) -> None:
        """Read everything again. Raises BAK-001 with the name of what is missing, too much or altered."""
        held = set(self._members) - {MANIFEST, SEAL}
        for name in sorted(held ^ set(self.manifest.files)):
            raise damaged(self.path, name)
        for name, (size, digest) in self.manifest.files.items():
            member = self._members[name]
            if not member.isreg() or member.size != size or not _is_inside(name) or self._hash(name) != digest:
                raise damaged(self.path, name)

    def names(self, prefix: str) -> list[str]:
        """The members below a folder."""
        return sorted(name for name in self.manifest.files if name.startswith(prefix))

    def open(self, name: str) -> IO[bytes]:
        """A member, to be read."""
        found = self._tar.extractfile(self._members[name])
        if found is None:
            raise damaged(self.path, name)
        return found

    def same(self, name: str, path: Path) -> bool:
        """Whether a file is what the archive holds under a name."""
        return hashlib.sha256(path.read_bytes()).hexdigest() == self.manifest.files[name][1]

    def extract(self, name: str, target: Path) -> None:
        """Write a member to a file that only this user reads."""
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.open(name) as source, writable(target) as file:
            for part in chunks(source):
                file.write(part)
        changed = self._members[name].mtime
        os.utime(target, (changed, changed))

    def _key_among(self, keys: Iterable[bytes]) -> bytes:
        for key in keys:
            if mark_of(key) == self.manifest.master_key:
                return key
        raise foreign(self.path)

    def _small(self, name: str) -> bytes:
        with self.open(name) as source:
            return source.read()

    def _hash(self, name: str) -> str:
        digest = hashlib.sha256()
        try:
            with self.open(name) as source:
                for part in chunks(source):
                    digest.update(part)
        except (tarfile.TarError, OSError) as error:
            raise damaged(self.path, name) from error
        return digest.hexdigest()


def _read_manifest(text: bytes) -> Manifest:
    fields: dict[str, Any] = json.loads(text)
    if fields.get("format") != FORMAT:
        raise ValueError("another format")
    fields["migrations"] = tuple(fields["migrations"])
    fields["files"] = {name: (int(size), str(digest)) for name, (size, digest) in fields["files"].items()}
    return Manifest(**fields)


def _is_inside(name: str) -> bool:
    """Whether a name stays inside the folder that it is unpacked into."""
    parts = PurePosixPath(name).parts
    return name == DATABASE or (name.startswith((DATA, PACKS)) and ".." not in parts)


def chunks(source: IO[bytes]) -> Iterator[bytes]:
    """The parts of a file."""
    while part := source.read(_CHUNK):
        yield part


def writable(path: Path) -> BinaryIO:
    """A new file that only this user reads."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
