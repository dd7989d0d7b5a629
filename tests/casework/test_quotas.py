"""Quotas of persons down the levels: proposed, changed, published, taken back, locked; and what is refused. 演示数据"""

import datetime as dt
from itertools import count

import pytest
from django.db import IntegrityError, transaction

from lika.accounts.choices import Role
from lika.accounts.queries import actor_of
from lika.casework.actions import quotas as actions
from lika.casework.actions.quotas import Opening
from lika.casework.choices import Basis, CampaignKind, CampaignState, SplitMethod, SplitState
from lika.casework.models import Campaign, Quota
from lika.casework.queries import quotas as reads
from lika.core import audit
from lika.core.actors import SystemActor
from lika.core.errors import PermissionRefused, UserError
from lika.core.models import AuditEntry
from lika.core.permissions import Permission
from lika.register.choices import PovertyStatus
from tests import factories as make
from tests.at_once import at_once
from tests.console.officials import official

pytestmark = pytest.mark.django_db

SECOND = "621223101000"
THIRD_VILLAGE = "621223101201"
HAMILTON, WEBSTER = SplitMethod.LARGEST_REMAINDER, SplitMethod.WEBSTER
# Poor persons: 3 + 2 in the first township, 4 in the second.
POOR = {make.VILLAGE: (2, 1), make.OTHER_VILLAGE: (2,), THIRD_VILLAGE: (3, 1)}
_number = count(1)


@pytest.fixture
def county() -> SystemActor:
    """Two townships, three villages, nine poor persons; two who have left poverty and count for nothing."""
    for village, households in POOR.items():
        for members in households:
            make.make_household(village, number=f"Q{next(_number)}", members=members)
    make.make_household(make.VILLAGE, number="exited", members=2, poverty=PovertyStatus.EXITED)
    return make.make_actor(make.COUNTY)


def opened(by: SystemActor, division: str = make.COUNTY, **given: object) -> Campaign:
    values = {"kind": CampaignKind.REDUCTION, "year": 2016, "size": 7, "document": "演示：控制数通知"} | given
    return actions.open_campaign(by=by, division=division, opening=Opening(**values))


def proposed(by: SystemActor, campaign: Campaign, division: str = make.COUNTY, method=HAMILTON, basis=Basis.POOR):
    rows = actions.propose(by=by, campaign=campaign.pk, division=division, method=method, basis=basis)
    return {row.division_id: row.allocated for row in rows}


def published(by: SystemActor, campaign: Campaign, division: str = make.COUNTY) -> Quota:
    proposed(by, campaign, division)
    return actions.publish(by=by, campaign=campaign.pk, division=division)


def code_of(call, *args: object, **given: object) -> str:
    with pytest.raises(UserError) as refused:
        call(*args, **given)
    return refused.value.code


def test_a_number_comes_down_from_the_county_to_the_villages(county) -> None:
    campaign = opened(county)
    assert proposed(county, campaign) == {make.TOWNSHIP: 4, SECOND: 3}
    actions.publish(by=county, campaign=campaign.pk, division=make.COUNTY)
    station = make.make_actor(make.TOWNSHIP)
    assert proposed(station, campaign, make.TOWNSHIP) == {make.VILLAGE: 2, make.OTHER_VILLAGE: 2}
    actions.publish(by=station, campaign=campaign.pk, division=make.TOWNSHIP)
    published(county, campaign, SECOND)
    tree = dict(Quota.objects.values_list("division_id", "allocated"))
    assert tree == {
        make.COUNTY: 7, make.TOWNSHIP: 4, SECOND: 3, make.VILLAGE: 2, make.OTHER_VILLAGE: 2, THIRD_VILLAGE: 3,
    }  # fmt: skip
    village = Quota.objects.get(division=make.VILLAGE)
    assert (village.weight, village.cap, village.proposed, village.parent.division_id) == (3, 3, 2, make.TOWNSHIP)
    assert [(each.level, each.quotas, each.published) for each in reads.progress(campaign)] == [
        (3, 1, 1), (4, 2, 2), (5, 3, 0),
    ]  # fmt: skip


