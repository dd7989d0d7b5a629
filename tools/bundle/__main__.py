"""Write the offline bundle: ``python -m tools.bundle [--machine x86_64] [--python 3.11 …] [--into dist]``."""

import argparse
import platform
import sys
from pathlib import Path

from tools.bundle.building import MACHINES, build

PYTHONS = ("3.11", "3.12", "3.13")


def main() -> int:
    """Build and say where the archive is."""
    parser = argparse.ArgumentParser(prog="python -m tools.bundle", description=__doc__)
    parser.add_argument("--machine", choices=sorted(MACHINES), default=platform.machine())
    parser.add_argument("--python", action="append", dest="pythons", metavar="VERSION", help=f"default: {PYTHONS}")
    parser.add_argument("--into", type=Path, default=Path("dist"))
    asked = parser.parse_args()
    archive = build(machine=asked.machine, pythons=asked.pythons or PYTHONS, into=asked.into)
    print(f"{archive}  {archive.stat().st_size / 2**20:.0f} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
