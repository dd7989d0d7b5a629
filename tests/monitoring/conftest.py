"""A small register with known faults, and a way to check it. 演示数据"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from lika.core.actors import SystemActor
from lika.monitoring import actions
from lika.monitoring.models import QualityRun
from lika.register.models import Household, Person
from lika.snapshots import actions as snapshots
from tests import factories as make

Check = Callable[[], QualityRun]


@pytest.fixture(autouse=True)
def data_dir(settings: object, tmp_path: Path) -> Path:
    """A data folder of the test's own."""
    settings.LIKA = replace(settings.LIKA, data_dir=tmp_path)  # type: ignore[attr-defined]
    return tmp_path


@pytest.fixture
def actor() -> SystemActor:
    """Everything, in the county."""
    return make.make_actor(make.COUNTY)


@pytest.fixture
def home(transactional_db: None) -> Household:
    """A household of two with two warnings (dibao of 100 yuan, not listed), whose head is insured twice."""
    household = make.make_household(members=2, head="演示甲")
    make.make_household_year(household, transfer_dibao=Decimal(100), dibao_listed=False)
    head = Person.objects.get(memberships__household=household, memberships__relation="01")
    make.make_person_year(head, medical_resident=True, medical_employee=True)
    return household


@pytest.fixture
def headless(transactional_db: None) -> Household:
    """A household without a head, in another village: an error."""
    household = make.make_household(make.OTHER_VILLAGE, members=1, head="演示乙")
    make.make_household_year(household)
    household.memberships.update(relation="02")
    return household


@pytest.fixture
def check(home: Household, headless: Household, actor: SystemActor) -> Check:
    """Take a snapshot of the county and hold it against the rules."""

    def run() -> QualityRun:
        taken = snapshots.take(by=actor, at=make.AT, division=make.COUNTY)
        return actions.run_quality(by=actor, snapshot=taken.pk)

    return run
