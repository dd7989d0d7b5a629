"""Writing the invented country as a snapshot: one county after another, taken up again where it was left.

What is made lies in a scratch folder until it is whole. There a county has its files and, written after them, a note of
what they hold; a county whose note and files agree is not made again. The same number of households, seed and criteria
give the same rows. 演示数据: nothing of it is anybody's.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

import duckdb
from django.utils.translation import gettext as _

from lika import __version__
from lika.core.errors import UserError
from lika.engine.criteria import CheckedSet
from lika.engine.disk import told_of_full_disk
from lika.engine.snapshots.layout import MANIFEST, Column, file_path, key_columns
from lika.engine.snapshots.manifest import FileEntry, Manifest, Versions, sha256_of_file, sha256_of_text
from lika.snapshots.national.columns import KEY, columns_of, drawn, facts_read, shares
from lika.snapshots.national.places import DIVISIONS, Places, places

AT = date(2016, 12, 31)
#: What a household and its people take on the disk, with the verdicts of a screening and of the next.
BYTES_OF_HOUSEHOLD = 400
#: From the lowest: a county is whole when its last file is.
UNITS = ("person", "household", "village", "county")

_RECIPE, _NOTES = "recipe.json", "done"

#: Told after each county: counties done, counties in all, whether it was there already.
Progress = Callable[[int, int, bool], None]

# People by household, in tenths of the households: 3.3 on average.
_PERSONS = "list_value(1, 2, 2, 3, 3, 3, 4, 4, 5, 6)"
# Version 7: a time, which grows with the number of the row, and 62 bits of its key.
_UUID = (
    "printf('%08x-%04x-7%03x-8%03x-%012x', {time} >> 16, {time} & 65535, ({key} >> 48) & 4095, ({key} >> 36) & 4095, "
    "{key} & 281474976710655)::UUID"
)
_BEGIN = 1_420_041_600_000
# Households of a county, times the people that one can have, stay below this.
_TIMES_OF_COUNTY = 1 << 24
_MEMBERS = 16


@dataclass(frozen=True)
class Nation:
    """What is asked for: households, the seed, and the criteria whose facts the files must hold."""

    households: int
    seed: int
    checked: CheckedSet
    columns: Mapping[str, Mapping[Column, str]] = field(init=False)

    def __post_init__(self) -> None:
        """Work out how every column is drawn."""
        uses, told = facts_read(self.checked), shares()
        columns = {
            unit: {
                column: drawn(column, fact, told.get(unit, {}).get(fact.name))
                for column, fact in columns_of(self.checked.schema, unit, uses).items()
            }
            for unit in UNITS
        }
        object.__setattr__(self, "columns", columns)

    def layout(self, unit: str) -> tuple[Column, ...]:
        """The columns of a unit's files."""
        return key_columns(unit) + tuple(self.columns[unit])

    @property
    def recipe(self) -> dict[str, object]:
        """All that the rows depend on, DuckDB's hash function among it."""
        texts = [f"{unit} {column.name} {sql}" for unit in UNITS for column, sql in self.columns[unit].items()]
        return {
            "households": self.households,
            "seed": self.seed,
            "columns": sha256_of_text(texts),
            "duckdb": duckdb.__version__,
            "divisions": sha256_of_file(DIVISIONS),
        }


def generate(nation: Nation, target: Path, *, progress: Progress | None = None, workers: int | None = None) -> Manifest:
    """Write the country below `target`; what an earlier call left unfinished is taken up.

    Raises FileExistsError where `target` is there; UserError BEN-001 (too little space), BEN-002 (what was left
    unfinished is another country); DiskFull (ENG-119).
    """
    if target.exists():
        raise FileExistsError(target.name)
    scratch = target.with_name(f".{target.name}.part")
    _refuse_without_space(nation, target, scratch)
    _begin(nation, scratch)
    spread = places(nation.households, nation.seed)
    threads = threading.local()

    def make(place: int, county: int) -> tuple[tuple[FileEntry, ...], bool]:
        found = _noted(scratch, county)
        if found is not None:
            return found, True
        if not hasattr(threads, "session"):
            threads.session = _session(spread)
        return _county(nation, threads.session, scratch, place, county), False

    files: list[FileEntry] = []
    with told_of_full_disk(), ThreadPoolExecutor(workers or os.cpu_count()) as pool:
        waiting = [pool.submit(make, place, county) for place, county in enumerate(spread.counties)]
        try:
            for done, future in enumerate(as_completed(waiting), start=1):
                entries, was_there = future.result()
                files += entries
                if progress is not None:
                    progress(done, len(waiting), was_there)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
        return _finish(nation, scratch, target, files)


def _finish(nation: Nation, scratch: Path, target: Path, files: Sequence[FileEntry]) -> Manifest:
    manifest = Manifest(
        id=f"nation-{nation.households}-{nation.seed}",
        at=AT,
        period_from=date(AT.year, 1, 1),
        period_to=AT,
        data_year=AT.year,
        states=("locked",),
        scope=0,
        schema={unit: nation.layout(unit) for unit in UNITS},
        files=tuple(sorted(files, key=lambda entry: entry.path)),
        versions=Versions(__version__, str(nation.recipe["columns"]), str(nation.recipe["divisions"])),
        created=f"{AT.isoformat()}T00:00:00+08:00",
    )
    (scratch / MANIFEST).write_bytes(manifest.to_bytes())
    shutil.rmtree(scratch / _NOTES)
    (scratch / _RECIPE).unlink()
    os.sync()
    scratch.rename(target)
    return manifest


