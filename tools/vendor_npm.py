"""Fetch published npm packages into a folder, by name and exact version."""

import json
import subprocess
import tarfile
from pathlib import Path


def fetch_package(name: str, version: str, folder: Path) -> Path:
    """Unpack ``name@version`` below ``folder`` and return the package's root.

    Uses ``npm pack``, so the registry is whatever the machine's npm is configured for. Raises
    ``CalledProcessError`` when npm cannot deliver that exact version.
    """
    packed = subprocess.run(
        ["npm", "pack", "--json", f"{name}@{version}"], cwd=folder, check=True, capture_output=True, text=True
    )
    (entry,) = json.loads(packed.stdout)
    target = folder / f"{name.replace('/', '-').lstrip('@')}-{version}"
    with tarfile.open(folder / entry["filename"]) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def install_packages(folder: Path, *specs: str) -> Path:
    """Install ``name@version`` specs with what they need below ``folder`` and return where ``node_modules`` is."""
    target = folder / "installed"
    target.mkdir()
    (target / "package.json").write_text('{"private": true}', encoding="utf-8")
    subprocess.run(["npm", "install", "--no-audit", "--no-fund", *specs], cwd=target, check=True, capture_output=True)
    return target
