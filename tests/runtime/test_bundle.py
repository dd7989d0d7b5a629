"""The offline bundle: built, unpacked into an empty folder, and run with the network cut off."""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tools.bundle import building

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
# A network of its own, with nothing in it but a loopback that is down; everything else stays as it is.
ALONE = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user", "--map-current-user", "--net"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the bundle is for Linux"),
    pytest.mark.skipif(
        not shutil.which("unshare")
        or subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode != 0,
        reason="this machine allows no network namespaces: the network cannot be cut off",
    ),
]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle")
    archive = building.build(machine=platform.machine(), pythons=[HERE], into=folder)
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    archive.unlink()
    return folder / archive.name.removesuffix(".tar.gz")


def run(folder: Path, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """`./lika …` of a person who has Python and nothing else, and no network."""
    env = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "LIKA_LANG": "en", "PYTHON": sys._base_executable, **more}  # type: ignore[attr-defined]
    return subprocess.run(
        [*ALONE, str(folder / "lika"), *arguments], env=env, cwd="/", capture_output=True, text=True, check=False
    )


def test_every_file_is_as_the_sums_say(unpacked: Path) -> None:
    stated = dict(reversed(line.split("  ", 1)) for line in (unpacked / "SHA256SUMS").read_text().splitlines())
    found = {
        path.relative_to(unpacked).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in unpacked.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }
    assert found == stated


def test_a_python_without_packages_is_named(unpacked: Path) -> None:
    refused = run(unpacked, "--version", PYTHON="/bin/false")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert HERE in refused.stderr
    assert not (unpacked / "environment").exists()


def test_the_county_is_loaded_without_a_network(unpacked: Path) -> None:
    outside = subprocess.run(
        [*ALONE, sys.executable, "-c", "import socket; socket.create_connection(('192.0.2.1', 80), 5)"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "OSError: [Errno 101] Network is unreachable" in outside.stderr

    loaded = run(unpacked, "demo", "--households", "300", DEMO_SERVE="0")
    assert (loaded.returncode, loaded.stdout.count("demo/cn-gansu-dangchang/2016@1")) == (0, 1), loaded.stderr
    assert (unpacked / "var" / "demonstration").is_file()
    try:
        assert run(unpacked, "snapshot", "verify").returncode == 0
    finally:
        removing = [unpacked / "environment/bin/python", "-m", "lika.runtime.postgres", "remove", unpacked / "var"]
        subprocess.run(removing, check=True)
