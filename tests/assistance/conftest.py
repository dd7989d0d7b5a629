"""A county with a township of two villages, units and helpers. 演示数据"""

import pytest

from lika.accounts.models import User
from lika.assistance.actions import units
from lika.assistance.actions.proposals import agree, propose
from lika.assistance.actions.units import Named
from lika.assistance.actions.wanted import Line
from lika.assistance.choices import Affiliation, Rank
from lika.assistance.models import Helper, HelpingUnit, Pairing
from lika.core.actors import SystemActor
from lika.register.models import Household
from tests import factories as make


@pytest.fixture
def county() -> SystemActor:
    """The county's office, with every permission in the county."""
    make.make_division(make.VILLAGE)
    make.make_division(make.OTHER_VILLAGE)
    return make.make_actor(make.COUNTY, name="county")


@pytest.fixture
def unit(county: SystemActor) -> HelpingUnit:
    """A unit of the county that answers for 石磊村."""
    return units.add_unit(
        by=county, name="演示县农业农村局", affiliation=Affiliation.COUNTY, division=make.COUNTY, contact="演示联络员",
        villages=[make.VILLAGE],
    )  # fmt: skip


def helper(by: SystemActor, unit: HelpingUnit, name: str = "演示·帮扶甲", rank: Rank = Rank.STAFF) -> Helper:
    """A helper who has no account."""
    return units.add_helper(by=by, unit=unit.pk, named=Named(rank=rank, name=name, title="演示科员"))


def pair(by: SystemActor, household: Household) -> Pairing:
    """A pairing in effect, with a unit and a helper of its own."""
    made = units.add_unit(by=by, name="演示县农业农村局", affiliation=Affiliation.COUNTY, division=make.COUNTY)
    lines = [Line(household.pk, helper=helper(by, made).pk)]
    proposal = propose(by=by, division=make.TOWNSHIP, lines=lines, reason="演示：安排结对帮扶")
    agree(by=make.make_actor(make.COUNTY, name="headquarters"), proposal=proposal.pk)
    return Pairing.objects.get(household=household)


def account_of(found: Helper) -> User:
    """An account for a helper."""
    user = User.objects.create_user(f"helper-{User.objects.count()}")
    found.official.user = user
    found.official.save(update_fields=["user"])
    return user
