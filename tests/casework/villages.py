"""A poor village of 宕昌县, or the county, that is to exit, with its year, a pack and a screening. 演示数据"""

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
COUNTY_YEAR = {
    "rural_registered_population": 300, "rural_households": 100, "safe_housing_households": 100,
    "safe_water_population": 300, "medical_insured": 300, "compulsory_retention_rate": 95,
}  # fmt: skip


@dataclass
class Exit:
    """The batch and case of the village or county at the first stage, and who acts: two at each level."""

    batch: Batch
    case: Case
    screening: Screening
    village: SystemActor
    township: SystemActor
    department: SystemActor
    county: SystemActor
    prefecture: SystemActor


def operator() -> SystemActor:
    """Who may do everything everywhere."""
    one = make.make_actor()
    one.area = EVERYWHERE
    return one


def pack() -> PackVersion:
    """The demonstration's pack, which fills in what Gansu's leaves open."""
    by = operator()
    for folder in (GANSU, FILLED_IN):
        row = policy.load(by=by, path=Library.shipped().folder(folder))
        policy.activate(by=by, reference=row.reference)
    return row


def village_exit(*, poor: int = 1, **columns: object) -> Exit:
    """The village with `poor` persons still poor; `columns` of its year replace those by which it meets everything."""
    make.make_household_year(make.make_household(members=poor, poverty="20"))
    make.make_village_year(**VILLAGE_YEAR | columns)
    return _begun(CampaignKind.VILLAGE_EXIT, make.VILLAGE, "village_exit")


def county_exit(*, poor: int = 1, **columns: object) -> Exit:
    """The county with `poor` persons still poor; `columns` of its year replace those by which it meets everything."""
    make.make_household_year(make.make_household(members=poor, poverty="20"))
    make.make_county_year(**COUNTY_YEAR | columns)
    return _begun(CampaignKind.COUNTY_EXIT, make.COUNTY, "county_exit")


def _begun(kind: CampaignKind, place: str, criterion: str) -> Exit:
    AreaStatus.objects.create(division=int(place), poor_area=PoorAreaStatus.POOR)
    chosen = pack()
    county, opener = make.make_actor(name="county"), make.make_actor(name="opener")
    taken = snapshots.take(by=county, at=make.AT, division=make.COUNTY)
    screening = snapshots.screen(by=county, snapshot=taken.pk, pack=chosen.pack())
    campaign = quotas.open_campaign(
        by=opener, division=make.COUNTY,
        opening=Opening(
            kind=kind, year=2016, size=None, document="演示", pack=chosen.reference, time_point=dt.date(2016, 12, 31)
        ),
    )  # fmt: skip
    actions.begin(by=opener, campaign=campaign.pk)
    campaign.refresh_from_db()
    candidate = Candidate(division=int(place), screening_id=screening.pk, verdicts={criterion: 1})
    with transaction.atomic():
        (case,) = actions.take_in(by=opener, campaign=campaign, candidates=[candidate]).cases
    return Exit(
        case.batch, case, screening, county=county,
        village=make.make_actor(make.VILLAGE, name="village"),
        township=make.make_actor(make.TOWNSHIP, name="township"),
        department=make.make_actor(name="department"),
        prefecture=make.make_actor(PREFECTURE, name="prefecture"),
    )  # fmt: skip
