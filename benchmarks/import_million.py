"""How long the import of a million persons takes, against a bare ADBC ingest of the same rows in the same run.

    python benchmarks/import_million.py [--counties 10] [--households 26000] [--years 1] [--kind parquet|csv]
                                        [--inputs FOLDER]

Makes a throw-away database with the divisions of the province, writes the files (see `million.py`) unless the folder
has them, and in a fresh process each: the import with all rules, while another connection writes to a village
elsewhere every 50 ms; the import of the same files again; the *floor*, which reads the rows of the register as Arrow
(not counted) and ingests them by ADBC into empty tables with the same indexes and constraints. Prints JSON: seconds
by stage, the processor seconds of the process and of the server's sessions (which tell more than seconds where others
use the machine too), the peak of resident memory in MiB, the longest writes elsewhere and what the import did then,
and the ratio.
"""

import argparse
import json
import os
import resource
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from import_county import KEYS

# In the order in which they refer to each other.
TABLES = (
    "register_household", "register_placement", "register_statusevent", "register_person", "register_membership",
    "register_householdyear", "register_personyear", "register_villageyear",
)  # fmt: skip
_PAUSE = 0.05


def prepare(options: argparse.Namespace) -> dict[str, object]:
    """Migrate, load the divisions of the province, write the files."""
    import io

    import million
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("divisions", "load", "--province", str(million.PROVINCE), stdout=io.StringIO())
    if any(options.inputs.iterdir()):
        return {}
    return million.write(
        options.inputs, counties=options.counties, households=options.households, years=options.years, kind=options.kind
    )


def elsewhere(_options: argparse.Namespace) -> dict[str, object]:
    """Somebody who works in a village of another county, until their input ends: how many writes, the longest of them.

    A process of its own, as those who serve pages are: the one that imports keeps other threads waiting by itself.
    """
    from django.db import close_old_connections

    from lika.register.models import Household, Membership, Person

    village = 620102001001
    home = Household.objects.create(number="benchmark", village=village)
    waits: list[tuple[float, float]] = []
    while not select.select([sys.stdin], [], [], _PAUSE)[0]:
        began = time.time()
        person = Person.objects.create(name="演示", sex="1", no_id_reason="1")
        row = Membership.objects.create(person=person, household=home, village=village, relation="02")
        row.delete()
        person.delete()
        waits.append((round(time.time() - began, 2), began))
        # As between two requests: a session plans its statements for what it then finds.
        close_old_connections()
    home.delete()
    return {"writes": len(waits), "longest": sorted(waits, reverse=True)[:5]}


