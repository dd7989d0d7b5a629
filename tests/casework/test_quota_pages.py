"""The pages of campaigns and quotas, as the offices of each level see them. 演示数据"""

import io
from itertools import count

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from lika.accounts.choices import Role
from lika.casework.actions import quotas as actions
from lika.casework.actions.quotas import Opening
from lika.casework.choices import Basis, CampaignKind, CampaignState, SplitMethod, SplitState
from lika.casework.models import Campaign, Quota
from tests import factories as make
from tests.console.officials import signed_in
from tests.papers import characters_in
from tests.web_role import statements

pytestmark = pytest.mark.django_db

_number = count(1)


def poor(village: str, *households: int) -> None:
    for members in households:
        make.make_household(village, number=f"P{next(_number)}", members=members)


@pytest.fixture
def campaign() -> Campaign:
    """Four persons to identify in the township, split by nobody yet; nine are poor there."""
    poor(make.VILLAGE, 4, 2)
    poor(make.OTHER_VILLAGE, 3)
    opening = Opening(kind=CampaignKind.IDENTIFICATION, year=2014, size=4, document="演示：控制数通知")
    return actions.open_campaign(by=make.make_actor(make.COUNTY), division=make.TOWNSHIP, opening=opening)


def split(campaign: Campaign) -> None:
    by = make.make_actor(make.TOWNSHIP)
    actions.propose(
        by=by, campaign=campaign.pk, division=make.TOWNSHIP, method=SplitMethod.LARGEST_REMAINDER, basis=Basis.POOR
    )


def waiting(client: Client) -> list[tuple[str, str]]:
    return [(task.title, task.url) for task in client.get("/").context["waiting"] if "职责" not in task.title]


def told(page: HttpResponse, code: str, remedy: str) -> tuple[int, bool, bool]:
    """How a refusal answers, and whether the page names its code and what to do."""
    shown = page.content.decode()
    return page.status_code, code in shown, remedy in shown


def test_a_county_opens_and_splits_to_its_townships() -> None:
    poor(make.VILLAGE, 3)
    county = signed_in(Role.COUNTY)
    assert county.get("/casework/").headers["Location"] == "/casework/campaigns/"
    form = {"kind": "reduction", "division": make.COUNTY, "year": "2016", "size": "2", "document": "演示"}
    answer = county.post("/casework/campaigns/new/", form)
    found = Campaign.objects.get()
    here = f"/casework/campaigns/{found.pk}/"
    assert (answer.status_code, answer["Location"]) == (302, here)
    assert waiting(county) == [("1项规模待分解", f"{here}?division={make.COUNTY}")]
    again = county.post("/casework/campaigns/new/", form)
    assert told(again, "CAS-012", "请在该项工作中继续办理，其控制数已包含本单位。") == (422, True, True)
    assert county.post(f"{here}propose/", {"method": "webster", "basis": "poor"}).status_code == 302
    assert county.post(f"{here}publish/").status_code == 302
    assert (waiting(county), Quota.objects.get(parent=None).split) == ([], SplitState.PUBLISHED)


def test_the_township_changes_publishes_and_the_village_sees_its_number(campaign: Campaign) -> None:
    township, village = signed_in(Role.TOWNSHIP), signed_in(Role.VILLAGE)
    here = f"/casework/campaigns/{campaign.pk}/"
    assert waiting(township) == [("1项规模待分解", f"{here}?division={make.TOWNSHIP}")]
    page = township.get(here)
    offered = ("propose_form", "by_hand_form", "publish_form", "take_back_form", "size_form", "lock_form")
    assert [name for name in offered if name in page.context] == ["propose_form"]
    township.post(f"{here}propose/", {"method": "largest_remainder", "basis": "poor"})
    assert village.get(here).status_code == 404

    numbers = {make.VILLAGE: "3", make.OTHER_VILLAGE: "2", "reason": "演示：会议决定"}
    assert township.post(f"{here}change/", numbers).status_code == 302
    page = township.get(here)
    assert (page.context["split"].balance, "差额-1人" in page.content.decode()) == (-1, True)
    refused = township.post(f"{here}publish/")
    assert told(refused, "CAS-021", "请调整各单位分解数，使合计与控制数一致。") == (422, True, True)
    township.post(f"{here}change/", numbers | {make.OTHER_VILLAGE: "1"})
    assert township.post(f"{here}publish/").status_code == 302

    page = village.get(here)
    assert (page.context["quota"].allocated, page.context["quota"].division_id) == (3, make.VILLAGE)
    assert [line["quota"].allocated for line in village.get("/casework/campaigns/").context["lines"]] == [3]
    assert village.post(f"{here}propose/", {"method": "webster", "basis": "poor"}).status_code == 403

    county = signed_in(Role.COUNTY)
    assert county.post(f"{here}lock/").status_code == 302
    assert Campaign.objects.get().state == CampaignState.LOCKED
    refused = township.post(f"{here}take-back/", {"reason": "演示"})
    assert told(refused, "CAS-015", "只能查看。") == (422, True, True)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({make.VILLAGE: "-1"}, make.VILLAGE),
        ({make.VILLAGE: ""}, make.VILLAGE),
        ({make.VILLAGE: "2", "reason": ""}, "reason"),
    ],
)
def test_a_number_that_is_refused_stays_on_the_page_with_what_to_do(campaign: Campaign, given, field) -> None:
    split(campaign)
    township = signed_in(Role.TOWNSHIP)
    before = list(Quota.objects.values_list("allocated", flat=True))
    form = {make.VILLAGE: "3", make.OTHER_VILLAGE: "1", "reason": "演示"} | given
    page = township.post(f"/casework/campaigns/{campaign.pk}/change/", form)
    assert (page.status_code, list(page.context["by_hand_form"].errors)) == (422, [field])
    assert list(Quota.objects.values_list("allocated", flat=True)) == before


