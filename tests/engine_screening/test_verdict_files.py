"""Verdict files: what is written is read again, by Python and by SQL; files of the first format too."""

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lika.engine.screening.verdict_files import VerdictFileError, read, relation, write
from lika.engine.screening.verdicts import MET, NOT_MET, UNKNOWN, Verdicts, in_order

VILLAGES = (621223100201, 621223100203, 621223101200)


def verdicts(criteria: tuple[str, ...], answers: list[list[int]], unit: str = "household") -> Verdicts:
    """Units one after the other, with the answers given."""
    count = len(answers)
    ids = np.zeros((count, 16), dtype=np.uint8)
    ids[:, 15] = np.arange(count)
    divisions = np.array([VILLAGES[place % 3] for place in range(count)], dtype=np.int64)
    if unit == "village":
        ids, divisions = np.zeros((count, 16), dtype=np.uint8), 621223100200 + np.arange(count)
    results = np.array(answers, dtype=np.int8).reshape(count, len(criteria))
    return in_order(unit, criteria, divisions, ids, results, None).slice(621223, 0, count)


def written_before(given_verdicts: Verdicts, path: Path) -> None:
    """A file as versions before format 2 wrote it: a nullable 8-bit column per criterion."""
    key = pa.array([row.tobytes() for row in given_verdicts.ids], pa.binary(16))
    columns = {"household_id": pa.ExtensionArray.from_storage(pa.uuid(), key), "village": given_verdicts.divisions}
    for index, name in enumerate(given_verdicts.criteria):
        values = np.ascontiguousarray(given_verdicts.results[:, index])
        columns[name] = pa.array(values, mask=values == UNKNOWN)
    pq.write_table(pa.table(columns), path, compression="zstd")


def told(given_verdicts: Verdicts) -> list[tuple[int | None, ...]]:
    """The answers as SQL tells them, in the order of the rows."""
    return [tuple(None if value == UNKNOWN else value for value in row) for row in given_verdicts.results.tolist()]


def asked(session: duckdb.DuckDBPyConnection, unit: str, paths: list[Path], criteria: tuple[str, ...]) -> list[tuple]:
    names = ", ".join(f'"{name}"' for name in criteria)
    order = "village, household_id" if unit == "household" else unit
    return session.execute(f"SELECT {names} FROM {relation(unit, paths)} ORDER BY {order}").fetchall()


@settings(max_examples=30)
@given(st.data(), st.sampled_from((1, 2, 31, 32, 33, 64, 70)))
def test_a_file_gives_back_what_was_written(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, width: int):
    criteria = tuple(f"criterion {number}" for number in range(width))
    row = st.lists(st.sampled_from((MET, NOT_MET, UNKNOWN)), min_size=width, max_size=width)
    held = verdicts(criteria, data.draw(st.lists(row, max_size=20)))
    path = tmp_path_factory.mktemp("verdicts") / "county=621223.parquet"
    write(held, path)
    again = read(path, "household", 621223)
    assert (again.criteria, again.digest) == (criteria, held.digest)
    assert np.array_equal(again.results, held.results)
    with duckdb.connect() as session:
        assert asked(session, "household", [path], criteria) == told(held)
    assert pq.read_schema(path).names == ["household_id", "village", *(f"verdicts{n}" for n in range(-(-width // 32)))]


def test_a_division_is_named_by_its_code(tmp_path: Path):
    held = verdicts(("one", "two"), [[MET, UNKNOWN], [NOT_MET, MET]], "village")
    write(held, tmp_path / "village.parquet")
    assert read(tmp_path / "village.parquet", "village", 621223).digest == held.digest
    with duckdb.connect() as session:
        found = session.execute(f"SELECT * FROM {relation('village', [tmp_path / 'village.parquet'])}").fetchall()
    assert found == [(621223100200, 1, None), (621223100201, 0, 1)]


def test_files_of_the_first_format_are_read_beside_new_ones(tmp_path: Path):
    """The criteria of two screenings need not be the same, nor stand in one order."""
    old = verdicts(("one", "two"), [[MET, UNKNOWN], [NOT_MET, MET], [UNKNOWN, NOT_MET]])
    new = verdicts(("two", "three"), [[NOT_MET, MET]])
    written_before(old, tmp_path / "old.parquet")
    write(new, tmp_path / "new.parquet")
    assert read(tmp_path / "old.parquet", "household", 621223).digest == old.digest
    with duckdb.connect() as session:
        files = relation("household", [tmp_path / "old.parquet", tmp_path / "new.parquet"])
        found = session.execute(f"SELECT one, two, three FROM {files} ORDER BY ALL").fetchall()
    assert found == [(0, 1, None), (1, None, None), (None, 0, 1), (None, 0, None)]


def test_names_and_paths_are_quoted(tmp_path: Path):
    folder = tmp_path / "it's here"
    held = verdicts(('a "quoted" name', "household id"), [[MET, NOT_MET]])
    write(held, folder / "county=621223.parquet")
    with duckdb.connect() as session:
        files = relation("household", [folder / "county=621223.parquet"])
        found = session.execute(f'SELECT "a ""quoted"" name", "household id" FROM {files}').fetchall()
    assert found == [(1, 0)]


def test_a_file_is_read_anew_when_it_was_written_anew(tmp_path: Path):
    path = tmp_path / "county=621223.parquet"
    write(verdicts(("one",), [[MET]]), path)
    first = relation("household", [path])
    write(verdicts(("one", "two", "three"), [[MET, MET, MET]]), path)
    assert '"three"' in relation("household", [path])
    assert '"three"' not in first


def test_what_is_no_verdict_is_refused(tmp_path: Path):
    path = tmp_path / "county=621223.parquet"
    write(verdicts(("one", "two"), [[MET, NOT_MET]]), path)
    table = pq.read_table(path)
    broken = table.set_column(2, "verdicts0", pa.array([0b1001], pa.uint64()))  # 1, then 2
    pq.write_table(broken, path)
    with pytest.raises(VerdictFileError, match="what is no verdict"):
        read(path, "household", 621223)


def test_a_newer_format_is_refused(tmp_path: Path):
    path = tmp_path / "county=621223.parquet"
    write(verdicts(("one",), [[MET]]), path)
    table = pq.read_table(path)
    pq.write_table(table.replace_schema_metadata({**table.schema.metadata, b"lika.verdicts": b"3"}), path)
    with pytest.raises(VerdictFileError, match="format 3, not 2"):
        read(path, "household", 621223)
    with pytest.raises(VerdictFileError, match="format 3, not 2"):
        relation("household", [path])
