"""Whole households listed by a locked reduction plan: planned to exit, within the village's number. 演示数据"""

import datetime as dt

import pytest

from lika.casework.actions import plan
from lika.casework.choices import CampaignKind, CampaignState
from lika.casework.models import Campaign, Quota
from lika.core.errors import PermissionRefused, UserError
from lika.core.permissions import Permission
from lika.divisions.models import Division
from lika.register.choices import PovertyStatus
from lika.register.models import StatusEvent
from tests import factories as make
from tests.casework.going import COUNTY, VILLAGE, Place, campaign, place

pytestmark = pytest.mark.django_db
LISTED = dt.date(2015, 3, 1)


def locked(at: Place, persons: int, *, year: int = 2015) -> Campaign:
    """A reduction plan with a number for the village, locked."""
    found = campaign(at, CampaignKind.REDUCTION, year=year)
    division = Division.objects.get(pk=VILLAGE)
    Quota.objects.create(
        campaign=found, parent=Quota.objects.get(campaign=found), division=division, number=division.number,
        proposed=persons, allocated=persons,
    )  # fmt: skip
    found.state = CampaignState.LOCKED
    found.save(update_fields=["state"])
    return found


def listed(at: Place, found: Campaign, *households, by=None, on: dt.date = LISTED) -> int:
    chosen = [each.id for each in households]
    return plan.list_for_exit(by=by or at.county, campaign=found.pk, households=chosen, listed_on=on)


def refusal(*given, **more) -> str:
    with pytest.raises(UserError) as caught:
        listed(*given, **more)
    return caught.value.code


def test_listed_households_are_planned_with_the_plan_as_decision():
    at = place(2, status=PovertyStatus.POOR)
    found = locked(at, 10)
    assert listed(at, found, *at.households) == 4
    rows = StatusEvent.objects.filter(to_status="21").values_list(
        "from_status", "effective_on", "decision_kind", "decision_id", "decision_label", "pack_version"
    )
    label = f"2015 reduction {COUNTY}"
    assert list(rows) == [("20", LISTED, "campaign", found.pk, label, found.pack)] * 2


def test_who_was_identified_in_an_earlier_year_counts_as_still_poor_first():
    at = place(1, status=PovertyStatus.IDENTIFIED)
    assert listed(at, locked(at, 10), *at.households) == 2
    moves = StatusEvent.objects.exclude(decision_id=None).order_by("effective_on")
    assert list(moves.values_list("from_status", "to_status", "effective_on")) == [
        ("10", "20", dt.date(2015, 1, 1)),
        ("20", "21", LISTED),
    ]


def test_who_was_identified_in_the_same_year_is_not_listed():
    at = place(1, status=PovertyStatus.IDENTIFIED)
    assert refusal(at, locked(at, 10, year=2014), *at.households, on=dt.date(2014, 12, 31)) == "CAS-116"


def test_who_is_not_poor_twice_named_or_out_of_sight_is_not_listed():
    at = place(2, status=PovertyStatus.POOR)
    found = locked(at, 10)
    gone = make.make_household(VILLAGE, number="JX800", members=2, poverty=PovertyStatus.EXITED)
    empty = make.make_household(VILLAGE, number="JX801", members=0, poverty=PovertyStatus.POOR)
    elsewhere = make.make_household(make.ELSEWHERE, number="GS1", poverty=PovertyStatus.POOR)
    for wrong in (gone, empty, elsewhere, at.households[0]):
        assert refusal(at, found, at.households[0], wrong) == "CAS-116"
    assert not StatusEvent.objects.filter(to_status="21").exists()


def test_the_number_is_passed_by_one_whole_household_at_most():
    at = place(3, status=PovertyStatus.POOR)
    found = locked(at, 3)
    assert refusal(at, found, *at.households) == "CAS-117"
    assert listed(at, found, *at.households[:2]) == 4
    assert refusal(at, found, at.households[2]) == "CAS-117"


def test_what_was_listed_before_counts():
    at = place(2, status=PovertyStatus.POOR)
    found = locked(at, 2)
    listed(at, found, at.households[0])
    assert refusal(at, found, at.households[1]) == "CAS-117"


def test_only_a_locked_reduction_plan_lists():
    at = place(1, status=PovertyStatus.POOR)
    found = locked(at, 10)
    Campaign.objects.filter(pk=found.pk).update(state=CampaignState.OPEN)
    assert refusal(at, found, *at.households) == "CAS-115"
    Campaign.objects.filter(pk=found.pk).update(state=CampaignState.LOCKED, kind=CampaignKind.IDENTIFICATION)
    assert refusal(at, found, *at.households) == "CAS-115"


def test_the_county_lists_and_not_who_only_looks():
    at = place(1, status=PovertyStatus.POOR)
    found = locked(at, 10)
    looks = make.make_actor(COUNTY, permissions=[Permission.CASEWORK_VIEW, Permission.REGISTER_VIEW])
    with pytest.raises(PermissionRefused):
        listed(at, found, *at.households, by=looks)
