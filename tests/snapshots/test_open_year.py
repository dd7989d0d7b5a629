"""A snapshot while its year is being collected: what a township has not passed stays out of it. 演示数据"""

from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from lika.accounts.choices import Role
from lika.core.actors import SystemActor
from lika.core.errors import UserError
from lika.engine.snapshots import manifest
from lika.policy.packs.resolved import ResolvedPack
from lika.register.choices import YearState
from lika.register.models import HouseholdYear, OpenYear, VillageYear
from lika.snapshots import actions, storage
from lika.snapshots.models import Snapshot
from tests import factories as make
from tests.console.officials import signed_in
from tests.snapshots.conftest import Register
from tests.snapshots.test_take import rows

pytestmark = pytest.mark.django_db(transaction=True)


def wages(taken: Snapshot) -> dict[UUID, Any]:
    return dict(rows(taken, "household", "household_id, wage"))


def collect(year: int, low: str, high: str) -> None:
    OpenYear.objects.create(data_year=year, low=int(low), high=int(high))


def passed(village: str) -> None:
    """What the township's audit does to the rows of a village."""
    for model in (HouseholdYear, VillageYear):
        model.objects.filter(village=int(village), data_year=2016).update(state=YearState.CONFIRMED)


def test_the_villages_not_passed_yet_are_left_out(register: Register, actor: SystemActor):
    collect(2016, "621223000000", "621223999999")
    passed(make.VILLAGE)
    taken = actions.take(by=actor, at=make.AT, division=make.COUNTY)
    assert wages(taken) == {
        register.rich.id: Decimal("9000.00"), register.dry.id: Decimal("2736.10"),
        register.unknown.id: None, register.newcomer.id: None,
    }  # fmt: skip
    assert dict(rows(taken, "household", "household_id, wage__lag1"))[register.rich.id] == Decimal("8000.50")
    assert rows(taken, "village", "village, rural_registered_population") == [
        (int(make.VILLAGE), 8),
        (int(make.OTHER_VILLAGE), None),
    ]
    assert (taken.drafts_left_out, manifest.read(storage.folder_of(taken)).drafts_left_out) == (2, 2)


def test_whoever_opens_its_screening_is_told_how_many_drafts_are_not_in_it(
    register: Register, actor: SystemActor, pack: ResolvedPack
):
    collect(2016, "621223000000", "621223999999")
    passed(make.VILLAGE)
    whole = actions.screen(by=actor, snapshot=actions.take(by=actor, at=make.AT, division=make.COUNTY).pk, pack=pack)
    OpenYear.objects.all().delete()
    later = actions.screen(by=actor, snapshot=actions.take(by=actor, at=make.AT, division=make.COUNTY).pk, pack=pack)
    client = signed_in(Role.COUNTY)
    pages = [client.get(f"/screenings/{each.pk}/").content.decode() for each in (whole, later)]
    assert ["2户的数据仍为草稿，未计入本快照" in page for page in pages] == [True, False]
    assert ["<dt>未计入的草稿</dt><dd>2户</dd>" in page for page in pages] == [True, False]
    assert "<dt>未计入的草稿</dt><dd>0户</dd>" in pages[1]


def test_drafts_elsewhere_and_of_other_years_are_admitted_as_ever(register: Register, actor: SystemActor):
    collect(2015, "621223000000", "621223999999")
    collect(2016, "621223101000", "621223101999")  # another township
    taken = actions.take(by=actor, at=make.AT, division=make.COUNTY)
    assert wages(taken)[register.newcomer.id] == Decimal("2736.11")
    assert dict(rows(taken, "household", "household_id, wage__lag1"))[register.rich.id] is None
    assert taken.drafts_left_out == 0


def test_before_any_village_is_passed_there_is_nothing_to_take(register: Register, actor: SystemActor, data_dir: Path):
    collect(2016, "621223000000", "621223999999")
    with pytest.raises(UserError) as refused:
        actions.take(by=actor, at=make.AT, division=make.COUNTY)
    assert refused.value.code == "SNP-014"
    assert (Snapshot.objects.count(), list(data_dir.glob("snapshots/*"))) == (0, [])
