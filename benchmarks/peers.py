"""Ten criteria over the same households by Lika and by what people use today; the verdicts must be equal.

    python benchmarks/peers.py [--households 1000000] [--ways duckdb,spark,pandas,plain,openfisca] [--folder FOLDER]

Each way runs in a process of its own, from the snapshot's Parquet files to the verdicts of every household: Lika on
DuckDB and on Spark (this machine, `local[*]`, starting Spark included; both write verdict files with digests and count
every division), pandas as an analyst writes it, plain Python row at a time, and OpenFisca-core in an environment of its
own below `var/openfisca`, made from the package registry when it is first asked for. Prints JSON: seconds by the clock
and of processor time (which tells more on a busy machine), ratios to the first way, peak memory of the process and
those below it, SHA-256 of the verdicts, load. Stops where a way differs, and says which criteria and how many
households. Seconds leave out the interpreter's start, the imports and the reading of the pack.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
from peering import names

HERE = Path(__file__).parent
WAYS = ("duckdb", "spark", "pandas", "plain", "openfisca")
OPENFISCA = HERE.parent / "var/openfisca"
REQUIREMENTS = HERE / "peering/requirements-openfisca.txt"
LARGEST_SHOWN = 5


def main() -> None:
    """Make the households, run every way, compare, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--households", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ways", type=lambda text: text.split(","), default=list(WAYS))
    parser.add_argument("--folder", type=Path, help="use the households that are there, or make them there")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--target", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if unknown := sorted(set(asked.ways) - set(WAYS)):
        raise SystemExit(f"No such way: {', '.join(unknown)}. There are {', '.join(WAYS)}.")
    if asked.way is not None:
        work(asked.way, asked.folder, asked.target)
        return
    with tempfile.TemporaryDirectory(prefix="lika-peers-") as scratch:
        folder = asked.folder or Path(scratch) / "snapshot"
        from peering import ours

        ours.generate(folder, asked.households, asked.seed)
        found, told = {}, {}
        for way in asked.ways:
            found[way], told[way] = run(way, folder, Path(scratch) / f"{way}.npy")
        differences = compared(found)
    print(json.dumps(figures(found, told), indent=2))
    if differences:
        raise SystemExit("\n".join(differences))


def work(way: str, folder: Path, target: Path) -> None:
    """One way, in this process; its seconds go to standard output."""
    if way in ("duckdb", "spark"):
        from peering import ours

        out = target.with_suffix("")
        told = (ours.by_duckdb if way == "duckdb" else ours.by_spark)(folder, out)
        verdicts = ours.verdicts(folder, out)
    else:
        from peering import plain, with_pandas

        verdicts, told = names.measured(lambda: (plain if way == "plain" else with_pandas).screen(folder))
    np.save(target, verdicts)
    print(json.dumps(told))


def run(way: str, folder: Path, target: Path) -> tuple[np.ndarray, dict[str, float]]:
    """One way in a process of its own: its verdicts, seconds and peak memory."""
    command = [sys.executable, __file__, "--way", way, "--folder", str(folder), "--target", str(target)]
    if way == "openfisca":
        command = [str(openfisca()), str(HERE / "peering/with_openfisca.py"), str(folder), str(target)]
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, stdout=said, env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"})
        peak = peak_of(process)
        if process.returncode:
            raise SystemExit(f"{way} stopped with {process.returncode}.")
        said.seek(0)
        told = json.loads(said.read().splitlines()[-1])
    return np.load(target), told | {"megabytes": peak // 2**20}


def peak_of(process: subprocess.Popen) -> int:
    """The most memory that a process and those below it held, looked at ten times a second until it ends."""
    peak = 0
    while process.poll() is None:
        try:
            watched = psutil.Process(process.pid)
            family = [watched, *watched.children(recursive=True)]
            peak = max(peak, sum(each.memory_info().rss for each in family))
        except psutil.NoSuchProcess:
            pass  # it ended between two looks
        time.sleep(0.1)
    return peak


def openfisca() -> Path:
    """The interpreter of OpenFisca's own environment, which is made where it is missing."""
    python = OPENFISCA / "bin/python"
    if not python.is_file():
        install = [str(python), "-m", "pip", "install", "--quiet", "--no-deps", "-r", str(REQUIREMENTS)]
        try:
            subprocess.run([sys.executable, "-m", "venv", str(OPENFISCA)], check=True)
            subprocess.run(install, check=True, stdout=sys.stderr)
        except BaseException:
            shutil.rmtree(OPENFISCA, ignore_errors=True)  # half an environment would be taken for one
            raise
    return python


def compared(found: dict[str, np.ndarray]) -> list[str]:
    """In what each way differs from the first: criterion, households, and the first few of them."""
    first, *others = found
    told = []
    for way in others:
        if found[way].shape != found[first].shape:
            told.append(f"{way} has {found[way].shape[0]:,} households, {first} has {found[first].shape[0]:,}.")
            continue
        for place, name in enumerate(names.CRITERIA):
            (rows,) = np.nonzero(found[way][:, place] != found[first][:, place])
            if len(rows):
                shown = ", ".join(
                    f"row {row}: {found[way][row, place]} instead of {found[first][row, place]}"
                    for row in rows[:LARGEST_SHOWN]
                )
                told.append(f"{way} differs from {first} in {name} for {len(rows):,} households ({shown}).")
    return told


def figures(found: dict[str, np.ndarray], told: dict[str, dict[str, float]]) -> dict[str, object]:
    """The figures; ratios are to the first way asked for."""
    first = next(iter(found))
    base = told[first]
    return {
        "households": len(found[first]),
        "criteria": len(names.CRITERIA),
        "ratios_to": first,
        "ways": {
            way: {
                "seconds": round(each["seconds"], 2),
                "ratio": round(each["seconds"] / base["seconds"], 2),
                "processor_seconds": round(each["processor_seconds"], 2),
                "processor_ratio": round(each["processor_seconds"] / base["processor_seconds"], 2),
                "peak_megabytes": each["megabytes"],
                "sha256": hashlib.sha256(found[way].tobytes()).hexdigest(),
            }
            for way, each in told.items()
        },
        "met": {name: int((found[first][:, place] == names.MET).sum()) for place, name in enumerate(names.CRITERIA)},
        "unknown": {
            name: int((found[first][:, place] == names.UNKNOWN).sum()) for place, name in enumerate(names.CRITERIA)
        },
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
    }


if __name__ == "__main__":
    main()
