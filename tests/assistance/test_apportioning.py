"""The balanced assignment: exact answers for small ones, what always holds for any. 演示数据"""

from collections import Counter
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from lika.assistance.apportioning import Place, Waiting, assigned


def place(number: int, *villages: int, has: int = 0, most: int | None = None) -> Place:
    return Place(UUID(int=number), frozenset(villages), has, most)


def waiting(number: int, village: int, rank: int = 0) -> Waiting:
    return Waiting(UUID(int=100 + number), village, rank)


def told(pairs: dict[UUID, UUID]) -> dict[int, int]:
    return {household.int - 100: helper.int for household, helper in pairs.items()}


def test_households_go_to_the_units_of_their_village() -> None:
    helpers = [place(1, 11, most=2), place(2, 22, most=2)]
    households = [waiting(1, 22), waiting(2, 11), waiting(3, 22), waiting(4, 11)]
    assert told(assigned(helpers, households)) == {1: 2, 2: 1, 3: 2, 4: 1}


def test_whoever_has_few_comes_first() -> None:
    helpers = [place(1, 11, has=3), place(2, 11, has=0)]
    assert Counter(told(assigned(helpers, [waiting(n, 11) for n in range(5)])).values()) == {2: 4, 1: 1}


def test_where_places_are_few_the_greatest_need_comes_first() -> None:
    households = [waiting(1, 11, rank=2), waiting(2, 11, rank=0), waiting(3, 11, rank=1)]
    assert told(assigned([place(1, 11, most=2)], households)) == {2: 1, 3: 1}


def test_a_place_elsewhere_is_better_than_none() -> None:
    assert told(assigned([place(1, 22, most=1)], [waiting(1, 11)])) == {1: 1}
    assert assigned([], [waiting(1, 11)]) == {}
    assert assigned([place(1, 11, has=4, most=4)], [waiting(1, 11)]) == {}


PLACES = st.lists(
    st.builds(
        lambda villages, has, most: (villages, has, most),
        st.frozensets(st.integers(1, 4), max_size=2),
        st.integers(0, 3),
        st.none() | st.integers(0, 5),
    ),
    max_size=5,
)


@given(PLACES, st.lists(st.integers(1, 4), max_size=12), st.randoms())
def test_nobody_gets_more_than_their_rank_takes_and_the_order_does_not_matter(rows, villages, random) -> None:
    helpers = [Place(UUID(int=n), of, has, most) for n, (of, has, most) in enumerate(rows)]
    households = [waiting(n, village, rank=n) for n, village in enumerate(villages)]
    pairs = assigned(helpers, households)
    loads = Counter(pairs.values())
    assert all(one.most is None or loads[one.helper] <= max(0, one.most - one.has) for one in helpers)
    room = any(one.most is None for one in helpers) or sum(max(0, (one.most or 0) - one.has) for one in helpers)
    if room is True:
        assert len(pairs) == len(households)
    else:
        assert len(pairs) == min(room, len(households))
        assert set(pairs) == {each.household for each in households[: len(pairs)]}
    shuffled = helpers[:], households[:]
    for each in shuffled:
        random.shuffle(each)
    assert assigned(*shuffled) == pairs