def test_an_identification_is_measured_and_limited_by_the_rural_population_where_asked(county) -> None:
    campaign = opened(county, make.TOWNSHIP, kind=CampaignKind.IDENTIFICATION, size=100)
    assert code_of(proposed, county, campaign, make.TOWNSHIP, basis=Basis.RURAL) == "CAS-018"
    make.make_village_year(make.VILLAGE, rural_registered_population=900)
    make.make_village_year(make.OTHER_VILLAGE, rural_registered_population=20)
    assert proposed(county, campaign, make.TOWNSHIP, basis=Basis.RURAL) == {make.VILLAGE: 98, make.OTHER_VILLAGE: 2}
    # By poor persons the small village would get 40; no more than 20 live there.
    assert proposed(county, campaign, make.TOWNSHIP) == {make.VILLAGE: 80, make.OTHER_VILLAGE: 20}


def test_what_does_not_fit_below_is_refused(county) -> None:
    """Nine are poor: no plan takes ten of them."""
    campaign = opened(county, size=10)
    assert code_of(proposed, county, campaign) == "CAS-019"
    actions.change_size(by=county, campaign=campaign.pk, size=9, document="演示：更正")
    assert proposed(county, campaign) == {make.TOWNSHIP: 5, SECOND: 4}


def test_numbers_are_changed_by_hand_for_a_reason_and_balance_before_they_are_published(county) -> None:
    campaign = opened(county)
    proposed(county, campaign)
    change = {"by": county, "campaign": campaign.pk, "division": make.COUNTY}
    assert code_of(actions.change_by_hand, **change, numbers={make.TOWNSHIP: 5}, reason=" ") == "CAS-013"
    actions.change_by_hand(**change, numbers={make.TOWNSHIP: 5, SECOND: 3}, reason="演示：会议决定")
    split = reads.split_of(reads.quota_in_sight(county, campaign.pk, make.COUNTY))
    assert (split.given, split.balance, [line.by_hand for line in split.lines]) == (8, -1, [1, 0])
    assert [line.quota.reason for line in split.lines] == ["演示：会议决定", ""]
    assert code_of(actions.publish, **change) == "CAS-021"
    actions.change_by_hand(**change, numbers={SECOND: 2}, reason="演示：会议决定")
    assert actions.publish(**change).split == SplitState.PUBLISHED
    entry = AuditEntry.objects.filter(action="quota.changed").order_by("id").first()
    assert (audit.told(entry), entry.reason) == (({make.TOWNSHIP: 4}, {make.TOWNSHIP: 5}), "演示：会议决定")


def test_a_number_that_goes_back_to_what_was_proposed_needs_no_reason_any_more(county) -> None:
    campaign = opened(county)
    proposed(county, campaign)
    change = {"by": county, "campaign": campaign.pk, "division": make.COUNTY, "reason": "演示"}
    actions.change_by_hand(**change, numbers={SECOND: 2})
    actions.change_by_hand(**change, numbers={SECOND: 3})
    assert set(Quota.objects.values_list("reason", flat=True)) == {""}
    assert AuditEntry.objects.filter(action="quota.changed").count() == 2
    actions.change_by_hand(**change, numbers={SECOND: 3})
    assert AuditEntry.objects.filter(action="quota.changed").count() == 2


@pytest.mark.parametrize(
    ("numbers", "code"),
    [({SECOND: -1}, "CAS-014"), ({SECOND: 5}, "CAS-020"), ({make.VILLAGE: 1}, "CAS-017")],
)
def test_numbers_that_cannot_be(county, numbers, code) -> None:
    campaign = opened(county)
    proposed(county, campaign)
    given = {"by": county, "campaign": campaign.pk, "division": make.COUNTY, "numbers": numbers, "reason": "演示"}
    assert code_of(actions.change_by_hand, **given) == code
    assert dict(Quota.objects.exclude(parent=None).values_list("division_id", "allocated")) == {
        make.TOWNSHIP: 4, SECOND: 3,
    }  # fmt: skip


