"""The control size of the second place split to its villages, and reduction plans of the first. 演示数据"""

import datetime as dt

from lika.casework.actions import quotas
from lika.casework.actions.quotas import Opening
from lika.casework.choices import Basis, CampaignKind, SplitMethod
from lika.casework.models import Campaign
from lika.core.actors import Actor
from lika.core.areas import Area
from lika.demo.places import DANGCHANG, KUIXU
from lika.policy import queries as policy
from lika.register import queries as register

# The number and the day of the document (003 §三(一)2, §三(二)5); what the meeting moved is invented.
CONTROL_SIZE, YEAR, DUE = 5996, 2014, dt.date(2014, 8, 25)
MOVED = 6  # persons that the meeting moved from the first village to the second
PLANNED_YEARS, PLANNED_SHARE = (2017, 2018), 3  # each year a third of those who are poor


def split_control_size(*, by: Actor) -> None:
    """The 5,996 persons of the township by the poor in the register; the meeting moved a few; published; once."""
    if Campaign.objects.filter(division=KUIXU.area).exists():
        return
    opening = Opening(
        kind=CampaignKind.IDENTIFICATION, year=YEAR, size=CONTROL_SIZE,
        document="演示：县分解到乡的贫困人口规模（003 §三(一)2）", pack=policy.get(KUIXU.packs[1]).reference,
        time_point=KUIXU.time_point, due_on=DUE,
    )  # fmt: skip
    campaign, place = quotas.open_campaign(by=by, division=KUIXU.area, opening=opening).pk, KUIXU.area
    first, second, *_rest = quotas.propose(
        by=by, campaign=campaign, division=place, method=SplitMethod.LARGEST_REMAINDER, basis=Basis.POOR
    )
    quotas.change_by_hand(
        by=by, campaign=campaign, division=place, reason="演示：乡党政联席会议决定",
        numbers={first.division_id: first.allocated - MOVED, second.division_id: second.allocated + MOVED},
    )  # fmt: skip
    quotas.publish(by=by, campaign=campaign, division=place)


def plan_reduction(*, by: Actor) -> None:
    """Two years of plans, come down to the townships, which have still to split them; once."""
    if Campaign.objects.filter(division=DANGCHANG.county).exists():
        return
    _households, poor = register.status_counts(Area.of([DANGCHANG.area])).poor
    for year in PLANNED_YEARS:
        opening = Opening(
            kind=CampaignKind.REDUCTION, year=year, size=poor // PLANNED_SHARE, document=f"演示：{year}年度减贫计划"
        )
        campaign, place = quotas.open_campaign(by=by, division=DANGCHANG.county, opening=opening).pk, DANGCHANG.county
        quotas.propose(by=by, campaign=campaign, division=place, method=SplitMethod.WEBSTER, basis=Basis.POOR)
        quotas.publish(by=by, campaign=campaign, division=place)
