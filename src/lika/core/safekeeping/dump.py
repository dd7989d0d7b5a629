"""The database as a script of PostgreSQL's own programs, of one moment; and back in one transaction."""

import contextlib
import gzip
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from django.db import connection, transaction

from lika.core.safekeeping.faults import no_tool
from lika.runtime.binaries import package_binaries

# Who is signed in: a stolen archive must not open a session, and after a restore everybody signs in again.
# What bulk loads have read and not yet published: after a restore they read it again.
_PASSING = "staging_*"
_WITHOUT_ROWS = ("django_session",)
# pg_dump of 17 and newer writes it, servers before 17 do not know it.
_NEWER_SETTINGS = (b"SET transaction_timeout = ",)
# Some builds of PostgreSQL put a mark of their own on each column, which no other server takes.
_MARK_OF_BUILD = re.compile(rb"ALTER TABLE ONLY \S+ ALTER COLUMN \S+ SET \(pg_attver=\d+\);\n")


@contextmanager
def one_moment() -> Iterator[str]:
    """A moment of the database that other programs can be told of; it lasts as long as the block."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (moment,) = cursor.fetchone()
        yield str(moment)


def counts() -> dict[str, int]:
    """The rows of every table that is kept, in the present transaction."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables():
            if table not in _WITHOUT_ROWS:
                cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 - our tables
                (found[table],) = cursor.fetchone()
    return found


def tables(persistence: str = "p") -> list[str]:
    """The tables of the schema, without partitions; `u` gives those that are only passing through."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace "
            "AND relkind IN ('r', 'p') AND NOT relispartition AND relpersistence = %s ORDER BY relname",
            [persistence],
        )
        return [name for (name,) in cursor.fetchall()]


def size() -> int:
    """About how many bytes the database takes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        (found,) = cursor.fetchone()
    return int(found)


def dump(moment: str, target: Path) -> None:
    """Write the database of that moment as a compressed script. Raises BAK-006."""
    _run(
        "pg_dump",
        *("--format=plain", "--compress=gzip:3", "--no-owner", "--no-privileges", "--snapshot", moment),
        *("--file", str(target)),
        *(f"--exclude-table={connection.ops.quote_name(table)}" for table in tables("u")),
        f"--exclude-schema={_PASSING}",
        *(f"--exclude-table-data={table}" for table in _WITHOUT_ROWS),
    )


def load(source: IO[bytes]) -> None:
    """Run a compressed script in one transaction: all of it or nothing. Raises BAK-006."""
    command = [_program("psql"), "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(  # noqa: S603 - PostgreSQL's program, a script that was verified
            [*command, "--output=/dev/null"], env=_environment(), stdin=subprocess.PIPE, stderr=words
        )
        with contextlib.suppress(BrokenPipeError):  # psql has given up; it says why below
            _feed(cast("IO[bytes]", process.stdin), source)
        if process.wait() != 0:
            words.seek(0)
            raise no_tool("psql", _first_line(words.read().decode(errors="replace")))


def _feed(script: IO[bytes], source: IO[bytes]) -> None:
    with script, gzip.open(source) as lines:
        for line in lines:
            if not line.startswith(_NEWER_SETTINGS) and not _MARK_OF_BUILD.fullmatch(line):
                script.write(line)


def _run(tool: str, *arguments: str) -> None:
    done = subprocess.run(  # noqa: S603 - PostgreSQL's program, our arguments
        [_program(tool), *arguments], env=_environment(), capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode != 0:
        raise no_tool(tool, _first_line(done.stderr))


def _program(tool: str) -> str:
    return str(package_binaries() / tool)


def _environment() -> dict[str, str]:
    """Where the database is, for libpq: a password in an argument would be seen by everybody on the machine."""
    told = {key: str(value) for key, value in connection.get_connection_params().items()}
    names = {"dbname": "PGDATABASE", "user": "PGUSER", "password": "PGPASSWORD", "host": "PGHOST", "port": "PGPORT"}
    names |= {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY"}
    given = {variable: told[key] for key, variable in names.items() if told.get(key)}
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "PGCLIENTENCODING": "UTF8", **given}


def _first_line(words: str) -> str:
    """What a program says first; the lines after it may repeat values of rows."""
    return words.strip().split("\n", 1)[0]
