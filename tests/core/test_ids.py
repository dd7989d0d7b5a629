"""Identifiers: version, time, order."""

import time
from itertools import pairwise
from uuid import RFC_4122

import pytest

from lika.core.ids import uuid7, uuid7_batch


def test_an_identifier_is_a_version_7_of_this_moment():
    before = time.time_ns() // 1_000_000
    made = uuid7()
    after = time.time_ns() // 1_000_000

    assert (made.version, made.variant) == (7, RFC_4122)
    assert before <= made.int >> 80 <= after


def test_identifiers_ascend_within_a_millisecond_and_across_batches():
    made = [uuid7() for _ in range(2_000)] + uuid7_batch(5_000) + [uuid7()] + uuid7_batch(3)

    assert all(left < right for left, right in pairwise(made))
    assert {(identifier.version, identifier.variant) for identifier in made} == {(7, RFC_4122)}


@pytest.mark.parametrize("count", [0, 1, 70_000])
def test_a_batch_has_as_many_as_asked(count):
    made = uuid7_batch(count)

    assert len(made) == len(set(made)) == count
