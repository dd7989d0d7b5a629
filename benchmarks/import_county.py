"""How long the import of a county's workbook takes, against a floor measured in the same run.

    python benchmarks/import_county.py [WORKBOOK.xlsx] [--households N]

Makes a throw-away database, writes the demonstration county as its workbook (unless one is named), then
in a fresh process each: the *floor* (read the cells with calamine, COPY them as text into unlogged
tables), the import, and the import of the same workbook again. Prints JSON: seconds, the largest
resident memory of the process in MiB, and import / floor.
"""

import argparse
import csv
import io
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOUSEHOLDS = 25_000
KEYS = {
    "LIKA_SECRET_KEY": "benchmark-" * 5,
    "LIKA_MASTER_KEY": "TU1N" * 10 + "TU0=",
    "LIKA_LINKAGE_KEY": "TExM" * 10 + "TEw=",
}


def floor(path: Path) -> dict[str, float]:
    """Read every cell and copy it: what no import can do without."""
    from django.db import connection
    from python_calamine import CalamineWorkbook

    began = time.perf_counter()
    with CalamineWorkbook.from_path(path) as book:
        for number, name in enumerate(book.sheet_names):
            rows = book.get_sheet_by_name(name).iter_rows()
            _copy_rows(connection, f"floor_{number}", rows)
    return {"seconds": time.perf_counter() - began}


def _copy_rows(connection, table, rows) -> None:
    first = next(rows, None)
    if first is None:
        return
    columns = ", ".join(f"c{number} text" for number in range(len(first)))
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {table}; CREATE UNLOGGED TABLE {table} ({columns})")
        with cursor.cursor.copy(f"COPY {table} FROM STDIN (FORMAT csv)") as copy:
            while block := [row for row, _ in zip(rows, range(5_000), strict=False)]:
                memory = io.StringIO()
                csv.writer(memory).writerows(block)
                copy.write(memory.getvalue())


def load(path: Path) -> dict[str, object]:
    """The import itself, as the command line runs it."""
    from lika.collection.actions import import_register
    from lika.core.actors import SystemActor
    from lika.core.areas import EVERYWHERE
    from lika.core.permissions import Permission

    began = time.perf_counter()
    rights = {Permission.REGISTER_IMPORT, Permission.REGISTER_STATUS}
    report = import_register(by=SystemActor("benchmark", rights, EVERYWHERE), path=path)
    return {
        "seconds": time.perf_counter() - began,
        "stages": dict(report.seconds),
        "state": str(report.state),
        "counts": report.as_json()["counts"],
        "errors": report.errors,
        "warnings": report.warnings,
        "finding_counts": dict(report.finding_counts),
    }


def prepare(path: Path, households: int) -> dict[str, float]:
    """Migrate, load the divisions of the province, write the workbook."""
    from django.core.management import call_command

    from lika.demo.loop import actor
    from lika.demo.table import read
    from lika.divisions.actions import NaturalVillage, add_natural_villages

    call_command("migrate", verbosity=0)
    call_command("divisions", "load", "--province", "62", stdout=io.StringIO())
    table = read("tour")
    natural = [NaturalVillage(table["village"], name) for name in table["natural_villages"]]
    add_natural_villages(by=actor(), entries=natural)
    began = time.perf_counter()
    if not path.exists():
        from lika.demo import workbook
        from lika.demo.place import draw_place

        workbook.write(path, draw_place(households=households))
    return {"seconds": time.perf_counter() - began}


def _child(phase: str, path: Path, households: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "lika.config.settings"
    import django

    django.setup()
    result = prepare(path, households) if phase == "prepare" else {"floor": floor, "load": load}[phase](path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(result | {"peak_mib": round(peak)}))


def _run(phase: str, path: Path, households: int, environment: dict[str, str]) -> dict:
    command = [sys.executable, __file__, str(path), "--households", str(households), "--phase", phase]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workbook", nargs="?", type=Path)
    parser.add_argument("--households", type=int, default=HOUSEHOLDS)
    parser.add_argument("--phase")
    options = parser.parse_args()
    if options.phase:
        _child(options.phase, options.workbook, options.households)
        return
    from lika.runtime.postgres import EmbeddedServer

    folder = Path(tempfile.mkdtemp(prefix="lika-bench-"))
    folder.chmod(0o711)
    server = EmbeddedServer(folder / "server")
    try:
        environment = {**os.environ, **KEYS, "LIKA_DATA_DIR": str(folder / "data"), "LIKA_DATABASE_URL": server.start()}
        path = options.workbook or folder / "county.xlsx"
        results = {"prepare": _run("prepare", path, options.households, environment)}
        for name, phase in (("floor", "floor"), ("import", "load"), ("again", "load")):
            results[name] = _run(phase, path, options.households, environment)
        results["ratio"] = round(results["import"]["seconds"] / results["floor"]["seconds"], 2)
        print(json.dumps(results, ensure_ascii=False, indent=2))
    finally:
        server.remove()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
