"""A village's number among whole households: the line in the list, and the guard before the announcement. 演示数据"""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from threading import Event
from types import SimpleNamespace

import pytest
from django.db import transaction

from lika.casework.actions import moving
from lika.casework.actions.guarding_quotas import announced_within_the_number, within_the_number
from lika.casework.choices import CampaignState
from lika.casework.models import Batch, Campaign, Case, Quota
from lika.casework.queries.cases import procedure_of
from lika.casework.queries.quota_lines import quota_line, quota_of
from lika.core.errors import UserError
from lika.divisions.models import Division
from tests import factories as make
from tests.at_once import at_once
from tests.casework.going import COUNTY, VILLAGE, begun, place, sign, standing_at
from tests.casework.test_faults import until_somebody_waits

pytestmark = pytest.mark.django_db


def numbered(persons: int, households: int = 3) -> Batch:
    """A batch whose village has a locked number; its households have two members each."""
    batch = begun(place(households))
    Quota.objects.create(
        campaign=batch.campaign, division=Division.objects.get(code=VILLAGE), number=int(VILLAGE), allocated=persons,
        parent=Quota.objects.get(campaign=batch.campaign, parent=None),
    )  # fmt: skip
    Campaign.objects.update(state=CampaignState.LOCKED)
    return Batch.objects.select_related("campaign").get(pk=batch.pk)


@pytest.mark.parametrize(("persons", "rule", "within", "crossing", "beyond"), [
    (6, None, 6, None, []), (5, None, 4, 2, []), (4, None, 4, None, [2]), (3, None, 2, 1, [2]),
    (0, None, 0, None, [0, 1, 2]), (5, True, 4, 2, []), (3, True, 2, 1, [2]), (5, False, 4, None, [2]),
    (3, False, 2, None, [1, 2]), (6, False, 6, None, []),
])  # fmt: skip
def test_the_line_never_splits_a_household(persons, rule, within, crossing, beyond):
    batch = numbered(persons)
    cases = list(Case.objects.order_by("number"))
    assert quota_of(batch) == persons
    line = quota_line(persons, cases, rule)
    assert (line.persons, line.crossing, line.by_rule, sorted(map(str, line.beyond))) == (
        within, None if crossing is None else cases[crossing].pk, rule is True,
        sorted(str(cases[each].pk) for each in beyond),
    )  # fmt: skip


def entering(batch: Batch, cases: list[Case], rule: bool | None = None) -> None:
    procedure = replace(procedure_of(batch), crossing=rule)
    standing = SimpleNamespace(batch=batch, procedure=procedure)
    within_the_number(standing, procedure.stage("announcement"), cases)


def test_nobody_beyond_the_number_comes_to_the_announcement():
    batch = numbered(3)
    cases = list(Case.objects.order_by("number"))
    with pytest.raises(UserError) as caught:
        entering(batch, cases)
    assert caught.value.code == "CAS-059"
    with pytest.raises(UserError) as caught:
        entering(batch, cases[:2], rule=False)
    assert caught.value.code == "CAS-059"
    entering(batch, cases[:1], rule=False)
    entering(batch, cases[:2])
    Case.objects.filter(pk__in=[each.pk for each in cases[:2]]).update(state="done")
    with pytest.raises(UserError):
        entering(batch, cases[2:])


def announcing(batch: Batch, cases: list[Case]) -> None:
    procedure = procedure_of(batch)
    announced_within_the_number(
        SimpleNamespace(batch=batch, procedure=procedure, stage=procedure.stage("announcement")), cases
    )


def test_who_has_more_persons_since_is_asked_again_when_announced():
    batch = standing_at(numbered(4, households=2), "announcement")
    first, second = Case.objects.order_by("number")
    announcing(batch, [first, second])
    Case.objects.filter(pk=first.pk).update(persons=4)
    announcing(batch, [first])
    with pytest.raises(UserError) as caught:
        announcing(batch, [first, second])
    assert (caught.value.code, second.number in str(caught.value)) == ("CAS-059", True)
    # The second was announced by itself before the first grew: now it is the first that passes the number.
    Case.objects.filter(pk=second.pk).update(decided_on=dt.date(2014, 12, 31), stage="handbook")
    with pytest.raises(UserError) as caught:
        announcing(batch, [first])
    assert (caught.value.code, first.number in str(caught.value)) == ("CAS-059", True)


@pytest.mark.django_db(transaction=True)
def test_of_two_batches_of_a_village_at_once_the_second_counts_the_first():
    first = numbered(2, households=2)
    county = make.make_actor(COUNTY, name="county")
    sign(standing_at(first, "county_review"))
    with transaction.atomic():
        standing = moving.take(county, first.pk)
        second = moving.put_apart(standing, standing.open[:1], "county_review")
    entered, ready = Event(), Event()

    def enter(batch: Batch, then: Callable[[], object]) -> None:
        with transaction.atomic():
            moving.passed(moving.take(county, batch.pk), action="case.test")
            then()

    def one() -> None:
        enter(first, lambda: (entered.set(), ready.wait()))

    def another() -> None:
        entered.wait()
        enter(second, lambda: None)

    def commits_when_the_second_waits() -> None:
        entered.wait()
        until_somebody_waits()
        ready.set()

    assert at_once(one, another, commits_when_the_second_waits) == ["CAS-059", "done", "done"]
    assert sorted(Batch.objects.filter(number=int(VILLAGE)).values_list("stage", flat=True)) == [
        "announcement", "county_review",
    ]  # fmt: skip


def test_numbers_that_are_not_locked_hold_nobody_back():
    batch = numbered(0)
    Campaign.objects.update(state=CampaignState.OPEN)
    batch.campaign.refresh_from_db()
    assert quota_of(batch) is None
    entering(batch, list(Case.objects.all()))
