"""DuckDB for a page: a look at some files, cheap enough to be taken for each question."""

from __future__ import annotations

from functools import cache

import duckdb


def quick_session() -> duckdb.DuckDBPyConnection:
    """A session of one thread, to be closed after use; making a database for each would cost a page 13 ms.

    All of them share a database without tables. It keeps nothing of the files that it reads: a file may have been
    replaced since, and whoever asks has checked the one that lies there now.
    """
    return _database().cursor()


@cache
def _database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1, "enable_external_file_cache": "false"})
