"""Divisions are shown as people say them."""

import pytest

from lika.console.names import place_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("石磊村村民委员会", "石磊村"),
        ("石磊村民委员会", "石磊村"),
        ("城关社区居民委员会", "城关社区"),
        ("宕昌县", "宕昌县"),
        ("居民委员会", "居民委员会"),
        ("官亭镇", "官亭镇"),
    ],
)
def test_the_committee_is_left_out(name: str, shown: str):
    assert place_name(name) == shown
