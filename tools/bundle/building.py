"""What goes into the bundle, and how the archive is written. It holds what is committed, not what is being edited.

lika                     the launcher
packages/                pip and Lika itself, as wheels
packages/3.11/           the locked wheels for that Python, and requirements.txt with the hash of each
docs/, README*, …        to read
SHA256SUMS               of every file
"""

import hashlib
import io
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement

from lika import __version__

ROOT = Path(__file__).resolve().parents[2]
PIP = "pip==26.2 --hash=sha256:931c303696af6fa3417112103b1cad26890e5a07eccb5b99783700e33f2b8aad"
# The newest glibc that the wheels may ask for comes first; pip takes older ones only where it is told.
MACHINES = {machine: [f"manylinux_2_{minor}_{machine}" for minor in (28, 27, 26, 24, 17)]
            for machine in ("x86_64", "aarch64")}  # fmt: skip
MACHINES["x86_64"] += [f"manylinux_2_{minor}_x86_64" for minor in (12, 5)]
READING = ("README.md", "README.zh-CN.md", "LICENSE", "GLOSSARY.md", "CHANGELOG.md", "docs")


def build(*, machine: str, pythons: Sequence[str], into: Path) -> Path:
    """Write ``lika-VERSION-linux-MACHINE.tar.gz`` and return its path.

    Raises ``CalledProcessError`` when the registry lacks a locked wheel for that machine.
    """
    name = f"lika-{__version__}-linux-{machine}"
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / name
        source = _committed(Path(scratch) / "source")
        packages = folder / "packages"
        packages.mkdir(parents=True)
        wanted = Path(scratch) / "pip.txt"
        wanted.write_text(PIP, encoding="utf-8")
        _pip("download", "--no-deps", "--require-hashes", "--requirement", wanted, "--dest", packages)
        _pip("wheel", source, "--no-deps", "--wheel-dir", packages)
        (own,) = packages.glob("lika-*.whl")
        for version in pythons:
            _add_locked(packages / version, machine, version, lock=source / "requirements.lock", own=own)
        _add_reading(folder, source, machine, pythons)
        _add_sums(folder)
        return _archived(folder, into / f"{name}.tar.gz")


def _committed(folder: Path) -> Path:
    """The checkout's HEAD, unpacked."""
    folder.mkdir()
    packed = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, capture_output=True)
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def _pip(*arguments: "str | Path") -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *map(str, arguments)], check=True
    )


def _add_locked(folder: Path, machine: str, version: str, *, lock: Path, own: Path) -> None:
    """The wheels of the lock for one Python, and the requirements that the launcher installs."""
    folder.mkdir()
    wanted = folder / "requirements.txt"
    wanted.write_text("\n".join(_locked(lock, machine, version)) + "\n", encoding="utf-8")
    platforms = [option for tag in MACHINES[machine] for option in ("--platform", tag)]
    _pip(
        "download", "--only-binary=:all:", "--no-deps", "--require-hashes", "--python-version", version, *platforms,
        "--requirement", wanted, "--dest", folder,
    )  # fmt: skip
    lines = [f"lika=={__version__} --hash=sha256:{_sha256(own)}"]
    for wheel in sorted(folder.glob("*.whl")):
        name, release = wheel.name.split("-")[:2]
        lines.append(f"{name}=={release} --hash=sha256:{_sha256(wheel)}")
        if wheel.stem.endswith("-none-any"):  # the same for every Python: once is enough
            wheel.replace(folder.parent / wheel.name)
    wanted.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _locked(lock: Path, machine: str, version: str) -> Iterator[str]:
    """The lock as it stands for another machine: pip judges markers by the machine that it runs on itself."""
    there = {
        **default_environment(),
        "python_version": version,
        "python_full_version": f"{version}.0",
        "platform_machine": machine,
    }
    text = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        stated, *hashes = line.split("--hash=")
        requirement = Requirement(stated)
        if requirement.marker is None or requirement.marker.evaluate(there):
            yield " ".join(
                [f"{requirement.name}{requirement.specifier}", *(f"--hash={item.strip()}" for item in hashes)]
            )


def _add_reading(folder: Path, source: Path, machine: str, pythons: Sequence[str]) -> None:
    """The launcher, how to start, and what the checkout has to read."""
    here = source / "tools" / "bundle"
    shutil.copy(here / "launcher.sh", folder / "lika")
    (folder / "lika").chmod(0o755)
    start = (here / "README.txt").read_text(encoding="utf-8")
    told = start.format(version=__version__, machine=f"Linux {machine}", pythons=", ".join(pythons))
    (folder / "START-开始.txt").write_text(told, encoding="utf-8")
    for name in READING:
        if (source / name).is_dir():
            shutil.copytree(source / name, folder / name)
        else:
            shutil.copy(source / name, folder / name)


def _add_sums(folder: Path) -> None:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    lines = [f"{_sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in files]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _archived(folder: Path, target: Path) -> Path:
    """One archive, files in order and without the names of whoever built it."""

    def plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
        info.uid = info.gid = 0
        info.uname = info.gname = ""
        return info

    # Wheels are packed already: the least compression is enough.
    with tarfile.open(target, "w:gz", compresslevel=1) as archive:
        archive.add(folder, arcname=folder.name, filter=plain)
    return target
