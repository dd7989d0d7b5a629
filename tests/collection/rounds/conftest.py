"""A township with two villages in a round for 2017, and the people who carry it. 演示数据"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from lika.collection.rounds import actions
from lika.collection.rounds.actions import Dates, Filling
from lika.collection.rounds.choices import EntryState
from lika.collection.rounds.models import Round, Submission
from lika.core.actors import Actor
from lika.register.actions import Period
from lika.register.models import Household, Membership
from tests import factories as make

YEAR = Period(2017, dt.date(2017, 1, 1), dt.date(2017, 12, 31))
DATES = Dates(dt.date(2018, 1, 31), dt.date(2018, 2, 28))
# What the national library of rules finds nothing wrong with.
OWN: dict[str, Any] = {
    **make.NO_INCOME,
    **dict.fromkeys(("land_cultivated", "land_forest", "land_returned_forest"), Decimal(1)),
    **dict.fromkeys(("toilet", "safe_water"), True),
    **dict.fromkeys(("coop_member", "leading_firm", "leader_support"), False),
    "wage": Decimal(12000),
    "fuel": "01",
}
THEIRS: dict[str, Any] = {
    **dict.fromkeys(("chronic_illness", "serious_illness", "disabled", "medical_employee", "dibao"), False),
    **dict.fromkeys(("medical_resident", "mandarin"), True),
    "education": "02",
    "student_status": "01",
    "labour": "01",
}


@dataclass
class Township:
    """Two households of the one village and one of the other, last year's data of all, an open round."""

    round: Round
    first: Household
    second: Household
    other: Household

    def submission(self, village: str = make.VILLAGE) -> Submission:
        """What a village hands in, as it stands now."""
        return self.round.submissions.get(village=int(village))


VILLAGE_OFFICER = "village-officer"


@pytest.fixture
def village(db: None) -> Actor:
    return make.make_actor(make.VILLAGE, make.OTHER_VILLAGE, name=VILLAGE_OFFICER)


@pytest.fixture
def station(db: None) -> Actor:
    return make.make_actor(make.TOWNSHIP, name="township-station")


@pytest.fixture
def office(db: None) -> Actor:
    return make.make_actor(make.COUNTY, name="county-office")


def persons_of(household: Household) -> list[UUID]:
    """Whoever belongs to a household, the head first."""
    return list(Membership.objects.filter(household=household).order_by("relation").values_list("person", flat=True))


def with_last_year(household: Household) -> Household:
    """The household with data of 2016 for itself and every member."""
    make.make_household_year(household, 2016, **OWN)
    for person in persons_of(household):
        make.make_person_year(person_of(person), 2016, village=str(household.village), **THEIRS)
    return household


def person_of(identifier: UUID) -> Any:
    """The person of an id."""
    return Membership.objects.get(person=identifier).person


@pytest.fixture
def township(office: Actor) -> Township:
    make.make_division(make.VILLAGE)
    make.make_division(make.OTHER_VILLAGE)
    homes = [
        with_last_year(make.make_household(number="R1", members=2)),
        with_last_year(make.make_household(number="R2", head="石乙演", members=1)),
        with_last_year(make.make_household(make.OTHER_VILLAGE, number="R3", members=1)),
    ]
    opened = actions.open_round(by=office, division=make.TOWNSHIP, period=YEAR, dates=DATES)
    return Township(opened, *homes)


def filling(household: Household, *, state: EntryState = EntryState.FILLED, remark: str = "", **own: Any) -> Filling:
    """Sound values for a household and everybody in it."""
    members = dict.fromkeys(persons_of(household), THEIRS)
    return Filling({**OWN, **own}, members, state, remark)


def fill_all(by: Actor, township: Township) -> Submission:
    """The first village, complete."""
    found = township.submission()
    for household in (township.first, township.second):
        actions.fill_household(by=by, submission=found.pk, household=household.id, filling=filling(household))
    actions.fill_village(by=by, submission=found.pk, values={"rural_households": 2}, state=EntryState.FILLED)
    return found