def load(options: argparse.Namespace) -> dict[str, object]:
    """The import itself, as the command line runs it."""
    from lika.collection.actions import import_register
    from lika.core.actors import SystemActor
    from lika.core.areas import EVERYWHERE
    from lika.core.permissions import Permission

    other = subprocess.Popen(_command("elsewhere", options.inputs), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    rights = {Permission.REGISTER_IMPORT, Permission.REGISTER_STATUS}
    steps: list[tuple[float, str]] = []
    began = time.perf_counter()
    report = import_register(
        by=SystemActor("benchmark", rights, EVERYWHERE),
        path=options.inputs,
        progress=lambda stage, done, _total: steps.append((time.time(), f"{stage} {done}")),
    )
    seconds = time.perf_counter() - began
    writes = json.loads(other.communicate()[0])
    return {
        "seconds": round(seconds, 1),
        "stages": dict(report.seconds),
        "state": str(report.state),
        "counts": report.as_json()["counts"],
        "errors": report.errors,
        "warnings": report.warnings,
        "writes_elsewhere": writes["writes"],
        # Seconds, and the last that the import had told of itself when the write began.
        "longest_writes": [
            (wait, next((step for at, step in reversed(steps) if at <= when), "")) for wait, when in writes["longest"]
        ],
    }


_FLOOR_KEYS = """
    SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s) AND confrelid::regclass::text = ANY(%s)
"""


def floor(_options: argparse.Namespace) -> dict[str, object]:
    """ADBC alone, into tables with the same indexes and constraints."""
    import adbc_driver_postgresql.dbapi as adbc
    from django.db import connection

    uri = os.environ["LIKA_DATABASE_URL"]
    held = {}
    with adbc.connect(uri) as session, session.cursor() as cursor, connection.cursor() as own:
        for table in TABLES:
            own.execute(
                "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute "
                "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
                [table],
            )
            (columns,) = own.fetchone()
            cursor.execute(f"SELECT {columns} FROM {table}")
            held[table] = cursor.fetch_arrow_table()
            own.execute(f"DROP TABLE IF EXISTS floor_{table} CASCADE")
            own.execute(f"CREATE TABLE floor_{table} (LIKE {table} INCLUDING ALL)")
        own.execute(_FLOOR_KEYS, [list(TABLES), list(TABLES)])
        for table, definition in own.fetchall():
            own.execute(f"ALTER TABLE floor_{table} ADD {definition.replace('REFERENCES ', 'REFERENCES floor_')}")
    told: dict[str, object] = {}
    whole = time.perf_counter()
    with adbc.connect(uri) as session, session.cursor() as cursor:
        for table in TABLES:
            began = time.perf_counter()
            cursor.adbc_ingest(f"floor_{table}", _plain(held[table]), mode="append")
            session.commit()
            told[table] = {"rows": held[table].num_rows, "seconds": round(time.perf_counter() - began, 1)}
    return {"seconds": round(time.perf_counter() - whole, 1), "tables": told}


def _plain(table):
    """Numbers come from ADBC as text: as decimals again, as the tables want them."""
    import pyarrow as pa

    for at, field in enumerate(table.schema):
        if isinstance(field.type, pa.OpaqueType):
            values = table.column(at).cast(pa.string()).cast(pa.decimal128(14, 2))
            table = table.set_column(at, field.name, values)
    return table


def _child(options: argparse.Namespace) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "lika.config.settings"
    import django

    django.setup()
    phases = {"prepare": prepare, "load": load, "floor": floor, "elsewhere": elsewhere}
    result = phases[options.phase](options)
    used = resource.getrusage(resource.RUSAGE_SELF)
    own = round(used.ru_utime + used.ru_stime, 1)
    peaks = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    told = {**result, "processor_seconds": {"own": own}, "peak_mib": [round(peak) for peak in peaks]}
    print(json.dumps(told, ensure_ascii=False))


def _server_cpu(cluster: Path) -> float:
    """Processor seconds of all sessions of the server that have ended."""
    pid = (cluster / "postmaster.pid").read_text().split()[0]
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def _command(phase: str, inputs: Path) -> list[str]:
    return [sys.executable, __file__, *sys.argv[1:], "--phase", phase, "--inputs", str(inputs)]


def _run(phase: str, environment: dict[str, str], cluster: Path) -> dict:
    before = _server_cpu(cluster)
    done = subprocess.run(
        _command(phase, Path(environment["BENCHMARK_INPUTS"])),
        env=environment, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    time.sleep(1)  # until the server has noticed the end of the sessions
    result = json.loads(done.stdout.splitlines()[-1])
    result["processor_seconds"]["server"] = round(_server_cpu(cluster) - before, 1)
    print(phase, json.dumps(result, ensure_ascii=False), file=sys.stderr, flush=True)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counties", type=int, default=10)
    parser.add_argument("--households", type=int, default=26_000)
    parser.add_argument("--years", type=int, default=1)
    parser.add_argument("--kind", choices=("parquet", "csv"), default="parquet")
    parser.add_argument("--inputs", type=Path)
    parser.add_argument("--phases", default="load,again,floor")
    parser.add_argument("--phase")
    options = parser.parse_args()
    if options.phase:
        _child(options)
        return
    from lika.runtime.postgres import EmbeddedServer

    folder = Path(tempfile.mkdtemp(prefix="lika-bench-"))
    folder.chmod(0o711)
    inputs = options.inputs or folder / "inputs"
    inputs.mkdir(parents=True, exist_ok=True)
    server = EmbeddedServer(folder / "server")
    try:
        environment = {
            **os.environ, **KEYS, "LIKA_DATA_DIR": str(folder / "data"), "LIKA_DATABASE_URL": server.start(),
            "BENCHMARK_INPUTS": str(inputs),
        }  # fmt: skip
        results = {"prepare": _run("prepare", environment, server.cluster)}
        for name in options.phases.split(","):
            results[name] = _run({"again": "load"}.get(name, name), environment, server.cluster)
        if {"load", "floor"} <= results.keys():
            results["ratio"] = round(results["load"]["seconds"] / results["floor"]["seconds"], 2)
        print(json.dumps(results, ensure_ascii=False, indent=2))
    finally:
        server.remove()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
