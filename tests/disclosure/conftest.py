"""A county of two townships with enough households to tell of, screened; and its two officials. 演示数据"""

from decimal import Decimal

import pytest

from lika.accounts.choices import Role
from lika.accounts.queries import UserActor, actor_of
from lika.core.actors import SystemActor
from lika.policy.packs.resolved import ResolvedPack
from lika.snapshots import actions as snapshots
from lika.snapshots.models import Screening
from tests import factories as make
from tests.console.officials import official

# The register, the pack and the screening that the tests of snapshots use.
from tests.snapshots.conftest import actor, data_dir, pack, write_pack  # noqa: F401

OTHER_TOWNSHIP = "621223102000"
# village -> households that meet the criterion, do not, cannot be judged; the third village has a small count
HOUSEHOLDS = {
    make.VILLAGE: (4, 3, 0),
    make.OTHER_VILLAGE: (3, 5, 3),
    "621223102201": (5, 2, 0),
    "621223102202": (3, 4, 0),
}


@pytest.fixture
def told(transactional_db: None, pack: ResolvedPack, actor: SystemActor) -> Screening:  # noqa: F811
    """The county of `HOUSEHOLDS`, screened by the pack."""
    for village, numbers in HOUSEHOLDS.items():
        for (wage, water), number in zip(
            ((Decimal("9000.00"), True), (Decimal("1.00"), False), (Decimal("9000.00"), None)), numbers, strict=True
        ):
            for _ in range(number):
                make.make_household_year(make.make_household(village, members=1), wage=wage, safe_water=water)
    taken = snapshots.take(by=actor, at=make.AT, division=make.COUNTY)
    return snapshots.screen(by=actor, snapshot=taken.pk, pack=pack)


@pytest.fixture
def maker(db: None) -> UserActor:
    """Who proposes: an official of the county office."""
    return actor_of(official(Role.COUNTY))


@pytest.fixture
def checker(db: None) -> UserActor:
    """Who publishes: another official of the county office."""
    return actor_of(official(Role.COUNTY))
