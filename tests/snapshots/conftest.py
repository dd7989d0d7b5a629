"""A small register, a pack and an actor for tests of snapshots and screenings. 演示数据"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest

from lika.core.actors import SystemActor
from lika.policy.models import PackVersion
from lika.policy.packs.checking import read_pack
from lika.policy.packs.resolved import ResolvedPack
from lika.register.models import Household, HouseholdYear
from lika.snapshots import actions
from lika.snapshots.models import Screening, Snapshot
from tests import factories as make

PACK = {
    "pack.yaml": """
        id: test/exit
        version: "1"
        title: {zh: 测试退出标准, en: Test exit}
        jurisdiction: "621223"
        valid: {from: 2016-01-01, to: 2017-12-31}
        document: {alias: T, zh: 测试文件, en: Test document}
        groups:
          - {id: exit, zh: 退出, en: Exit}
        """,
    "parameters.yaml": """
        - id: line
          zh: 标准线
          en: Line
          type: decimal
          places: 2
          unit_shown: {zh: 元, en: yuan}
          clause: {ref: T §1, text: 超过标准}
          values:
            - {from: 2016-01-01, value: 2736.10}
        """,
    "criteria/all.yaml": """
        - {id: income, unit: household, zh: 收入, en: Income, kind: exit, group: exit, order: 10,
           expression: net_income_per_capita > param.line, clause: {ref: T §1, text: 超过标准}}
        - {id: water, unit: household, zh: 饮水, en: Water, kind: exit, group: exit, order: 20,
           expression: safe_water, clause: {ref: T §2, text: 安全饮水}}
        - {id: rising, unit: household, zh: 增收, en: Rising, kind: exit, group: exit, order: 30,
           expression: "net_income > previous(net_income, 1)", clause: {ref: T §3, text: 稳定}}
        - {id: exit, unit: household, zh: 退出, en: Exit, kind: exit, group: exit, order: 40, summary: true,
           expression: "met('income') and met('water')", clause: {ref: T §4, text: 退出}}
        - {id: industry, unit: household, zh: 产业, en: Industry, kind: measure, group: exit, order: 50,
           expression: batch_industry, clause: {ref: T §5, text: 产业}, label: {zh: 产业, en: Industry},
           statistic: {zh: 户数, en: households}}
        - {id: ecology, unit: household, zh: 生态, en: Ecology, kind: measure, group: exit, order: 60,
           expression: batch_ecology, clause: {ref: T §6, text: 生态}, label: {zh: 生态, en: Ecology},
           statistic: {zh: 户数, en: households}}
        - {id: adult, unit: person, zh: 成年, en: Adult, kind: exit, group: exit, order: 70,
           expression: age >= 18, clause: {ref: T §7, text: 成年}}
        - {id: few_poor, unit: village, zh: 贫困少, en: Few poor, kind: exit, group: exit, order: 80,
           expression: "sum(household, if poverty = 'poor' then members else 0) / rural_registered_population <= 0.5",
           clause: {ref: T §8, text: 发生率}}
        - {id: county_poor, unit: county, zh: 全县, en: County, kind: exit, group: exit, order: 90,
           expression: "count(household, poverty = 'poor') <= 3", clause: {ref: T §9, text: 全县}}
        """,
    "SOURCES.md": "# Sources\n",
}


@dataclass(frozen=True)
class Register:
    """The households that `register` makes: two in one village, two in another, one in another county."""

    rich: Household
    dry: Household
    unknown: Household
    newcomer: Household
    elsewhere: Household


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
def register(transactional_db: None) -> Register:
    """Five households with two or three years."""
    rich = make.make_household(members=3, head="富裕演示", phone="13912345678", bank_account="6222021234567890123")
    make.make_household_year(rich, wage=Decimal("9000.00"), safe_water=True, batch_industry=True, batch_ecology=True)
    make.make_household_year(rich, 2015, wage=Decimal("8000.50"))
    make.make_household_year(rich, 2014, wage=Decimal("7000.25"))
    dry = make.make_household(members=1, head="缺水演示")
    make.make_household_year(dry, wage=Decimal("2736.10"), safe_water=False, batch_industry=True)
    unknown = make.make_household(make.OTHER_VILLAGE, members=2, head="未知演示")
    make.make_household_year(unknown, wage=None)
    newcomer = make.make_household(make.OTHER_VILLAGE, members=1, head="新来演示", address="演示村演示路九十九号")
    make.make_household_year(newcomer, wage=Decimal("2736.11"), safe_water=True)
    elsewhere = make.make_household(make.ELSEWHERE, head="外县演示")
    make.make_household_year(elsewhere, wage=Decimal("1.00"))
    make.make_village_year(make.VILLAGE, rural_registered_population=8)
    make.make_village_year(make.OTHER_VILLAGE)
    return Register(rich, dry, unknown, newcomer, elsewhere)


@pytest.fixture
def taken(register: Register, actor: SystemActor) -> Snapshot:
    """The snapshot of the county."""
    return actions.take(by=actor, at=make.AT, division=make.COUNTY)


def store(pack: ResolvedPack) -> ResolvedPack:
    """Keep a pack as loading does, but without golden cases: what its criteria say is tested here, case by case."""
    PackVersion.objects.filter(pack_id=pack.id).update(active=False)
    PackVersion.objects.create(
        pack_id=pack.id,
        version=pack.version,
        sha256=pack.sha256,
        canonical=pack.canonical,
        title_zh=pack.title.zh,
        title_en=pack.title.en,
        jurisdiction=pack.jurisdiction,
        valid_from=pack.valid.first,
        valid_to=pack.valid.last,
        demo=pack.demo,
        active=True,
        loaded_by="test",
    )
    return pack


WritePack = Callable[..., ResolvedPack]


@pytest.fixture
def write_pack(transactional_db: None, tmp_path: Path) -> WritePack:
    """Write the pack with some texts replaced and store it as the active version."""

    def write(*, folder: str = "test/exit", **replaced: str) -> ResolvedPack:
        target = tmp_path / "packs" / folder
        for name, text in PACK.items():
            whole = dedent(text).lstrip("\n")
            for before, after in replaced.items():
                whole = whole.replace(before, after)
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(whole, encoding="utf-8")
        return store(read_pack(target))

    return write


@pytest.fixture
def pack(write_pack: WritePack) -> ResolvedPack:
    """The pack as written above."""
    return write_pack()


@pytest.fixture
def screened(taken: Snapshot, pack: ResolvedPack, actor: SystemActor) -> Screening:
    """The snapshot screened by the pack."""
    return actions.screen(by=actor, snapshot=taken.pk, pack=pack)


@pytest.fixture
def later(screened: Screening, register: Register, pack: ResolvedPack) -> Screening:
    """The county a second time: one household got water and an income above the line, another's income fell below it,
    and one more was recorded."""
    HouseholdYear.objects.filter(household=register.dry, data_year=2016).update(
        safe_water=True, wage=Decimal("2736.11")
    )
    HouseholdYear.objects.filter(household=register.newcomer, data_year=2016).update(wage=Decimal("2000.00"))
    more = make.make_household(members=1, head="后来演示", number="621223000099")
    make.make_household_year(more, wage=Decimal("1.00"), safe_water=True)
    everything = make.make_actor(make.COUNTY)
    snapshot = actions.take(by=everything, at=make.AT, division=make.COUNTY)
    return actions.screen(by=everything, snapshot=snapshot.pk, pack=pack)
