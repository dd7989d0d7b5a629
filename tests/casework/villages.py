"""A poor village of 宕昌县 that is to exit, with its year, the demonstration's pack and a screening. 演示数据"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from lika.casework.actions import cases as actions
from lika.casework.actions import quotas
from lika.casework.actions.cases import Candidate
from lika.casework.actions.quotas import Opening
from lika.casework.choices import CampaignKind
from lika.casework.models import Batch, Case
from lika.core.actors import SystemActor
from lika.core.areas import EVERYWHERE
from lika.policy import actions as policy
from lika.policy.models import PackVersion
from lika.policy.packs.library import Library
from lika.register.choices import PoorAreaStatus
from lika.register.models import AreaStatus
from lika.snapshots import actions as snapshots
from lika.snapshots.models import Screening
from tests import factories as make

GANSU, FILLED_IN = "cn-gansu/2016", "demo/cn-gansu-dangchang/2016"
PREFECTURE = "621200000000"
VILLAGE_YEAR = {
    "rural_registered_population": 300,
    "hard_road": True, "production_power": True, "broadband_village": True,
    "standard_clinic": True, "culture_room": True, "service_centre": True,
    "leading_industries": 1, "cooperatives": 1, "village_appearance": True, "waste_handled": True,
}  # fmt: skip


@dataclass
class Exit:
    """The batch and case of the village at the first stage, and who acts: two at each level."""

    batch: Batch
    case: Case
    screening: Screening
    village: SystemActor
    township: SystemActor
    department: SystemActor
    county: SystemActor
    prefecture: SystemActor


def pack() -> PackVersion:
    """The demonstration's pack, which fills in what Gansu's leaves open."""
    operator = make.make_actor()
    operator.area = EVERYWHERE
    for folder in (GANSU, FILLED_IN):
        row = policy.load(by=operator, path=Library.shipped().folder(folder))
        policy.activate(by=operator, reference=row.reference)
    return row


def village_exit(*, poor: int = 1, **columns: object) -> Exit:
    """The village with `poor` persons still poor; `columns` of its year replace those by which it meets everything."""
    make.make_household_year(make.make_household(members=poor, poverty="20"))
    make.make_village_year(**VILLAGE_YEAR | columns)
    AreaStatus.objects.create(division=int(make.VILLAGE), poor_area=PoorAreaStatus.POOR)
    chosen = pack()
    county = make.make_actor(name="county")
    taken = snapshots.take(by=county, at=make.AT, division=make.COUNTY)
    screening = snapshots.screen(by=county, snapshot=taken.pk, pack=chosen.pack())
    campaign = quotas.open_campaign(
        by=county, division=make.COUNTY,
        opening=Opening(
            kind=CampaignKind.VILLAGE_EXIT, year=2016, size=None, document="演示", pack=chosen.reference,
            time_point=dt.date(2016, 12, 31),
        ),
    )  # fmt: skip
    actions.begin(by=county, campaign=campaign.pk)
    campaign.refresh_from_db()
    candidate = Candidate(division=int(make.VILLAGE), screening_id=screening.pk, verdicts={"village_exit": 1})
    with transaction.atomic():
        (case,) = actions.take_in(by=county, campaign=campaign, candidates=[candidate]).cases
    return Exit(
        case.batch, case, screening, county=county,
        village=make.make_actor(make.VILLAGE, name="village"),
        township=make.make_actor(make.TOWNSHIP, name="township"),
        department=make.make_actor(name="department"),
        prefecture=make.make_actor(PREFECTURE, name="prefecture"),
    )  # fmt: skip
