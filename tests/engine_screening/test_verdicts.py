"""Verdicts from an engine's table: whatever order the rows come in, the same bytes. Property tests."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lika.engine.schema import UNIT_NAMES
from lika.engine.screening.rollups import LEVEL_OF_UNIT, SPAN_OF_LEVEL, count, level_of, roll_up
from lika.engine.screening.verdicts import UNKNOWN, Verdicts, by_county, from_arrow

VILLAGES = (621223100201, 621223100203, 621223101200, 621224100200)
CRITERIA = ("one", "two")

rows = st.lists(
    st.tuples(
        st.sampled_from(VILLAGES),
        st.binary(min_size=16, max_size=16),
        st.sampled_from((0, 1, None)),
        st.sampled_from((0, 1, None)),
    ),
    unique_by=lambda row: row[1],
    max_size=200,
)
Rows = list[tuple[int, bytes, int | None, int | None]]


def table(given_rows: Rows) -> pa.Table:
    villages, ids, one, two = (list(column) for column in zip(*given_rows, strict=True)) if given_rows else ([],) * 4
    return pa.table(
        {
            "household_id": pa.ExtensionArray.from_storage(pa.uuid(), pa.array(ids, pa.binary(16))),
            "village": pa.array(villages, pa.int64()),
            "one": pa.array(one, pa.int8()),
            "two": pa.array(two, pa.int8()),
        }
    )


def verdicts(given_rows: Rows) -> Verdicts:
    return from_arrow("household", CRITERIA, table(given_rows))


@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(given_rows: Rows, random: object):
    shuffled = list(given_rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert verdicts(shuffled).digest == verdicts(sorted(given_rows, key=lambda row: row[:2])).digest


@pytest.mark.parametrize("pieces", [1, 2, 7, 40, 3000])
def test_sorted_pieces_in_any_order_are_sorted(pieces: int):
    whole = sorted((VILLAGES[n % 4], n.to_bytes(16), n % 2, None) for n in range(6000))
    cut = [whole[start : start + 6000 // pieces] for start in range(0, 6000, 6000 // pieces)]
    found = verdicts([row for piece in reversed(cut) for row in piece])
    expected = verdicts(whole)
    assert np.array_equal(found.ids, expected.ids)
    assert np.array_equal(found.results, expected.results)
    assert found.digest == expected.digest


@pytest.mark.parametrize("rounds", [1, 5])
def test_pieces_that_lie_between_those_of_another_thread_are_sorted(rounds: int):
    """One thread had the rows 0 … 99 and 200 … 299 of a village, another those between."""
    whole = sorted((VILLAGES[n // 3000], n.to_bytes(16), n % 2, None) for n in range(6000))
    mixed: list[tuple[object, ...]] = []
    for start in range(0, 6000, 300 * rounds):
        piece = whole[start : start + 300 * rounds]
        mixed += [row for place, row in enumerate(piece) if place // 100 % 2 == 0]
        mixed += [row for place, row in enumerate(piece) if place // 100 % 2 == 1]
    found = verdicts(mixed)
    assert found.ids.tolist() == [list(row[1]) for row in whole]
    assert found.digest == verdicts(whole).digest


@given(rows)
def test_one_changed_result_changes_the_digest(given_rows: Rows):
    if not given_rows:
        return
    first = given_rows[0]
    changed = (*first[:3], 1 if first[3] is None else None)
    assert verdicts([changed, *given_rows[1:]]).digest != verdicts(given_rows).digest


@given(rows)
def test_counties_together_are_the_whole_and_counts_sum_upwards(given_rows: Rows):
    whole = verdicts(given_rows)
    parts = by_county(whole, (621223, 621224))
    assert [row[0] // 10**6 for row in sorted(given_rows)] == [part.county for part in parts for _ in range(len(part))]
    levels = {counts.level: counts for counts in roll_up([count(part) for part in parts], 0)}
    assert set(levels) == {0, 1, 2, 3, 4, 5}
    for level, counts in levels.items():
        for k in (0, 1):
            for number in range(len(counts.divisions)):
                code = int(counts.divisions[number])
                inside = [
                    row[2 + k] for row in given_rows if row[0] // SPAN_OF_LEVEL[level] * SPAN_OF_LEVEL[level] == code
                ]
                found = (counts.met[number, k], counts.not_met[number, k], counts.unknown[number, k])
                assert found == (inside.count(1), inside.count(0), inside.count(None))


def test_verdicts_outside_the_counties_are_a_defect():
    with pytest.raises(ValueError, match="outside the counties"):
        by_county(verdicts([(VILLAGES[3], bytes(16), 1, 1)]), (621223,))


def test_every_unit_has_a_level_and_a_code_tells_its_own():
    assert set(LEVEL_OF_UNIT) == set(UNIT_NAMES)
    assert [level_of(code) for code in (0, 620000000000, 621200000000, 621223000000, 621223100000, 621223100201)] == [
        0,
        1,
        2,
        3,
        4,
        5,
    ]
    assert UNKNOWN not in (0, 1)
