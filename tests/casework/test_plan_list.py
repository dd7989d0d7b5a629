"""Whole households listed by a locked reduction plan: planned to exit, within the village's number. 演示数据"""

import datetime as dt
from dataclasses import replace

import pytest

from lika.casework.actions import cases as actions
from lika.casework.actions import plan
from lika.casework.choices import CampaignKind, CampaignState
from lika.casework.models import Campaign, Case, Quota
from lika.casework.queries import exit_lists
from lika.core import audit
from lika.core.errors import PermissionRefused, UserError
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.divisions.models import Division
from lika.register.choices import PovertyStatus
from lika.register.models import Household, StatusEvent
from tests import factories as make
from tests.casework.driving import loaded
from tests.casework.going import COUNTY, VILLAGE, Place, campaign, place, propose

pytestmark = pytest.mark.django_db
LISTED = dt.date(2015, 3, 1)


def locked(at: Place, persons: int, *, year: int = 2015, **given: object) -> Campaign:
    """A reduction plan with a number for the village, locked."""
    found = campaign(at, CampaignKind.REDUCTION, year=year, **given)
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


def test_nobody_is_listed_when_the_year_of_the_plan_is_over():
    at = place(1, status=PovertyStatus.POOR)
    found = locked(at, 10)
    assert refusal(at, found, *at.households, on=dt.date(2016, 1, 1)) == "CAS-177"
    assert listed(at, found, *at.households, on=dt.date(2015, 12, 31)) == 2


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


def test_whether_a_household_may_pass_the_number_is_the_rule_of_the_procedure():
    """Jingxi's document lays nothing down, so one may; its demonstration pack leaves whoever would pass the number."""
    at = place(2, status=PovertyStatus.POOR)
    strict = locked(at, 3, pack=loaded("demo/cn-guangxi-jingxi/2014"))
    assert refusal(at, strict, *at.households) == "CAS-117"
    assert listed(at, strict, at.households[0]) == 2
    assert refusal(at, strict, at.households[1]) == "CAS-117"
    open_ = locked(at, 1, year=2016)
    assert [exit_lists.crossing_of(each) for each in (strict, open_)] == [False, None]
    assert listed(at, open_, at.households[1], on=dt.date(2016, 3, 1)) == 2


OFF = dt.date(2015, 6, 1)
WHY = "演示：入户核实，住房安全未达标"


def taken_off(at: Place, found: Campaign, *households, by=None, on: dt.date = OFF, reason: str = WHY) -> int:
    chosen = [each.id for each in households]
    return plan.take_off_list(by=by or at.county, campaign=found.pk, households=chosen, taken_off_on=on, reason=reason)


def not_off(*given, **more) -> str:
    with pytest.raises(UserError) as caught:
        taken_off(*given, **more)
    return caught.value.code


class TestTakenOff:
    def test_who_is_taken_off_is_still_poor_and_both_moves_stay_in_the_history(self):
        at = place(2, status=PovertyStatus.POOR)
        found = locked(at, 4)
        listed(at, found, *at.households)
        first, second = at.households
        assert taken_off(at, found, first) == 2
        statuses = [Household.objects.get(pk=each.pk).poverty_status for each in (first, second)]
        assert statuses == [PovertyStatus.POOR, PovertyStatus.PLANNED]
        moves = StatusEvent.objects.filter(household_id=first.pk, decision_id=found.pk).order_by("recorded_at")
        assert list(moves.values_list("from_status", "to_status", "effective_on")) == [
            ("20", "21", LISTED), ("21", "20", OFF),
        ]  # fmt: skip
        entry = AuditEntry.objects.filter(action="status.poverty", reason=WHY).get()
        assert (entry.subject_id, audit.told(entry)) == (
            str(first.pk), ({"poverty": "21"}, {"poverty": "20", "effective_on": "2015-06-01"}),
        )  # fmt: skip

    def test_its_room_in_the_number_is_free_again_and_it_may_be_listed_anew(self):
        at = place(2, status=PovertyStatus.POOR)
        found = locked(at, 2)
        first, second = at.households
        listed(at, found, first)
        assert refusal(at, found, second) == "CAS-117"
        taken_off(at, found, first)
        assert listed(at, found, second, on=OFF) == 2
        assert refusal(at, found, first, on=OFF) == "CAS-117"
        taken_off(at, found, second, on=dt.date(2015, 7, 1))
        assert listed(at, found, first, on=dt.date(2015, 7, 1)) == 2

    def test_a_returned_household_is_still_poor_when_it_is_taken_off(self):
        at = place(1, status=PovertyStatus.RETURNED)
        found = locked(at, 2)
        listed(at, found, *at.households)
        assert taken_off(at, found, *at.households) == 2
        assert Household.objects.get().poverty_status == PovertyStatus.POOR

    def test_not_with_a_case_under_way_after_the_year_without_reason_or_where_it_is_not_listed(self):
        at = place(2, status=PovertyStatus.POOR)
        found = locked(at, 10)
        first, second = at.households
        listed(at, found, first)
        actions.begin(by=at.county, campaign=found.pk)
        propose(replace(at, households=[first]), found, {"exit": 1})
        codes = [
            not_off(at, found, first), not_off(at, found, second), not_off(at, found),
            not_off(at, found, first, reason=" "), not_off(at, found, first, on=dt.date(2016, 1, 1)),
            not_off(at, found, first, on=LISTED - dt.timedelta(days=1)),
        ]  # fmt: skip
        assert codes == ["CAS-179", "CAS-178", "CAS-178", "CAS-034", "CAS-177", "CAS-179"]
        Case.objects.update(state="struck_out")
        assert not_off(at, found, first, on=LISTED - dt.timedelta(days=1)) == "REG-041"
        assert taken_off(at, found, first, on=dt.date(2015, 12, 31)) == 2

    def test_not_twice_a_day_to_and_fro(self):
        at = place(1, status=PovertyStatus.POOR)
        found = locked(at, 2)
        listed(at, found, *at.households)
        assert taken_off(at, found, *at.households, on=LISTED) == 2
        assert refusal(at, found, *at.households, on=LISTED) == "REG-043"
        assert listed(at, found, *at.households, on=OFF) == 2

    def test_who_exited_by_the_list_stays_on_it(self):
        at = place(1, status=PovertyStatus.POOR)
        found = locked(at, 2)
        listed(at, found, *at.households)
        Household.objects.update(poverty_status=PovertyStatus.EXITED)
        assert not_off(at, found, *at.households) == "CAS-178"

    def test_only_with_the_permission_for_statuses(self):
        at = place(1, status=PovertyStatus.POOR)
        found = locked(at, 2)
        listed(at, found, *at.households)
        by = make.make_actor(COUNTY, permissions=[Permission.CASEWORK_VIEW, Permission.REGISTER_VIEW])
        with pytest.raises(PermissionRefused):
            taken_off(at, found, *at.households, by=by)
        assert Household.objects.get().poverty_status == PovertyStatus.PLANNED
