"""A county of five households with causes, incomes and measures, screened; and one household elsewhere. 演示数据"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest
from django.conf import settings
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from lika.policy.packs.checking import read_pack
from lika.policy.packs.resolved import ResolvedPack
from lika.register.models import Household
from lika.snapshots import actions
from tests import factories as make
from tests.snapshots.conftest import PACK, store


@dataclass(frozen=True)
class County:
    """The households by what they are known for."""

    ill: Household
    pupil: Household
    exited: Household
    silent: Household
    ordinary: Household
    elsewhere: Household


def make_county() -> County:
    """Five households in two villages of 宕昌县, one elsewhere, and the forms of the villages."""
    make.make_county_year()
    ill = make.make_household(number="A1", members=3, attribute="01")
    make.make_household_year(
        ill, wage=Decimal("9000.00"), main_cause="01", other_cause_1="03", safe_water=True, batch_industry=True,
        batch_ecology=True,
    )  # fmt: skip
    pupil = make.make_household(number="A2", members=1, attribute="02")
    make.make_household_year(
        pupil, wage=Decimal("2736.10"), main_cause="03", safe_water=False, batch_industry=True, batch_ecology=False
    )
    exited = make.make_household(number="A3", members=2, attribute="01", poverty="30")
    make.make_household_year(exited, wage=Decimal("10000.00"), main_cause="01", batch_industry=False)
    silent = make.make_household(make.OTHER_VILLAGE, number="B1", members=2)
    make.make_household_year(silent, wage=None, safe_water=True, batch_industry=False, batch_ecology=True)
    ordinary = make.make_household(make.OTHER_VILLAGE, number="B2", members=1, attribute="02", poverty="00")
    make.make_household_year(
        ordinary, wage=Decimal("2736.11"), main_cause="08", other_cause_2="01", safe_water=True, batch_industry=False,
        batch_ecology=False,
    )  # fmt: skip
    elsewhere = make.make_household(make.ELSEWHERE, number="C1", members=5)
    make.make_village_year(make.VILLAGE, collective_income=Decimal("1000.50"))
    make.make_village_year(make.OTHER_VILLAGE)
    return County(ill, pupil, exited, silent, ordinary, elsewhere)


def write_pack(folder: Path, **more: str) -> ResolvedPack:
    """The pack of the snapshot tests, stored as the active version; `more` are reports by the name of their file."""
    for name, text in {**PACK, **{f"reports/{name}.yaml": text for name, text in more.items()}}.items():
        path = folder / "test/exit" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return store(read_pack(folder / "test/exit"))


@pytest.fixture(scope="module")
def module_folder(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A data folder for what is made once for a module, and the database open to it; emptied afterwards."""
    before, folder = settings.LIKA, tmp_path_factory.mktemp("reports")
    settings.LIKA = replace(before, data_dir=folder)
    with django_db_blocker.unblock():
        yield folder
        call_command("flush", verbosity=0, interactive=False)
    settings.LIKA = before


@pytest.fixture(scope="module")
def screened_county(module_folder: Path) -> County:
    """The county with a snapshot and a current screening, once for a module: reading a snapshot changes nothing."""
    found = make_county()
    screen(write_pack(module_folder))
    return found


def screen(pack: ResolvedPack) -> None:
    """A snapshot of the county, screened by a pack."""
    by = make.make_actor()
    actions.screen(by=by, snapshot=actions.take(by=by, at=make.AT, division=make.COUNTY).pk, pack=pack)


@pytest.fixture
def county(screened_county: County, db: None) -> County:
    """The same, for a test that leaves nothing behind in the database."""
    return screened_county
