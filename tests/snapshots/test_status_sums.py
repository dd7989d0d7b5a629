"""Households by poverty status are summed with each screening: what home pages tell the course of figures by.

演示数据
"""

import datetime as dt

import pytest

from lika.core.actors import SystemActor
from lika.policy.packs.resolved import ResolvedPack
from lika.register.choices import Axis, PovertyStatus
from lika.snapshots import actions
from lika.snapshots.models import Screening, StatusRollUp
from lika.snapshots.queries import ByStatus, Counts, statuses_over_time
from lika.snapshots.status_sums import COLUMNS
from lika.snapshots.verifying import verify
from tests import factories as make
from tests.snapshots.conftest import Register

pytestmark = pytest.mark.django_db(transaction=True)

POOR, EXITED = PovertyStatus.POOR.value, PovertyStatus.EXITED.value
LATER = dt.date(2017, 6, 30)


def stored(found: Screening) -> list[tuple[object, ...]]:
    return list(found.status_rollups.order_by("level", "division", "status").values_list(*COLUMNS))


def screen_later(actor: SystemActor, pack: ResolvedPack) -> Screening:
    taken = actions.take(by=actor, at=LATER, year=make.YEAR, division=make.COUNTY)
    return actions.screen(by=actor, snapshot=taken.pk, pack=pack)


def leave_poverty(register: Register) -> None:
    make.make_status(register.rich, Axis.POVERTY, EXITED, on=dt.date(2017, 3, 1), before=POOR)


def test_every_division_is_summed_by_status(
    screened: Screening, register: Register, actor: SystemActor, pack: ResolvedPack
):
    county, township, village, other = map(int, (make.COUNTY, make.TOWNSHIP, make.VILLAGE, make.OTHER_VILLAGE))
    assert stored(screened) == [
        (county, 3, POOR, 7, 2, 1, 1), (township, 4, POOR, 7, 2, 1, 1), (village, 5, POOR, 4, 1, 1, 0),
        (other, 5, POOR, 3, 1, 0, 1),
    ]  # fmt: skip
    leave_poverty(register)
    assert stored(screen_later(actor, pack)) == [
        (county, 3, POOR, 4, 1, 1, 1), (county, 3, EXITED, 3, 1, 0, 0),
        (township, 4, POOR, 4, 1, 1, 1), (township, 4, EXITED, 3, 1, 0, 0),
        (village, 5, POOR, 1, 0, 1, 0), (village, 5, EXITED, 3, 1, 0, 0), (other, 5, POOR, 3, 1, 0, 1),
    ]  # fmt: skip


def test_the_course_tells_the_last_screening_of_each_time_point(
    screened: Screening, register: Register, actor: SystemActor, pack: ResolvedPack
):
    leave_poverty(register)
    screen_later(actor, pack)
    StatusRollUp.objects.filter(screening=screen_later(actor, pack), level=5, status=POOR).update(persons=2)
    found = statuses_over_time(actor, pack.id, make.VILLAGE)
    assert found == [
        ByStatus(make.AT, make.YEAR, {POOR: Counts(1, 1, 0)}, {POOR: 4}),
        ByStatus(LATER, make.YEAR, {POOR: Counts(0, 1, 0), EXITED: Counts(1, 0, 0)}, {POOR: 2, EXITED: 3}),
    ]
    assert [(each.at, each.persons) for each in statuses_over_time(actor, pack.id, make.COUNTY)] == [
        (make.AT, {POOR: 7}), (LATER, {POOR: 4, EXITED: 3}),
    ]  # fmt: skip


def test_trial_runs_and_other_areas_are_left_out(screened: Screening, actor: SystemActor, pack: ResolvedPack):
    Screening.objects.filter(pk=screened.pk).update(what_if=True)
    assert list(statuses_over_time(actor, pack.id, make.COUNTY)) == []
    Screening.objects.filter(pk=screened.pk).update(what_if=False)
    assert len(statuses_over_time(actor, pack.id, make.COUNTY)) == 1
    assert list(statuses_over_time(make.make_actor(make.VILLAGE), pack.id, make.COUNTY)) == []


def test_a_changed_sum_is_found_and_one_that_was_never_kept_is_not_missed(screened: Screening):
    assert verify(screened).faults == ()
    StatusRollUp.objects.filter(screening=screened, level=5).update(met=9)
    assert [(fault.code, fault.where) for fault in verify(screened).faults] == [("SCR-038", {"division": make.VILLAGE})]
    StatusRollUp.objects.filter(screening=screened).delete()
    assert verify(screened).faults == ()
