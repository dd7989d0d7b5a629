"""A whole screening of the small snapshot, worked by hand: verdicts, roll-ups, combinations and the digest's bytes."""

import hashlib
import struct
from pathlib import Path

import pytest

from lika.engine.screening.engines import with_reference
from lika.engine.screening.rollups import Combination, RollUp
from lika.engine.screening.run import Plan, screen
from lika.engine.screening.verdict_files import read
from lika.engine.snapshots.manifest import read as manifest_of
from tests.engine_screening.making import ORDER, PLAN, V1, V2, V3, checked, uid, write_snapshot

#: household -> income, water, school, exit, rising
VERDICTS = {
    1: (1, 1, 1, 1, 1),
    2: (0, 1, 0, 0, 0),
    3: (-1, 0, -1, 0, -1),
    4: (1, 1, 1, 1, -1),
    5: (1, -1, -1, -1, 0),
}


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("snapshots") / "small"
    write_snapshot(folder)
    return folder


def test_verdicts_of_every_household(snapshot: Path, tmp_path: Path) -> None:
    screen(snapshot, manifest_of(snapshot), checked(), PLAN, engine=with_reference, out=tmp_path / "out")
    found = {}
    for county in (621223, 621224):
        part = read(tmp_path / "out" / f"household/county={county}.parquet", "household", county)
        assert part.criteria == ORDER["household"]
        found |= {int.from_bytes(bytes(part.ids[n])): tuple(part.results[n].tolist()) for n in range(len(part))}
    assert found == VERDICTS


def test_verdicts_of_persons_and_divisions(snapshot: Path, tmp_path: Path) -> None:
    screen(snapshot, manifest_of(snapshot), checked(), PLAN, engine=with_reference, out=tmp_path / "out")

    def results(unit: str, county: int) -> list[tuple[int, int]]:
        part = read(tmp_path / "out" / f"{unit}/county={county}.parquet", unit, county)
        return list(zip(part.divisions.tolist(), part.results[:, 0].tolist(), strict=True))

    assert results("person", 621223) == [(V1, 1), (V1, 1), (V1, 0), (V1, 1), (V1, 0), (V1, 1), (V1, 0), (V2, 1)]
    assert results("person", 621224) == [(V3, -1)]
    # 4 of 9 people without safe water; none of 2; unknown population.
    assert results("village", 621223) == [(V1, 0), (V2, 0)]
    assert results("village", 621224) == [(V3, -1)]
    assert results("county", 621223) == [(621223000000, 1)]
    assert results("county", 621224) == [(621224000000, 0)]


def test_roll_ups_of_every_level_sum(snapshot: Path) -> None:
    outcome = screen(snapshot, manifest_of(snapshot), checked(), PLAN, engine=with_reference)
    income = [row for row in outcome.rollups if (row.unit, row.criterion) == ("household", "income")]
    assert income == [
        RollUp("household", "income", 621200000000, 2, 3, 1, 1),
        RollUp("household", "income", 621223000000, 3, 2, 1, 1),
        RollUp("household", "income", 621224000000, 3, 1, 0, 0),
        RollUp("household", "income", 621223100000, 4, 1, 1, 1),
        RollUp("household", "income", 621223101000, 4, 1, 0, 0),
        RollUp("household", "income", 621224100000, 4, 1, 0, 0),
        RollUp("household", "income", V1, 5, 1, 1, 1),
        RollUp("household", "income", V2, 5, 1, 0, 0),
        RollUp("household", "income", V3, 5, 1, 0, 0),
    ]
    assert {row.level for row in outcome.rollups if row.unit == "county"} == {2, 3}
    rollups = list(outcome.rollups)
    for unit, total in (("person", 9), ("household", 5), ("village", 3), ("county", 2)):
        assert outcome.total(unit) == total
        for level in (2, 3):
            for criterion in ORDER[unit]:
                rows = [r for r in rollups if (r.unit, r.criterion, r.level) == (unit, criterion, level)]
                assert sum(row.total for row in rows) == total


def test_combinations_are_exact(snapshot: Path) -> None:
    outcome = screen(snapshot, manifest_of(snapshot), checked(), PLAN, engine=with_reference)
    assert outcome.combinations == [
        Combination(621223, ("income", "water"), 1, 1),
        Combination(621223, ("income", "water", "rising"), 1, 3),
        Combination(621223, ("water",), 1, 2),
        Combination(621224, ("income",), 1, 1),
    ]


def test_digest_is_of_the_canonical_rows(snapshot: Path) -> None:
    outcome = screen(snapshot, manifest_of(snapshot), checked(), PLAN, engine=with_reference)
    text = b""
    for part in (b"lika-verdicts-1", b"household", b"621224", *(name.encode() for name in ORDER["household"])):
        text += struct.pack(">q", len(part)) + part
    text += uid(5).bytes + struct.pack(">q", V3) + struct.pack("5b", *VERDICTS[5])
    by_hand = hashlib.sha256(text).hexdigest()
    digests = {(part.unit, part.county): part.digest for part in outcome.parts}
    assert digests["household", 621224] == by_hand
    lines = "".join(f"{unit} {county} {digest}\n" for (unit, county), digest in sorted(digests.items()))
    assert outcome.digest == hashlib.sha256(lines.encode()).hexdigest()


@pytest.mark.parametrize("batch_rows", [1, 8, 9, 1_000])
def test_digest_does_not_depend_on_batches(snapshot: Path, batch_rows: int) -> None:
    whole = screen(snapshot, manifest_of(snapshot), checked(), PLAN, engine=with_reference)
    cut = screen(snapshot, manifest_of(snapshot), checked(), PLAN, engine=with_reference, batch_rows=batch_rows)
    assert (cut.digest, cut.parts) == (whole.digest, whole.parts)
    assert list(cut.rollups) == list(whole.rollups)


def test_digest_changes_with_the_order_of_criteria(snapshot: Path) -> None:
    plan = Plan({"household": tuple(reversed(ORDER["household"]))})
    straight = Plan({"household": ORDER["household"]})
    run = [
        screen(snapshot, manifest_of(snapshot), checked(), p, engine=with_reference).digest for p in (plan, straight)
    ]
    assert run[0] != run[1]


def test_criteria_of_units_that_the_snapshot_lacks_are_left_out(snapshot: Path) -> None:
    plan = Plan({**ORDER, "province": ("any",)})
    outcome = screen(snapshot, manifest_of(snapshot), checked(), plan, engine=with_reference)
    assert list(outcome.criteria) == ["person", "household", "village", "county"]