def test_what_is_published_stands_until_it_is_taken_back(county) -> None:
    campaign = opened(county)
    change = {"by": county, "campaign": campaign.pk, "division": make.COUNTY}
    published(county, campaign)
    assert code_of(proposed, county, campaign) == "CAS-016"
    assert code_of(actions.change_by_hand, **change, numbers={SECOND: 2}, reason="演示") == "CAS-016"
    assert code_of(actions.publish, **change) == "CAS-016"
    assert code_of(actions.change_size, by=county, campaign=campaign.pk, size=8, document="演示") == "CAS-016"
    published(county, campaign, SECOND)
    assert code_of(actions.take_back, **change, reason="演示") == "CAS-022"
    actions.take_back(by=county, campaign=campaign.pk, division=SECOND, reason="演示：村数有变")
    assert code_of(actions.take_back, **change, reason="") == "CAS-013"
    assert actions.take_back(**change, reason="演示").published_on is None
    actions.change_by_hand(**change, numbers={make.TOWNSHIP: 5, SECOND: 2}, reason="演示")
    assert actions.publish(**change).split == SplitState.PUBLISHED


def test_a_number_is_seen_below_once_it_is_published(county) -> None:
    campaign = opened(county)
    station, village = make.make_actor(make.TOWNSHIP), make.make_actor(make.VILLAGE)
    proposed(county, campaign)
    assert [list(reads.quotas_visible(by)) for by in (station, village)] == [[], []]
    assert code_of(reads.quota_in_sight, station, campaign.pk, make.TOWNSHIP) == "CAS-010"
    assert code_of(proposed, station, campaign, make.TOWNSHIP) == "CAS-010"
    actions.publish(by=county, campaign=campaign.pk, division=make.COUNTY)
    proposed(station, campaign, make.TOWNSHIP)
    seen = {by.area.ranges[0]: [each.division_id for each in reads.quotas_visible(by)] for by in (station, village)}
    assert list(seen.values()) == [[make.TOWNSHIP, make.VILLAGE, make.OTHER_VILLAGE], []]
    actions.publish(by=station, campaign=campaign.pk, division=make.TOWNSHIP)
    assert [each.division_id for each in reads.quotas_visible(village)] == [make.VILLAGE]
    assert code_of(reads.quota_in_sight, village, campaign.pk, make.OTHER_VILLAGE) == "CAS-010"


def test_nobody_acts_above_or_beside_their_own_area(county) -> None:
    campaign = opened(county)
    published(county, campaign)
    station = make.make_actor(make.TOWNSHIP)
    for call in (
        lambda: proposed(station, campaign, SECOND),
        lambda: proposed(station, campaign, make.COUNTY),
        lambda: actions.change_size(by=station, campaign=campaign.pk, size=1, document="演示"),
        lambda: actions.lock(by=station, campaign=campaign.pk),
        lambda: opened(station, make.COUNTY, year=2017),
    ):
        assert code_of(call) in {"CAS-010", "ACC-002"}
    village = actor_of(official(Role.VILLAGE))
    with pytest.raises(PermissionRefused):
        actions.propose(by=village, campaign=campaign.pk, division=make.VILLAGE, method=HAMILTON, basis=Basis.POOR)
    with pytest.raises(PermissionRefused):
        opened(actor_of(official(Role.TOWNSHIP)), make.TOWNSHIP, year=2017)


def test_a_village_has_nothing_to_split(county) -> None:
    assert code_of(opened, county, make.VILLAGE) == "CAS-011"
    campaign = opened(county, make.TOWNSHIP, size=4)
    published(county, campaign, make.TOWNSHIP)
    assert code_of(proposed, county, campaign, make.VILLAGE) == "CAS-017"
    assert code_of(actions.publish, by=county, campaign=campaign.pk, division=make.VILLAGE) == "CAS-017"


@pytest.mark.parametrize(
    ("given", "code"),
    [({"document": ""}, "CAS-013"), ({"size": -1}, "CAS-014"), ({"pack": "no/such@1"}, "POL-051")],
)
def test_a_campaign_that_cannot_be_opened(county, given, code) -> None:
    assert (code_of(opened, county, **given), Campaign.objects.count()) == (code, 0)


def test_no_village_is_counted_twice_in_one_year(county) -> None:
    """Another kind, another year and another county are other campaigns."""
    opened(county, make.TOWNSHIP)
    for place in (make.COUNTY, make.TOWNSHIP):
        assert code_of(opened, county, place) == "CAS-012"
    opened(county, SECOND)
    opened(county, kind=CampaignKind.IDENTIFICATION)
    opened(county, year=2017)
    assert code_of(opened, county, SECOND, year=2017) == "CAS-012"
    assert Campaign.objects.count() == 4


