"""Who comes within a village's number, household by household. 演示数据"""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lika.casework.whole_households import Candidate, Chosen, Crossing, choose


def order_of(*persons: int) -> list[Candidate]:
    return [Candidate(UUID(int=number), each) for number, each in enumerate(persons)]


@pytest.mark.parametrize(
    ("persons", "quota", "crossing", "taken"),
    [
        ((4, 3, 2), 9, Crossing.LEFT, [4, 3, 2]),
        ((4, 3, 2), 7, Crossing.TAKEN, [4, 3]),  # reached exactly: nobody crosses
        ((4, 3, 2), 8, Crossing.LEFT, [4, 3]),
        ((4, 3, 2), 8, Crossing.TAKEN, [4, 3, 2]),
        ((4, 5, 1), 6, Crossing.LEFT, [4]),  # the third would fit and does not overtake the second
        ((4, 5, 1), 6, Crossing.TAKEN, [4, 5]),
        ((4,), 3, Crossing.LEFT, []),
        ((4,), 0, Crossing.TAKEN, []),
        ((), 3, Crossing.TAKEN, []),
    ],
)
def test_who_is_taken(persons: tuple[int, ...], quota: int, crossing: Crossing, taken: list[int]) -> None:
    order = order_of(*persons)
    found = choose(order, quota, crossing)
    assert found == Chosen(order[: len(taken)], order[len(taken) :])
    assert ([candidate.persons for candidate in found.taken], found.persons) == (taken, sum(taken))


@pytest.mark.parametrize("crossing", Crossing)
def test_what_is_no_order(crossing: Crossing) -> None:
    for order, quota in ((order_of(0), 1), (order_of(1), -1), (order_of(1) * 2, 2)):
        with pytest.raises(ValueError, match=r"negative|stands once"):
            choose(order, quota, crossing)


ORDERS = st.lists(st.integers(1, 9), max_size=30).map(lambda persons: order_of(*persons))
QUOTAS = st.integers(0, 120)


@given(ORDERS, QUOTAS, st.sampled_from(Crossing))
def test_no_household_is_split_lost_or_overtaken(order: list[Candidate], quota: int, crossing: Crossing) -> None:
    found = choose(order, quota, crossing)
    assert [*found.taken, *found.left] == order


@given(ORDERS, QUOTAS)
def test_the_number_is_passed_only_where_the_one_that_crosses_is_taken(order: list[Candidate], quota: int) -> None:
    left, taken = choose(order, quota, Crossing.LEFT), choose(order, quota, Crossing.TAKEN)
    assert left.persons <= quota
    assert len(taken.taken) - len(left.taken) in (0, 1)
    if left.left:
        assert left.persons == quota or left.persons + left.left[0].persons > quota
    if taken.persons > quota:
        assert taken.persons - taken.taken[-1].persons < quota


@given(ORDERS, QUOTAS, st.sampled_from(Crossing))
def test_a_larger_number_takes_nobody_out(order: list[Candidate], quota: int, crossing: Crossing) -> None:
    before, after = choose(order, quota, crossing), choose(order, quota + 1, crossing)
    assert list(after.taken[: len(before.taken)]) == list(before.taken)
