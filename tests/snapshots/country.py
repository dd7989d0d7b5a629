"""The register of `conftest` as a country of two provinces, and a pack of it. 演示数据"""

from dataclasses import dataclass
from typing import Any

import pytest

from lika.core.areas import COUNTRY
from lika.policy.packs.resolved import ResolvedPack
from lika.register.models import Household
from lika.snapshots import actions
from lika.snapshots.models import Snapshot
from lika.snapshots.operators import operator
from tests import factories as make
from tests.snapshots.conftest import Register, WritePack

NEIGHBOUR = "621202000000"  # 武都区, of the same prefecture as 宕昌县
OTHER_PREFECTURE, BESIDE = "623000000000", "623021000000"  # 甘南州 临潭县
OTHER_PROVINCE, FAR = "450000000000", "451081000000"  # 广西 靖西市
PREFECTURE, PROVINCE = "621200000000", "620000000000"
COUNTIES = (make.COUNTY, NEIGHBOUR, BESIDE, FAR)

# Asked of every unit that the country's pack may ask: what a county has, and what only whole upper units have.
_UPPER = """
        - {id: prefecture_poor, unit: prefecture, zh: 全市, en: Prefecture, kind: exit, group: exit, order: 100,
           expression: "count(household, poverty = 'poor') <= 4", clause: {ref: T §9, text: 全县}}
        - {id: province_poor, unit: province, zh: 全省, en: Province, kind: exit, group: exit, order: 110,
           expression: "count(household, poverty = 'poor') <= 4", clause: {ref: T §9, text: 全县}}
        - {id: county_poor,"""


@dataclass(frozen=True)
class Nation(Register):
    """The register of `conftest` with a household in another prefecture and one in another province."""

    beside: Household
    far: Household


@pytest.fixture
def nation(register: Register) -> Nation:
    beside = make.make_household("623021100201", members=2, head="邻州演示")
    make.make_household_year(beside, wage="5000.00", safe_water=True)
    far = make.make_household("451081100201", head="外省演示")
    make.make_household_year(far, wage="2736.10", safe_water=None)
    return Nation(**{**vars(register), "beside": beside, "far": far})


@pytest.fixture
def pack(write_pack: WritePack) -> ResolvedPack:
    """A pack of the country that asks of prefectures and provinces too."""
    return write_pack(**{'"621223"': f'"{COUNTRY}"', "\n- {id: county_poor,": _dedented(_UPPER)})


def _dedented(text: str) -> str:
    return "\n".join(line.removeprefix("        ") for line in text.split("\n"))


def taken(division: str) -> Snapshot:
    return actions.take(by=operator(), at=make.AT, division=division)


def merged(*parts: Snapshot, division: str = COUNTRY, **more: Any) -> Snapshot:
    return actions.merge(by=operator(), snapshots=[part.pk for part in parts], division=division, **more)
