"""Areas as ranges of village codes."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lika.core.areas import EVERYWHERE, NOWHERE, Area, range_of

CODES = st.sampled_from([62, 6212, 621223, 621223100, 621223100201, 621202, 63, 621223101]).map(str)
VILLAGES = st.sampled_from([621223100201, 621223100202, 621223101200, 621202100201, 630102001001, 610102001001])


@pytest.mark.parametrize(
    ("code", "low", "high"),
    [
        ("62", 620000000000, 629999999999),
        ("621200000000", 621200000000, 621299999999),
        ("621223", 621223000000, 621223999999),
        ("621223100", 621223100000, 621223100999),
        ("621223100201", 621223100201, 621223100201),
        ("110000000000", 110000000000, 119999999999),
    ],
)
def test_a_code_covers_every_village_that_shares_its_digits(code, low, high):
    assert range_of(code) == (low, high)


@pytest.mark.parametrize("text", ["", "6", "622", "62122", "62122310020a", "６２", "6212231002011", " 62"])
def test_what_is_no_code_is_refused_without_repeating_it(text):
    with pytest.raises(ValueError, match=f"not a division code: {len(text)} characters"):
        range_of(text)


def test_overlapping_and_neighbouring_codes_become_one_range():
    assert Area.of(["621223100201", "621223", "62122310"[:9] + "1"]).ranges == ((621223000000, 621223999999),)
    assert Area.of(["621223100201", "621223100202"]).ranges == ((621223100201, 621223100202),)
    assert Area.of([]) == NOWHERE


def test_an_area_covers_a_division_only_whole():
    county = Area.of(["621223"])

    assert (county.covers("621223100"), county.covers("6212"), county.covers("621202")) == (True, False, False)
    assert (bool(NOWHERE), bool(EVERYWHERE), EVERYWHERE.covers("62")) == (False, True, True)


@given(left=st.lists(CODES), right=st.lists(CODES), village=VILLAGES)
def test_the_meeting_of_two_areas_holds_what_both_hold(left, right, village):
    one, other = Area.of(left), Area.of(right)

    assert (village in one.meet(other)) == (village in one and village in other)
    assert one.meet(other) == other.meet(one)


@given(codes=st.lists(CODES), village=VILLAGES)
def test_an_area_holds_a_village_where_one_of_its_codes_does(codes, village):
    assert (village in Area.of(codes)) == any(low <= village <= high for low, high in map(range_of, codes))


@given(codes=st.lists(CODES))
def test_the_ranges_of_an_area_are_sorted_and_apart(codes):
    ranges = Area.of(codes).ranges

    assert all(left[1] + 1 < right[0] for left, right in pairwise(ranges))
