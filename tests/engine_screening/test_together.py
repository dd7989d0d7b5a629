"""What upper units gather of households is worked out with the households, once, and only over the same rows."""

import shutil
from pathlib import Path

import pyarrow as pa
import pytest

from lika.engine.checker import compile_set
from lika.engine.criteria import CheckedSet, Criterion
from lika.engine.screening.engines import WithDuckDB, with_reference
from lika.engine.screening.run import Plan, screen
from lika.engine.snapshots.layout import file_path
from lika.engine.snapshots.manifest import Manifest
from tests.engine_screening.making import CRITERIA, LINE, SCHEMA, write_snapshot

COUNTIES = (621223, 621224)
MORE = (
    Criterion("young", "village", "有儿童", "Young", "share(household, any(person, age < 18)) >= 0.5"),
    Criterion("well_off", "village", "达标", "Well off", "share(household, met('income')) > 0.3"),
    Criterion("rich", "village", "富裕", "Rich", "max(household, income) > 6000 and any(person, age > 60)"),
    Criterion("even", "county", "均衡", "Even", "avg(household, income) > max(village, max(household, income)) / 3"),
    Criterion("grown", "county", "成年", "Grown", "share(person, age >= 18) > 0.4"),
    Criterion("dry", "county", "缺水县", "Dry", "share(village, met('thirsty')) > 0.3"),
)
ORDER = {
    unit: tuple(criterion.id for criterion in (*CRITERIA, *MORE) if criterion.unit == unit)
    for unit in ("person", "household", "village", "county")
}


def checked() -> CheckedSet:
    return compile_set([*CRITERIA, *MORE], SCHEMA, {"line": LINE})


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    return write_snapshot(tmp_path / "one")


def files_of(folder: Path, unit: str, counties: tuple[int, ...] = COUNTIES) -> dict[str, list[Path]]:
    """Files of a unit and all below it, as a screening gives them."""
    units = ("person", "household", "village", "county")
    return {name: [folder / file_path(name, county) for county in counties] for name in units[: units.index(unit) + 1]}


def sorted_rows(table: pa.Table, unit: str) -> list[dict[str, object]]:
    return sorted(table.to_pylist(), key=lambda row: row[unit])


def test_upper_units_are_screened_as_by_the_reference(tmp_path: Path, manifest: Manifest) -> None:
    engine = WithDuckDB()
    plan = Plan(ORDER)
    fast = screen(tmp_path / "one", manifest, checked(), plan, engine=engine)
    engine.close()
    slow = screen(tmp_path / "one", manifest, checked(), plan, engine=with_reference)
    assert (fast.parts, list(fast.rollups)) == (slow.parts, list(slow.rollups))
    # Met, not met and unknown each: the agreement is about something.
    told = [(row.met, row.not_met, row.unknown) for row in fast.rollups if row.unit in ("village", "county")]
    assert all(any(row[place] for row in told) for place in range(3))


def test_households_are_not_read_again_for_their_villages(tmp_path: Path, manifest: Manifest) -> None:
    folder, set_ = tmp_path / "one", checked()
    own, together = WithDuckDB(), WithDuckDB()
    alone = [sorted_rows(own(set_, unit, files_of(folder, unit), manifest), unit) for unit in ("village", "county")]
    together(set_, "household", files_of(folder, "household"), manifest, then=("village", "county"))
    shutil.rmtree(folder / "household")
    (village,) = [sorted_rows(together(set_, "village", files_of(folder, "village"), manifest), "village")]
    (county,) = [sorted_rows(together(set_, "county", files_of(folder, "county"), manifest), "county")]
    assert [village, county] == alone
    with pytest.raises(Exception, match="household"):  # without the rows kept there is nothing to read
        own(set_, "village", files_of(folder, "village"), manifest)
    own.close()
    together.close()


def test_rows_of_other_counties_or_criteria_are_not_taken_for_them(tmp_path: Path, manifest: Manifest) -> None:
    folder, set_, other = tmp_path / "one", checked(), checked()
    engine = WithDuckDB()
    first, second = (files_of(folder, "village", (county,)) for county in COUNTIES)
    households = {name: first[name] for name in ("person", "household")}
    engine(set_, "household", households, manifest, then=("village",))
    expected = [sorted_rows(with_reference(set_, "village", files, manifest), "village") for files in (first, second)]
    assert sorted_rows(engine(set_, "village", second, manifest), "village") == expected[1]
    assert sorted_rows(engine(set_, "village", first, manifest), "village") == expected[0]
    assert sorted_rows(engine(other, "village", first, manifest), "village") == expected[0]
    # Not announced: worked from the files.
    assert len(engine(set_, "county", files_of(folder, "county"), manifest)) == len(COUNTIES)
    engine.close()
