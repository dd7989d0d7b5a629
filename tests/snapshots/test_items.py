"""Collected items as facts: frozen in snapshots, screened, explained, refused where a snapshot lacks them. 演示数据"""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from lika.core.actors import SystemActor
from lika.core.errors import UserError
from lika.policy.models import PackVersion
from lika.register.models import CountyItem, HouseholdItem, PersonItem, VillageItem
from lika.snapshots import actions, queries
from lika.snapshots.models import CurrentVerdict, Snapshot
from tests import collected
from tests import factories as make
from tests.snapshots.conftest import Register

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def with_items(register: Register, tmp_path: Path) -> Register:
    """The rich household has every item; the dry one is no migrant and has a well of exactly 10.50 m."""
    collected.keep(tmp_path)
    year = register.rich.years.get(data_year=make.YEAR)
    for item, value in {
        "reservoir": {"code": "yes"},
        "rooms": {"number": 4},
        "well_depth": {"number": Decimal("10.51")},
        "moved_on": {"day": dt.date(2008, 5, 12)},
        "second_fuel": {"code": "03"},
        "remark": {"text": "演示张三家"},
    }.items():
        HouseholdItem.objects.create(year=year, item=item, **value)
    dry = register.dry.years.get(data_year=make.YEAR)
    HouseholdItem.objects.create(year=dry, item="reservoir", code="no")
    HouseholdItem.objects.create(year=dry, item="well_depth", number=Decimal("10.50"))
    HouseholdItem.objects.create(year=register.rich.years.get(data_year=2015), item="reservoir", code="no")
    head = register.rich.memberships.get(relation="01").person
    PersonItem.objects.create(year=make.make_person_year(head), item="returned_abroad", code="yes")
    VillageItem.objects.create(
        year=make.make_village_year(make.VILLAGE, 2015), item="wells", number=9
    )  # another year: not this one's
    CountyItem.objects.create(year=make.make_county_year(), item="reservoirs", number=1)
    return register


@pytest.fixture
def frozen(with_items: Register, actor: SystemActor) -> Snapshot:
    return actions.take(by=actor, at=make.AT, division=make.COUNTY)


def pack() -> object:
    return PackVersion.objects.get(pack_id="test/items").pack()


def test_criteria_ask_them_like_any_other_fact(frozen: Snapshot, with_items: Register, actor: SystemActor):
    actions.screen(by=actor, snapshot=frozen.id, pack=pack())
    held = dict(CurrentVerdict.objects.filter(unit_kind="household").values_list("unit_id", "results"))
    assert held == {
        with_items.rich.id: [1, 1, 1, 1],
        with_items.dry.id: [0, 0, 0, None],  # exactly 10.50 is not deeper; nothing was said of the member
        with_items.unknown.id: [None, None, 0, None],
        with_items.newcomer.id: [None, None, 0, None],
    }
    assert list(CurrentVerdict.objects.filter(unit_kind="village").values_list("results", flat=True)) == [
        [None],
        [None],
    ]
    assert list(CurrentVerdict.objects.filter(unit_kind="county").values_list("results", flat=True)) == [[1]]


def test_an_explanation_names_them_in_words(frozen: Snapshot, with_items: Register, actor: SystemActor):
    screening = actions.screen(by=actor, snapshot=frozen.id, pack=pack())
    told = queries.explain_criterion(actor, screening, with_items.rich.id, "deep").explanation
    assert [(fact.column, fact.value.zh) for fact in told.facts] == [("well_depth", "10.51米")]


def test_a_snapshot_holds_no_text_but_whether_there_is_some(frozen: Snapshot, data_dir: Path):
    import duckdb

    (path,) = data_dir.rglob("household/county=621223.parquet")
    found = duckdb.sql(f"SELECT remark, count(*) FROM '{path}' GROUP BY remark ORDER BY remark NULLS LAST").fetchall()
    assert found == [("…", 1), (None, 3)]


def test_a_snapshot_from_before_the_pack_is_refused(taken: Snapshot, tmp_path: Path, actor: SystemActor):
    collected.keep(tmp_path)
    with pytest.raises(UserError) as refused:
        actions.screen(by=actor, snapshot=taken.id, pack=pack())
    assert refused.value.code == "SCR-004"
    assert "household.reservoir" in str(refused.value.message)
