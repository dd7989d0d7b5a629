"""Divisions are shown as people say them."""

import pytest

from lika.console.names import path_name, place_name


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


def test_every_step_of_a_path_is_shown_as_people_say_it():
    assert path_name("甘肃省 宕昌县 城关镇 石磊村村民委员会") == "甘肃省 宕昌县 城关镇 石磊村"
