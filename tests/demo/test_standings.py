"""The timetable of the demonstration's cases, held against the procedures of their packs. 演示数据"""

from itertools import pairwise

import pytest

from lika.demo.casework.standings import EXIT, IDENTIFICATION, VILLAGE_EXIT, Course
from lika.demo.places import DANGCHANG
from lika.policy.packs.checking import read_pack
from lika.policy.packs.library import Library

OF_HOUSEHOLDS = [IDENTIFICATION, EXIT]


def each_of(courses: list[Course]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("course", courses, ids=lambda course: course.procedure)


def stages(course: Course) -> list[str]:
    pack = read_pack(Library.shipped().folder(course.place.packs[1]))
    (procedure,) = [each for each in pack.procedures if each.id == course.procedure]
    return [stage.id for stage in procedure.stages]


@each_of(OF_HOUSEHOLDS)
def test_somebody_stands_at_every_stage_and_somebody_is_through(course: Course) -> None:
    assert {each.stage for each in course.standings} == {*stages(course), ""}


def test_villages_that_exit_stand_at_stages_of_their_procedure_and_are_drawn_as_such() -> None:
    assert {each.stage for each in VILLAGE_EXIT.standings} <= set(stages(VILLAGE_EXIT))
    assert {each.village for each in VILLAGE_EXIT.standings} == set(DANGCHANG.table["villages_to_exit"])


@each_of([*OF_HOUSEHOLDS, VILLAGE_EXIT])
def test_every_stage_is_left_on_a_day_of_its_own_one_after_the_other(course: Course) -> None:
    assert list(course.left) == stages(course)
    assert all(earlier > later for earlier, later in pairwise(course.left.values()))


@each_of([*OF_HOUSEHOLDS, VILLAGE_EXIT])
def test_what_hangs_is_posted_after_the_stage_before_and_for_long_enough(course: Course) -> None:
    """20 days hold 5 working days also around the Spring Festival; the day of posting is not counted."""
    order = stages(course)
    least = {"first_notice": 8, "second_notice": 8, "notice": 20, "announcement": 1}
    for stage, hung in course.hung.items():
        before = order[order.index(stage) - 1]
        assert course.left[before] > hung >= course.left[stage] + least[stage], stage
