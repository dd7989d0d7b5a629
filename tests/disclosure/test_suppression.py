"""Nothing hidden can be worked out from what is shown: a golden table, and an opponent who tries. 演示数据"""

from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lika.disclosure.suppression import Place, Shown, shown

Table = Mapping[int, tuple[int, ...]]
NOTHING = (None, None, None, None)


def village(code: int, met: int, not_met: int, unknown: int = 0) -> Place:
    return Place(code, (met + not_met + unknown, met, not_met, unknown))


def above(code: int, *below: Place) -> Place:
    """A place that holds what those below it hold."""
    return Place(code, tuple(map(sum, zip(*(one.counts for one in below), strict=True))), below)


def test_a_table_without_small_counts_is_shown_as_it_is():
    top = above(1, village(11, 10, 20, 0), village(12, 3, 9, 4))
    assert shown(top, smallest=3) == {1: (46, 13, 29, 4), 11: (30, 10, 20, 0), 12: (16, 3, 9, 4)}


def test_a_small_count_takes_its_line_and_the_smallest_neighbour_along():
    top = above(1, village(11, 2, 20), village(12, 30, 40), village(13, 5, 6))
    assert shown(top, smallest=3) == {
        1: (103, 37, 66, 0),
        11: (None, None, None, 0),  # no household of the county is unknown: that is seen anyway
        12: (70, 30, 40, 0),
        13: (None, None, None, 0),
    }


def test_two_hidden_lines_that_hold_a_small_count_together_take_a_third_along():
    top = above(1, village(11, 1, 20), village(12, 1, 30), village(13, 50, 60), village(14, 40, 40))
    assert shown(top, smallest=3) == {
        1: (242, 92, 150, 0),
        11: (None, None, None, 0),
        12: (None, None, None, 0),
        13: (110, 50, 60, 0),
        14: (None, None, None, 0),
    }


def test_a_place_whose_villages_cannot_hide_each_other_is_hidden_with_them():
    poor, rich = above(10, village(101, 1, 9)), above(20, village(201, 20, 30), village(202, 8, 9))
    assert shown(above(1, poor, rich, above(30, village(301, 50, 50))), smallest=3) == {
        1: (177, 79, 98, 0),
        10: (None, None, None, 0),
        101: (None, None, None, 0),
        20: (None, None, None, 0),  # the smaller neighbour
        201: (None, None, None, 0),
        202: (None, None, None, 0),
        30: (100, 50, 50, 0),
        301: (100, 50, 50, 0),
    }


def test_where_nothing_can_hide_it_nothing_is_shown():
    assert shown(above(1, village(11, 1, 9)), smallest=3) == {1: NOTHING, 11: NOTHING}


def test_the_threshold_is_the_caller_s():
    top = above(1, village(11, 4, 20), village(12, 30, 40), village(13, 50, 60))
    assert {code: None in line for code, line in shown(top, smallest=5).items()} == {1: 0, 11: 1, 12: 1, 13: 0}
    assert [line for line in shown(top, smallest=4).values() if None in line] == []


# The opponent

counts = st.integers(0, 3) | st.integers(0, 40)


@st.composite
def counties(draw: st.DrawFn) -> Place:
    """A county of up to five townships of up to five villages; small counts and empty columns are common."""
    unknown = draw(st.booleans())
    codes = iter(range(1000))

    def one_village() -> Place:
        return village(next(codes), draw(counts), draw(counts), draw(counts) if unknown else 0)

    townships = [
        above(next(codes), *[one_village() for _ in range(draw(st.integers(1, 5)))])
        for _ in range(draw(st.integers(1, 5)))
    ]
    return above(next(codes), *townships)


def each(place: Place) -> Iterator[Place]:
    yield place
    for child in place.below:
        yield from each(child)


def counted_anew(place: Place, leaves: Table) -> Table:
    """The whole table when the villages hold these numbers."""
    below = [counted_anew(child, leaves) for child in place.below]
    table = {code: line for part in below for code, line in part.items()}
    own = (
        tuple(map(sum, zip(*(table[child.code] for child in place.below), strict=True)))
        if place.below
        else leaves[place.code]
    )
    return {**table, place.code: own}


def agrees(table: Table, published: Mapping[int, Shown]) -> bool:
    """Whether a table could be the true one, as far as the publication tells."""
    return all(
        seen is None or seen == count
        for code, line in published.items()
        for seen, count in zip(line, table[code], strict=True)
    )


def other_worlds(top: Place, published: Mapping[int, Shown], code: int) -> tuple[Table, Table]:
    """Two tables: the hidden villages' households are all at the place, or all at others that are hidden with it."""
    parents = {child.code: place for place in each(top) for child in place.below}
    truth = {place.code: place.counts for place in each(top)}

    def shown_above(one: int) -> int | None:
        while None in published[one]:
            if one not in parents:
                return None
            one = parents[one].code
        return one

    def inside(one: int) -> bool:
        while one != code and one in parents:
            one = parents[one].code
        return one == code

    group = [
        place.code
        for place in each(top)
        if not place.below and None in published[place.code] and shown_above(place.code) == shown_above(code)
    ]
    here = next(one for one in group if inside(one))
    there = next(one for one in group if not inside(one))
    worlds = []
    for taker in (here, there):
        leaves = {place.code: place.counts for place in each(top) if not place.below}
        summed = tuple(map(sum, zip(*(truth[one] for one in group), strict=True)))
        leaves |= {one: tuple(0 for _ in summed) for one in group} | {taker: summed}
        worlds.append(counted_anew(top, leaves))
    return worlds[0], worlds[1]


@given(counties(), st.integers(2, 6))
def test_nothing_hidden_can_be_worked_out(top: Place, smallest: int):
    """For each hidden number there are two tables that agree with all that is shown and differ by a household count
    that would itself be shown: whoever knows the publication alone cannot tell them apart."""
    published = shown(top, smallest=smallest)
    if None in published[top.code]:
        assert all(None in line for line in published.values())  # then nothing is published at all
        return
    for code, line in published.items():
        for column in [column for column, seen in enumerate(line) if seen is None]:
            one, other = other_worlds(top, published, code)
            assert agrees(one, published)
            assert agrees(other, published)
            assert one[code][column] - other[code][column] >= smallest


@given(counties(), st.integers(2, 6))
def test_what_is_shown_is_true_and_never_small(top: Place, smallest: int):
    published = shown(top, smallest=smallest)
    truth = {place.code: place.counts for place in each(top)}
    assert agrees(truth, published)
    assert [seen for line in published.values() for seen in line if seen is not None and 0 < seen < smallest] == []


@given(counties())
def test_no_line_is_hidden_without_a_small_count(top: Place):
    smallest_there = min((count for place in each(top) for count in place.counts if count), default=1)
    assert [line for line in shown(top, smallest=smallest_there).values() if None in line] == []


@pytest.mark.parametrize("smallest", [1, 3])
def test_a_county_without_households_shows_zeros(smallest: int):
    assert shown(above(1, village(11, 0, 0)), smallest=smallest) == {1: (0, 0, 0, 0), 11: (0, 0, 0, 0)}