def test_a_campaign_is_locked_when_every_number_has_come_down(county) -> None:
    campaign = opened(county, size=5)
    published(county, campaign)
    published(county, campaign, make.TOWNSHIP)
    assert code_of(actions.lock, by=county, campaign=campaign.pk) == "CAS-023"
    published(county, campaign, SECOND)
    assert actions.lock(by=county, campaign=campaign.pk).state == CampaignState.LOCKED
    assert code_of(actions.lock, by=county, campaign=campaign.pk) == "CAS-015"
    assert code_of(actions.take_back, by=county, campaign=campaign.pk, division=SECOND, reason="演示") == "CAS-015"


def test_a_division_with_nobody_to_split_holds_nothing_up(county) -> None:
    campaign = opened(county, size=0)
    published(county, campaign)
    assert actions.lock(by=county, campaign=campaign.pk).state == CampaignState.LOCKED


def test_proposing_again_rests_on_the_register_as_it_is_now(county) -> None:
    campaign = opened(county)
    proposed(county, campaign)
    actions.change_by_hand(by=county, campaign=campaign.pk, division=make.COUNTY, numbers={SECOND: 2}, reason="演示")
    make.make_household(THIRD_VILLAGE, number="new", members=9)
    assert proposed(county, campaign) == {make.TOWNSHIP: 2, SECOND: 5}
    assert set(Quota.objects.values_list("reason", flat=True)) == {""}


def test_the_database_keeps_no_number_over_its_cap_and_none_by_hand_without_a_reason(county) -> None:
    campaign = opened(county)
    proposed(county, campaign)
    for values in ({"allocated": 5, "proposed": 5}, {"allocated": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Quota.objects.filter(division=SECOND).update(**values)


def test_the_rolling_plan_shows_the_years_side_by_side(county) -> None:
    for year, size in ((2016, 7), (2017, 2)):
        published(county, opened(county, year=year, size=size))
    opened(county, year=2018, size=1)  # not split yet: no number below
    plan = reads.rolling_plan(county, make.make_division(make.COUNTY))
    assert plan.years == [2016, 2017, 2018]
    assert [(line.division.code, line.poor, line.by_year, line.total) for line in plan.lines] == [
        (make.COUNTY, 9, [(2016, 7), (2017, 2), (2018, 1)], 10),
        (make.TOWNSHIP, 5, [(2016, 4), (2017, 1), (2018, None)], 5),
        (SECOND, 4, [(2016, 3), (2017, 1), (2018, None)], 4),
    ]
    station = make.make_actor(make.TOWNSHIP)
    own = reads.rolling_plan(station, make.make_division(make.TOWNSHIP))
    assert [line.by_year for line in own.lines] == [
        [(2016, 4), (2017, 1)], [(2016, None), (2017, None)], [(2016, None), (2017, None)],
    ]  # fmt: skip


def test_what_waits_is_what_the_own_office_has_to_split(county) -> None:
    office, station = actor_of(official(Role.COUNTY)), actor_of(official(Role.TOWNSHIP))
    later, sooner = (
        opened(county, year=year, due_on=day) for year, day in ((2016, None), (2017, dt.date(2017, 8, 25)))
    )
    assert [each.campaign for each in reads.waiting(office)] == [sooner, later]
    assert reads.waiting(station) == []
    published(county, sooner)
    assert [each.campaign for each in reads.waiting(office)] == [later]
    assert [(each.campaign, each.division_id) for each in reads.waiting(station)] == [(sooner, make.TOWNSHIP)]
    published(county, sooner, make.TOWNSHIP)
    assert reads.waiting(station) == []
    assert reads.waiting(actor_of(official(Role.VILLAGE))) == []


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_publish_once() -> None:
    """The second waits for the first, then finds it published."""
    make.make_household(make.VILLAGE, number="A1", members=3)
    by = make.make_actor(make.TOWNSHIP, permissions=tuple(Permission))
    campaign = opened(by, make.TOWNSHIP, size=2)
    proposed(by, campaign, make.TOWNSHIP)

    def one() -> object:
        return actions.publish(by=by, campaign=campaign.pk, division=make.TOWNSHIP)

    assert at_once(one, one) == ["CAS-016", "done"]
    assert AuditEntry.objects.filter(action="quota.published").count() == 1
