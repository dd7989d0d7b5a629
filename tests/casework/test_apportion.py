"""Splitting whole persons by weights: known tables, and what holds for all numbers. 演示数据"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lika.casework.apportion import CannotSplit, Method, Part, room_of, split

HAMILTON, WEBSTER = Method.LARGEST_REMAINDER, Method.WEBSTER


def parts_of(weights: tuple[int, ...], caps: tuple[int | None, ...] | None = None) -> list[Part]:
    return [
        Part(f"{number:02}", weight, cap)
        for number, (weight, cap) in enumerate(zip(weights, caps or (None,) * len(weights), strict=True))
    ]


@pytest.mark.parametrize(
    ("weights", "total", "method", "shares"),
    [
        # Balinski and Young
        ((5117, 4400, 162, 161, 160), 100, HAMILTON, [51, 44, 2, 2, 1]),
        ((5117, 4400, 162, 161, 160), 100, WEBSTER, [51, 43, 2, 2, 2]),
        ((9061, 7179, 5259, 3319, 1182), 26, HAMILTON, [9, 7, 5, 4, 1]),
        ((9061, 7179, 5259, 3319, 1182), 26, WEBSTER, [9, 8, 5, 3, 1]),
        ((47000, 16000, 15900, 12000, 6000, 3100), 10, HAMILTON, [5, 2, 1, 1, 1, 0]),
        ((14, 28, 7, 35), 12, HAMILTON, [2, 4, 1, 5]),
        ((0, 14, 28, 0, 0), 6, HAMILTON, [0, 2, 4, 0, 0]),
        # Equal claims: the larger weight, then the smaller code.
        ((11, 11, 11), 4, HAMILTON, [2, 1, 1]),
        ((2, 1, 1, 2, 2), 2, HAMILTON, [1, 0, 0, 1, 0]),
        ((11, 11, 11), 4, WEBSTER, [2, 1, 1]),
        ((3, 0), 0, WEBSTER, [0, 0]),
    ],
)
def test_known_splits(weights: tuple[int, ...], total: int, method: Method, shares: list[int]) -> None:
    assert list(split(total, parts_of(weights), method).values()) == shares


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize(("caps", "shares"), [((3, 10, 10), [3, 4, 3]), ((3, 3, 10), [3, 3, 4])])
def test_who_is_full_takes_no_more(method: Method, caps: tuple[int, ...], shares: list[int]) -> None:
    assert list(split(10, parts_of((50, 30, 20), caps), method).values()) == shares


def test_one_more_in_all_may_cost_a_part_one_by_the_largest_remainder_and_never_by_webster() -> None:
    """The Alabama paradox."""
    parts = parts_of((6, 6, 2))
    assert [list(split(total, parts, HAMILTON).values()) for total in (10, 11)] == [[4, 4, 2], [5, 5, 1]]
    assert [list(split(total, parts, WEBSTER).values()) for total in (10, 11)] == [[5, 4, 1], [5, 5, 1]]


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize(
    ("weights", "caps", "room"),
    [((0, 0), None, 0), ((), None, 0), ((3, 5), (1, 2), 3), ((3, 0), (1, 100), 1)],
)
def test_what_does_not_fit_is_refused_and_says_how_much_would(method, weights, caps, room) -> None:
    with pytest.raises(CannotSplit) as refused:
        split(room + 1, parts_of(weights, caps), method)
    assert refused.value.room == room
    assert sum(split(room, parts_of(weights, caps), method).values()) == room


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize(("total", "weight", "cap"), [(-1, 1, None), (1, -1, None), (1, 1, -1)])
def test_nothing_is_negative(method, total, weight, cap) -> None:
    with pytest.raises(ValueError, match="not negative"):
        split(total, [Part("01", weight, cap)], method)


@st.composite
def shares_asked(draw: st.DrawFn, *, capped: bool = True) -> tuple[int, list[Part]]:
    """A number and parts that it fits into."""
    weights = draw(st.lists(st.integers(0, 10_000), min_size=1, max_size=12).filter(any))
    caps = st.none() | st.integers(0, 400) if capped else st.none()
    parts = [Part(f"{number:02}", weight, draw(caps)) for number, weight in enumerate(weights)]
    room = room_of(parts)
    return draw(st.integers(0, 2_000 if room is None else min(room, 2_000))), parts


METHODS = st.sampled_from(Method)


@given(shares_asked(), METHODS)
def test_the_sum_is_exact_and_caps_are_kept(asked: tuple[int, list[Part]], method: Method) -> None:
    total, parts = asked
    shares = split(total, parts, method)
    assert sum(shares.values()) == total
    assert shares.keys() == {part.code for part in parts}
    assert all(0 <= shares[part.code] <= (total if part.cap is None else part.cap) for part in parts)
    assert all(shares[part.code] == 0 for part in parts if not part.weight)


@given(shares_asked(), METHODS, st.randoms(use_true_random=False))
def test_the_order_in_which_parts_are_given_changes_nothing(asked, method: Method, random) -> None:
    total, parts = asked
    mixed = random.sample(parts, len(parts))
    assert split(total, mixed, method) == split(total, parts, method)


@given(shares_asked(capped=False), METHODS)
def test_a_larger_weight_never_takes_less(asked, method: Method) -> None:
    total, parts = asked
    shares = split(total, parts, method)
    by_weight = sorted(parts, key=lambda part: (part.weight, shares[part.code]))
    assert [shares[part.code] for part in by_weight] == sorted(shares.values())


@given(shares_asked(capped=False))
def test_the_largest_remainder_stays_within_one_person_of_the_exact_share(asked) -> None:
    total, parts = asked
    whole, shares = sum(part.weight for part in parts), split(total, parts, HAMILTON)
    assert all(abs(shares[part.code] * whole - part.weight * total) < whole for part in parts)


@given(shares_asked())
def test_webster_lowers_nobody_when_the_number_is_raised(asked) -> None:
    total, parts = asked
    room = room_of(parts)
    if room is None or total < room:
        before, after = split(total, parts, WEBSTER), split(total + 1, parts, WEBSTER)
        assert sorted(after[code] - before[code] for code in before) == [0] * (len(before) - 1) + [1]


@given(shares_asked(capped=False))
def test_webster_rounds_every_share_at_the_half(asked) -> None:
    """Nobody has a better claim to a person than whoever has them: the mark of Webster's method."""
    total, parts = asked
    shares = split(total, parts, WEBSTER)
    for taker in parts:
        for holder in parts:
            if shares[holder.code]:
                better = taker.weight * (2 * shares[holder.code] - 1) > holder.weight * (2 * shares[taker.code] + 1)
                assert not better