def test_annex_1_lists_the_villages_with_their_sum_on_paper_and_as_a_workbook(campaign: Campaign) -> None:
    split(campaign)
    township = signed_in(Role.TOWNSHIP)
    here = f"/casework/campaigns/{campaign.pk}/annex-1/"
    page = township.get(here, headers={"accept-language": "en"}).content.decode()
    assert ("附件1　城关镇2014年贫困人口规模分解表" in page, "尚未全部下达" in page) == (True, True)
    actions.publish(by=make.make_actor(make.TOWNSHIP), campaign=campaign.pk, division=make.TOWNSHIP)
    answer = township.get(f"{here}?as=xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = [[cell for cell in row if cell not in (None, "")] for row in sheet.iter_rows(values_only=True)]
    assert rows == [
        ["附件1　城关镇2014年贫困人口规模分解表"],
        ["演示：控制数通知；单位：人；已下达到村"],
        [],
        ["区划", "权数", "测算数", "人数", "在册贫困人口", "差额", "变动原因"],
        ["城关镇", 4, 9, -5],
        ["石磊村", 6, 3, 3, 6, -3],
        ["坡头村", 3, 1, 1, 3, -2],
    ]
    assert f"annex-1-{make.TOWNSHIP}.xlsx" in answer["Content-Disposition"]
    printed = township.get(f"{here}?as=pdf", headers={"accept-language": "en"})
    assert set("附件1城关镇2014年贫困人口规模分解表石磊村坡头已下达到") <= characters_in(printed.content)
    assert f"{make.TOWNSHIP}-" in printed["Content-Disposition"]


def test_the_rolling_plan_opens_at_the_own_place() -> None:
    poor(make.VILLAGE, 3)
    by = make.make_actor(make.COUNTY)
    opening = Opening(kind=CampaignKind.REDUCTION, year=2017, size=2, document="演示")
    made = actions.open_campaign(by=by, division=make.COUNTY, opening=opening)
    given = {"by": by, "campaign": made.pk, "division": make.COUNTY}
    actions.propose(**given, method=SplitMethod.WEBSTER, basis=Basis.POOR)
    actions.publish(**given)
    county = signed_in(Role.COUNTY).get("/casework/rolling-plan/").context["plan"]
    assert [(line.division.code, line.poor, line.total) for line in county.lines] == [
        (make.COUNTY, 3, 2), (make.TOWNSHIP, 3, 2),
    ]  # fmt: skip
    assert signed_in(Role.VILLAGE).get("/casework/rolling-plan/").context["plan"].years == []


def test_the_split_asks_as_many_queries_for_many_divisions_as_for_few(campaign: Campaign) -> None:
    split(campaign)
    township = signed_in(Role.TOWNSHIP)
    here = f"/casework/campaigns/{campaign.pk}/"

    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert township.get(address).status_code == 200
        return len(statements(captured))

    addresses = (here, f"{here}annex-1/", "/casework/campaigns/", "/casework/rolling-plan/")
    few = [asked(address) for address in addresses]
    for number in range(5):
        poor(f"62122310021{number}", 2)
    split(campaign)
    assert [asked(address) for address in addresses] == few


def test_a_page_says_what_to_do_next(campaign: Campaign) -> None:
    """Proposing, balancing, publishing, in this order."""
    township = signed_in(Role.TOWNSHIP)
    here = f"/casework/campaigns/{campaign.pk}/"
    assert "请选择测算依据" in township.get(here).content.decode()
    split(campaign)
    assert "合计一致，可以下达" in township.get(here).content.decode()
    assert "人的规模待您分解" in township.get("/casework/campaigns/").content.decode()