def _refuse_without_space(nation: Nation, target: Path, scratch: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    made = sum(path.stat().st_size for path in scratch.rglob("*.parquet")) if scratch.is_dir() else 0
    needed = nation.households * BYTES_OF_HOUSEHOLD - made
    free = shutil.disk_usage(target.parent).free
    if free < needed:
        raise UserError(
            "BEN-001",
            _("%(needed).1f GB are needed on the disk and %(free).1f GB are free.")
            % {"needed": needed / 10**9, "free": free / 10**9},
            remedy=_("Ask for fewer households, or name a folder on another disk with --folder."),
        )


def _begin(nation: Nation, scratch: Path) -> None:
    """Take up what is there if it is of the same recipe, else begin."""
    recipe = scratch / _RECIPE
    if recipe.is_file() and json.loads(recipe.read_text()) != nation.recipe:
        raise UserError(
            "BEN-002",
            _("The unfinished folder %(name)s is of another number of households, seed or criteria.")
            % {"name": scratch.name},
            remedy=_("Ask for the same again to finish it, or remove the folder."),
        )
    (scratch / _NOTES).mkdir(parents=True, exist_ok=True)
    for unit in UNITS:
        (scratch / unit).mkdir(exist_ok=True)
    if not recipe.is_file():
        _written_whole(recipe, json.dumps(nation.recipe).encode())


def _noted(scratch: Path, county: int) -> tuple[FileEntry, ...] | None:
    """What was made of a county before, if all of it is there as it was written."""
    note = scratch / _NOTES / f"{county:06d}.json"
    if not note.is_file():
        return None
    entries = tuple(FileEntry(**values) for values in json.loads(note.read_text()))
    whole = all(
        (path := scratch / entry.path).is_file()
        and path.stat().st_size == entry.bytes
        and sha256_of_file(path) == entry.sha256
        for entry in entries
    )
    return entries if whole else None


def _session(spread: Places) -> duckdb.DuckDBPyConnection:
    session = duckdb.connect(config={"threads": 1})
    session.register("given_places", spread.villages)
    session.execute("CREATE TEMP TABLE places AS SELECT * FROM given_places")
    session.unregister("given_places")
    return session


def _county(
    nation: Nation, session: duckdb.DuckDBPyConnection, scratch: Path, place: int, county: int
) -> tuple[FileEntry, ...]:
    """Make the files of one county, then the note of them."""
    session.execute(_households_sql(nation.seed, place, county))
    entries = tuple(_file(nation, session, scratch, unit, county) for unit in UNITS)
    note = json.dumps([asdict(entry) for entry in entries]).encode()
    _written_whole(scratch / _NOTES / f"{county:06d}.json", note)
    return entries


def _households_sql(seed: int, place: int, county: int) -> str:
    """The households of a county with their keys: what its files are drawn from. Numbers of ours alone are put in."""
    begin = _BEGIN + place * _TIMES_OF_COUNTY
    return f"""
        CREATE OR REPLACE TEMP TABLE given AS
        SELECT *, {_UUID.format(time="moment", key=KEY)} AS household_id FROM (
            SELECT village, before + number AS place, {begin} + (before + number) * {_MEMBERS} AS moment,
                   hash({seed}::BIGINT, {county}::BIGINT, before + number) AS {KEY},
                   {_PERSONS}[1 + (hash({seed}::BIGINT, {county}::BIGINT, before + number, 1) % 10)::BIGINT] AS persons
              FROM places, unnest(range(households)) AS numbered(number) WHERE county = {county}
        )
    """  # noqa: S608


def _file(nation: Nation, session: duckdb.DuckDBPyConnection, scratch: Path, unit: str, county: int) -> FileEntry:
    path = scratch / file_path(unit, county)
    beside = path.with_suffix(".writing")
    facts = ", ".join(f'{sql} AS "{column.name}"' for column, sql in nation.columns[unit].items())
    rows_sql = _rows_sql(unit, nation.seed, county)
    drawn_rows = f"SELECT *{', ' + facts if facts else ''} FROM ({rows_sql})"  # noqa: S608 - our own names and numbers
    chosen = ", ".join(f'"{column.name}"' for column in nation.layout(unit))
    order = {"person": "village, person_id", "household": "village, household_id"}.get(unit, unit)
    quoted = str(beside).replace("'", "''")
    (rows,) = session.execute(
        f"COPY (SELECT {chosen} FROM ({drawn_rows}) ORDER BY {order}) "  # noqa: S608 - our own names and numbers
        f"TO '{quoted}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
    ).fetchall()[0]
    sha256 = sha256_of_file(beside)
    beside.rename(path)
    return FileEntry(file_path(unit, county), unit, county, int(rows), path.stat().st_size, sha256)


def _rows_sql(unit: str, seed: int, county: int) -> str:
    """The rows of a unit with its keys, before its facts are drawn."""
    if unit == "person":
        key = f"xor({KEY}, hash(member + {_MEMBERS}))"
        return f"""
            SELECT {_UUID.format(time="(moment + member)", key=KEY)} AS person_id, * FROM (
                SELECT village, household_id, moment, member, NULL::BLOB AS link, {key} AS {KEY}
                  FROM given, unnest(range(persons)) AS numbered(member)
            )
        """  # noqa: S608
    if unit == "household":
        return 'SELECT *, persons::INTEGER AS "__persons" FROM given'
    if unit == "village":
        return (
            f"SELECT village, households, hash(village, {seed}::BIGINT) AS {KEY} FROM places "  # noqa: S608
            f"WHERE county = {county}"
        )
    return (
        f"SELECT county * 1000000 AS county, sum(households)::BIGINT AS households, "  # noqa: S608
        f"hash(county, {seed}::BIGINT) AS {KEY} FROM places WHERE county = {county} GROUP BY ALL"
    )


def _written_whole(path: Path, data: bytes) -> None:
    beside = path.with_suffix(".writing")
    beside.write_bytes(data)
    beside.rename(path)
